"""The rows that saved filters find, for work that nobody looks at a list for."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from clinics.models import Clinic, SavedFilter
from clinics.operations.flag_lists import any_flags, by_decision, found_by
from clinics.operations.refusal import Refusal
from clinics.published.filters import ClinicFilter

Kind = SavedFilter.Kind
MAILED_BY: Final = (Kind.FLAG, Kind.CLINIC, Kind.DIRECTORY)
"""The lists whose filters can say what a digest is about."""
SEARCHED: Final[dict[str, tuple[str, ...]]] = {
    Kind.FLAG: ("sentence", "evidence", "clinic__name"),
    Kind.CLINIC: ("name", "other_names"),
}
_LOOK_UP: Final = re.compile(r"(?P<field>[a-z_]+?)(__id)?__(?P<how>exact|in|isnull)")
_FIELDS: Final[dict[str, frozenset[str]]] = {
    Kind.FLAG: frozenset({"severity", "category", "presence", "cause", "state", "dismissed_as", "clinic", "rule"}),
    Kind.CLINIC: frozenset({"status", "serves_us_patients", "assigned_to", "recorded_by"}),
}


def flags_of(saved: SavedFilter, user_id: int, now: datetime) -> Any:
    """The flags that a saved filter of the list of flags finds. Raises Refusal where it is out of date."""
    params = QueryDict(saved.query, mutable=True)
    choice, rule = params.get("decision"), params.get("found_by")
    flags = by_decision(any_flags(), choice, user_id, now)
    if rule is not None:
        flags = found_by(flags, _number(saved, rule))
    return _narrowed(flags, saved, params, ("decision", "found_by"))


def clinics_of(saved: SavedFilter) -> QuerySet[Clinic]:
    """The clinics that a saved filter of the list of clinics, or of the directory, finds. Raises Refusal likewise."""
    params = QueryDict(saved.query, mutable=True)
    if saved.kind == Kind.DIRECTORY:
        filters = ClinicFilter(params)
        if not filters.is_valid():
            raise _out_of_date(saved)
        return Clinic.objects.filter(pk__in=filters.qs.order_by().values("pk"))
    clinics: QuerySet[Clinic] = _narrowed(Clinic.objects.living(), saved, params, ())
    return clinics


def _narrowed(rows: Any, saved: SavedFilter, params: QueryDict, done: Sequence[str]) -> Any:
    for name, value in params.items():
        if name in ("o", *done):
            continue
        if name == "q":
            rows = rows.filter(_search(saved.kind, str(value)))
            continue
        look_up = _LOOK_UP.fullmatch(name)
        if look_up is None or look_up["field"] not in _FIELDS[saved.kind]:
            raise _out_of_date(saved)
        rows = _looked_up(rows, saved, name, look_up["how"], str(value))
    return rows


def _looked_up(rows: Any, saved: SavedFilter, name: str, how: str, value: str) -> Any:
    wanted: Any = value.split(",") if how == "in" else value in ("1", "True") if how == "isnull" else value
    try:
        return rows.filter(**{name: wanted})
    except (FieldError, ValueError, ValidationError):
        raise _out_of_date(saved) from None


def _search(kind: str, text: str) -> Q:
    """Each word in any of the list's columns, as the list searches."""
    wanted = Q()
    for word in text.split():
        wanted &= Q(*((f"{column}__icontains", word) for column in SEARCHED[kind]), _connector=Q.OR)
    return wanted


def _number(saved: SavedFilter, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _out_of_date(saved)
    return int(text)


def _out_of_date(saved: SavedFilter) -> Refusal:
    return Refusal(f"The saved filter “{saved}” is not understood (any more). Open it at the desk and save it anew.")
