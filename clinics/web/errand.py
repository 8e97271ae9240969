"""What a script may ask of the pump, and what it is given back."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from clinics.web.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Wait:
    """Rest for so many seconds; answered by None."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Get:
    """One GET request of a URL that the policy has judged; redirects are not followed. Answered by a Reply.

    With a `body` it is a POST request of that. `deadline` is in the pump's clock. A body beyond `max_bytes` is trouble,
    unless `truncate` keeps its beginning.
    """

    url: str
    deadline: float
    max_bytes: int
    headers: Mapping[str, str] = field(default_factory=dict)
    truncate: bool = False
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one Get. With `trouble`, status and headers are those seen until then, and the body is empty."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)
    trouble: Trouble | None = None


T = TypeVar("T")
Steps = Generator[Get | Wait, Reply | None, T]
"""A piece of a script: yields what it needs, is sent the answer, returns T."""
