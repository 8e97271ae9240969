"""How much of a stranger's answer is listened to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one page and for one call of visit(); times in seconds, sizes in bytes."""

    page_seconds: float = 45.0  # robots.txt, every hop and the waits between them
    connect_seconds: float = 10.0
    max_bytes: int = 5_000_000  # on the wire, and again after decompression
    max_ratio: int = 100  # inflated : sent, looked at beyond `inflate.HARMLESS` bytes
    max_redirects: int = 5
    max_header_bytes: int = 65_536
    max_headers: int = 200
    max_url: int = 2_000  # characters
    max_crawl_delay: float = 20.0
    in_flight: int = 200  # hosts side by side, resting ones included
