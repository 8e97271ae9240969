"""A host's sitemaps, asked for now and then at the end of its turn: what they name is proposed, and read by nobody.

Which file comes next depends on what the last one said, so that a pass hands out its requests one by one. It is a
handful of requests at most, with robots.txt, address policy and limits as for pages.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin

from clinics.domain.answer import Answer
from clinics.domain.links import candidates
from clinics.domain.no_page import is_platform
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import identity_key, site_of
from clinics.domain.sitemap import NotASitemap, is_of_little_use, read_sitemap
from clinics.models import Host, PageProposal
from clinics.operations.going_out import address_policy
from clinics.operations.proposing import clinics_on, propose, proposes
from clinics.operations.turns import Clock, Turn
from clinics.web.documents import DocumentFault
from clinics.web.limits import Limits
from clinics.web.sitemaps import plain_sitemap, sitemaps_named
from clinics.web.visiting import PageRequest

ASKED_AGAIN: Final = timedelta(days=30)
MOST_FILES: Final = 6  # of one pass
DEEPEST: Final = 2  # an index of indexes of sitemaps, and no further


@dataclass(frozen=True, slots=True)
class SitemapRequest:
    """The key of a request for a sitemap. `depth`: how many indexes led there."""

    host: int
    depth: int


def is_owed(host: Host, now: datetime) -> bool:
    """Whether the host's sitemaps should be asked for, if it carries pages of clinics."""
    if not proposes() or is_platform(f"https://{host.name}/"):
        return False
    return host.sitemap_asked_at is None or now - host.sitemap_asked_at >= ASKED_AGAIN


class SitemapPass:
    """The sitemaps of one turn's host. `requests` and `hear` take turns: a request, its answer, the next request."""

    def __init__(self, turn: Turn, clock: Clock) -> None:
        self._host, self._page, self._clock = turn.host, turn.pages[0], clock
        self._site = site_of(self._page.url)
        self._clinics: Sequence[int] = ()
        self._queue: list[tuple[str, int]] = []
        self._seen: set[str] = set()
        self._files = self._named = self._made = 0
        self._fault = ""

    def requests(self) -> Iterator[PageRequest]:
        """The files to ask for; none where the host carries no page of a clinic, or pages of too many."""
        self._clinics = clinics_on(self._host.pk)
        if self._clinics:
            robots = Host.objects.values_list("robots_text", flat=True).get(pk=self._host.pk)
            self._follow(sitemaps_named(robots), 0)
            if not self._queue:
                self._follow(["/sitemap.xml"], 0)
        for _ in range(MOST_FILES):
            if self._queue:
                url, depth = self._queue.pop(0)
                yield PageRequest(url, SitemapRequest(self._host.pk, depth))

    def _follow(self, addresses: Iterable[str], depth: int) -> None:
        """Put sitemaps of this site behind those that wait, each once, those of archives and pictures last."""
        for address in addresses:
            try:
                url = address_policy().judge(urljoin(self._page.url, address))
                identity, is_ours = identity_key(url), site_of(url) == self._site
            except ValueError:  # not well formed, or refused
                continue
            if is_ours and identity not in self._seen:
                self._seen.add(identity)
                self._queue.append((url, depth))
        self._queue.sort(key=lambda waiting: is_of_little_use(waiting[0]))

    def hear(self, key: SitemapRequest, answer: Answer) -> None:
        """Propose what the file names, and keep what came of it; a host that did not speak is asked again next time."""
        if answer.trouble is Outcome.BUSY:
            self._queue.clear()
        if answer.trouble in (Outcome.BUSY, Outcome.ERROR):
            return
        try:
            self._read(key, answer)
        except (DocumentFault, NotASitemap) as fault:
            self._fault = f" {answer.url}: {fault}"
        facts = {"sitemap_asked_at": self._clock(), "sitemap_told": self._told()[:300]}
        Host.objects.filter(pk=self._host.pk).update(**facts)

    def _read(self, key: SitemapRequest, answer: Answer) -> None:
        """Raises DocumentFault or NotASitemap with the reason why the file says nothing."""
        if answer.trouble is not None:
            raise NotASitemap(answer.reason)
        if answer.status != 200:
            raise NotASitemap(f"The site answered with status {answer.status}.")
        found = read_sitemap(plain_sitemap(answer.body, Limits()))
        if key.depth < DEEPEST:
            self._follow(found.sitemaps, key.depth + 1)
        pages = candidates([(url, "") for url in found.pages], {self._site}, address_policy().judge)
        origin = {"source": PageProposal.Source.SITEMAP, "sitemap": answer.url}
        self._files += 1
        self._named += len(found.pages)
        self._made += sum(propose(pk, pages, origin, self._clock()) for pk in self._clinics)

    def _told(self) -> str:
        """What came of the pass so far, for staff."""
        return f"Files read: {self._files}; addresses named: {self._named}; pages proposed: {self._made}.{self._fault}"
