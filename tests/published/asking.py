"""Questions put to the directory, as an address puts them."""

from django.http import QueryDict

from clinics.published.filters import ClinicFilter


def names(query: str) -> list[str]:
    """The names of the clinics that the parameters find, in order."""
    filters = ClinicFilter(QueryDict(query))
    assert filters.is_valid(), filters.errors
    return [clinic.name for clinic in filters.qs]
