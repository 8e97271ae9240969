"""Keeping the filters of a list under a name, renaming them, letting them go."""

from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict

from clinics.domain.parameters import kept, unknown
from clinics.models import SavedFilter
from clinics.operations.refusal import Refusal, check, required
from clinics.published.compare import TICKED
from clinics.published.filters import ClinicFilter

MOST: Final = 200  # of one person: a list of more is no help


@transaction.atomic
def save_filter(name: str, kind: str, query: str, *, is_shared: bool, by: User) -> SavedFilter:
    """Keep a list's filters under a name of one's own. Raises Refusal."""
    User.objects.select_for_update().get(pk=by.pk)
    if SavedFilter.objects.filter(owner=by).count() >= MOST:
        raise Refusal(f"You keep {MOST} filters already. Delete one that you do not need any more.")
    saved = SavedFilter(owner=by, name=name.strip(), kind=kind, query=filters_in(query), is_shared=is_shared)
    return _written(saved)


@transaction.atomic
def change_filter(saved: SavedFilter, name: str, query: str, *, is_shared: bool) -> SavedFilter:
    """Rename it, share it or not, or give it other filters; its public id stays. Raises Refusal."""
    saved.name, saved.query, saved.is_shared = name.strip(), filters_in(query), is_shared
    return _written(saved)


def _written(saved: SavedFilter) -> SavedFilter:
    required(saved.name, "The name")
    if saved.kind == SavedFilter.Kind.DIRECTORY:
        saved.query = _without_ticks(saved.query)
        if wrong := wrong_of_directory(saved.query):
            raise Refusal(" ".join(wrong))
    check(saved)
    saved.save()
    return saved


def filters_in(text: str) -> str:
    """What an address, or what follows its question mark, asks for. Raises Refusal."""
    try:
        return kept(text)
    except ValueError as fault:
        raise Refusal(str(fault)) from None


def _without_ticks(query: str) -> str:
    """The parameters without the clinics that were ticked for a comparison meanwhile."""
    params = QueryDict(query, mutable=True)
    params.pop(TICKED, None)
    return params.urlencode()


def wrong_of_directory(query: str) -> list[str]:
    """What the public directory does not understand of these parameters, in sentences."""
    params = QueryDict(query)
    filters = ClinicFilter(params)
    told = [f"The directory has no filter “{name}”." for name in unknown(params.keys(), filters.filters.keys())]
    if not filters.is_valid():
        told += [f"{name}: {message}" for name, messages in filters.errors.items() for message in messages]
    return told
