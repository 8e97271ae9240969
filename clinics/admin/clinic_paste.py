"""A letterhead, an address or a site, pasted: what is found in it is proposed in the form of a new clinic."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from clinics.domain.pasted import Pasted, take_apart
from clinics.domain.resemblance import Facts, Place
from clinics.models import Location
from clinics.operations import duplicates, placing
from clinics.operations.refusal import Refusal


def pasted_in(request: HttpRequest) -> Pasted | None:
    """What was found in the text that was pasted; None where nobody pasted any."""
    return getattr(request, "pasted", None)


def places_pasted(request: HttpRequest) -> list[dict[str, str]]:
    """The pasted places as columns of locations, completed from their ZIP; telephones go with them in order."""
    pasted = pasted_in(request)
    if pasted is None:
        return []
    count = max(len(pasted.places), 1 if pasted.phones else 0)
    return [_columns(pasted, index) for index in range(count)]


def _columns(pasted: Pasted, index: int) -> dict[str, str]:
    place = pasted.places[index] if index < len(pasted.places) else None
    typed = {name: getattr(place, name) for name in ("street", "city", "state", "zip")} if place else {}
    phone = pasted.phones[index] if index < len(pasted.phones) else ""
    location = Location(**typed, phone=phone)
    try:
        placing.complete(location)
    except Refusal:
        return {**typed, "phone": phone}  # the form says what is wrong with it
    return {name: getattr(location, name) for name in ("street", "city", "state", "zip", "country", "phone")}


class WithPaste(ModelAdmin):
    """The page of a new clinic, with a box to paste into."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The stock page; filled from what was pasted, where that was asked for."""
        context = {**(extra_context or {}), "pasted_text": ""}
        if request.method == "POST" and "propose" in request.POST:
            pasted = take_apart(request.POST.get("pasted", ""))
            context |= {"pasted": pasted, "pasted_text": request.POST.get("pasted", "")}
            request.pasted, request.method = pasted, "GET"  # type: ignore[attr-defined]
            context |= {"likely": _likely(pasted, request), "apart": []}
        return super().add_view(request, form_url, context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The clinic's own fields, as pasted."""
        pasted = pasted_in(request)
        if pasted is None:
            return super().get_changeform_initial_data(request)
        return {"name": pasted.name, "website_url": pasted.website, "page_urls": "\n".join(pasted.pages)}

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """Its locations, as pasted."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        return {**kwargs, "initial": places_pasted(request)} if inline.model is Location else kwargs


def _likely(pasted: Pasted, request: HttpRequest) -> list[duplicates.Likely]:
    """Recorded clinics that what was pasted looks like, before anything else is typed."""
    places = places_pasted(request)
    return duplicates.likely_duplicates(
        Facts(
            (pasted.name,) if pasted.name else (),
            frozenset(place["phone"] for place in places if place.get("phone")),
            frozenset(Place.of(place.get("zip", ""), place.get("street", "")) for place in places),
            duplicates.site_key(pasted.website) if pasted.website else "",
        )
    )
