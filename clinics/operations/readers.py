"""Which second reader is at work: the shipped one, or the one that was trained here."""

from functools import cache
from pathlib import Path

from clinics.domain.second_reader import SecondReader, loaded, shipped_reader
from clinics.operations.refusal import Refusal


@cache
def reader_in(folder: str) -> SecondReader:
    """The reader that was written into a folder. Raises Refusal where there is none, or it can't be read."""
    try:
        return loaded(Path(folder))
    except (OSError, ValueError, KeyError) as fault:
        raise Refusal(
            f"{folder}: no second reader can be read here ({fault}). Train one with `train_reader --to {folder}`, "
            "or unset SECOND_READER to use the shipped one."
        ) from fault


def current_reader() -> SecondReader:
    """The reader in the folder that the setting SECOND_READER names, else the shipped one."""
    from django.conf import settings

    return reader_in(settings.SECOND_READER) if settings.SECOND_READER else shipped_reader()
