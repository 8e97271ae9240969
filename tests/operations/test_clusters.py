"""One wording on several clinics is decided together, each flag by its own decision, all or none."""

from datetime import timedelta

import pytest

from clinics.models import Claim, Decision, Flag, Rule
from clinics.operations import triage
from clinics.operations.clusters import (
    TOGETHER,
    Clusters,
    Shared,
    cluster_of,
    confirm_together,
    count_wordings,
    dismiss_together,
    number_of_clusters,
)
from clinics.operations.refusal import Refusal
from tests.build import NOW, PROMISE, a_clinic, a_flag, a_rule, a_user

pytestmark = pytest.mark.django_db
OTHER = "We guarantee another thing."


@pytest.fixture
def flags():
    """The same wording on three clinics, and another one on the first of them."""
    clinics = [a_clinic(f"Clinic {number}") for number in range(3)]
    same = [a_flag(clinic) for clinic in clinics]
    a_flag(clinics[0], OTHER)
    return same


def listed() -> list[Shared]:
    return Clusters(NOW)[0:50]


def counted() -> list[Shared]:
    count_wordings(NOW)
    return listed()


def dismiss_all(flags, *chosen):
    ids = [flag.pk for flag in chosen or flags]
    return dismiss_together(
        flags[0].subject, ids, dismissed_as="denied", reason="A disclaimer.", by=a_user("x"), now=NOW
    )


def test_a_wording_of_several_clinics_is_one_cluster_and_that_of_one_is_none(flags):
    (shared,) = counted()
    assert (shared.sentence, shared.waiting, number_of_clusters(10)) == (PROMISE, 3, 1)
    assert cluster_of(Flag.objects.get(sentence=OTHER).subject, NOW) is None


def test_the_rules_about_whole_sites_make_no_cluster(flags):
    Flag.objects.update(rule=a_rule("whole_site", kind=Rule.Kind.PAGE, patterns=[]))
    assert not counted()
    assert cluster_of(flags[0].subject, NOW) is None


def test_dismissing_together_leaves_one_decision_on_each_flag(flags):
    assert counted()
    dismiss_all(flags)
    states = set(Flag.objects.filter(subject=flags[0].subject).values_list("state", "dismissed_as"))
    assert states == {("dismissed", "denied")}
    assert Decision.objects.filter(scope=Decision.Scope.SAME_WORDING, reason="A disclaimer.").count() == 3
    assert Flag.objects.get(sentence=OTHER).state == "open"
    assert not listed()  # at once, whenever it was counted


def test_counting_again_finds_what_came_and_leaves_out_what_went(flags):
    assert [shared.waiting for shared in counted()] == [3]
    assert count_wordings(NOW) == count_wordings(NOW) == 1
    other = a_clinic("Other")
    a_flag(other, OTHER, severity=5)
    assert [shared.sentence for shared in listed()] == [PROMISE]
    count_wordings(NOW + timedelta(minutes=5))
    assert [(shared.sentence, int(shared.severity)) for shared in listed()] == [(OTHER, 5), (PROMISE, 4)]
    dismiss_all(flags)
    count_wordings(NOW + timedelta(minutes=10))
    assert (number_of_clusters(10), [shared.sentence for shared in listed()]) == (1, [OTHER])


def test_who_was_not_chosen_keeps_waiting(flags):
    dismiss_all(flags, flags[1])
    assert set(Flag.objects.filter(state="open").values_list("clinic__name", flat=True)) == {"Clinic 0", "Clinic 2"}
    told = cluster_of(flags[0].subject, NOW)
    assert (told.clinics, told.waiting, told.dismissed) == (3, 2, 1)


def test_confirming_together_drafts_a_claim_for_each_and_publishes_none(flags):
    claims = confirm_together(flags[0].subject, [f.pk for f in flags], reason="Read.", by=a_user("x"), now=NOW)
    assert {claim.clinic_id for claim in claims} == {flag.clinic_id for flag in flags}
    assert set(Claim.objects.values_list("state", flat=True)) == {Claim.State.DRAFT}


def test_one_that_was_decided_meanwhile_stops_them_all(flags):
    triage.dismiss(flags[2], dismissed_as="true", reason="It is.", by=a_user("other"), now=NOW)
    with pytest.raises(Refusal, match="Clinic 2"):
        dismiss_all(flags)
    assert Decision.objects.count() == 1


def test_a_deferred_flag_is_taken_once_its_day_has_come(flags):
    triage.defer(flags[2], until=NOW + timedelta(days=3), reason="Later.", by=a_user("other"), now=NOW)
    with pytest.raises(Refusal, match="put off"):
        dismiss_all(flags)
    ids = [flag.pk for flag in flags]
    facts = {"dismissed_as": "denied", "reason": "A disclaimer.", "by": a_user("x")}
    assert len(dismiss_together(flags[0].subject, ids, **facts, now=NOW + timedelta(days=4))) == 3


@pytest.mark.parametrize(
    ("chosen", "told"),
    [([], "at least one"), (list(range(TOGETHER + 1)), "At most"), ([10**9], "not of this wording")],
    ids=["none", "too_many", "another"],
)
def test_a_choice_that_makes_no_sense_is_refused(flags, chosen, told):
    with pytest.raises(Refusal, match=told):
        dismiss_together(flags[0].subject, chosen, dismissed_as="denied", reason="x", by=a_user("x"), now=NOW)


def test_a_flag_of_another_wording_is_never_taken_along(flags):
    other = Flag.objects.get(sentence=OTHER)
    with pytest.raises(Refusal, match="not of this wording"):
        dismiss_all(flags, flags[0], other)
    assert not Decision.objects.exists()
