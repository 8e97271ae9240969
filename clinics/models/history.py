"""History by database triggers: every row that staff edit leaves an event for each insert, update and delete."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


def tracked(model: Model) -> Model:
    """Class decorator: keep the history of a model's rows. The trackers remember their model, so each gets its own."""
    return tracked_but()(model)


def tracked_but(*machine_columns: str) -> Callable[[Model], Model]:
    """The same, without the columns that a machine works out anew again and again."""
    events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*events, exclude=list(machine_columns))
