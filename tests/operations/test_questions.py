"""Answers to patients' questions: quoted exactly or not stated, published by a person, replaced, withdrawn, merged."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from clinics.models import Affiliation, Practitioner, Question
from clinics.operations.capturing import capture_text
from clinics.operations.merging import merge
from clinics.operations.parting import undo_merge
from clinics.operations.questions import draft_answer, publish_answer, redraft_answer, withdraw_answer
from clinics.operations.recording import record_page
from clinics.operations.refusal import Refusal
from tests.build import (
    ANSWER,
    NOW,
    a_clinic,
    a_listed_clinic,
    a_page,
    a_published_answer,
    a_snapshot,
    a_user,
    an_answer,
    later,
    not_stated,
)

pytestmark = pytest.mark.django_db
State = Question.State


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


def test_an_answer_is_quoted_from_a_page_and_carries_its_day():
    answer = an_answer()
    assert (answer.state, answer.quote, answer.looked_on) == (State.DRAFT, ANSWER, NOW.date())
    assert answer.page == answer.clinic.website
    assert answer.snapshot == answer.page.state.snapshot
    assert answer.recorded_by.username == "recorder"


def test_an_answer_is_quoted_from_a_capture_by_hand_and_carries_the_day_it_was_seen():
    clinic, by = a_clinic(), a_user()
    seen = date(2026, 10, 20)
    capture = capture_text(clinic, ANSWER, described_as="Brochure", seen_on=seen, by=by, now=NOW)
    answer = draft_answer(clinic, "laboratory", quote=ANSWER, capture=capture, by=by, now=NOW)
    assert (answer.snapshot, answer.page, answer.looked_on) == (capture, None, seen)


def test_that_nothing_is_stated_is_recorded_by_a_person_who_looked():
    answer = not_stated()
    assert (answer.finding, answer.quote, answer.page, answer.snapshot) == ("not_stated", "", None, None)
    assert answer.looked_on == NOW.date()


REFUSED = {
    "words that do not stand there": ({"quote": "We make it ourselves."}, "exactly as typed"),
    "three sentences": ({"quote": "One is here. Two is here. Three is here."}, "at most two sentences"),
    "no words": ({"quote": ""}, "Quote the clinic's words"),
    "a question that nobody asks": ({"key": "colour"}, "not one of the patients' questions"),
    "no place": ({"page_url": ""}, "Say where the words stand"),
    "a page that is not recorded": ({"page_url": "https://elsewhere.example/"}, "not recorded as one of"),
    "words beside nothing stated": ({"finding": "not_stated"}, "has no words and no page"),
}


@pytest.mark.parametrize(("facts", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_an_answer_is_refused_with_the_reason(facts, reason):
    quote = facts.pop("quote", ANSWER)
    clinic = a_clinic()
    a_snapshot(clinic.website, ANSWER, "One is here. Two is here. Three is here.")
    clinic.website.state.refresh_from_db()
    asked = {"key": "laboratory", "page_url": clinic.website.url, "by": a_user(), "now": NOW, **facts}
    with pytest.raises(Refusal, match=reason):
        draft_answer(clinic, asked.pop("key"), quote=quote, **asked)
    assert not Question.objects.exists()


@pytest.mark.parametrize(("day", "reason"), [(None, "Give the day"), (later(days=1).date(), "has not come yet")])
def test_who_found_nothing_says_on_which_day(day, reason):
    with pytest.raises(Refusal, match=reason):
        not_stated(looked_on=day)


def test_nothing_is_looked_through_where_no_page_is_recorded():
    clinic = a_clinic()
    clinic.page_uses.all().delete()
    with pytest.raises(Refusal, match="nothing to look through"):
        not_stated(clinic)


def test_a_page_that_was_never_read_is_not_quoted():
    clinic, by = a_clinic(), a_user()
    page = a_page(clinic, "https://knee-house.example/new")
    with pytest.raises(Refusal, match="has not been read yet"):
        draft_answer(clinic, "price", quote="It costs nothing.", page_url=page.url, by=by, now=NOW)


def test_another_clinics_words_are_not_this_ones_answer():
    other = a_clinic("Hip House")
    record_page(other.website.url, by=a_user(), now=NOW, clinic=a_clinic(), purpose="other")
    with pytest.raises(Refusal, match="not recorded as one of"):
        an_answer(a_clinic("Back House"), page_url=other.website.url)


def test_a_person_publishes_and_the_row_is_hashed():
    answer = a_published_answer()
    assert (answer.state, answer.published_by.username, answer.published_at) == (State.PUBLISHED, "second", NOW)
    assert bytes(answer.content_hash) == bytes(answer.hashed().content_hash) != b""


@pytest.mark.parametrize(
    "change", [{"quote": "Else."}, {"looked_on": date(2026, 1, 1)}, {"published_at": None}, {"key": "price"}]
)
def test_what_was_published_never_changes(change):
    answer = a_published_answer()
    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.filter(pk=answer.pk).update(**change)
    with pytest.raises(Refusal, match="published"):
        redraft_answer(answer, quote="Else.", by=a_user(), now=NOW)


def test_what_was_published_is_not_removed_and_a_draft_may_be():
    answer, draft = a_published_answer(), not_stated()
    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.filter(pk=answer.pk).delete()
    assert Question.objects.filter(pk=draft.pk).delete()[0] == 1


def test_a_newer_answer_takes_the_earlier_ones_place():
    clinic = a_listed_clinic()
    earlier = a_published_answer(clinic)
    newer = publish_answer(not_stated(clinic, "laboratory"), by=a_user("second"), now=later(days=2))
    earlier.refresh_from_db()
    assert (earlier.state, earlier.ended_by.username) == (State.WITHDRAWN, "second")
    assert earlier.ended_because == "A newer answer of 2026-11-02 stands in its place."
    assert list(Question.objects.published()) == [newer]


def test_an_answer_is_withdrawn_with_a_reason_and_stays_in_the_table():
    answer = a_published_answer()
    with pytest.raises(Refusal, match="reason"):
        withdraw_answer(answer, reason=" ", by=a_user(), now=NOW)
    withdraw_answer(answer, reason="Of another house.", by=a_user("second"), now=later(days=1))
    assert (answer.state, answer.ended_because) == (State.WITHDRAWN, "Of another house.")
    with pytest.raises(Refusal, match="withdrawn"):
        publish_answer(answer, by=a_user(), now=NOW)


def test_words_that_may_name_a_patient_are_not_published():
    answer = an_answer(quote="My name is Rosa Diaz and I am well.")
    with pytest.raises(Refusal, match="Rosa Diaz"):
        publish_answer(answer, by=a_user("second"), now=NOW)


def test_the_name_of_who_treats_there_is_no_patients():
    clinic = a_clinic()
    Affiliation.objects.create(clinic=clinic, practitioner=Practitioner.objects.create(name="Marta Ellison"))
    answer = an_answer(clinic, "You are treated by Mrs. Marta Ellison.", key="people")
    assert publish_answer(answer, by=a_user("second"), now=NOW).state == State.PUBLISHED


def test_a_draft_is_changed_by_whoever_changes_what_is_read():
    answer = an_answer()
    redraft_answer(answer, notes="Ask again.", by=a_user("other"), now=NOW)
    answer.refresh_from_db()
    assert (answer.notes, answer.recorded_by.username) == ("Ask again.", "recorder")
    redraft_answer(
        answer, quote="Each batch is made at Bay Cell Works, Tampa.", key="product", by=a_user("other"), now=NOW
    )
    answer.refresh_from_db()
    assert (answer.key, answer.recorded_by.username) == ("product", "other")
    with pytest.raises(Refusal, match="exactly"):
        redraft_answer(answer, quote="Made by nobody.", by=a_user("other"), now=NOW)
    with pytest.raises(Refusal, match="stays as it is"):
        redraft_answer(answer, clinic=answer.clinic, by=a_user("other"), now=NOW)


def test_a_draft_that_quoted_may_say_that_nothing_is_stated():
    answer = an_answer()
    redraft_answer(answer, finding="not_stated", quote="", looked_on=NOW.date(), by=a_user(), now=NOW)
    answer.refresh_from_db()
    assert (answer.finding, answer.page, answer.snapshot) == ("not_stated", None, None)


def test_answers_go_along_when_clinics_are_merged_and_come_back():
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    answers = [a_published_answer(one), a_published_answer(other), an_answer(one, key="product")]
    record = merge(one, other, reason="Same.", by=a_user(), now=NOW)
    assert other.questions.count() == 3
    assert Question.objects.published().filter(clinic=other).count() == 2  # both keep what a person published
    moved = Question.objects.get(pk=answers[0].pk)
    assert bytes(moved.hashed().content_hash) == bytes(answers[0].content_hash)
    undo_merge(record, reason="Two owners.", by=a_user(), now=later(hours=1))
    assert sorted(one.questions.values_list("pk", flat=True)) == sorted([answers[0].pk, answers[2].pk])


def test_a_merger_under_which_a_draft_was_published_stays():
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    draft = an_answer(one)
    record = merge(one, other, reason="Same.", by=a_user(), now=NOW)
    draft.refresh_from_db()
    publish_answer(draft, by=a_user("second"), now=later(minutes=5))
    with pytest.raises(Refusal, match="cannot go back"):
        undo_merge(record, reason="Two owners.", by=a_user(), now=later(hours=1))


def test_a_merger_under_which_an_answer_was_replaced_stays():
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    a_published_answer(one)
    record = merge(one, other, reason="Same.", by=a_user(), now=NOW)
    publish_answer(not_stated(other, "laboratory"), by=a_user("second"), now=later(minutes=5))
    with pytest.raises(Refusal, match="replaced by a newer one since both were merged, as Hip House's"):
        undo_merge(record, reason="Two owners.", by=a_user(), now=later(hours=1))


def test_an_answer_that_was_withdrawn_or_replaced_otherwise_keeps_nobody_together():
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    a_published_answer(one)  # replaced before the merger
    answer = publish_answer(not_stated(one, "laboratory"), by=a_user("second"), now=later(minutes=1))
    theirs = a_published_answer(other, key="price")
    record = merge(one, other, reason="Same.", by=a_user(), now=later(minutes=2))
    withdraw_answer(answer, reason="Of another house.", by=a_user("second"), now=later(minutes=5))
    publish_answer(not_stated(other, "laboratory"), by=a_user("second"), now=later(minutes=6))
    publish_answer(not_stated(other, "price"), by=a_user("second"), now=later(minutes=7))  # in the survivor's own place
    undo_merge(record, reason="Two owners.", by=a_user(), now=later(hours=1))
    answer.refresh_from_db()
    theirs.refresh_from_db()
    assert (answer.clinic, answer.ended_because) == (one, "Of another house.")
    assert (theirs.clinic, theirs.state) == (other, State.WITHDRAWN)


def test_a_merged_clinic_gets_no_new_answers():
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    merge(one, other, reason="Same.", by=a_user(), now=NOW)
    with pytest.raises(Refusal):
        not_stated(one)


def test_every_change_stands_in_the_history():
    answer = a_published_answer()
    withdraw_answer(answer, reason="Old.", by=a_user("second"), now=NOW + timedelta(days=1))
    events = Question.pgh_event_model.objects.filter(pgh_obj_id=answer.pk).order_by("pgh_id")
    assert [event.state for event in events] == ["draft", "published", "withdrawn"]
