"""What the second reader suggests becomes a flag of its own queue, and a rule's as soon as a rule knows the wording."""

from functools import partial

import pytest
from django.utils import timezone

from clinics.models import Cause, Flag, Rule, Sighting
from clinics.operations import rechecking, rules, triage
from tests.build import NOW, a_clinic, a_page, a_rule, a_snapshot, a_user, later

pytestmark = pytest.mark.django_db
WORDING = "The injection took my migraines away in one afternoon, and they never came back."


@pytest.fixture
def reads(db):
    rules.load_shipped_rules()


def read(clinic, cause=Cause.FIRST_READING, at=NOW):
    snapshot = a_snapshot(clinic.website, WORDING, "Parking is free.")
    return rechecking.apply_snapshot(snapshot, clinic, cause, at)


def test_a_suggestion_is_a_flag_that_waits_apart(reads):
    read(a_clinic())
    flag = Flag.objects.get()
    assert (flag.rule.key, flag.sentence, flag.state) == ("second_reader", WORDING, Flag.State.OPEN)
    assert 0.5 < flag.share <= 1
    assert "moved by" in flag.findings.get().reason
    assert list(Flag.objects.suggested()) == [flag]
    assert not Flag.objects.by_rules().exists()


@pytest.mark.parametrize(
    ("decide", "told"),
    [
        (None, []),
        (partial(triage.dismiss, dismissed_as="other_meaning"), []),
        (triage.confirm, [WORDING]),
    ],
    ids=["undecided", "dismissed", "confirmed"],
)
@pytest.mark.parametrize("another", [False, True], ids=["same page", "another page"])
def test_a_suggestion_that_comes_and_goes_is_told_only_if_a_person_confirmed_it(reads, decide, told, another):
    clinic = a_clinic()
    read(clinic)
    if decide:
        decide(Flag.objects.get(), reason="Read.", by=a_user("reviewer"), now=NOW)
    Sighting.objects.update(presence="absent")
    Flag.objects.update(presence="absent")
    page = a_page(clinic, "https://knee-house.example/about") if another else clinic.website
    back = a_snapshot(page, WORDING, "Parking is free.")
    effects = rechecking.apply_snapshot(back, clinic, Cause.PAGE_CHANGED, later(days=1))
    assert [wording for _, wording in effects.returned] == told
    assert effects.new == []


def test_a_second_reader_that_is_switched_off_suggests_nothing(reads):
    Rule.objects.filter(key="second_reader").update(active=False)
    read(a_clinic())
    assert not Flag.objects.exists()


def test_a_suggestion_that_a_rule_comes_to_know_moves_to_the_queue_of_rules(reads):
    clinic = a_clinic()
    read(clinic)
    a_rule("migraines", category="testimonial", severity=1)
    effects = read(clinic, Cause.RULE_CHANGED, later(days=1))
    flag = Flag.objects.get()
    assert flag.rule.key == "migraines"
    assert effects.new == []
    assert {finding.rule.key for finding in flag.findings.all()} == {"second_reader", "migraines"}


def test_among_equals_the_queue_shows_first_what_the_reader_is_surer_of(reads):
    clinic = a_clinic()
    for number, share in enumerate((0.2, 0.9, 0.5)):
        Flag.objects.create(
            clinic=clinic,
            subject=str(number),
            sentence=str(share),
            category="guarantee",
            severity=3,
            rule=Rule.objects.first(),
            share=share,
            cause=Cause.FIRST_READING,
            raised_at=timezone.now(),
            presence_since=timezone.now(),
        )
    assert [flag.sentence for flag in Flag.objects.by_rank()] == ["0.9", "0.5", "0.2"]
