"""History by database triggers: every row that staff edit leaves an event for each insert, update and delete."""

from typing import TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


def tracked(model: Model) -> Model:
    """Class decorator: keep the history of a model's rows. The trackers remember their model, so each gets its own."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(model)
