"""Two hundred clinics' sites through one year: noise of all kinds, and real changes of which every one is known.

What a site answers depends on its seed, the page and the time, and on nothing else, so that a year is the same at every
run. `Site.truth` says which planted statements stand on the site at a time, whatever its server answers just then.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Final

from benchmarks.simulated_year import words

BEGIN: Final = datetime(2027, 1, 4, tzinfo=UTC)
DAYS: Final = 365
SETTLED: Final = 30  # days before the first planted change, so that every page has been read
PATHS: Final = ("/", "/treatments", "/about")


@dataclass(frozen=True, slots=True)
class Planted:
    """A statement that stands on a site from `first` up to `last`: days from the beginning.

    `kind` says where and how it came. What stands from day 0 is part of the first reading. `off` is a span of days in
    the middle in which it was taken away.
    """

    kind: str
    sentence: str
    path: str
    first: int
    last: int = DAYS + 1
    off: tuple[int, int] | None = None
    before: str = ""  # what stood in its place, for an edit

    def stands(self, day: float) -> bool:
        return self.first <= day < self.last and not (self.off and self.off[0] <= day < self.off[1])


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its status, its headers, and its body before any packing. `cut` bytes of it never come."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Away:
    """From one day up to another the site's server answers with something else than its pages."""

    first: int
    last: int
    status: int
    body: str
    location: str = ""


def day_of(at: datetime) -> float:
    """Days from the beginning of the year."""
    return (at - BEGIN) / timedelta(days=1)


class Site:
    """One clinic's site."""

    def __init__(self, seed: int, number: int) -> None:
        chance = self._chance = random.Random(seed * 100_003 + number)  # noqa: S311 - not for secrets
        self.host = f"clinic-{number}.test"
        self.city, self.part = chance.choice(words.CITIES), chance.choice(words.PARTS)
        self.name = f"{chance.choice(words.NAMES)} {chance.choice(words.KINDS)} {number}"
        self.phone = f"(305) 555-{100 + number % 100:04d}"
        self.paths = PATHS[: 2 + number % 2]
        self._kept = {path: self._fill(chance.sample(words.HARMLESS, 14)) for path in self.paths}
        self._noise = chance.sample(sorted(NOISE), 7)
        self._redesigned = chance.randrange(60, 330) if chance.random() < 0.3 else DAYS + 1
        self._static = chance.random() < 0.25
        self.numbered = (
            chance.choice(words.NUMBERED) if chance.random() < 0.3 and not self._static else ""
        )  # a claim whose number changes
        self.planted = tuple(self._plant(chance))
        self.away = tuple(self._absences(chance))

    def _fill(self, lines: Iterable[str]) -> list[str]:
        return [line.format(name=self.name, city=self.city, part=self.part) for line in lines]

    # what is planted

    def _plant(self, chance: random.Random) -> Iterator[Planted]:
        claims = self._fill(chance.sample(words.CLAIMS, 12))
        for path in self.paths:
            for _ in range(chance.choice((0, 1, 1, 2))):
                yield Planted("there_from_the_start", claims.pop(), path, 0)
        edits = set()
        for _ in range(chance.choice((0, 1, 1, 2, 2, 3))):
            one = self._one(chance.choice(KINDS), claims, chance)
            if one.sentence not in edits:  # the same statement twice would be one flag
                edits.add(one.sentence)
                yield one

    def _one(self, kind: str, claims: list[str], chance: random.Random) -> Planted:
        path, first = chance.choice(self.paths), chance.randrange(SETTLED, DAYS - SETTLED)
        if kind == "taken_away":
            return Planted(kind, claims.pop(), path, 0, first)
        if kind == "taken_away_and_back":
            return Planted(kind, claims.pop(), path, 0, off=(first, min(first + 60, DAYS - 20)))
        if kind == "denial_lost":
            before, after = chance.choice(words.DENIALS_LOST)
            return Planted(kind, after, path, first, before=before)
        if kind == "hedge_lost":
            before, after = chance.choice(words.HEDGES_LOST)
            return Planted(kind, after, path, first, before=before)
        if kind == "heading_lost":
            heading, sentence = chance.choice(words.HEADINGS_LOST)
            return Planted(kind, sentence, path, first, before=heading)
        if kind == "in_spanish":
            return Planted(kind, chance.choice(words.SPANISH), path, first)
        return Planted(kind, claims.pop(), path, first)

    # what the server does instead of answering with its pages

    def _absences(self, chance: random.Random) -> Iterator[Away]:
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
            first, long = chance.randrange(10, DAYS - 20), chance.choice((1, 2, 3, 8, 20))
            status, body = chance.choice(words.WALLS if chance.random() < 0.5 else words.AWAY)
            yield Away(first, first + (long if status != 404 else min(long, 3)), status, body)
        fate = chance.random()
        if fate < 0.03:
            yield Away(chance.randrange(150, 340), DAYS + 1, 200, words.PARKED.format(host=self.host))
        elif fate < 0.05:
            yield Away(chance.randrange(150, 340), DAYS + 1, 200, words.CASINO)
        elif fate < 0.07:
            first = chance.randrange(100, 300)
            yield Away(first, first + 9, 302, "", f"http://elsewhere-{self.host}/")

    def lost_from(self) -> int:
        """The day from which the address belongs to others; after the year's end where it never does."""
        return min((each.first for each in self.away if each.last > DAYS and each.status == 200), default=DAYS + 1)

    # what stands on the site

    def truth(self, at: datetime) -> frozenset[str]:
        """The planted statements that stand on the site at this time."""
        day = day_of(at)
        return frozenset(each.sentence for each in self.planted if each.stands(day))

    def answer(self, path: str, at: datetime) -> Said:
        """What the server answers at this time."""
        day = day_of(at)
        away = next((each for each in self.away if each.first <= day < each.last), None)
        if path == "/robots.txt":
            return Said(200, "User-agent: *\nDisallow: /wp-admin/\n", {"Content-Type": "text/plain"})
        if path not in self.paths:
            return Said(404, "<title>Not found</title><h1>Not Found</h1>")
        if away is not None:
            return Said(away.status, away.body, {"Location": away.location} if away.location else {})
        body = self._page(path, at, day)
        if not self._static and random.Random(f"{self.host}{path}{int(day)}").random() < 0.004:  # noqa: S311
            return Said(200, body, cut=len(body.encode()) // 2)
        return Said(200, body, {"ETag": f'"{hash_of(body)}"'} if self._static else {})

    def _page(self, path: str, at: datetime, day: float) -> str:
        page = Drawn(self, path, at, day, list(self._kept[path]))
        for planted in self.planted:
            place = KINDS_PLACED.get(planted.kind, in_body)
            if planted.path == path or planted.kind == "in_footer":
                place(page, planted)
        if self.numbered and path == "/":
            number = 40 + int(day / 30) * 3
            page.body.append(self.numbered.format(number=f"{number}th" if "before" in self.numbered else number))
        if not self._static:
            for noise in self._noise:
                NOISE[noise](page)
        return page.drawn(redesigned=day >= self._redesigned)


def hash_of(text: str) -> str:
    """A validator that is the same for the same text in every process."""
    return f"{random.Random(text).getrandbits(64):016x}"  # noqa: S311


@dataclass(slots=True)
class Drawn:
    """A page while it is put together."""

    site: Site
    path: str
    at: datetime
    day: float
    body: list[str]
    head: list[str] = field(default_factory=list)
    top: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    token: str = ""
    order: int = 0
    curly: bool = False

    def chance(self, every: float, salt: str) -> random.Random:
        """Chance that stands still for so many days."""
        return random.Random(f"{self.site.host}{self.path}{salt}{int(self.day / every)}")  # noqa: S311

    def drawn(self, *, redesigned: bool) -> str:
        """The document."""
        lines = list(self.body)
        if self.order:
            random.Random(self.order).shuffle(lines)  # noqa: S311
        dress = _builder if redesigned else _plain
        title = f"{self.site.name} in {self.site.city}"
        footer = [f"{self.site.name}, 12 Market Street, {self.site.city}. Telephone {self.site.phone}.", *self.footer]
        document = dress(title, self.head, self.top, lines, self.raw, footer, self.token)
        return document.replace("'", "’").replace(" of ", " of&nbsp;") if self.curly else document


def _plain(
    title: str,
    head: Sequence[str],
    top: Sequence[str],
    lines: Sequence[str],
    raw: Sequence[str],
    footer: Sequence[str],
    token: str,
) -> str:
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{escape(title)}</title>{''.join(head)}</head>"
        f"<body><nav><ul>{''.join(f'<li><a href=/x{token}>{item}</a></li>' for item in words.MENU)}</ul></nav>"
        f"{''.join(top)}<h1>{escape(title)}</h1>"
        f"{''.join(line if line.startswith('<') else f'<p>{escape(line)}</p>' for line in lines)}{''.join(raw)}"
        f"<form><input type=hidden name=csrf value={token or 'none'}></form>"
        f"<footer>{''.join(f'<p>{line}</p>' for line in footer)}</footer></body></html>"
    )


def _builder(
    title: str,
    head: Sequence[str],
    top: Sequence[str],
    lines: Sequence[str],
    raw: Sequence[str],
    footer: Sequence[str],
    token: str,
) -> str:
    wrapped = "".join(
        f'<section class="row"><div class="col"><div class="widget text">'
        f"{line if line.startswith('<') else f'<div>{escape(line)}</div>'}</div></div></section>"
        for line in lines
    )
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{escape(title)}</title>{''.join(head)}"
        f"<style>.row{{display:flex}}</style></head><body class=new-look data-t='{token}'>"
        f"<header>{''.join(f'<a href=/{number}>{item}</a> ' for number, item in enumerate(words.MENU))}</header>"
        f"<main>{''.join(top)}<h1>{escape(title)}</h1>{wrapped}{''.join(raw)}</main>"
        f"<footer>{''.join(f'<div>{line}</div>' for line in footer)}</footer></body></html>"
    )


# where planted statements stand

Place = Callable[[Drawn, Planted], None]


def in_body(page: Drawn, planted: Planted) -> None:
    if planted.stands(page.day):
        page.body.insert(len(planted.sentence) % len(page.body), planted.sentence)


def edited(page: Drawn, planted: Planted) -> None:
    """An edit: another sentence stood there before."""
    page.body.insert(3, planted.sentence if planted.stands(page.day) else planted.before)


def under_heading(page: Drawn, planted: Planted) -> None:
    """A heading that governs the sentence, until it is dropped."""
    heading = "" if planted.stands(page.day) else f"<h3>{escape(planted.before)}</h3>"
    page.raw.append(f"<section>{heading}<p>{escape(planted.sentence)}</p></section>")


def _within(markup: str, part: str) -> Place:
    def place(page: Drawn, planted: Planted) -> None:
        if planted.stands(page.day):
            getattr(page, part).append(markup.format(escape(planted.sentence, quote=True)))

    return place


KINDS_PLACED: Final[dict[str, Place]] = {
    "in_heading": _within("<h2>{}</h2>", "raw"),
    "in_list": _within("<ul><li>Appointments on weekdays</li><li>{}</li></ul>", "raw"),
    "in_footer": _within("{}", "footer"),
    "in_description": _within('<meta name="description" content="{}">', "head"),
    "in_picture": _within('<img src="/hall.jpg" alt="{}">', "raw"),
    "in_accordion": _within("<details><summary>More</summary><p>{}</p></details>", "raw"),
    "in_hidden_block": _within('<div style="display:none"><p>{}</p></div>', "raw"),
    "in_structured_data": _within(
        '<script type="application/ld+json">{{"@type":"MedicalClinic","description":"{}"}}</script>', "head"
    ),
    "in_table": _within("<table><tr><td>Room</td><td>{}</td></tr></table>", "raw"),
    "denial_lost": edited,
    "hedge_lost": edited,
    "heading_lost": under_heading,
}
KINDS: Final = (
    *sorted(KINDS_PLACED),
    "in_body",
    "in_spanish",
    "taken_away",
    "taken_away_and_back",
)


# noise

Noise = Callable[[Drawn], None]


def _today(page: Drawn) -> None:
    page.top.append(f"<p>Today is {page.at:%A, %d %B %Y}.</p>")


def _year(page: Drawn) -> None:
    page.footer.append(f"© 2019–{page.at:%Y} {page.site.name}. All rights reserved.")


def _visitors(page: Drawn) -> None:
    page.footer.append(f"You are visitor number {48_000 + int(page.day * 37):,}.")


def _made_in(page: Drawn) -> None:
    page.footer.append(f"Page generated in 0.{page.chance(0.01, 'made').randrange(100, 999)} seconds.")


def _token(page: Drawn) -> None:
    page.token = f"{page.chance(0.01, 'token').getrandbits(128):032x}"


def _reference(page: Drawn) -> None:
    page.footer.append(f"Request reference: {page.chance(0.01, 'ref').getrandbits(64):016x}")


def _mail(page: Drawn) -> None:
    """An address that a service hides in another way at every visit."""
    data = f"{page.chance(0.01, 'mail').getrandbits(120):030x}"
    page.footer.append(
        f'Write to <a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{data}">'
        "[email&#160;protected]</a>."
    )


def _written_mail(page: Drawn) -> None:
    """An address written in changing ways by the site's own script against collectors."""
    host = page.site.host
    forms = (f"desk@{host}", f"desk [at] {host}", f"desk (at) {host.replace('.', ' (dot) ')}", f"desk AT {host}")
    page.footer.append(page.chance(3, "written").choice(forms))


def _banner(page: Drawn) -> None:
    page.top.append(f"<p>{page.chance(0.5, 'banner').choice(page.site._fill(words.ROTATING))}</p>")


def _order(page: Drawn) -> None:
    page.order = page.chance(2, "order").randrange(1, 10**6)


def _watching(page: Drawn) -> None:
    page.top.append(f"<p>{page.chance(0.1, 'watching').randrange(2, 40)} people are looking at this page.</p>")


def _next_free(page: Drawn) -> None:
    free = page.at + timedelta(days=page.chance(1, "free").randrange(1, 9))
    page.top.append(f"<p>Next free appointment: {free:%d %B}, {free.day % 9 + 8}:{free.day % 6}0.</p>")


def _news(page: Drawn) -> None:
    chance = page.chance(5, "news")
    posted = page.at - timedelta(days=chance.randrange(20))
    items = page.site._fill(chance.sample(words.NEWS, 3))
    page.raw.append("<h2>News</h2>" + "".join(f"<p><a href=#>{item}</a> {posted:%d/%m/%Y}</p>" for item in items))


def _social(page: Drawn) -> None:
    chance = page.chance(1, "social")
    posts = page.site._fill(chance.sample(words.SOCIAL, 2))
    page.raw.append("".join(f"<p>{post}</p><p>{chance.randrange(3, 400)} likes</p>" for post in posts))


def _season(page: Drawn) -> None:
    today = (page.at.month, page.at.day)
    for first, last, wish in words.SEASONS:
        inside = first <= today <= last if first <= last else today >= first or today <= last
        if inside:
            page.top.append(f"<p>{wish}</p>")


def _cookies(page: Drawn) -> None:
    if page.chance(7, "cookies").random() < 0.5:
        page.raw.append("<div class=cookie><p>We use cookies.</p><button>Accept all</button></div>")


def _two_heroes(page: Drawn) -> None:
    page.top.append(page.chance(0.2, "hero").choice(("<h2>Welcome</h2>", "<h2>Good to see you</h2>")))


def _curly(page: Drawn) -> None:
    page.curly = page.chance(9, "curly").random() < 0.5


def _hours(page: Drawn) -> None:
    page.body.append(f"Our hours this month: {page.at.month % 3 + 7} to {page.at.month % 4 + 4}.")


def _prices(page: Drawn) -> None:
    page.body.append(f"A first conversation costs ${90 + int(page.day / 45) * 5}.")


def _weather(page: Drawn) -> None:
    chance = page.chance(0.5, "weather")
    page.top.append(f"<p>{page.site.city}: {chance.randrange(30, 99)} °F, {chance.choice(('sunny', 'rain'))}</p>")


def _repeated(page: Drawn) -> None:
    """A sentence of the page repeated in its menu for some weeks."""
    if page.chance(30, "repeated").random() < 0.5:
        page.raw.append(f"<aside><p>{escape(page.body[0])}</p></aside>")


def _mirrored(page: Drawn) -> None:
    """Statements that stood on the site from the start, repeated on its other pages for some weeks."""
    if page.chance(40, "mirrored").random() < 0.5:
        page.raw.extend(
            f"<p>{escape(each.sentence)}</p>" for each in page.site.planted if each.kind == "there_from_the_start"
        )


def _modified(page: Drawn) -> None:
    page.head.append(f'<meta property="og:updated_time" content="{page.at.isoformat()}">')
    page.head.append(
        '<script type="application/ld+json">{"@type":"WebPage","dateModified":"' + page.at.isoformat() + '"}</script>'
    )


def _updated(page: Drawn) -> None:
    page.footer.append(f"Last updated: {page.at:%m/%d/%Y %H:%M}")


NOISE: Final[dict[str, Noise]] = {
    noise.__name__.strip("_"): noise
    for noise in (
        *(_today, _year, _visitors, _made_in, _token, _reference, _mail, _written_mail, _banner, _order, _watching),
        *(_next_free, _news, _social, _season, _cookies, _two_heroes, _curly, _hours, _prices, _weather, _repeated),
        *(_mirrored, _modified, _updated),
    )
}


def sites(seed: int, count: int) -> tuple[Site, ...]:
    """All sites of a year."""
    return tuple(Site(seed, number) for number in range(count))
