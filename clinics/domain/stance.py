"""How a sentence puts the words that a rule found: as its own claim, or denied, reported, asked, warned of, hedged.

The order of the questions follows the project's labelling guide (benchmarks/corpus/LABELLING.md): what stands over the
sentence, whether it asks, whom it warns, whose words it gives, whether a negation reaches the words, and how sure it
sounds. A disclaimer in another clause does not wash a claim. All cues are data, in English and Spanish.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import re2

from clinics.domain.block import Sentence
from clinics.domain.gate import Gate
from clinics.domain.rule import Stance
from clinics.domain.wording import expand, options, plain

_FILE: Final = Path(__file__).with_name("data") / "stance_cues.json"
_QUESTION: Final = re.compile(r"^(?:[^.!;]|\.(?=\S)|(?<=\b\w)\.|(?<=\b(?:EE|UU|Dr|ee|uu|dr))\.)*\?")
_WORD: Final = re.compile(r"[\w'-]+")
_FAR: Final = 12  # words over which a verb's negation still reaches
_NEAR: Final = 5  # words over which "no" and "without" still reach


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that tell a stance. In `example` the words that a rule found stand in square brackets."""

    group: str
    pattern: str
    example: str
    heading: str = ""  # what stands over the example
    after: str = ""  # the sentence after the example


class Heard:
    """Compiled cues by group, to be looked for in a text or a part of it."""

    def __init__(self, groups: Mapping[str, Any]) -> None:
        self._groups: Final = groups

    def find(self, group: str, text: str) -> str:
        """The first words of a group in a plain text, "" where there are none."""
        pattern = self._groups.get(group)
        found = pattern.search(text) if pattern is not None else None
        return found.group(1).strip() if found else ""

    def last_end(self, group: str, text: str) -> int:
        """Where the last words of a group end in a plain text, 0 where there are none."""
        pattern = self._groups.get(group)
        return max((found.end(1) for found in pattern.finditer(text)), default=0) if pattern is not None else 0

    def first_start(self, group: str, text: str) -> int:
        """Where the first words of a group start in a plain text, its length where there are none."""
        pattern = self._groups.get(group)
        found = pattern.search(text) if pattern is not None else None
        return found.start(1) if found else len(text)

    def blanked(self, group: str, text: str) -> str:
        """The text with a group's words replaced by spaces."""
        pattern = self._groups.get(group)
        for found in list(pattern.finditer(text)) if pattern is not None else []:
            start, end = found.span(1)
            text = text[:start] + " " * (end - start) + text[end:]
        return text


class Cues:
    """A set of cues."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self.all: Final = tuple(cues)

    def without(self, cue: Cue) -> "Cues":
        """The same cues but one."""
        return Cues(each for each in self.all if each != cue)

    @cached_property
    def every(self) -> Heard:
        """All groups."""
        return Heard(self._compiled)

    def heard_in(self, text: str) -> Heard:
        """Only the groups that a plain text, or any part of it, may have words of."""
        groups = {self.all[number].group for number in self._gate.possible(text)}
        return Heard({group: self._compiled[group] for group in groups})

    @cached_property
    def _gate(self) -> Gate:
        return Gate([cue.pattern for cue in self.all])

    @cached_property
    def _compiled(self) -> Mapping[str, Any]:
        groups: dict[str, list[str]] = {}
        for cue in self.all:
            groups.setdefault(cue.group, []).append(expand(cue.pattern))
        return {
            name: re2.compile(rf"(?:^|\b|\W)({'|'.join(each)})(?:$|\b|\W)", options()) for name, each in groups.items()
        }


@cache
def shipped_cues() -> Cues:
    """The cues of `data/stance_cues.json`."""
    return Cues(_read())


@cache
def cues_version() -> str:
    """Changes with any cue."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()[:16]


def _read() -> Iterator[Cue]:
    groups: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))["groups"]
    for group, cues in groups.items():
        for facts in cues:
            yield Cue(group, **facts)


def stance_of(
    sentence: Sentence, start: int, end: int, cues: Cues | None = None, *, own_negation: bool = False
) -> tuple[Stance, str]:
    """The stance of `sentence.text[start:end]`, and the reason in words.

    `own_negation`: the words found may claim something by denying it ("no risk"), so that a negation among them denies
    nothing.
    """
    known = cues or shipped_cues()
    text = plain(sentence.text)
    heard = known.heard_in(text)
    return (
        heading_verdict(sentence.governors, text, known, heard)
        or _courteous(sentence, text, heard)
        or _asked(sentence, text, start, end, heard, known)
        or _of_others(text, start, end, heard)
        or _denied(text, start, end, heard, own_negation)
        or _unsure(text, start, end, heard)
        or (Stance.CLAIMED, _why_claimed(sentence, text, end, heard, known))
    )


_Verdict = tuple[Stance, str] | None
_FREE: Final = (Stance.CLAIMED, "")


def heading_verdict(
    governors: tuple[str, ...], text: str, cues: Cues | None = None, heard: Heard | None = None
) -> _Verdict:
    """The stance that the headings over a plain text give it, and why: the nearest that tells one decides.

    None where none tells one; "Fact:" on the line itself sets it free. `heard`: the cues that the text may have.
    """
    if not governors:
        return None
    known = cues or shipped_cues()
    if (heard or known.every).find("line_frees", text):
        return None
    for governor in reversed(governors):
        told = _told_by(governor, known)
        if told:
            return None if told is _FREE else told
    return None


@lru_cache(maxsize=4_096)
def _told_by(governor: str, cues: Cues) -> _Verdict:
    """What one heading says of what stands under it: a stance and why, `_FREE` where it sets it free, or nothing."""
    over = plain(governor)
    heard = cues.heard_in(over)
    if heard.find("heading_frees", over):
        return _FREE
    for stance in (Stance.WARNED, Stance.REPORTED, Stance.ASKED, Stance.DENIED):
        words = heard.find(f"heading_{stance}", over)
        if words:
            return stance, f"It stands under “{governor}”."
    return None


def _courteous(sentence: Sentence, text: str, heard: Heard) -> _Verdict:
    """Thanks or a greeting right under a question, and nothing else, leave it unanswered."""
    if not sentence.governors or not sentence.governors[-1].rstrip().endswith("?"):
        return None
    words = heard.find("courtesy", text)
    return (Stance.ASKED, f"“{words}” answers no question.") if words else None


def _asked(sentence: Sentence, text: str, start: int, end: int, heard: Heard, cues: Cues) -> _Verdict:
    end = start + len(text[start:end].rstrip(" ?!."))
    if _QUESTION.match(text[end:]) is None:
        words = heard.find("asked", text[:start])
        return (Stance.ASKED, f"Asked: “{words}”.") if words else None
    if _affirmed(sentence, text, end, heard, cues):
        return None
    return Stance.ASKED, "It is a question."


def _affirmed(sentence: Sentence, text: str, end: int, heard: Heard, cues: Cues) -> str:
    """The words with which the speaker says yes to a question that ends behind `end`."""
    return cues.every.find("answered_yes", plain(sentence.after)) or heard.find("answered_yes", _rest(text, end))


def _why_claimed(sentence: Sentence, text: str, end: int, heard: Heard, cues: Cues) -> str:
    end -= len(text[:end]) - len(text[:end].rstrip(" ?!."))
    if _QUESTION.match(text[end:]) is None:
        return "The words stand as the page's own claim."
    return f"A question to which the page itself answers “{_affirmed(sentence, text, end, heard, cues)}”."


def _rest(text: str, end: int) -> str:
    """What stands behind the question mark that follows `end`."""
    return text[text.index("?", end) + 1 :].strip()


def _of_others(text: str, start: int, end: int, heard: Heard) -> _Verdict:
    before, after = text[:start], text[end:]
    words = heard.find("warned", before) or heard.find("warned_after", after)
    if words:
        return Stance.WARNED, f"Readers are warned of it: “{words}”."
    words = heard.find("reported", before) or heard.find("reported_after", after)
    if words:
        return Stance.REPORTED, f"Others' words are reported: “{words}”."
    return None


def _denied(text: str, start: int, end: int, heard: Heard, own_negation: bool) -> _Verdict:
    told = heard.blanked("not_a_denial", text[:end])
    before, inside = told[:start], told[start:].rstrip(" .!?;:")
    clause = before[heard.last_end("clause", before) :]
    words = (
        heard.find("denied_far", _last_words(clause, _FAR))
        or heard.find("denied_near", _last_words(clause, _NEAR))
        or ("" if own_negation else heard.find("denied_inside", inside[heard.last_end("clause", inside) :]))
    )
    if words:
        return Stance.DENIED, f"Denied by “{words}”."
    rest = text[end:]
    words = heard.find("denied_at_once", rest) or heard.find("denied_after", rest[: heard.first_start("clause", rest)])
    return (Stance.DENIED, f"Denied by “{words}”.") if words else None


def _last_words(clause: str, count: int) -> str:
    starts = [word.start() for word in _WORD.finditer(clause)]
    return clause[starts[-count] :] if len(starts) > count else clause


def _unsure(text: str, start: int, end: int, heard: Heard) -> _Verdict:
    words = heard.find("balanced", text)
    if words:
        return Stance.DENIED, f"The sentence itself says that this is not settled: “{words}”."
    before = text[:start]
    words = heard.find("hedged", before[heard.last_end("clause", before) :] + text[start:end])
    return (Stance.HEDGED, f"Put as a possibility: “{words}”.") if words else None
