"""What a host says in the place of a page that cannot exist, so that the same is not taken for a page of it.

Many sites answer every address with status 200. Each host is asked now and then for an address made up at random; what
it says there is kept, and a page that says nothing else is not found. It is one more request, in the host's own turn.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

from clinics.domain.answer import Answer
from clinics.domain.block import Sentence
from clinics.domain.inspection import Inspection, is_home, reread
from clinics.domain.outcome import Outcome
from clinics.models import Host, Page
from clinics.operations.digests import pack, unpack
from clinics.web.visiting import PageRequest

ASKED_AGAIN: Final = timedelta(days=90)
LOST: Final = "The site shows the same for an address that cannot exist: the page is not there."


@dataclass(frozen=True, slots=True)
class Probe:
    """The key of a request for a page that cannot exist."""

    host: int


def is_owed(host: Host, now: datetime) -> bool:
    """Whether the host should be asked for a page that cannot exist."""
    return host.lost_asked_at is None or now - host.lost_asked_at >= ASKED_AGAIN


def probe_of(page: Page) -> PageRequest:
    """A request for an address beside a page's that nobody can have made."""
    return PageRequest(urljoin(page.url, f"/{uuid4().hex[:20]}"), Probe(page.host_id))


def learn(host: Host, answer: Answer, at: datetime) -> None:
    """Keep what the host said; where it did not speak at all, it is asked again next time."""
    if answer.trouble is not None or not answer.status:
        return
    said: tuple[int, ...] = ()
    if answer.status == 200 and answer.final_url == answer.url:
        said = reread(answer.body, answer.headers.get("content-type", "")).digests
    host.lost_asked_at, host.lost_said = at, pack(said)
    host.save(update_fields=["lost_asked_at", "lost_said"])


def is_lost(page: Page, found: Inspection) -> bool:
    """Whether a reading says no more than the host says for a page that cannot exist.

    A home page may be what is shown for every address, and is not lost for that.
    """
    lost = unpack(page.host.lost_said)
    if not lost or found.outcome is not Outcome.OK or is_home(urlsplit(page.url).path):
        return False
    own = [sentence for sentence, mark in zip(found.sentences, found.digests, strict=True) if mark not in lost]
    return not own or (len(own) == 1 and _names_the_address(own[0], page))


def _names_the_address(sentence: Sentence, page: Page) -> bool:
    """Whether a sentence holds the page's path, as “/knee was not found” does."""
    path = urlsplit(page.url).path.rstrip("/")
    return len(path) > 1 and path in sentence.text
