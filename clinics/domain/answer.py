"""What a stranger's server gave back for one page: the only thing the domain needs to know of the network."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinics.domain.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way to the page: where it went, what status came, from which address."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case; repeated values joined by ", "
    peer: str = ""  # "address:port" that the connection was opened to
    sent: Mapping[str, str] = field(default_factory=dict)  # headers of our request, as they were sent


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one attempt to fetch a page.

    `trouble` is set when no page came at all (refused, robots_denied, busy, error, too_large, moved) and `reason` says
    why in a sentence for staff; otherwise `status`, `headers` and `body` are those of the last hop. Where a browser
    ran the page's scripts (`by_browser`), `body` is what these made of it, `headers` describe that, `served` is what
    the server sent, and `picture` shows it (PNG, empty where none could be taken).
    """

    url: str
    final_url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    hops: tuple[Hop, ...] = ()
    trouble: Outcome | None = None
    reason: str = ""
    robots: str = ""  # how robots.txt was read: "allowed", "denied", "none", "unreachable", "overridden"
    milliseconds: int = 0
    retry_after: int | None = None  # seconds that the server asked us to wait
    by_browser: bool = False
    served: bytes = b""
    picture: bytes = b""
