"""The room's one exception: what was asked cannot be done, and why, in a sentence for staff."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models


class Refusal(Exception):
    """The base of everything that operations refuse. Its text is shown to the person who asked."""


def check(row: models.Model, *, but: Collection[str] = ()) -> None:
    """Hold a row against its own fields and constraints before it is saved, leaving out the fields in `but`.

    Raises Refusal with every fault in one sentence each.
    """
    try:
        row.full_clean(exclude=set(but))
    except ValidationError as faults:
        raise Refusal(_told(faults)) from None


def required(text: str, what: str) -> str:
    """The text without white space around it. Raises Refusal, naming `what` is missing, where nothing is left."""
    given = text.strip()
    if not given:
        raise Refusal(f"{what} is missing. Write it down before going on.")
    return given


def reason_given(reason: str) -> str:
    """A decision's reason without white space around it. Raises Refusal where there is none."""
    if not reason.strip():
        raise Refusal("Give a reason: the next person has to understand the decision.")
    return reason.strip()


def _told(faults: ValidationError) -> str:
    if not hasattr(faults, "error_dict"):
        return " ".join(faults.messages)
    return " ".join(
        message if field == "__all__" else f"{field}: {message}"
        for field, messages in faults.message_dict.items()
        for message in messages
    )
