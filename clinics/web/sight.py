"""What a browser shows of one page."""

from collections.abc import Callable
from dataclasses import dataclass

from clinics.web.errand import Reply


@dataclass(frozen=True, slots=True)
class Sight:
    """The document as its scripts have left it, in UTF-8, and its picture (PNG; empty where none could be taken).

    `leads_to` is set instead where a script, or the document's own refreshing, sends visitors to another address.
    """

    document: bytes = b""
    picture: bytes = b""
    leads_to: str = ""


Look = Callable[[str, Reply, float], Sight]
"""Opens a page, given its judged URL and the reply that its server gave, for so many seconds at most.

Raises Trouble for what the page does, BrowserFault for what this machine lacks.
"""
