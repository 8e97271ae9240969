"""A rule of risky wording, as data."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How much a wording matters, 1 (note) to 5 (critical: publishing needs a second person)."""

    NOTE = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5


class Stance(StrEnum):
    """How a sentence puts the words that a rule found. Only `claimed` and `hedged` may be flagged."""

    CLAIMED = "claimed"
    DENIED = "denied"
    REPORTED = "reported"
    ASKED = "asked"
    WARNED = "warned"
    HEDGED = "hedged"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the reason for a rule can be read, and when it was last looked at (ISO date)."""

    title: str
    url: str
    date: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Wording that a person should look at. `key` is unique; `version` grows when matching or severity changes."""

    key: str
    version: int
    category: str
    severity: Severity
    languages: tuple[str, ...]
    patterns: tuple[str, ...]  # RE2, matched on normalised text, letters' case ignored
    explanation: str  # why the wording is risky, for staff and for the clinic that it flags
    citation: Citation
    must: tuple[str, ...]  # sentences that this rule must flag
    must_not: tuple[str, ...]  # sentences that resemble them and that it must not flag
    exemptions: tuple[str, ...] = ()  # RE2: the sentence is harmless to this rule where one of these matches
    stances: tuple[Stance, ...] = (Stance.CLAIMED,)  # stances that flag
    ideas: tuple[str, ...] = ()  # RE2: each must also stand in the sentence, anywhere, or in the text right over it


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's words found in a sentence. `start` and `end` are code points in the *block's* text."""

    rule: Rule
    start: int
    end: int
    stance: Stance
    flagged: bool
    reason: str  # why it is flagged, or why it is not
    share: float | None = None  # how sure the second reader is that the sentence claims something risky, 0 to 1
