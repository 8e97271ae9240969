"""A question to a register, and what its answer seems to say: a proposal for a person, never a result."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self


class Likeness(StrEnum):
    """How a thing that we asked about compares with what the register says."""

    SAME = "same"
    NEAR = "near"  # perhaps the same: a person decides
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # one side does not say


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works, as far as it is known."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Whom or what we ask about. `names` are further names of the same clinic; `npi` and `born` tell people apart."""

    kind: str
    subject: str
    identifier: str = ""
    names: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    npi: str = ""
    born: date | None = None

    def as_json(self) -> dict[str, Any]:
        """The question as plain values."""
        return {**asdict(self), "born": self.born.isoformat() if self.born else None}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`."""
        born = told.get("born")
        return cls(
            told["kind"],
            told["subject"],
            told.get("identifier", ""),
            tuple(told.get("names", ())),
            tuple(Place(**place) for place in told.get("places", ())),
            told.get("npi", ""),
            date.fromisoformat(born) if born else None,
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: what we asked about, what the register says, and how these compare."""

    name: str
    asked: str
    answered: str
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a register's answer seems to say. `outcome` is "" where only a person can tell; `remark` says why.

    `facts` are columns of the credential check; `entry` is the address at which a person can see the entry.
    """

    outcome: str
    remark: str
    compared: tuple[Compared, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    entry: str = ""

    def as_json(self) -> dict[str, Any]:
        """The proposal as plain values."""
        return {**asdict(self), "compared": [asdict(each) for each in self.compared], "facts": dict(self.facts)}
