"""Where the pages of a clinic are that was merged into another."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from clinics.published.clinics import survivor_of

MOVED_FOR: Final = "max-age=3600"  # seconds that a browser may go by it: a merger can be undone


def moved(request: HttpRequest, name: str, public_id: str, *more: str) -> HttpResponse:
    """The same of the clinic into which this one was merged: for ever. Not found, where nothing is public there."""
    survivor = survivor_of(public_id)
    if survivor is None:
        raise Http404
    asked = request.META.get("QUERY_STRING", "")
    address = reverse(name, args=[survivor, *more])
    answer = HttpResponsePermanentRedirect(f"{address}?{asked}" if asked else address)
    answer.headers["Cache-Control"] = MOVED_FOR
    return answer
