"""Reading wording that was typed to escape a reader of words: spaced-out, dotted, leetspeak, hashtags, stray markup.

"F D A  a p p r o v e d", "c.u.r.e", "gu@r@nteed", "Sur-ge-ry", "<b>Cu</b>re" and "#NoSurgery" say what they say to a
person. Rules and the second reader meet the unmasked text, and every place in it leads back to the characters as they
stand. A change is only made where it yields words of our own list (`data/words.txt`), so that "GLP-1", "COVID19" and
"Wi-Fi" stay what they are.
"""

import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from clinics.domain.normal import Normal, normalise
from clinics.domain.wording import plain

_FILE: Final = Path(__file__).with_name("data") / "words.txt"
_Piece = tuple[str, int, int]

_ENTITY: Final = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_TAG: Final = re.compile(r"<!--.*?-->|</?(?P<name>[A-Za-z][A-Za-z0-9]{0,9})(?:\s[^<>]{0,200})?/?>", re.DOTALL)
_BREAKING: Final = frozenset({"br", "p", "li", "div", "ul", "ol", "td", "tr", "h1", "h2", "h3", "h4", "hr", "button"})
_HIDDEN: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
_APART: Final = re.compile(
    rf"(?<![^\W_])[^\W\d_](?:[\s.\-‐‑–_·•*|~{_HIDDEN}]{{1,5}}[^\W_]){{2,}}(?![^\W_])(?!['’][a-z])"
)
_BETWEEN: Final = re.compile(r"[\W_]+")
_TOKEN: Final = re.compile(r"\S+")
_EDGES: Final = re.compile(r"^([^\w@$#*]*)(.*?)([^\w@$*]*)$", re.DOTALL)
_INNER: Final = re.compile(r"(?<=[^\W_])[-._·•|~*'’]+(?=[^\W_])")
_CAMEL: Final = re.compile(r"[A-ZÁÉÍÓÚÑ]?[a-záéíóúñü]+|[A-ZÁÉÍÓÚÑ]+(?![a-záéíóúñü])|\d+")
_LEET: Final = str.maketrans("01345 78@$!|+€".replace(" ", ""), "oieastbasiite")
_LEET_L: Final = str.maketrans({"1": "l", "!": "l", "|": "l"})
_SIGNS: Final = re.compile(r"[0-9@$!|+€*]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_TWO: Final = frozenset({"n0", "d0", "t0", "s0", "g0"})
_SHORT: Final = frozenset({"a", "i", "y", "o", "e", "u"})
_INITIALS: Final = 5  # letters; fewer with stops between them are initials ("U.S.C."), not a word in disguise
_LONGEST: Final = 20  # letters of a word that a run of letters is cut into


@cache
def known_words() -> frozenset[str]:
    """Words in small letters, without accents, that ordinary pages use; made from the labelled corpus."""
    return frozenset(_FILE.read_text(encoding="utf-8").split())


def _known(word: str) -> bool:
    return plain(word.lower()) in known_words()


def unmasked(text: str) -> Normal:
    """The text as a person reads it, in normal form, with the way back. An unmasked text stays as it is."""
    now = Normal(text, len(text))
    if "<" in text or "&" in text:
        now = now.rewritten(_without_markup(now.text))
    if _APART.search(now.text):
        now = now.rewritten(_together(now.text))
    now = normalise(now.text).over(now)
    if _needs_a_look(now.text):
        now = now.rewritten(_words(now.text))
    return now


def _without_markup(text: str) -> Iterator[_Piece]:
    """Tags and entities that stand in the text as characters, taken as a browser would."""
    at = 0
    for found in sorted([*_TAG.finditer(text), *_ENTITY.finditer(text)], key=lambda each: each.start()):
        start, end = found.span()
        if start < at:
            continue
        yield text[at:start], at, start
        if found.re is _TAG:
            new = " " if (found["name"] or "").lower() in _BREAKING else ""
        else:
            new = html.unescape(found[0])
        yield new, start, end
        at = end
    yield text[at:], at, len(text)


def _together(text: str) -> Iterator[_Piece]:
    """Letters that stand apart, put together to the words that they spell."""
    at = 0
    for found in _APART.finditer(text):
        start, end = found.span()
        spelt = _spelt(found[0])
        if spelt is None:
            continue
        yield text[at:start], at, start
        place = start
        for word, length in spelt:
            yield word, place, place + length
            place += length
        at = end
        if text[end - 2] == "." and text[end : end + 1] == "." and text[end + 1 :].strip():
            yield "", end, end + 1  # "F.D.A. approved": the last stop belongs to the letters
            at = end + 1
    yield text[at:], at, len(text)


def _spelt(run: str) -> list[tuple[str, int]] | None:
    """The words of a run of single letters with the lengths that they take up in it; None where it spells nothing."""
    gaps = [gap[0] for gap in _BETWEEN.finditer(run)]
    letters = [letter for letter in run if letter.isalnum()]
    kinds = ["".join(sorted(set(gap.strip(_HIDDEN)))) + str(len(gap.strip(_HIDDEN))) for gap in gaps]
    if 2 * sum(map(str.isdigit, letters)) > len(letters):
        return None  # "from 5 a 1.2": figures, not letters
    usual = max(set(kinds), key=lambda kind: (kinds.count(kind), -len(kind)))
    groups: list[str] = [letters[0]]
    sizes: list[int] = [1]
    for number, (gap, letter) in enumerate(zip(gaps, letters[1:], strict=True)):
        run_on = kinds[number] == usual or kinds[number] in kinds[max(0, number - 1) : number]
        inner = run_on or kinds[number : number + 2].count(kinds[number]) == 2
        if inner:
            groups[-1] += letter
            sizes[-1] += len(gap) + 1
        else:
            groups += [" ", letter]
            sizes += [len(gap), 1]
    spelt: list[tuple[str, int]] = []
    for group, size in zip(groups, sizes, strict=True):
        initials = usual == ".1" and group.isupper() and len(group) < _INITIALS
        words = [group] if group == " " or initials else _words_in(group)
        if not words:
            if len(groups) == 1 and (" " in usual or "-" in usual):
                return None  # initials, a list of grades: nothing that we know as a word
            words = [group]
        spelt += _shared(words, size)
    return spelt


def _shared(words: list[str], size: int) -> list[tuple[str, int]]:
    """Words in a row with spaces between them, their places shared out over `size` characters."""
    joined = sum(map(len, words)) + len(words) - 1
    made: list[tuple[str, int]] = []
    used = given = 0
    for number, word in enumerate(words):
        for part in ([" "] if number else []) + [word]:
            used += len(part)
            upto = size * used // joined
            made.append((part, upto - given))
            given = upto
    return made


def _words_in(group: str) -> list[str]:
    letters = _letters_of(group)
    return [group] if _known(letters) else _cut(letters)


def _letters_of(group: str) -> str:
    return group if _known(group) else group.translate(_LEET)


def _cut(letters: str) -> list[str]:
    """The fewest known words that the letters are made of, [] where there are none."""
    folded = plain(letters.lower())
    words = known_words()
    best: list[tuple[float, int]] = [(0.0, 0)] + [(1e9, 0)] * len(folded)
    for end in range(1, len(folded) + 1):
        for start in range(max(0, end - _LONGEST), end):
            piece = folded[start:end]
            if piece in words and (len(piece) > 1 or piece in _SHORT):
                cost = best[start][0] + (1.0 if len(piece) > 2 else 1.8)
                if cost < best[end][0]:
                    best[end] = (cost, start)
    if best[-1][0] >= 1e9:
        return []
    cuts, end = [], len(folded)
    while end:
        cuts.append(letters[best[end][1] : end])
        end = best[end][1]
    return cuts[::-1]


def _needs_a_look(text: str) -> bool:
    words = known_words()
    return any(plain(token.lower()).strip(".,;:!?()\"'") not in words for token in text.split())


def _words(text: str) -> Iterator[_Piece]:
    """The words of a text, each as it is meant; words that were cut in two are joined."""
    tokens = [(found[0], found.start(), found.end()) for found in _TOKEN.finditer(text)]
    at = number = 0
    while number < len(tokens):
        token, start, end = tokens[number]
        yield text[at:start], at, start
        joined = _joined(tokens, number)
        if joined:
            last = number + joined - 1
            word = "".join(each[0] for each in tokens[number : last + 1]).replace("-", "")
            yield word, start, tokens[last][2]
            at, number = tokens[last][2], last + 1
            continue
        yield from _meant(token, start)
        at, number = end, number + 1
    yield text[at:], at, len(text)


def _joined(tokens: list[_Piece], first: int) -> int:
    """How many tokens from `first` on are pieces of one word ("Guaran- teed", "re place ment"); 0 for none."""
    for count in (3, 2):
        pieces = [token[0] for token in tokens[first : first + count]]
        if len(pieces) < count or not all(_LETTER.match(piece) for piece in pieces):
            continue
        core = pieces[-1].rstrip(".,;:!?)\"'")
        bare = [*(piece.rstrip("-") for piece in pieces[:-1]), core]
        if not all(piece.isalpha() for piece in bare):
            continue
        strange = [piece for piece in bare if not _known(piece)]
        hyphen = all(piece.endswith("-") for piece in pieces[:-1])
        whole = "".join(bare)
        if _known(whole) and len(whole) > 4 and (hyphen or len(strange) == len(bare) or (strange and count == 3)):
            return count
    return 0


def _meant(token: str, start: int) -> Iterator[_Piece]:
    """One token as it is meant."""
    if plain(token.lower()) in known_words():
        yield token, start, start + len(token)
        return
    edges = _EDGES.match(token)
    before, core, after = edges.groups() if edges else ("", token, "")
    at = start + len(before)
    yield before, start, at
    meant = _core(core)
    if meant is None or meant == [core]:
        yield core, at, at + len(core)
    else:
        place = at
        for word, length in _shared(meant, len(core)):
            yield word, place, place + length
            place += length
    yield after, at + len(core), start + len(token)


def _core(core: str) -> list[str] | None:
    """The words that a token without its punctuation is meant as; None where it is left as it stands."""
    if not core or _known(core):
        return None
    if core.startswith("#") and len(core) > 2:
        return _hashtag(core[1:])
    if "*" in core:
        starred = _starred(core.translate(_LEET))
        return [starred] if starred else None
    if core.endswith("'s"):
        owner = _core(core[:-2])
        return [*owner[:-1], f"{owner[-1]}'s"] if owner else None
    bare = _INNER.sub("", core)
    if bare != core:
        pieces = [piece for piece in _INNER.split(core) if piece]
        if _known(bare) and not _compound(pieces):
            return [bare]
        opened = [_core(piece) or [piece] for piece in pieces]
        if any(each != [piece] for each, piece in zip(opened, pieces, strict=True)):
            return [word for each in opened for word in each]
        leet = _unleeted(bare)
        return [leet] if leet else None
    leet = _unleeted(core)
    if leet:
        return [leet]
    if not core.islower() and not core.isupper() and core.isalpha():
        words = [found[0] for found in _CAMEL.finditer(core)]
        if len(words) > 1 and "".join(words) == core and all(_known(word) and len(word) > 1 for word in words):
            return words
    if core.isalpha() and core.lower().startswith(("fda", "stemcell")):
        return _cut(core) or None
    return None


def _compound(pieces: list[str]) -> bool:
    """Whether the pieces stand for themselves: words, or capitals with a letter ("CAR-T")."""
    capitals = len(pieces) == 2 and len(pieces[0]) > 1 and pieces[0].isupper() and len(pieces[1]) == 1
    return capitals or all(_known(piece) and len(piece) > 1 for piece in pieces)


def _hashtag(tag: str) -> list[str] | None:
    words = [found[0] for found in _CAMEL.finditer(tag)]
    if "".join(words) != tag.replace("_", ""):
        return _cut(tag) or None
    return [part for word in words for part in ([word] if _known(word) else _cut(word) or [word])]


def _unleeted(token: str) -> str:
    """The known word that a token with digits or signs for letters is meant as, "" for none."""
    if not _SIGNS.search(token) or not _LETTER.search(token):
        return ""
    if token.lower() in _TWO:
        return token.replace("0", "o")
    for word in (token.translate(_LEET), token.translate(_LEET_L).translate(_LEET)):
        if word.isalpha() and len(word) > 2 and _known(word):
            return word
    return ""


def _starred(word: str) -> str:
    """The word with a vowel for each star, where that yields one that we know."""
    if word.count("*") > 2 or len(word) < 4:
        return ""
    candidates = [""]
    for letter in word:
        options = "ueaoi" if letter == "*" else letter
        candidates = [made + option for made in candidates for option in options]
    return next((made for made in candidates if _known(made)), "")
