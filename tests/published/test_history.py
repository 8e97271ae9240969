"""What changed in public, newest first, and nothing that was not or is not to be public."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from clinics.models import Claim, ClaimReply, Clinic
from clinics.operations import action_publication
from clinics.published.history import changes, of_clinic
from tests.build import NOW, a_published_action, a_user
from tests.published import rows

pytestmark = pytest.mark.usefixtures("vocabulary")


def a_reply(claim: Claim, text: str) -> ClaimReply:
    ada = rows.a_person("ada")
    facts = {"recorded_by": ada, "recorded_at": NOW, "published_by": ada, "published_at": NOW}
    return ClaimReply.objects.create(
        claim=claim, text=text, received_on=NOW.date(), sender="Office", proved_by="mail", proof="a mail", **facts
    )


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


def test_a_look_up_is_told_with_its_outcome_before_the_name_and_the_list(vocabulary: None) -> None:
    clinic = rows.a_clinic()
    rows.a_check(clinic, "exclusions", "not_listed", subject="Jonas Whitfield", register="The list")
    (found,) = of_clinic(clinic)
    assert found.text.startswith("Look-up published, no entry in an exclusion list: ")
    assert found.text.endswith(", Jonas Whitfield.")
    assert found.detail == "No entry found in The list, edition Jan. 15, 2026."
    with translation.override("es"):
        (found,) = of_clinic(clinic)
    assert found.text.startswith("Consulta publicada, sin entrada en lista de exclusión: ")


def test_a_statement_is_told_with_the_words_that_the_public_may_read(vocabulary: None) -> None:
    clinic = rows.a_clinic()
    ada = rows.a_person("ada")
    told = rows.a_claim(
        clinic, "Maria Lopez walks again.", language="en", redacted_names=["Maria Lopez"], names_judged_by=ada
    )
    assert [(one.quote, one.quote_language) for one in of_clinic(clinic)] == [("[name] walks again.", "en")]
    Claim.objects.filter(pk=told.pk).update(state="held", ended_at=NOW, ended_because="We look again.")
    assert of_clinic(clinic) == []


def test_a_notice_that_was_not_found_has_no_words_to_quote(vocabulary: None) -> None:
    clinic = rows.a_clinic()
    rows.a_claim(clinic, "rule.key", "missing_notice")
    (found,) = of_clinic(clinic)
    assert (found.quote, found.detail[:40]) == ("", "We did not find the prescribed wording o")


def test_a_reply_is_told_in_the_clinics_own_words_until_it_is_taken_away(vocabulary: None) -> None:
    clinic = rows.a_clinic()
    reply = a_reply(rows.a_claim(clinic, "We end your suffering."), "We mean pain.")
    assert ("reply", "We mean pain.") in [(one.kind, one.quote) for one in of_clinic(clinic)]
    ClaimReply.objects.filter(pk=reply.pk).update(ended_at=NOW, ended_because="Not theirs.")
    assert kinds(clinic) == ["statement"]


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
    text = " ".join(f"{change.text} {change.quote} {change.detail}" for change in found)
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
