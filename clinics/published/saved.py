"""Saved filters that staff share with everybody, as the parameter `saved` names them."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from clinics.domain.parameters import overlaid
from clinics.models import SavedFilter


def parameters_of(public_id: str) -> QueryDict | None:
    """The parameters under this name; None where nobody shares any."""
    found = SavedFilter.objects.public().filter(public_id=public_id[:20].replace("\0", "")).first()
    return None if found is None else QueryDict(found.query)


def expanded(data: Any) -> Any:
    """A visitor's parameters with those that `saved` stands for; as they are where it names nothing that we know."""
    name = data.get("saved") if isinstance(data, Mapping) else None
    saved = parameters_of(str(name)) if name else None
    if saved is None:
        return data
    result = QueryDict(mutable=True)
    given = {key: data.getlist(key) if isinstance(data, QueryDict) else [data[key]] for key in data}
    for key, values in overlaid(dict(saved.lists()), given).items():
        result.setlist(key, values)
    return result
