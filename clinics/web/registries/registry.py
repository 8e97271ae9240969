"""The one interface of all registers, and what is read from their answers before any of them is asked."""

import json
from datetime import date
from typing import Any, Protocol

from clinics.domain.answer import Answer
from clinics.domain.look_up import Proposal, Question


class CannotAsk(Exception):
    """The question lacks what this register needs; the text is for staff."""


class NotUnderstood(Exception):
    """The register answered with something else than it publishes; the text is for staff."""


class Registry(Protocol):
    """One register. It goes nowhere by itself: it names an address, and reads what came from there."""

    @property
    def key(self) -> str:
        """Its name in REGISTRY_CONNECTORS and in the data of registers."""
        ...

    @property
    def register(self) -> str:
        """Its own name, as the public reads it."""
        ...

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of credential that it can say something about."""
        ...

    @property
    def most_bytes(self) -> int:
        """How long an answer may be."""
        ...

    @property
    def serves_days(self) -> int:
        """For how many days one answer serves all questions: for files that hold the whole register; else 0."""
        ...

    def address(self, question: Question) -> str:
        """Where the answer stands. Raises CannotAsk."""
        ...

    def read(self, question: Question, answer: Answer, today: date) -> Proposal:
        """What an answer of status 200 or 404 seems to say. Raises NotUnderstood."""
        ...


def parsed(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object. Raises NotUnderstood for a web page, broken JSON, and JSON that is no object."""
    kind = answer.headers.get("content-type", "")
    if "html" in kind.lower():
        raise NotUnderstood("The register answered with a web page instead of data.")
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise NotUnderstood("The register's answer is no whole JSON: it may have been cut off.") from None
    if not isinstance(told, dict):
        raise NotUnderstood("The register's answer has not the form that it publishes.")
    return told


def found(answer: Answer) -> bool:
    """Whether there is an entry at all. Raises NotUnderstood for a status that says neither."""
    if answer.status not in (200, 404):
        raise NotUnderstood(f"The register answered with status {answer.status}.")
    return answer.status == 200


def at(told: Any, *path: str | int) -> Any:
    """What stands at the end of a path of keys and places; None where it breaks off."""
    for step in path:
        if isinstance(step, str) and isinstance(told, dict):
            told = told.get(step)
        elif isinstance(step, int) and isinstance(told, list) and -len(told) <= step < len(told):
            told = told[step]
        else:
            return None
    return told


def text_at(told: Any, *path: str | int) -> str:
    """The text at the end of a path, on one line; "" where there is none."""
    value = at(told, *path)
    return " ".join(str(value).replace("\0", "").split()) if isinstance(value, (str, int)) else ""


def list_at(told: Any, *path: str | int) -> list[Any]:
    """The list at the end of a path; empty where there is none."""
    value = at(told, *path)
    return value if isinstance(value, list) else []


def day_of(text: str) -> str:
    """The day (ISO 8601) that a text begins with; "" where it begins with none."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
