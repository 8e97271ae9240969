"""Public changes as Atom feeds: of all clinics, of those that a search finds, of one."""

from collections.abc import Iterable
from html import escape
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinics.directory.answer import fresh, site_of
from clinics.directory.exports import refused
from clinics.directory.moved import moved
from clinics.published.clinics import shown, with_public_page
from clinics.published.filters import ClinicFilter
from clinics.published.history import Change, changes
from clinics.published.sentences import sentence

ENTRIES: Final = 50


@fresh
@require_safe
def of_search(request: HttpRequest) -> HttpResponse:
    """The newest changes of the clinics that answer the parameters; of all where there are none. 400 for wrong ones."""
    if not any(request.GET.values()):
        return _feed(
            request, _("Changes in the clinic directory"), reverse("directory:search"), changes(shown(), ENTRIES)
        )
    filters = ClinicFilter(request.GET)
    if not filters.is_valid():
        return refused(filters)
    address = f"{reverse('directory:search')}?{request.GET.urlencode()}"
    return _feed(request, _("Changes of the clinics that a search finds"), address, changes(filters.qs, ENTRIES))


@fresh
@require_safe
def of_clinic(request: HttpRequest, public_id: str) -> HttpResponse:
    """The newest changes of one clinic."""
    found = with_public_page(public_id)
    clinic = found.first()
    if clinic is None:
        return moved(request, "directory:clinic_feed", public_id)
    title = _("Changes of %(clinic)s") % {"clinic": clinic.name}
    return _feed(request, title, reverse("directory:clinic", args=[public_id]), changes(found, ENTRIES))


def _feed(request: HttpRequest, title: str, path: str, entries: Iterable[Change]) -> HttpResponse:
    site = site_of(request)
    about = _("What became public and what was withdrawn, with dates. No entry is a recommendation or a warning.")
    feed = Atom1Feed(
        title,
        f"{site}{path}",
        about,
        language=get_language(),
        feed_url=request.build_absolute_uri(request.get_full_path()),
    )
    for change in entries:
        feed.add_item(
            f"{change.clinic}: {change.text}"[:300],
            f"{site}{change.path}",
            _summary(change),
            pubdate=change.at,
            updateddate=change.at,
            unique_id=f"{site}{change.key}",
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _summary(change: Change) -> str:
    """A change with its exact words and what else is told, as HTML, which an entry's summary is."""
    quote = sentence("history", "words", quote=change.quote) if change.quote else ""
    return escape(" ".join(filter(None, (change.text, quote, change.detail))), quote=False)
