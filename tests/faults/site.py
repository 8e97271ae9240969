"""Twenty slow clinics' sites, in two editions: as they are first read, and as they are read again."""

from collections.abc import Iterator

from tests.stranger import Line, Seen, Stranger

HOSTS = tuple(f"clinic{number:02}.test" for number in range(20))
PATHS = ("/", "/about", "/prices")
CALM = "Our team has looked after knees and shoulders in this town for years."
CURE = "Our stem cells cure arthritis."
GUARANTEE = "We guarantee lasting relief for every knee."
APPROVAL = "Our stem cell treatment is approved by the FDA."
FOR_ALL = "Everybody is a candidate for stem cells."


def table() -> str:
    """The clinics as a table to import: each reads its own three pages, and its neighbour's prices."""
    lines = ["name,website,pages"]
    for number, host in enumerate(HOSTS):
        neighbour = HOSTS[(number + 1) % len(HOSTS)]
        pages = f"http://{host}/about http://{host}/prices http://{neighbour}/prices"
        lines.append(f"Clinic {number:02},http://{host}/,{pages}")
    return "\n".join(lines) + "\n"


def sentences(number: int, path: str, edition: int) -> tuple[str, ...] | None:
    """What a page of the numbered host says in an edition; None where it is gone."""
    if path == "/":
        return (CALM, CURE)
    if path == "/about":
        return (CALM, GUARANTEE) if edition == 1 else (CALM, APPROVAL)
    if edition == 2 and number % 4 == 0:
        return None
    return (CALM, FOR_ALL) if edition == 2 and number % 4 == 1 else (CALM,)


def play(stranger: Stranger, edition: int) -> None:
    """Let the stranger play all sites in this edition, each page after 0.2 to 0.5 seconds."""
    for number, host, path in places():
        answer = _answer(host, sentences(number, path, edition))
        stranger.behaves(host, path, _Slow(answer, 0.2 + 0.03 * (number % 11)))


def places() -> Iterator[tuple[int, str, str]]:
    """Every page, as the host's number, the host and the path."""
    return ((number, host, path) for number, host in enumerate(HOSTS) for path in PATHS)


class _Slow:
    """An answer that lets wait for itself."""

    def __init__(self, answer: bytes, seconds: float) -> None:
        self.answer, self.seconds = answer, seconds

    def __call__(self, line: Line, seen: Seen) -> None:
        line.rest(self.seconds)
        line.send(self.answer)


def _answer(host: str, said: tuple[str, ...] | None) -> bytes:
    status = "404 Not Found" if said is None else "200 OK"
    text = "".join(f"<p>{sentence}</p>" for sentence in said or ("This page is gone.",))
    body = f"<html><head><title>{host}</title></head><body><h1>{host}</h1>{text}</body></html>".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body
