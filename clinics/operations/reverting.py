"""Setting a row back to what it was, from its history, where nothing hangs on it but what people typed."""

from collections.abc import Mapping
from typing import Any, Final

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from clinics.models import (
    Affiliation,
    Claim,
    Clinic,
    Location,
    Organisation,
    OrganisationLink,
    PageUse,
    Practitioner,
    Treatment,
)
from clinics.operations.refusal import Refusal

PLAIN: Final[Mapping[type[models.Model], tuple[str, ...]]] = {
    Clinic: ("name", "other_names", "languages", "serves_us_patients", "notes"),
    Location: ("street", "city", "state", "zip", "country", "phone", "phone_typed", "latitude", "longitude"),
    Treatment: (
        *("name", "product", "condition", "cell_source", "origin", "route", "posture", "evidence"),
        *("laboratory", "price_stated", "not_stated"),
    ),
    Practitioner: ("name", "npi", "notes"),
    Organisation: ("name", "country", "notes"),
    Affiliation: ("role", "since", "until"),
    OrganisationLink: ("relation", "since", "until"),
    PageUse: ("note",),
    Claim: ("notes",),
}
"""What people type and may type again. States, signatures, published words and a machine's columns are never among it:
those change by their own steps, which ask for what they need."""


def version_of(model: type[models.Model], version: int) -> Any:
    """The event of this number; None where there is none."""
    return model.pgh_event_model.objects.filter(pgh_id=version).first()  # type: ignore[attr-defined]


def newest_version(event: Any) -> int:
    """The number of the newest event of the same row: what a person has seen when they look at the row now."""
    events = type(event).objects.filter(pgh_obj_id=event.pgh_obj_id)
    return int(events.order_by("-pgh_id").values_list("pgh_id", flat=True)[0])


def differences(event: Any) -> list[tuple[str, Any, Any]]:
    """What setting back would change: the field, what it holds now, what it held. Raises Refusal for a removed row."""
    model = event.pgh_tracked_model
    row = model._base_manager.filter(pk=event.pgh_obj_id).first()
    if row is None:
        raise Refusal("This has been removed; what it held stays in the history. Record it anew.")
    return [(name, _held(row, name), _held(event, name)) for name in _changed(row, event)]


def differs(event: Any, newest: Any) -> bool:
    """Whether there is something to set back: of a row that is still there, another value in a plain field."""
    return newest.pgh_label != "delete" and bool(_changed(newest, event))


def _changed(row: models.Model, event: Any) -> list[str]:
    names = PLAIN.get(event.pgh_tracked_model, ())
    return [name for name in names if _held(row, name) != _held(event, name)]


def _held(row: Any, name: str) -> Any:
    """What a column holds: of a link to another row its key, as that row may be gone."""
    return getattr(row, _column(row, name))


def _column(row: Any, name: str) -> str:
    return str(row._meta.get_field(name).attname)


@transaction.atomic
def set_back(event: Any, *, seen: int, reason: str, by: User) -> models.Model:
    """Give the row's plain fields the values of this version, as a new change with a history of its own.

    `seen` is the number of the newest version when the person looked. Raises Refusal, and changes nothing, where the
    row is of a kind that only its own steps change, was removed or merged or changed since, is as it was then already,
    or the old values are not allowed any more.
    """
    model: type[models.Model] = event.pgh_tracked_model
    if model not in PLAIN:
        raise Refusal(f"A {model._meta.verbose_name} is not set back from its history; its own steps change it.")
    if not reason.strip():
        raise Refusal("Give a reason: the next person has to understand the change.")
    row = model._base_manager.select_for_update(no_key=True).filter(pk=event.pgh_obj_id).first()
    if row is None:
        raise Refusal("This has been removed; what it held stays in the history. Record it anew.")
    _refuse_if_merged(row if isinstance(row, Clinic) else getattr(row, "clinic", None))
    if newest_version(event) != seen:
        raise Refusal("Somebody has changed this since you looked. Look again at what it holds now.")
    changed = _changed(row, event)
    if not changed:
        raise Refusal("It holds the same now as it did then.")
    for name in changed:
        setattr(row, _column(row, name), _held(event, name))
    _write(row, changed, reason.strip(), by)
    return row


def _refuse_if_merged(clinic: Clinic | None) -> None:
    if clinic is not None and clinic.merged_into_id is not None:
        raise Refusal(f"{clinic} was merged into {clinic.merged_into}; undo the merger first, or change that one.")


def _write(row: models.Model, changed: list[str], reason: str, by: User) -> None:
    others = {field.name for field in row._meta.fields} - set(changed)
    try:
        row.full_clean(exclude=others)
        with pghistory.context(user=by.pk, reason=reason), transaction.atomic():
            row.save(update_fields=changed)
    except ValidationError as fault:
        raise Refusal("What it held then is not allowed any more: " + " ".join(fault.messages)) from None
    except IntegrityError:
        raise Refusal("What it held then is not allowed any more: another row holds it.") from None
