"""The index in memory follows what is committed, and keeps nothing that is not."""

import pytest
from django.db import transaction
from django.http import QueryDict

from clinics.models import Clinic, Location
from clinics.published import index
from clinics.published.filters import ClinicFilter
from clinics.published.search import counts
from tests.published import rows
from tests.published.asking import names

pytestmark = pytest.mark.django_db(transaction=True)


class Undone(Exception):
    """The transaction is to leave nothing."""


@pytest.fixture
def palm() -> Clinic:
    rows.the_vocabulary()
    clinic = rows.a_clinic("Palm Court", languages=["en"])
    rows.a_location(clinic)
    rows.a_treatment(clinic, condition="knee_arthritis", route="intravenous")
    return clinic


def test_it_is_kept_from_search_to_search_and_follows_each_change(palm: Clinic) -> None:
    assert names("state=FL") == ["Palm Court"]
    before = index.current().index
    assert index.current().index is before
    rows.a_location(rows.a_clinic("Mesa Clinic"), state="AZ", city="Phoenix")
    Location.objects.filter(clinic=palm).update(state="TX", city="Austin")
    after = index.current().index
    assert after is not before
    assert names("state=AZ") == ["Mesa Clinic"]
    assert names("state=FL") == names("city=Miami") == []
    assert names("state=TX&condition=knee_arthritis&route=intravenous") == ["Palm Court"]
    filters = ClinicFilter(QueryDict(""))
    assert filters.is_valid()
    assert counts(filters.search)["state"] == {"TX": 1, "AZ": 1}
    Clinic.objects.filter(pk=palm.pk).update(status="closed")
    assert names("") == ["Mesa Clinic"]
    assert palm.pk in before.listed  # whoever was searching then found what was there then


def test_what_is_undone_was_never_kept(palm: Clinic) -> None:
    assert names("") == ["Palm Court"]
    with pytest.raises(Undone), transaction.atomic():
        rows.a_clinic("Mesa Clinic")
        assert names("") == ["Mesa Clinic", "Palm Court"]
        raise Undone
    assert names("") == ["Palm Court"]
