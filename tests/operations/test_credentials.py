from datetime import date, timedelta

import pytest

from clinics.models import CredentialCheck, Term
from clinics.models.credential_check import ADVERSE
from clinics.operations import credentials
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_check, a_clinic, a_kind, a_page, a_published_credential, a_user

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


@pytest.mark.parametrize(("npi", "allowed"), [("1234567893", True), ("1234567890", False), ("123", False)])
def test_an_npi_that_cannot_be_one_is_refused(npi, allowed):
    if allowed:
        assert a_check(kind=a_kind("npi"), identifier=npi).identifier == npi
    else:
        with pytest.raises(Refusal, match="check digit"):
            a_check(kind=a_kind("npi"), identifier=npi)


def test_a_number_that_opens_prescriptions_is_never_published():
    with pytest.raises(Refusal, match="never published"):
        publish(a_check(kind=a_kind("dea"), identifier="AB1234563"))
    assert publish(a_check(kind=a_kind("dea"), identifier="")).state == "published"


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
