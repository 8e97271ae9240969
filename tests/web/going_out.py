"""Visits to the stranger, as short as a test wants to say them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from clinics.domain.answer import Answer
from clinics.web.guest import StoredRobots
from clinics.web.limits import Limits
from clinics.web.policy import Policy
from clinics.web.visiting import HostVisit, PageRequest, visit
from tests.stranger import Stranger

USER_AGENT = "ClinicDirectoryTracker/1.0 (+https://tracker.example/about)"


@dataclass
class BookOfTurns:
    """Turns at other hosts: free unless said to be busy."""

    busy: frozenset[str] = frozenset()
    taken: list[str] = field(default_factory=list)
    given_back: list[str] = field(default_factory=list)
    wishes: dict[str, int | None] = field(default_factory=dict)

    def take(self, host: str) -> bool:
        if host in self.busy:
            return False
        self.taken.append(host)
        return True

    def give_back(self, host: str, *, retry_after: int | None = None) -> None:
        self.given_back.append(host)
        self.wishes[host] = retry_after


class KeptRobots(dict[str, StoredRobots]):
    """A robots cache in memory."""

    def put(self, host: str, stored: StoredRobots) -> None:
        self[host] = stored


def never() -> bool:
    return False


def read_hosts(visits: Sequence[HostVisit], policy: Policy, **other: Any) -> dict[str, Answer]:
    """Visit these hosts; the answers by the URLs asked for, in the order in which they came."""
    answers: dict[str, Answer] = {}

    def keep(page: PageRequest, answer: Answer) -> None:
        answers[page.url] = answer

    arguments: dict[str, Any] = {
        "on_answer": keep,
        "turns": BookOfTurns(),
        "robots": KeptRobots(),
        "limits": Limits(page_seconds=5),
        "user_agent": USER_AGENT,
        "resolve": no_names,
        "stop": never,
        **other,
    }
    visit(visits, policy=policy, **arguments)
    return answers


def no_names(host: str, port: int) -> Sequence[str]:
    raise OSError(f"no such name as {host} in this test")


def read(stranger: Stranger, *urls: str | PageRequest, **other: Any) -> list[Answer]:
    """Each URL as a visit of its own, side by side; answers in the order of the URLs."""
    pages = [url if isinstance(url, PageRequest) else PageRequest(url, url) for url in urls]
    visits = [HostVisit(page.url.split("/")[2].split(":")[0], (page,), 0) for page in pages]
    answers = read_hosts(visits, Policy(test_servers=stranger.test_servers), **other)
    return [answers[page.url] for page in pages]


def answering(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    """A resolver that gives every name these addresses."""
    return lambda host, port: addresses


def pages(host: str, *paths: str, delay: float = 0) -> HostVisit:
    """A visit to one host's pages."""
    return HostVisit(host, tuple(PageRequest(f"http://{host}{path}", path) for path in paths), delay)
