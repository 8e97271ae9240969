"""The two ways of reading a page: as its server sends it, or as a browser shows it after its scripts have run."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from clinics.models import Page
from clinics.operations.going_out import browser_enabled, this_browser
from clinics.web.browser import SECONDS as BROWSER_SECONDS
from clinics.web.chromium import Chromium

TURN_SECONDS: Final = 200  # a host's pages of one batch are read within this; the workers' hard limit is longer
PAGE_TIMEOUT: Final = 30.0  # seconds for a whole page: robots, probes and every hop


@dataclass(frozen=True, slots=True)
class Way:
    """How pages are read; by a browser where there is one."""

    chromium: Chromium | None = None

    @property
    def by_browser(self) -> bool:
        """Whether the pages' scripts are run."""
        return self.chromium is not None

    @property
    def seconds(self) -> float:
        """That a page may take at the longest."""
        return PAGE_TIMEOUT + BROWSER_SECONDS if self.by_browser else PAGE_TIMEOUT

    @property
    def turn_seconds(self) -> float:
        """After which no page of a turn is begun; a browser that looks at one can't be called off."""
        return TURN_SECONDS - self.seconds if self.by_browser else TURN_SECONDS

    def among(self, pages: QuerySet[Page]) -> QuerySet[Page]:
        """The pages that are read this way. Where no browser is enabled, all are read as they are sent."""
        return pages.filter(by_browser=self.by_browser) if browser_enabled() else pages


AS_SENT: Final = Way()


def by_browser() -> Way:
    """The way by this machine's browser. Raises Refusal where there is none."""
    return Way(this_browser())
