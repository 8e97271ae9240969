"""What looks like a patient's name in a clinic's words. Patterns propose; only a person says what is a name."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REDACTED: Final = "[name]"
_GIVEN: Final = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’]+(?:-[A-Z][a-z]+)?"
_INITIAL: Final = r"[A-Z]\.(?![A-Za-z.])"
_SURNAME: Final = rf"(?:{_INITIAL}|(?:Mc|Mac|O['’]|de |van )?{_GIVEN})"
_NAME: Final = rf"{_GIVEN}(?: {_INITIAL})?(?: {_SURNAME})?"
_PATTERNS: Final = tuple(
    (re.compile(pattern), why)
    for pattern, why in (
        (rf"(?:[Mm]y name is|[Mm]e llamo|[Mm]i nombre es) (?P<name>{_NAME})", "said to be a name"),
        (rf"\b(?:Mr|Mrs|Ms|Miss|Sra?|Srta)\.? (?P<name>{_NAME})", "after a form of address"),
        (rf"(?:[—–―~]|(?:^|[.!?”\"] ?)[-•]) ?(?P<name>{_NAME})(?=$|[,.;|(\n]| [-–—|(])", "stands like a signature"),
        (rf"\b(?P<name>{_GIVEN} [A-Z]\.)(?=$|[\s,;:)”\"’—–-])(?!\s?[A-Z]\.)", "a given name with an initial"),
        (rf"\b(?P<name>{_GIVEN}(?: {_SURNAME})?),? \(?(?:aged? )?\d{{2}}\)?(?=[,.;)\s]|$)(?! ?%)", "with an age"),
        (rf"\b(?:[Pp]atients?|[Pp]aciente|[Tt]estimonial (?:of|by|from)|[Ss]tory of) (?P<name>{_GIVEN} {_SURNAME})\b",
         "named as a patient"),
        (r"(?:^|[\s(—–])(?P<name>[A-Z]\.\s?[A-Z]\.)(?=$|[\s,;)])", "initials alone"),
        (rf"^(?P<name>{_GIVEN} {_SURNAME})(?:, {_GIVEN}(?: {_GIVEN})?(?:, [A-Z]{{2}})?)?$", "a line of its own"),
    )
)  # fmt: skip
_TITLED: Final = re.compile(r"\b(?:Dra?|Prof|Doctor|Professor)\.? (?:[A-Z]\.? )?$")
_DEGREE: Final = re.compile(r"^,? (?:M\.?D|D\.?O|Ph\.?D|N\.?P|P\.?A|R\.?N|DPM|DC|ND)\b")
_FILE: Final = Path(__file__).with_name("data") / "patient_names.json"
_TOLD: Final = json.loads(_FILE.read_text(encoding="utf-8"))
_NO_NAMES: Final = frozenset(_TOLD["no_names"])
_NO_INITIALS: Final = frozenset(_TOLD["no_initials"])
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class LikelyName:
    """A stretch of the text, word for word, and why it looks like a name."""

    name: str
    why: str


def likely_names(text: str) -> tuple[LikelyName, ...]:
    """What a person should look at before these words are published, in the order of the text, each once.

    A doctor's name is no patient's: names after “Dr.” or before a degree are left out. May propose too much.
    """
    found: dict[str, tuple[int, LikelyName]] = {}
    for at, likely in _matches(text):
        if likely.name not in found and not any(likely.name in other for other in found):
            found[likely.name] = (at, likely)
    return tuple(likely for _, likely in sorted(found.values(), key=lambda pair: pair[0]))


def _matches(text: str) -> Iterator[tuple[int, LikelyName]]:
    begins = 0
    for line in text.split("\n"):
        for pattern, why in _PATTERNS:
            for match in pattern.finditer(line):
                start, end = match.span("name")
                if _can_be_a_name(match["name"]) and not _is_a_doctor(line, start, end):
                    yield begins + start, LikelyName(match["name"], why)
        begins += len(line) + 1


def _can_be_a_name(words: str) -> bool:
    found = _WORD.findall(words)
    return "".join(found) not in _NO_INITIALS and not any(word.lower() in _NO_NAMES for word in found)


def _is_a_doctor(line: str, start: int, end: int) -> bool:
    return bool(_TITLED.search(line[:start]) or _DEGREE.match(line[end:]))


def redact(text: str, names: Sequence[str]) -> str:
    """The text with “[name]” in place of each of these, the longest first, wherever it stands as words of its own."""
    for name in sorted(names, key=len, reverse=True):
        text = _as_words(name).sub(REDACTED, text)
    return text


def missing_from(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names that do not stand in the text as words of their own."""
    return [name for name in names if not _as_words(name).search(text)]


def in_small_letters(name: str) -> bool:
    """Whether it has no letter but small ones; those of scripts without capitals are none."""
    return not any(letter.isalpha() and not letter.islower() for letter in name)


def _as_words(name: str) -> re.Pattern[str]:
    spaced = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){spaced}(?!\w)")
