"""Pages for benchmarks: the labelled pages' words in the markup that site builders put around them.

Three labelled pages make one, so that a page has some 170 sentences and 600 to 2,500 words as clinics' pages do. Each
piece stands in the nested containers of a site builder, beside a menu, icons, a cookie banner, style sheets and
scripts, which make 20 to 200 KB. Everything is fictional and the same at every run.
"""

import json
import random
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

_CORPUS = Path(__file__).with_name("corpus")
_PER_PAGE = 3
_PIECE = re.compile(r"<(p|h[1-4]|ul|ol|table|blockquote|details|form)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_MENU = (
    "Home",
    "About us",
    "Our team",
    "Conditions",
    "Knee",
    "Shoulder",
    "Hip",
    "Spine",
    "Treatments",
    "Blog",
    "Prices",
)
_LIST_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_BULLET = (
    r'<li class="elementor-icon-list-item"><span class="elementor-icon-list-icon"><i aria-hidden="true" class="fas '
    r'fa-check"></i></span><span class="elementor-icon-list-text">\1</span></li>'
)
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512" aria-hidden="true"><path d="M{}.5 32c14.3 19.6 38.7 '
    '41 61.2 57.3l-12.6 80.9c-3 20.2 9.7 38 29.1 43.2l64 19.1c17.4 6 37.8-1.2 47.8-17z"></path></svg>'
)


def pages(count: int | None = None) -> list[str]:
    """All pages, as a browser would get them, each labelled page in one of them; or `count`, shuffled anew for more."""
    with (_CORPUS / "pages.jsonl").open(encoding="utf-8") as file:
        bodies = [json.loads(line)["html"] for line in file]
    chance = random.Random(7)  # noqa: S311 - filler
    parts: list[list[str]] = []
    while not parts or len(parts) < (count or 0):
        chance.shuffle(bodies)
        parts += [bodies[first : first + _PER_PAGE] for first in range(0, len(bodies) - _PER_PAGE + 1, _PER_PAGE)]
    return [_page("\n".join(part), number) for number, part in enumerate(parts[:count])]


def _page(body: str, number: int) -> str:
    chance = random.Random(number)  # noqa: S311 - filler
    ids = count(number * 1000)
    inner = _PIECE.sub(lambda piece: _wrapped(piece[0], next(ids)), body)
    start = f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Page {number}</title>"
    rest = f"</head><body class='home page'>{_menu(number)}{inner}{_banner(number)}</body></html>"
    size = int(chance.triangular(20_000, 200_000, 50_000))
    filler: list[str] = []
    while sum(map(len, filler)) + len(start) + len(rest) < size:
        filler.append(chance.choice((_style, _script))(chance))
    return start + "".join(filler) + rest


def _wrapped(piece: str, number: int) -> str:
    """A piece of a page in a site builder's containers."""
    mark = f"{number:07x}"
    return (
        f'<div class="elementor-element elementor-element-{mark} e-con-full e-flex e-con e-child" data-id="{mark}" '
        f'data-element_type="container" data-settings=\'{{"animation":"fadeIn"}}\'><div class="elementor-widget '
        f'elementor-widget-text-editor" data-widget_type="text-editor.default"><div class="elementor-widget-container">'
        f"{_ICON.format(number % 90) if number % 7 == 0 else ''}{_LIST_ITEM.sub(_BULLET, piece)}</div></div></div>\n"
    )


def _menu(number: int) -> str:
    """A menu with a submenu under every third entry."""
    items = "".join(
        f'<li id="menu-item-{number}{place}" class="menu-item menu-item-type-post_type"><a href="/{place}/" '
        f'class="elementor-item">{words}</a>{_submenu(words) if place % 3 == 0 else ""}</li>'
        for place, words in enumerate(_MENU)
    )
    return f'<header><nav class="nav-menu" aria-label="Menu {number}"><ul>{items}</ul>{_ICON.format(7)}</nav></header>'


def _submenu(words: str) -> str:
    items = "".join(
        f'<li class="menu-item"><a href="#" class="elementor-sub-item">{each}</a></li>' for each in _MENU[:4]
    )
    return f'<ul class="sub-menu" aria-label="{words}">{items}</ul>'


def _banner(number: int) -> str:
    return (
        f'<div id="cookie-law-{number}" class="cli-bar-container"><span>We use cookies to remember your choices '
        f'on site {number}.</span> <button class="cli-button">Accept all</button> <button>Settings</button></div>'
    )


def _style(chance: random.Random) -> str:
    return "<style>" + "".join(_rules_of_style(chance)) + "</style>"


def _rules_of_style(chance: random.Random) -> Iterator[str]:
    for _ in range(40):
        mark = chance.randrange(16**7)
        yield f".elementor-{mark:07x} .elementor-widget{{margin:{chance.randrange(40)}px;color:#{mark % 4096:03x}}}\n"


def _script(chance: random.Random) -> str:
    facts = {f"setting_{chance.randrange(10**6)}": chance.random() for _ in range(60)}
    return f"<script>/* <![CDATA[ */var siteConfig = {json.dumps(facts)};/* ]]> */</script>\n"
