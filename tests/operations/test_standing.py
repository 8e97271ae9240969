import pytest

from clinics.models import Clinic
from clinics.operations import standing
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_clinic

pytestmark = pytest.mark.django_db

MOVES = {
    "listed": lambda clinic: standing.list_clinic(clinic, by=None, now=NOW),
    "held": lambda clinic: standing.hold_clinic(clinic, "A complaint.", by=None, now=NOW),
    "closed": lambda clinic: standing.close_clinic(clinic, by=None, now=NOW),
    "not_offering": lambda clinic: standing.mark_not_offering(clinic, by=None, now=NOW),
    "delisted": lambda clinic: standing.delist_clinic(clinic, "Not ours.", by=None, now=NOW),
    "draft": lambda clinic: standing.back_to_draft(clinic, by=None, now=NOW),
}
ALLOWED = {
    "draft": {"listed"},
    "listed": {"held", "closed", "not_offering", "delisted"},
    "held": {"listed", "closed", "not_offering", "delisted", "draft"},
    "closed": {"listed", "held", "not_offering", "delisted"},
    "not_offering": {"listed", "held", "closed", "delisted"},
    "delisted": {"listed", "held"},
}
STANDINGS = [status for status in Clinic.Status.values if status != "merged"]  # which only merging gives


@pytest.mark.parametrize("before", STANDINGS)
@pytest.mark.parametrize("after", STANDINGS)
def test_a_clinic_moves_only_where_its_status_lets_it(before, after):
    clinic = a_clinic(status=before, status_since=NOW.date(), status_reason="Before.")
    if after in ALLOWED[before]:
        MOVES[after](clinic)
        clinic.refresh_from_db()
        assert (clinic.status, clinic.status_since) == (after, NOW.date())
        assert bool(clinic.status_reason) == (after in ("held", "delisted"))
    else:
        with pytest.raises(Refusal):
            MOVES[after](clinic)
        clinic.refresh_from_db()
        assert clinic.status == before


@pytest.mark.parametrize("move", [standing.hold_clinic, standing.delist_clinic])
def test_a_hold_or_removal_says_why(move):
    clinic = a_clinic(status="listed", status_since=NOW.date())
    with pytest.raises(Refusal, match="why"):
        move(clinic, "  ", by=None, now=NOW)
    move(clinic, "A complaint.", by=None, now=NOW)
    assert clinic.status_reason == "A complaint."


def test_a_clinic_that_cannot_be_told_from_others_is_not_listed():
    clinic = a_clinic()
    clinic.website = None
    clinic.save()
    with pytest.raises(Refusal, match="website"):
        standing.list_clinic(clinic, by=None, now=NOW)
