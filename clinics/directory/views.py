"""Pages for visitors."""

from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.views.decorators.http import require_safe

from clinics.directory import search_page
from clinics.directory.answer import show
from clinics.directory.api import PAGE_SIZE
from clinics.directory.cards_html import cards_html
from clinics.directory.clinic_facts import Facts
from clinics.directory.clinic_page import ActionView, ClinicPage, StatementView
from clinics.directory.moved import moved
from clinics.published.cards import cards
from clinics.published.clinics import (
    action_in_full,
    action_tombstone,
    claim_in_full,
    clinic_in_full,
    tombstone,
)
from clinics.published.compare import TICKED, ticked
from clinics.published.dump import newest
from clinics.published.filters import ClinicFilter
from clinics.published.history import of_clinic
from clinics.published.saved import expanded
from clinics.published.search import counts
from clinics.published.statements import action_withdrawal, shows_facts, status_of, withdrawal
from clinics.published.structured import as_script, medical_clinic
from clinics.published.suggestions import farther, without_each
from clinics.published.understanding import state_heading

MOST_OF_HISTORY: Final = 100  # changes on a clinic's page; its feed has the newest as well


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The directory: a form, the clinics found, and how many each option would find."""
    if (shared := expanded(request.GET)) is not request.GET:
        return HttpResponseRedirect(f"?{_without_name(shared)}")
    names = ticked(request.GET.getlist(TICKED))
    asked = search_page.as_can_be_answered(search_page.with_ticks(request.GET, names))
    filters, params = asked.filters, asked.params
    context = {"filters": filters, "params": request.GET, "asked": asked}
    context |= {"chips": search_page.chips(filters, params), "miles": search_page.miles_options(filters, request.GET)}
    context |= {"fresh": search_page.only_ticks(names), "files": search_page.without(params, TICKED)}
    if not filters.is_valid():
        errors = _errors(filters)
        told = search_page.told_of_errors(errors)
        return show(request, "search", context | {"errors": errors, "told": told, "kept": names})
    page = _page(request, filters)
    question = filters.search
    boxes = search_page.facet_boxes(filters, counts(question))
    context |= {"page": page, "boxes": boxes, "chosen": sum(box.chosen for box in boxes)}
    close = search_page.written_like(question)
    context |= {"close": close, "told": search_page.told(asked, page.paginator.count, close)}
    context["origin"] = search_page.origin(params, question)
    found = cards(list(page), question, filters.vocabulary)
    context |= {
        "cards": cards_html(found, names),
        "kept": search_page.elsewhere(names, found),
        "place": search_page.page_links(page, params),
    }
    if not page.paginator.count:
        context["nearest"] = search_page.nearest(filters, params, farther(question))
        context["advice"] = search_page.advice(filters, params, without_each(question))
    return show(request, "search", context)


def _without_name(params: QueryDict) -> str:
    """The parameters in full, so that each of them can be seen and removed."""
    full = params.copy()
    full.pop("saved", None)
    return full.urlencode()


def _errors(filters: ClinicFilter) -> list[tuple[str, str]]:
    return [
        (str(filters.filters[name].label) if name in filters.filters else "", str(message))
        for name, messages in filters.errors.items()
        for message in messages
    ]


def _page(request: HttpRequest, filters: ClinicFilter) -> Page[Any]:
    try:
        return Paginator(filters.answers, PAGE_SIZE).page(request.GET.get("page") or 1)
    except InvalidPage:
        raise Http404 from None


@require_safe
def clinic(request: HttpRequest, public_id: str) -> HttpResponse:
    """All that is published about a clinic."""
    now = datetime.now(UTC)
    found = clinic_in_full(public_id, now.date())
    if found is None:
        return moved(request, "directory:clinic", public_id)
    if not shows_facts(found):
        return show(request, "removed", {"clinic": found, "status": status_of(found)})
    facts = as_script(medical_clinic(found, request.build_absolute_uri(request.path)))
    context = {"shown": ClinicPage.of(found, now), "facts": Facts.of(found), "structured": facts}
    return show(request, "clinic", context | {"history": of_clinic(found, MOST_OF_HISTORY)})


@require_safe
def statement(request: HttpRequest, public_id: str, claim_id: str) -> HttpResponse:
    """One published statement; of a withdrawn one, its dates and the reason."""
    claim = claim_in_full(public_id, claim_id)
    if claim is not None:
        view = StatementView.of(claim, datetime.now(UTC))
        heading = state_heading(claim.clinic.locations.all())
        return show(request, "statement", {"clinic": claim.clinic, "statement": view, "state_heading": heading})
    gone = tombstone(public_id, claim_id)
    if gone is None:
        return moved(request, "directory:statement", public_id, claim_id)
    return show(request, "withdrawn", {"clinic": gone.clinic, "sentence": withdrawal(gone)})


@require_safe
def official_action(request: HttpRequest, public_id: str, action_id: str) -> HttpResponse:
    """One published official action; of a withdrawn one, its dates and the reason."""
    action = action_in_full(public_id, action_id)
    if action is not None:
        return show(request, "official_action", {"clinic": action.clinic, "view": ActionView.of(action)})
    gone = action_tombstone(public_id, action_id)
    if gone is None:
        return moved(request, "directory:official_action", public_id, action_id)
    context = {"clinic": gone.clinic, "sentence": action_withdrawal(gone), "is_action": True}
    return show(request, "withdrawn", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this directory is and how it is made."""
    return show(request, "about")


@require_safe
def our_reader(request: HttpRequest) -> HttpResponse:
    """For those who run web sites: who reads them, how often, and how to say no."""
    return show(request, "our_reader")


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The JSON interface and its parameters."""
    made = newest(settings.DUMP_FOLDER)
    when = datetime.fromtimestamp(made.stat().st_mtime, UTC).date().isoformat() if made else ""
    return show(request, "data", {"filters": ClinicFilter().filters, "dump": when, "licence": settings.DATA_LICENCE})


@require_safe
def dump(request: HttpRequest) -> FileResponse:
    """Everything public, as it was last night."""
    made = newest(settings.DUMP_FOLDER)
    if made is None:
        raise Http404
    return FileResponse(made.open("rb"), as_attachment=True, filename=made.name)
