from datetime import date, timedelta

import pytest
from django.apps import apps

from clinics.models import CredentialCheck, Term
from clinics.models.credential_check import ADVERSE
from clinics.operations import credential_facts, credentials
from clinics.operations.capturing import capture_text
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_check, a_clinic, a_kind, a_page, a_published_credential, a_snapshot, a_user

pytestmark = pytest.mark.django_db
OUTCOMES = CredentialCheck.Outcome.values


def publish(check, by="second"):
    return credentials.publish_check(check, by=a_user(by), now=NOW)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_complete_check_is_published_by_another_person(outcome):
    check = publish(a_check(outcome=outcome))
    assert (check.state, check.published_by, check.published_at) == ("published", a_user("second"), NOW)
    assert CredentialCheck.objects.published().get() == check


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_only_an_adverse_check_needs_a_second_person(outcome):
    check = a_check(outcome=outcome, by=a_user("checker"))
    if outcome in ADVERSE:
        with pytest.raises(Refusal, match="another person"):
            publish(check, by="checker")
    else:
        assert publish(check, by="checker").state == "published"


GAPS = [(outcome, name) for outcome, names in credentials.NEEDED.items() for name in names]


@pytest.mark.parametrize(("outcome", "name"), GAPS)
def test_a_check_whose_public_sentence_would_have_a_gap_is_refused(outcome, name):
    check = a_check(outcome=outcome, **{name: None if name == "register_date" else ""})
    with pytest.raises(Refusal, match="cannot be shown without"):
        publish(check)
    assert not CredentialCheck.objects.published().exists()


def test_every_outcome_says_what_it_needs():
    assert set(credentials.NEEDED) == set(OUTCOMES)


@pytest.mark.parametrize("outcome", ADVERSE)
def test_an_adverse_check_shows_its_evidence(outcome):
    with pytest.raises(Refusal, match="evidence"):
        publish(a_check(outcome=outcome, source_url=""))


@pytest.mark.parametrize(
    ("matched_by", "allowed"),
    [("licence number, birth year", True), ("licence number", False), ("licence number, ", False), (",", False)],
)
def test_an_entry_in_an_adverse_list_needs_two_identifiers(matched_by, allowed):
    check = a_check(outcome="listed", matched_by=matched_by)
    if allowed:
        assert publish(check).state == "published"
    else:
        with pytest.raises(Refusal, match="two identifiers"):
            publish(check)


@pytest.mark.parametrize("outcome", CredentialCheck.Outcome.values)
def test_of_an_exclusion_list_nothing_is_said_that_reads_as_a_credential(outcome):
    if outcome in ("listed", "not_listed", "ambiguous"):
        assert a_check(outcome=outcome, kind=a_kind("exclusions")).outcome == outcome
    else:
        with pytest.raises(Refusal, match="reads as a credential"):
            a_check(outcome=outcome, kind=a_kind("exclusions"))


@pytest.mark.parametrize(("npi", "allowed"), [("1234567893", True), ("1234567890", False), ("123", False)])
def test_an_npi_that_cannot_be_one_is_refused(npi, allowed):
    if allowed:
        assert a_check(kind=a_kind("npi"), identifier=npi).identifier == npi
    else:
        with pytest.raises(Refusal, match="check digit"):
            a_check(kind=a_kind("npi"), identifier=npi)


def test_of_a_number_that_opens_prescriptions_only_the_end_is_kept():
    check = a_check(kind=a_kind("dea"), identifier="ab 1234563")
    assert check.identifier == "…63"
    assert publish(check).identifier == "…63"
    assert not apps.get_model("clinics.CredentialCheckEvent").objects.filter(identifier__contains="1234563").exists()


def test_a_number_that_opens_prescriptions_is_published_by_no_way_round():
    check = a_check(kind=a_kind("dea"), identifier="")
    CredentialCheck.objects.filter(pk=check.pk).update(identifier="AB1234563")
    assert publish(check).identifier == "…63"


@pytest.mark.parametrize("column", credential_facts.TEXTS)
@pytest.mark.parametrize(
    ("text", "allowed"), [("DEA AB1234563.", False), ("ab-1234563", False), ("AB1234567", True), ("ME1234563X", True)]
)
def test_such_a_number_is_refused_in_every_text(column, text, allowed):
    if allowed:
        assert getattr(a_check(**{column: text}), column) == text
    else:
        with pytest.raises(Refusal, match="opens prescriptions"):
            a_check(**{column: text})


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("npi", "NPI: 1234 567 893", "1234567893"),
        ("clia", "05d1234567", "05D1234567"),
        ("trial", "nct01234567", "NCT01234567"),
        ("fda_establishment", "FEI 3001234567", "3001234567"),
        ("reference", "https://doi.org/10.1234/ABC.5", "10.1234/abc.5"),
        ("reference", "PMID: 12345678", "12345678"),
        ("reference", "pmc7002842", "PMC7002842"),
        ("ind", "IND 16789", "16789"),
        ("product_approval", "BLA 125694", "125694"),
        ("state_licence", " ME  000 ", "ME 000"),
    ],
)
def test_an_identifier_is_kept_in_one_form(kind, typed, kept):
    assert a_check(kind=a_kind(kind), identifier=typed).identifier == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("npi", "1234567890"),
        ("clia", "5D1234567"),
        ("trial", "NCT123"),
        ("fda_establishment", "12345678"),
        ("reference", "10.12/x"),
        ("reference", "123456789"),
        ("ind", "1234"),
        ("product_approval", "12"),
        ("dea", "AB1234567"),
    ],
)
def test_an_identifier_that_cannot_be_one_is_refused_before_anybody_looks_it_up(kind, typed):
    with pytest.raises(Refusal, match="is not a valid"):
        a_check(kind=a_kind(kind), identifier=typed)
    assert not CredentialCheck.objects.exists()


def test_whoever_changes_what_is_public_in_a_draft_has_made_the_check():
    check = a_check(outcome="verified", by=a_user("checker"))
    credentials.redraft(check, by=a_user("editor"), now=NOW, outcome="restricted")
    with pytest.raises(Refusal, match="another person"):
        publish(check, by="editor")
    assert publish(check, by="checker").state == "published"


def test_a_note_makes_nobody_the_checker():
    check = a_check(outcome="restricted", by=a_user("checker"))
    credentials.redraft(check, by=a_user("editor"), now=NOW, notes="Called them.")
    assert publish(check, by="editor").state == "published"


def test_a_draft_is_held_against_the_same_rules_when_it_is_changed():
    check = a_check(kind=a_kind("npi"), identifier="1234567893")
    with pytest.raises(Refusal, match="check digit"):
        credentials.redraft(check, by=a_user(), now=NOW, identifier="1234567890")
    with pytest.raises(Refusal, match="does not change: clinic"):
        credentials.redraft(check, by=a_user(), now=NOW, clinic=a_clinic("Hip House"))
    with pytest.raises(Refusal, match="is published"):
        credentials.redraft(a_published_credential(), by=a_user(), now=NOW, subject="Another")


def test_a_new_look_takes_the_old_checks_place_and_asks_for_its_own_evidence():
    old = a_published_credential(checked_on=NOW.date() - timedelta(days=40))
    new = credentials.check_again(old, outcome="verified", checked_on=NOW.date(), by=a_user("eve"), now=NOW)
    kept = (new.subject, new.register, new.identifier, new.search_terms, new.supersedes)
    assert kept == (old.subject, old.register, old.identifier, old.search_terms, old)
    assert (new.source, new.capture, new.register_word, new.state) == (None, None, "", "draft")
    with pytest.raises(Refusal, match="cannot be shown without"):
        publish(new)
    credentials.redraft(new, by=a_user("eve"), now=NOW, register_word="Clear")
    publish(new)
    assert list(CredentialCheck.objects.published()) == [new]


def test_a_new_look_is_not_older_than_the_one_before():
    old = a_published_credential()
    with pytest.raises(Refusal, match="before the old one"):
        credentials.check_again(
            old, outcome="verified", checked_on=NOW.date() - timedelta(days=1), by=a_user(), now=NOW
        )


def test_a_capture_by_hand_is_evidence_and_one_of_another_clinic_is_none():
    clinic = a_clinic()
    facts = {"described_as": "Board order", "seen_on": NOW.date(), "by": a_user(), "now": NOW, "of_register": True}
    order = capture_text(clinic, "Consent order. We guarantee a cure.", **facts)
    check = a_check(clinic, outcome="restricted", source_url="", capture=order)
    assert publish(check).capture == order
    with pytest.raises(Refusal, match="another clinic"):
        a_check(a_clinic("Hip House"), capture=order)


def test_a_page_that_was_read_is_evidence_where_it_is_a_registers():
    clinic = a_clinic()
    own = a_snapshot(clinic.website)
    with pytest.raises(Refusal, match="not recorded as a register's"):
        a_check(clinic, capture=own)
    page = a_page(url="https://register.example/7")
    page.uses.create(clinic=clinic, purpose="registry")
    assert a_check(clinic, capture=a_snapshot(page, "Licence 7: Clear.")).capture is not None


@pytest.mark.parametrize(("day", "allowed"), [(NOW.date(), True), (NOW.date() + timedelta(days=1), False)])
def test_a_check_is_not_dated_in_the_future(day, allowed):
    if allowed:
        assert a_check(checked_on=day).checked_on == day
    else:
        with pytest.raises(Refusal, match="future"):
            a_check(checked_on=day)


def test_a_word_of_another_vocabulary_is_no_kind_of_credential():
    term = Term.objects.create(id="route:iv", kind="route", key="iv", english="IV", spanish="IV")
    with pytest.raises(Refusal, match="not a kind"):
        a_check(kind=term)
    with pytest.raises(Refusal, match="not an outcome"):
        a_check(outcome="fda_compliant")


def test_the_entry_is_recorded_as_a_registry_page_and_a_bad_address_leaves_nothing():
    check = a_check(source_url="https://register.example/entry/7")
    assert check.source.uses.get().purpose == "registry"
    with pytest.raises(Refusal):
        a_check(check.clinic, source_url="http://10.0.0.1/")
    assert CredentialCheck.objects.count() == 1


def test_a_published_check_is_not_published_again():
    with pytest.raises(Refusal, match="is published"):
        publish(a_published_credential())


def test_a_correction_takes_the_old_checks_place_when_it_is_published():
    old = a_published_credential(outcome="verified")
    new = credentials.correct_check(old, by=a_user("eve"), now=NOW, outcome="expired", register_date=date(2026, 9, 1))
    assert (new.state, new.supersedes, new.checked_by, new.subject) == ("draft", old, a_user("eve"), old.subject)
    assert list(CredentialCheck.objects.published()) == [old]
    publish(new)
    assert list(CredentialCheck.objects.published()) == [new]


def test_a_check_is_corrected_once_and_only_where_it_is_published():
    old = a_published_credential()
    with pytest.raises(Refusal, match="does not change: clinic"):
        credentials.correct_check(old, by=a_user(), now=NOW, clinic=a_clinic("Hip House"))
    with pytest.raises(Refusal, match="future"):
        credentials.correct_check(old, by=a_user(), now=NOW, checked_on=date(2030, 1, 1))
    new = credentials.correct_check(old, by=a_user(), now=NOW)
    with pytest.raises(Refusal, match="exists already"):
        credentials.correct_check(old, by=a_user(), now=NOW)
    with pytest.raises(Refusal, match="is a draft"):
        credentials.correct_check(new, by=a_user(), now=NOW)


def test_a_source_page_raises_no_flag_for_the_clinic():
    page = a_page(url="https://register.example/entry")
    assert not page.uses.filter(purpose="clinic_page").exists()
