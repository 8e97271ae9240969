"""Acts of regulators, courts and boards: matched by a person, signed by two, public, and out of sight again."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from clinics.models import ActionVersion, Flag, Organisation, OrganisationLink, PageUse
from clinics.operations import action_publication as publication
from clinics.operations import official_actions
from clinics.operations.merging import merge
from clinics.operations.official_matching import likely_clinics, names_in
from clinics.operations.recording import place_location
from clinics.operations.refusal import Refusal
from clinics.published.clinics import action_in_full, action_tombstone
from tests.build import NOW, a_clinic, a_listed_clinic, a_published_action, a_user, an_action, later
from tests.operations.proof import whats

pytestmark = pytest.mark.django_db


def an_unmatched(addressee="Hip House LLC", **more):
    facts = {
        "agency": "FDA",
        "kind": "warning_letter",
        "acted_on": date(2026, 3, 4),
        "title": "Unlicensed biological products",
        "url": "https://agency.example/letter",
        **more,
    }
    return official_actions.draft_action(addressee=addressee, by=a_user("drafter"), now=NOW, **facts)


def test_two_people_put_it_before_the_public_after_the_delay(settings):
    settings.PUBLICATION_DELAY_MINUTES = 15
    action = an_action(a_listed_clinic())
    publication.sign_action(action, by=a_user("first"), now=NOW)
    assert (action.state, action.public_from) == ("awaiting_second", None)
    publication.sign_action(action, by=a_user("second"), now=NOW)
    assert (action.state, action.public_from) == ("awaiting_second", later(minutes=15))
    assert publication.publish_due_actions(later(minutes=14)) == []
    assert ActionVersion.objects.count() == 0
    assert publication.publish_due_actions(later(minutes=15)) == [action]
    assert publication.publish_due_actions(later(minutes=16)) == []
    action.refresh_from_db()
    assert (action.state, action.versions.get().content["addressee"]) == ("published", "Knee House LLC")


def test_nobody_signs_twice():
    action = an_action()
    publication.sign_action(action, by=a_user("first"), now=NOW)
    with pytest.raises(Refusal, match="another person"):
        publication.sign_action(action, by=a_user("first"), now=NOW)
    assert action.second_signed_by is None


@pytest.mark.parametrize(("facts", "gap"), [({}, "which clinic"), ({"url": ""}, "address where the document")])
def test_what_is_missing_keeps_it_from_being_signed(facts, gap):
    action = an_unmatched(**facts)
    with pytest.raises(Refusal, match=gap):
        publication.sign_action(action, by=a_user("first"), now=NOW)
    assert action.state == "draft"


def test_a_signature_is_taken_back_by_who_gave_it(settings):
    settings.PUBLICATION_DELAY_MINUTES = 15
    action = an_action()
    publication.sign_action(action, by=a_user("first"), now=NOW)
    with pytest.raises(Refusal, match="no signature"):
        publication.take_back_action(action, by=a_user("second"), now=NOW)
    publication.sign_action(action, by=a_user("second"), now=NOW)
    publication.take_back_action(action, by=a_user("second"), now=NOW)
    assert (action.state, action.public_from, action.second_signed_by) == ("awaiting_second", None, None)
    publication.take_back_action(action, by=a_user("first"), now=NOW)
    assert (action.state, action.first_signed_by) == ("draft", None)


def test_a_document_flags_nobody():
    clinic = a_listed_clinic()
    action = a_published_action(clinic, url="https://agency.example/letter-on-cures")
    assert set(PageUse.objects.filter(page=action.link).values_list("purpose", flat=True)) == {"evidence"}
    assert not PageUse.objects.own_pages().filter(page=action.link).exists()
    assert Flag.objects.count() == 0


def test_what_was_published_does_not_change():
    action = a_published_action()
    for change in ({"title": "Another"}, {"clinic": a_clinic("Hip House")}):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(action).objects.filter(pk=action.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        action.delete()
    with pytest.raises(Refusal, match="published"):
        official_actions.amend_action(action, title="Another", by=a_user(), now=NOW)


def test_held_means_gone_at_once_and_back_after_two_signatures_anew():
    clinic = a_listed_clinic()
    action = a_published_action(clinic)
    assert action_in_full(clinic.public_id, action.public_id) == action
    publication.hold_action(action, reason="A complaint", by=a_user("first"), now=NOW)
    assert action_in_full(clinic.public_id, action.public_id) is None
    publication.release_action(action, by=a_user("first"), now=NOW)
    with pytest.raises(Refusal, match="another person"):
        publication.sign_action(action, by=a_user("first"), now=NOW)
    assert action_in_full(clinic.public_id, action.public_id) is None
    publication.sign_action(action, by=a_user("second"), now=NOW)
    assert action_in_full(clinic.public_id, action.public_id) == action
    assert action.versions.count() == 2


def test_withdrawn_leaves_a_tombstone_only_where_it_was_public():
    clinic = a_listed_clinic()
    was_public, was_not = a_published_action(clinic), an_action(clinic, url="https://agency.example/other")
    for action in (was_public, was_not):
        publication.withdraw_action(action, reason="Another house", by=a_user("first"), now=NOW)
    assert action_tombstone(clinic.public_id, was_public.public_id) == was_public
    assert action_tombstone(clinic.public_id, was_not.public_id) is None


def test_an_outcome_takes_a_second_person_and_makes_a_new_version():
    action = a_published_action()
    closed = {"by": a_user("first"), "now": NOW, "title": "Close-out letter"}
    outcome = official_actions.record_outcome(action, "close_out_letter", date(2026, 9, 1), **closed)
    with pytest.raises(Refusal, match="another person"):
        publication.confirm_outcome(outcome, by=a_user("first"), now=NOW)
    assert action.versions.count() == 1
    publication.confirm_outcome(outcome, by=a_user("second"), now=NOW)
    assert [one["kind"] for one in action.versions.latest("number").content["outcomes"]] == ["close_out_letter"]
    with pytest.raises(DatabaseError), transaction.atomic():
        type(outcome).objects.filter(pk=outcome.pk).update(title="Another")


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2026, 11, 3)])
def test_an_outcome_is_neither_before_its_document_nor_to_come(day):
    with pytest.raises(Refusal, match="comes after"):
        official_actions.record_outcome(an_action(), "appeal", day, by=a_user(), now=NOW)


def test_one_document_stands_once_at_a_clinic_and_by_itself_at_another():
    action, other = an_action(a_clinic()), a_clinic("Hip House")
    with pytest.raises(Refusal, match="already"):
        official_actions.match_another(action, action.clinic, how="Named", by=a_user(), now=NOW)
    copy = official_actions.match_another(action, other, how="Named on page 2", by=a_user(), now=NOW)
    assert (copy.clinic, copy.state, copy.link) == (other, "draft", action.link)
    with pytest.raises(Refusal, match="recorded for Hip House already"):
        official_actions.match_another(action, other, how="Named", by=a_user(), now=NOW)


def test_the_addressee_is_proposed_with_reasons_and_matched_by_nobody_else():
    house, far, other = a_clinic("Hip House"), a_clinic("Hip House"), a_clinic("Quiet Meadow")
    for clinic, code in ((house, "33602"), (far, "90001"), (other, "33602")):
        place_location(clinic, street="1 Main St", zip=code)
    company = Organisation.objects.create(name="Meadow Cells Inc")
    OrganisationLink.objects.create(clinic=other, organisation=company, relation="operates")
    action = an_unmatched("Hip House LLC d/b/a Meadow Cells, Inc.", addressee_state="fl")
    likely = likely_clinics(action)
    assert {each.clinic for each in likely} == {house, far, other}
    weights = {each.clinic: each.weight for each in likely}
    assert weights[house] > weights[far]
    action.refresh_from_db()
    assert (action.clinic, action.matched_by) == (None, None)


@pytest.mark.parametrize(
    ("addressee", "names"),
    [
        ("Hip House LLC", ("Hip House LLC",)),
        ("One Inc. dba Two", ("One Inc", "Two")),
        ("One Inc. d/b/a Two; Ana Example, M.D.", ("One Inc", "Two", "Ana Example, M.D")),
        ("Indbank", ("Indbank",)),
    ],
)
def test_an_addressee_may_hold_several_names(addressee, names):
    assert names_in(addressee) == names


def test_merging_sets_a_second_draft_of_a_document_aside_and_refuses_two_public_ones():
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    an_action(one)
    kept = a_published_action(other)
    with transaction.atomic():
        merge(one, other, reason="Same door", by=a_user(), now=NOW)
        assert list(other.official_actions.all()) == [kept]
        transaction.set_rollback(True)
    one.official_actions.all().delete()
    a_published_action(one)
    with pytest.raises(Refusal, match="Withdraw one"):
        merge(one, other, reason="Same door", by=a_user(), now=NOW)


def test_what_two_people_signed_is_proof():
    a_published_action()
    assert whats() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE clinics_officialaction DISABLE TRIGGER USER")
        cursor.execute("UPDATE clinics_officialaction SET title = 'Another title'")
        cursor.execute("ALTER TABLE clinics_officialaction ENABLE TRIGGER USER")
    assert whats() == ["A published official action does not say what was signed."]
