"""Search documents follow every change that is public, and nothing else writes them.

`tests/conftest.py` holds them against their rows after every other test that writes: so every operation is tried.
"""

import io
import json
from datetime import date, datetime, timedelta
from typing import Any

import pgtrigger
import pytest
from django.core.management import call_command
from django.utils import timezone

from clinics.models import (
    Affiliation,
    Assessment,
    Claim,
    ClaimReply,
    ClaimVersion,
    Clinic,
    Location,
    Practitioner,
    SearchDocument,
    Term,
)
from clinics.operations import action_publication, official_actions
from clinics.operations.search_documents import differences, follow_calendar, rebuild
from clinics.published.clinics import with_last_change
from clinics.published.history import of_clinic
from tests.build import NOW, a_published_action, a_user, an_action
from tests.published import rows
from tests.published.asking import names

pytestmark = pytest.mark.django_db


@pytest.fixture
def palm() -> Clinic:
    rows.the_vocabulary()
    clinic = rows.a_clinic("Palm Court", languages=["en"])
    rows.a_location(clinic)
    rows.a_treatment(clinic, condition="knee_arthritis", cell_source="prp")
    rows.a_claim(clinic, "We end your suffering.")
    rows.a_check(clinic, "npi", "verified", subject="Palm Court")
    return clinic


def run(*options: str) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    try:
        call_command("search_documents", *options, stdout=out)
        status = 0
    except SystemExit as end:
        status = int(str(end.code))
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def renamed(clinic: Clinic) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(name="Mesa Clinic")


def moved(clinic: Clinic) -> None:
    Location.objects.filter(clinic=clinic).update(city="Tampa")


def opened_another(clinic: Clinic) -> None:
    rows.a_location(clinic, city="Orlando")


def withdrew(clinic: Clinic) -> None:
    now = timezone.now()
    Claim.objects.filter(clinic=clinic).update(state="withdrawn", ended_at=now, ended_because="Wrong clinic.")


def assessed(clinic: Clinic) -> None:
    claim = clinic.claims.get()
    Assessment.objects.create(claim=claim, key="not_checkable", assessed_on=date(2026, 6, 1))


def superseded(clinic: Clinic) -> None:
    old = clinic.credential_checks.get()
    rows.a_check(clinic, "npi", "not_found", subject="Palm Court", identifier="", supersedes=old)


def drew_an_order(clinic: Clinic) -> None:
    rows.an_action(clinic)


def relabelled(clinic: Clinic) -> None:
    Term.objects.filter(pk="condition:knee_arthritis").update(english="Worn knee joint")


def delisted(clinic: Clinic) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(status="held", status_reason="A complaint.")


def gained_a_person(clinic: Clinic) -> None:
    rows.a_practitioner(clinic, "Dr. Ines Vale")


def gained_a_number(clinic: Clinic) -> None:
    person = rows.a_practitioner(clinic, "Dr. Ines Vale")
    Practitioner.objects.filter(pk=person.pk).update(npi="1234567893")


def got_an_official_document(clinic: Clinic) -> None:
    a_published_action(clinic, title="Order 7", quote="He shall practise under supervision.", addressee="Palm LLC")


def lost_an_official_document(clinic: Clinic) -> None:
    action = a_published_action(clinic, title="Order 7", quote="Under supervision.", addressee="Palm LLC")
    assert names("q=supervision") == ["Palm Court"]
    action_publication.withdraw_action(action, reason="Another Palm.", by=a_user("first"), now=NOW)


def got_a_later_document(clinic: Clinic) -> None:
    action = a_published_action(clinic)
    facts = {"by": a_user("first"), "now": NOW, "title": "All conditions removed"}
    outcome = official_actions.record_outcome(action, "lifted", date(2026, 9, 1), **facts)
    assert names("q=removed") == []
    action_publication.confirm_outcome(outcome, by=a_user("second"), now=NOW)


@pytest.mark.parametrize(
    ("change", "query", "before", "after"),
    [
        (renamed, "q=mesa", False, True),
        (moved, "city=Tampa", False, True),
        (moved, "q=miami", True, False),
        (opened_another, "city=Orlando", False, True),
        (withdrew, "q=suffering", True, False),
        (withdrew, "claim_category=effect_statement", True, False),
        (assessed, "assessment=not_checkable", False, True),
        (superseded, "credential_outcome=verified", True, False),
        (superseded, "credential_outcome=not_found", False, True),
        (drew_an_order, "official_action=any", False, True),
        (drew_an_order, "official_action=warning_letter", False, False),
        (relabelled, "q=worn joint", False, True),
        (delisted, "state=FL", True, False),
        (gained_a_person, "q=vale", False, True),
        (gained_a_person, "provider=md", False, True),
        (gained_a_number, "q=1234567893", False, True),
        (superseded, "q=1999999984", True, False),
        (got_an_official_document, "q=supervision", False, True),
        (got_an_official_document, 'q="shall practise under supervision"', False, True),
        (got_an_official_document, 'q="supervision order 7"', False, False),
        (got_an_official_document, "q=palm llc", False, True),
        (lost_an_official_document, "q=supervision", False, False),
        (got_a_later_document, "q=conditions removed", False, True),
    ],
)
def test_what_changes_is_found_otherwise_at_once(
    palm: Clinic, change: Any, query: str, before: bool, after: bool
) -> None:
    assert bool(names(query)) is before
    change(palm)
    assert bool(names(query)) is after
    assert list(differences()) == []


def replied(clinic: Clinic) -> None:
    claim = clinic.claims.get()
    facts = {"received_on": NOW.date(), "proved_by": "mail", "proof": "info@palm.example"}
    by = {"sender": "Office", "recorded_by": a_user("first"), "recorded_at": NOW}
    reply = ClaimReply.objects.create(claim=claim, text="We no longer say so.", **facts, **by)
    ClaimReply.objects.filter(pk=reply.pk).update(published_at=timezone.now(), published_by=a_user("second"))


def held_and_then_withdrew(clinic: Clinic) -> None:
    Claim.objects.filter(clinic=clinic).update(state="held", ended_at=timezone.now(), ended_because="A complaint.")
    withdrew(clinic)


def got_a_new_version(clinic: Clinic) -> None:
    facts = {"content": {}, "digest": "d" * 64, "first_signed_by": a_user("first")}
    version = ClaimVersion(claim=clinic.claims.get(), number=2, published_at=timezone.now(), **facts)
    version.hashed().save()


def drafted(clinic: Clinic) -> None:
    rows.a_claim(clinic, "A draft.", state="draft")
    an_action(clinic, quote="Under supervision.")


def test_an_untouched_clinics_last_change_is_its_newest_publication(palm: Clinic) -> None:
    last = SearchDocument.objects.get().changed_at
    drafted(palm)
    assert last is not None
    assert SearchDocument.objects.get().changed_at == last == of_clinic(palm)[0].at
    assert SearchDocument.objects.filter(clinic_id=rows.a_clinic("Quiet").pk).get().changed_at is None


@pytest.mark.parametrize(
    "change",
    [
        withdrew, held_and_then_withdrew, replied, got_a_new_version, superseded, got_an_official_document,
        lost_an_official_document, got_a_later_document,
    ],
)  # fmt: skip
def test_the_last_change_is_the_newest_of_the_public_history(palm: Clinic, change: Any) -> None:
    change(palm)
    newest = of_clinic(palm)[0].at
    assert SearchDocument.objects.get().changed_at == newest
    assert with_last_change(Clinic.objects.all()).get().changed_at == newest


def test_numbers_and_documents_that_are_not_public_are_not_searched(palm: Clinic) -> None:
    a_check = {"subject": "Palm Court", "identifier": "AB-7701"}
    rows.a_check(palm, "dea", "verified", **a_check)
    rows.a_check(palm, "clia", published=False, **a_check)
    an_action(palm, quote="Under supervision.")
    left = rows.a_practitioner(palm, "Dr. Ines Vale", npi="1234567893")
    Affiliation.objects.filter(practitioner=left).update(until=timezone.now().date() - timedelta(days=1))
    assert names("q=AB-7701") == names("q=7701") == names("q=supervision") == names("q=1234567893") == []


def test_a_draft_has_no_document_and_one_that_is_held_an_empty_one(palm: Clinic) -> None:
    rows.a_clinic("Draft", status="draft")
    delisted(palm)
    document = SearchDocument.objects.get()
    assert (document.clinic_id, document.is_listed, document.facts, document.text) == (palm.pk, False, {}, "")


def test_what_is_not_public_changes_no_document(palm: Clinic) -> None:
    before = SearchDocument.objects.values().get()
    Clinic.objects.filter(pk=palm.pk).update(notes="Private.")
    rows.a_claim(palm, "A draft.", state="draft")
    rows.a_check(palm, "clia", published=False)
    rows.a_check(palm, "dea", "verified")
    rows.an_action(palm, state="draft")
    assert SearchDocument.objects.values().get() == before


def test_a_quote_with_a_name_taken_out_is_not_searched(palm: Clinic) -> None:
    ada = rows.a_person("ada")
    hidden = {"redacted_names": ["Maria"], "names_judged_for": "x", "names_judged_by": ada}
    rows.a_claim(palm, "Maria walks again.", **hidden)
    assert names("q=Maria") == names("q=walks") == []


def test_who_comes_or_goes_is_found_from_that_day_on(palm: Clinic) -> None:
    today = timezone.now().date()
    person = rows.a_practitioner(palm, "Dr. Ines Vale")
    Affiliation.objects.filter(practitioner=person).update(since=today + timedelta(days=2))
    assert names("q=vale") == names("provider=md") == []
    assert SearchDocument.objects.get().stale_on == today + timedelta(days=2)
    with pgtrigger.ignore("clinics.Affiliation:document_after_update"):
        Affiliation.objects.filter(practitioner=person).update(since=today - timedelta(days=1))
    assert follow_calendar(timezone.now()) == 0
    assert follow_calendar(datetime(2100, 1, 1, tzinfo=timezone.now().tzinfo)) == 1
    assert names("q=vale") == ["Palm Court"]


def test_the_command_says_what_differs_and_writes_it_anew(palm: Clinic) -> None:
    assert run() == run("--verify") == (0, [{"differ": 0}])
    with pgtrigger.ignore("clinics.Location:document_after_update"):
        moved(palm)
    assert run() == (1, [{"clinic": palm.public_id, "differs": ["facts", "heads", "text", "said"]}, {"differ": 1}])
    assert run("--rebuild") == (0, [{"written": 1, "differ": 0}])
    assert names("city=Tampa") == ["Palm Court"]


def test_a_document_that_is_gone_or_too_many_is_told(palm: Clinic) -> None:
    with pgtrigger.ignore():
        delisted(palm)
    assert [one.differs[0] for one in differences()] == ["not listed"]
    assert rebuild() == 0
    Clinic.objects.filter(pk=palm.pk).update(status="listed")
    SearchDocument.objects.all().delete()
    assert [one.differs[0] for one in differences()] == ["missing"]
    assert rebuild() == 1


def test_writing_what_is_right_already_changes_nothing(palm: Clinic) -> None:
    before = SearchDocument.objects.values().get()
    assert rebuild() == 1
    assert SearchDocument.objects.values().get() == before
