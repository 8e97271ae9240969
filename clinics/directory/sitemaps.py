"""What search engines may find: the pages of the directory, and each clinic's, in both languages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from clinics.published.clinics import shown, with_last_change
from clinics.published.understanding import links

PAGES: Final = ("insight", "search", "understand", "questions", "about", "our_reader", "data")
CLINICS_A_FILE: Final = 5000


class InOneLanguage(Sitemap):  # type: ignore[type-arg]
    """Addresses in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def location(self, item: Any) -> str:
        """The address in this language."""
        with translation.override(self.language):
            return self.address(item)

    def address(self, item: Any) -> str:
        """The address in the language of the moment."""
        raise NotImplementedError

    def get_latest_lastmod(self) -> datetime | None:
        """Not told: it would take a look at every row."""
        return None


class Pages(InOneLanguage):
    """The pages that are about no clinic."""

    def items(self) -> Sequence[tuple[str, ...]]:
        """Their names, with what else their address needs."""
        return [(name,) for name in PAGES] + [("understand_page", link.slug) for link in links()]

    def address(self, item: tuple[str, ...]) -> str:
        """Where the page is."""
        name, *needed = item
        return reverse(f"directory:{name}", args=needed)


class Clinics(InOneLanguage):
    """Clinics whose facts are shown, with the day of their last published change."""

    limit = CLINICS_A_FILE

    def items(self) -> QuerySet[Any]:
        """In a lasting order."""
        return with_last_change(shown()).only("public_id").order_by("pk")

    def address(self, item: Any) -> str:
        """The clinic's page."""
        return reverse("directory:clinic", args=[item.public_id])

    def lastmod(self, item: Any) -> datetime | None:
        """When a statement or a credential check of its was last published."""
        changed: datetime | None = item.changed_at
        return changed


SECTIONS: Final = {
    f"{name}-{code}": kind(code)
    for code, _ in settings.LANGUAGES
    for name, kind in (("pages", Pages), ("clinics", Clinics))
}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What machines may read: everything that is public."""
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
