"""What changed in public, newest first, and nothing that was not or is not to be public."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinics.models import Claim, Clinic
from clinics.operations import action_publication
from clinics.published.history import changes, of_clinic
from tests.build import NOW, a_published_action, a_user
from tests.published import rows

pytestmark = pytest.mark.usefixtures("vocabulary")


def kinds(clinic: Clinic) -> list[str]:
    return [change.kind for change in of_clinic(clinic)]


def test_what_became_public_is_told_newest_first(vocabulary: None) -> None:
    clinic = rows.a_clinic()
    claim = rows.a_claim(clinic, "We end your suffering.")
    rows.a_check(clinic)
    Claim.objects.filter(pk=claim.pk).update(published_at=timezone.now() + timedelta(days=1))
    found = of_clinic(clinic)
    assert [change.kind for change in found] == ["statement", "check"]
    assert found[0].path == f"/clinics/{clinic.public_id}/statements/{claim.public_id}/"
    assert "suffering" not in found[0].text
    assert len({change.key for change in found}) == 2


@pytest.mark.parametrize("state", ["draft", "comment_invited", "awaiting_second", "held"])
def test_what_is_not_public_is_no_change(vocabulary: None, state: str) -> None:
    clinic = rows.a_clinic()
    rows.a_claim(clinic, "We end your suffering.", state=state)
    rows.a_check(clinic, published=False)
    rows.a_check(clinic, "dea")
    assert kinds(clinic) == []


def test_what_was_withdrawn_leaves_dates_and_a_reason_without_its_words(vocabulary: None) -> None:
    clinic = rows.a_clinic()
    rows.a_claim(clinic, "We end your suffering.", state="withdrawn")
    action = a_published_action(clinic)
    action_publication.withdraw_action(action, reason="Another house.", by=a_user("first"), now=NOW)
    found = of_clinic(clinic)
    assert {change.kind for change in found} == {"statement_withdrawn", "official_action_withdrawn"}
    text = " ".join(change.text for change in found)
    assert "Recorded under the wrong clinic." in text
    assert "Another house." in text
    assert "suffering" not in text
    assert action.title not in text


@pytest.mark.parametrize("status", ["draft", "held"])
def test_clinics_without_a_public_page_have_no_changes(vocabulary: None, status: str) -> None:
    clinic = rows.a_clinic(status=status)
    rows.a_claim(clinic, "We end your suffering.")
    assert kinds(clinic) == []
    assert changes(Clinic.objects.all(), 9) == []


def test_a_clinic_that_we_removed_has_nothing_left_but_that(vocabulary: None) -> None:
    clinic = rows.a_clinic(status="delisted")
    rows.a_claim(clinic, "We end your suffering.")
    (change,) = of_clinic(clinic)
    assert (change.kind, "At the request of the owner." in change.text) == ("status", True)


def test_only_as_many_as_asked_for_are_told_the_newest(vocabulary: None) -> None:
    for number in range(4):
        rows.a_claim(rows.a_clinic(f"Clinic {number}"), "We end your suffering.")
    found = changes(Clinic.objects.all(), 3)
    assert [change.clinic for change in found] == ["Clinic 3", "Clinic 2", "Clinic 1"]
