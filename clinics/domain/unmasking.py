"""Reading wording that was typed to escape a reader of words: spaced-out, dotted, leetspeak, hashtags, stray markup.

"F D A  a p p r o v e d", "c.u.r.e", "gu@r@nteed", "Sur-ge-ry", "<b>Cu</b>re" and "#NoSurgery" say what they say to a
person. Rules and the second reader meet the unmasked text, and every place in it leads back to the characters as they
stand. A change is only made where it yields words of our own list (`data/words.txt`), so that "GLP-1", "COVID19" and
"Wi-Fi" stay what they are.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from string import ascii_lowercase
from typing import Final

from clinics.domain.known_words import cut_into_words, is_known, known_words
from clinics.domain.normal import Normal, normalise, straightened
from clinics.domain.wording import plain

_Piece = tuple[str, int, int]

_ENTITY: Final = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_TAG: Final = re.compile(r"<!--|</?(?P<name>[A-Za-z][A-Za-z0-9]{0,9})(?:\s[^<>]{0,200})?/?>")
_BREAKING: Final = frozenset({"br", "p", "li", "div", "ul", "ol", "td", "tr", "h1", "h2", "h3", "h4", "hr", "button"})
_HIDDEN: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f]+")
_APART: Final = re.compile(r"(?<![^\W_])[^\W\d_](?:[\s.\-‐‑–_·•*|~]{1,5}[^\W_]){2,}(?![^\W_])(?!['’][a-z])")
_BETWEEN: Final = re.compile(r"[\W_]+")
_TOKEN: Final = re.compile(r"\S+")
_FRONT: Final = re.compile(r"[^\w@$#*+]*")
_BACK: Final = re.compile(r"[^\w@$*+]*")  # of a token that is read from its end
_SETTLED: Final = re.compile(r"[\x21-\x7e¡¿À-ÖØ-öø-ÿ®©°]+")  # normal as it stands
_LONE: Final = re.compile(r"(?<![^\W_])[^\W_](?![^\W_])")
_INNER: Final = re.compile(r"(?<=[^\W_])[-._·•|~*'’]+(?=[^\W_])")
_CAMEL: Final = re.compile(r"[A-ZÁÉÍÓÚÑ]?[a-záéíóúñü]+|[A-ZÁÉÍÓÚÑ]+(?![a-záéíóúñü])|\d+")
_LEET: Final = str.maketrans("01345 78@$!|+€".replace(" ", ""), "oieastbasiite")
_LEET_L: Final = str.maketrans({"1": "l", "!": "l", "|": "l"})
_SIGNS: Final = re.compile(r"[0-9@$!|+€*]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_TWO: Final = frozenset({"n0", "d0", "t0", "s0", "g0"})
_VOWELS: Final = "ueaoi"
_TOLD_BY_THE_REST: Final = 5  # letters of a word of which one that is no vowel may be hidden
_SHORT: Final = 2  # letters of words that alone make no wording
_INITIALS: Final = 5  # letters; fewer with stops between them are initials ("U.S.C."), not a word in disguise
_COUNTRY: Final = "U.S"  # read as a word it would be "us", who speaks
_LONGEST: Final = 21  # letters of the longest word that we know
_ENDS: Final = ".,;:!?)\"'"  # what may stand behind a word
_FEW: Final = 3  # letters that stand apart spell something only if they are at least so many
_LOOSE: Final = 1 << 24  # look of a token that may be a piece of a word
_STRANGE: Final = 1 << 48  # look of a token that is read closely
_LOOKED_AT: Final = 1 << 13  # tokens whose look is remembered
_LONG: Final = 500  # characters; the tokens of longer texts may be too long to be remembered


def unmasked(text: str) -> Normal:
    """The text as a person reads it, in normal form, with the way back. An unmasked text stays as it is."""
    return _at_a_glance(text) or _closely(text)


def _at_a_glance(text: str) -> Normal | None:
    """A text of ordinary words, by far the most frequent kind; None where it has to be read closely."""
    straight = text if text.isascii() else straightened(text)
    tokens = straight.split()
    if " ".join(tokens) != straight or (len(text) > _LONG and max(map(len, tokens)) > _LONG):
        return None
    looks = sum(map(_look, tokens))
    if looks >= _STRANGE or (looks >= _LOOSE and _may_be_pieces(tokens)):
        return None
    if (looks % _LOOSE >= _FEW or straight is not text) and _APART.search(text):
        return None
    return Normal(straight, len(text))


@lru_cache(maxsize=_LOOKED_AT)
def _look(token: str) -> int:
    """How a token without spaces looks by itself: the number of its letters and figures that stand alone, plus
    `_LOOSE` where it may be a piece of a word, or `_STRANGE` where it does not simply stand for itself."""
    word = token.strip(_ENDS)
    if len(word) > 1 and word.isalpha() and word.isascii() and word.lower() in known_words():
        return 0
    if not _SETTLED.fullmatch(token) or "<" in token or _ENTITY.search(token):
        return _STRANGE
    if "".join(piece for piece, _, _ in _meant(token, 0)) != token:
        return _STRANGE
    word = token.rstrip("-" + _ENDS)
    loose = word.isalpha() and (token.endswith("-") or not is_known(word))
    return len(_LONE.findall(token)) + (_LOOSE if loose else 0)


def _may_be_pieces(tokens: Sequence[str]) -> bool:
    """Whether two or three tokens, one of them loose, are together a word that we know."""
    bare = ["", "", *(plain(token.rstrip("-" + _ENDS).lower()) for token in tokens), "", ""]
    for number, token in enumerate(tokens):
        if _look(token) >= _LOOSE:
            first, second, middle, fourth, last = bare[number : number + 5]
            pairs = {second + middle, middle + fourth}
            if not known_words().isdisjoint(
                {*pairs, first + second + middle, second + middle + fourth, middle + fourth + last}
            ):
                return True
    return False


def _closely(text: str) -> Normal:
    now = Normal(text, len(text))
    if "<" in text or "&" in text:
        now = now.rewritten(_without_markup(now.text))
    if _HIDDEN.search(now.text):
        now = now.rewritten(_without_hidden(now.text))
    if _APART.search(now.text):
        now = now.rewritten(_together(now.text))
    now = normalise(now.text).over(now)
    if _needs_a_look(now.text):
        now = now.rewritten(_words(now.text))
    return now


def _without_markup(text: str) -> Iterator[_Piece]:
    """Tags and entities that stand in the text as characters, taken as a browser would."""
    at = 0
    last_end = text.rfind("-->")
    for found in sorted([*_TAG.finditer(text), *_ENTITY.finditer(text)], key=lambda each: each.start()):
        start, end = found.span()
        if start < at or (found[0] == "<!--" and last_end < end):
            continue
        if found[0] == "<!--":
            end = text.index("-->", end) + len("-->")
        yield text[at:start], at, start
        if found.re is _TAG:
            new = " " if (found["name"] or "").lower() in _BREAKING else ""
        else:
            new = html.unescape(found[0])
        yield new, start, end
        at = end
    yield text[at:], at, len(text)


def _without_hidden(text: str) -> Iterator[_Piece]:
    at = 0
    for found in _HIDDEN.finditer(text):
        yield text[at : found.start()], at, found.start()
        at = found.end()
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
    kind_of = {gap: "".join(sorted(set(gap))) + str(len(gap)) for gap in {*gaps}}
    kinds = [kind_of[gap] for gap in gaps]
    if 2 * sum(map(str.isdigit, letters)) > len(letters):
        return None  # "from 5 a 1.2": figures, not letters
    counts = Counter(kinds)
    usual = max(counts, key=lambda kind: (counts[kind], -len(kind)))  # of equals the first
    gathered: list[list[str]] = [[letters[0]]]
    sizes: list[int] = [1]
    for number, (gap, letter) in enumerate(zip(gaps, letters[1:], strict=True)):
        run_on = kinds[number] == usual or kinds[number] in kinds[max(0, number - 1) : number]
        inner = run_on or kinds[number : number + 2].count(kinds[number]) == 2
        if inner:
            gathered[-1].append(letter)
            sizes[-1] += len(gap) + 1
        else:
            gathered += [[" "], [letter]]
            sizes += [len(gap), 1]
    groups = ["".join(each) for each in gathered]
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
    """The words of letters without gaps, [] where there are none: "ABC" is no "a bc"."""
    letters = _letters_of(group)
    if is_known(letters):
        return [group]
    words = cut_into_words(letters)
    return words if any(len(word) > _SHORT for word in words) else []


def _letters_of(group: str) -> str:
    return group if is_known(group) else group.translate(_LEET)


def _needs_a_look(text: str) -> bool:
    words = known_words()
    return any(plain(token.lower()).strip(".,;:!?()\"'") not in words for token in text.split())


def _words(text: str) -> Iterator[_Piece]:
    """The words of a text, each as it is meant; words that were cut in two are joined."""
    spans = [found.span() for found in _TOKEN.finditer(text)]
    tokens = [text[start:end] for start, end in spans]
    looks = [_look(token) if len(token) <= _LONG else _STRANGE for token in tokens]
    at = number = 0
    while number < len(tokens):
        start, end = spans[number]
        joined = _joined(tokens, number) if max(looks[number : number + 3]) >= _LOOSE else 0
        if joined:
            last = number + joined - 1
            yield text[at:start], at, start
            yield "".join(tokens[number : last + 1]).replace("-", ""), start, spans[last][1]
            at, number = spans[last][1], last + 1
            continue
        meant = list(_meant(tokens[number], start)) if looks[number] >= _STRANGE else ()
        if len(meant) > 1:
            yield text[at:start], at, start
            yield from meant
            at = end
        number += 1
    yield text[at:], at, len(text)


def _joined(tokens: Sequence[str], first: int) -> int:
    """How many tokens from `first` on are pieces of one word ("Guaran- teed", "re place ment"); 0 for none."""
    for count in (3, 2):
        pieces = tokens[first : first + count]
        if len(pieces) < count or not all(_LETTER.match(piece) for piece in pieces):
            continue
        core = pieces[-1].rstrip(_ENDS)
        bare = [*(piece.rstrip("-") for piece in pieces[:-1]), core]
        if not all(piece.isalpha() for piece in bare):
            continue
        strange = [piece for piece in bare if not is_known(piece)]
        hyphen = all(piece.endswith("-") for piece in pieces[:-1])
        whole = "".join(bare)
        if is_known(whole) and len(whole) > 4 and (hyphen or len(strange) == len(bare) or (strange and count == 3)):
            return count
    return 0


def _meant(token: str, start: int) -> Iterator[_Piece]:
    """One token as it is meant: in one piece where it stands for itself."""
    if plain(token.lower()) in known_words():
        yield token, start, start + len(token)
        return
    front = _length(_FRONT, token)
    back = len(token) - _length(_BACK, token[front:][::-1])
    core = token[front:back]
    meant = _remembered_core(core) if len(core) <= _LONG else _core(core)
    if meant is None or meant == [core]:
        yield token, start, start + len(token)
        return
    yield token[:front], start, start + front
    place = start + front
    for word, length in _shared(meant, len(core)):
        yield word, place, place + length
        place += length
    yield token[back:], start + back, start + len(token)


def _length(pattern: re.Pattern[str], text: str) -> int:
    """How many characters at the beginning of a text are such ones."""
    found = pattern.match(text)
    return found.end() if found else 0


@lru_cache(maxsize=_LOOKED_AT)
def _remembered_core(core: str) -> list[str] | None:
    return _core(core)


def _core(core: str) -> list[str] | None:
    """The words that a token without its punctuation is meant as; None where it is left as it stands."""
    if not core or core == _COUNTRY or is_known(core):
        return None
    if core.startswith("#") and len(core) > 2:
        return _hashtag(core[1:])
    if "*" in core:
        starred = _starred(core.translate(_LEET))
        return [starred] if starred else None
    if core.endswith("'s") and not core.endswith("'s's"):
        owner = _core(core[:-2])
        return [*owner[:-1], f"{owner[-1]}'s"] if owner else None
    bare = _INNER.sub("", core)
    if bare != core:
        pieces = [piece for piece in _INNER.split(core) if piece]
        if is_known(bare) and not _compound(pieces):
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
        if len(words) > 1 and "".join(words) == core and all(is_known(word) and len(word) > 1 for word in words):
            return words
    if core.isalpha() and core.lower().startswith(("fda", "stemcell")):
        return cut_into_words(core) or None
    return None


def _compound(pieces: list[str]) -> bool:
    """Whether the pieces stand for themselves: words, or capitals with a letter ("CAR-T")."""
    capitals = len(pieces) == 2 and len(pieces[0]) > 1 and pieces[0].isupper() and len(pieces[1]) == 1
    return capitals or all(is_known(piece) and len(piece) > 1 for piece in pieces)


def _hashtag(tag: str) -> list[str] | None:
    words = [found[0] for found in _CAMEL.finditer(tag)]
    if "".join(words) != tag.replace("_", ""):
        return cut_into_words(tag) or None
    return [part for word in words for part in ([word] if is_known(word) else cut_into_words(word) or [word])]


def _unleeted(token: str) -> str:
    """The known word that a token with digits or signs for letters is meant as, "" for none."""
    if not _SIGNS.search(token) or not _LETTER.search(token):
        return ""
    if token.lower() in _TWO:
        return token.replace("0", "o")
    least = 3 if token.strip("+") == token else 4  # letters; "A+" is a grade
    for word in (token.translate(_LEET), token.translate(_LEET_L).translate(_LEET)):
        if word.isalpha() and len(word) >= least and is_known(word):
            return word
    return ""


def _starred(word: str) -> str:
    """The word with a vowel for each star, or the only one with any letter for a single star; "" for none we know."""
    if word.count("*") > 2 or not 4 <= len(word) <= _LONGEST:
        return ""
    candidates = [""]
    for letter in word:
        options = _VOWELS if letter == "*" else letter
        candidates = [made + option for made in candidates for option in options]
    with_vowels = next((made for made in candidates if is_known(made)), "")
    if with_vowels or word.count("*") > 1 or len(word) < _TOLD_BY_THE_REST:
        return with_vowels
    made = [each for each in (word.replace("*", letter) for letter in ascii_lowercase) if is_known(each)]
    return made[0] if len(made) == 1 else ""
