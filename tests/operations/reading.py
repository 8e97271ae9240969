"""A stranger's site in words, for tests of what readings do to the rows; the network has tests of its own."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.models import Rule
from clinics.operations.lost_pages import Probe
from clinics.operations.rechecking import recheck_due, recheck_pages
from clinics.operations.sitemaps import SitemapRequest
from clinics.operations.writing import Written
from clinics.web.visiting import HostVisit, PageRequest

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def days(self, days: float) -> None:
        self.now += timedelta(days=days)


class Site:
    """What each address answers, and a visit that asks it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.sitemaps_asked: list[str] = []
        self.for_anything: Callable[[str], Answer] = lambda url: Answer(url, url, 404)
        self.before_each: Callable[[PageRequest], None] = lambda request: None

    def says(self, url: str, *paragraphs: str, title: str = "Our clinic") -> None:
        """The page holds these paragraphs."""
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        self.serves(url, f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>")

    def serves(self, url: str, html: str, status: int = 200) -> None:
        """The page is this document."""
        headers = {"content-type": "text/html; charset=utf-8"}
        self.answers[url] = Answer(url, url, status, headers, html.encode())

    def fails(self, url: str, outcome: Outcome = Outcome.ERROR) -> None:
        """No page comes."""
        self.answers[url] = Answer(url, url, trouble=outcome, reason="The connection was reset.")

    def visit(self, visits: Sequence[HostVisit], *, on_answer: Callable[..., None], **_: object) -> None:
        """As `clinics.web.visiting.visit`."""
        for host in visits:
            for request in host.pages:
                if isinstance(request.key, Probe):
                    on_answer(request, self.for_anything(request.url))
                    continue
                if isinstance(request.key, SitemapRequest):
                    self.sitemaps_asked.append(request.url)
                    on_answer(request, self.answers.get(request.url) or Answer(request.url, request.url, 404))
                    continue
                self.before_each(request)
                self.asked.append(request.url)
                on_answer(request, self.answers[request.url])

    def read_due(self) -> list[Written]:
        """Read what is due now."""
        return recheck_due(self.clock, visit=self.visit)

    def read(self, *pages) -> list[Written]:
        """Read these pages now."""
        return list(recheck_pages([page.pk for page in pages], self.clock, pause=lambda _: None, visit=self.visit))


def a_rule(key: str, pattern: str, *, severity: int = 4, category: str = "guarantee") -> Rule:
    """An active rule with one pattern, straight into its table."""
    return Rule.objects.create(
        key=key,
        category=category,
        severity=severity,
        languages=["en"],
        patterns=[pattern],
        stances=["claimed"],
        explanation="For tests.",
        citation_title="Test",
        citation_url="https://rules.example/",
        citation_date=MONDAY.date(),
        must=[],
        must_not=[],
    )
