"""A wording dismissed everywhere: what waits goes, what comes later goes too, until a date; critical ones by two."""

from datetime import timedelta

import pytest

from clinics.models import Decision, Flag, StandingDecision
from clinics.operations import everywhere, triage
from clinics.operations.recording import record_clinic
from clinics.operations.refusal import Refusal
from tests.build import a_clinic, a_flag, a_user
from tests.operations.reading import MONDAY, a_rule

pytestmark = pytest.mark.django_db

PROMISE = "We guarantee that every knee will heal."
UNTIL = (MONDAY + timedelta(days=365)).date()


@pytest.fixture(autouse=True)
def evidence(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path / "evidence", 0


def three_clinics(severity: int = 4) -> list[Flag]:
    return [a_flag(a_clinic(f"Clinic {name}"), PROMISE, severity=severity, at=MONDAY) for name in "abc"]


def dismiss(flag: Flag, **more) -> StandingDecision:
    facts = {"dismissed_as": "trivial", "reason": "A slogan of the trade.", "expires_on": UNTIL, **more}
    return everywhere.dismiss_everywhere(flag, by=a_user("ada"), now=MONDAY, **facts)


def states() -> list[str]:
    return sorted(Flag.objects.values_list("state", flat=True))


def test_what_it_would_do_is_counted_first():
    flags = three_clinics()
    triage.confirm(flags[0], reason="Read.", by=a_user("bob"), now=MONDAY)
    reach = everywhere.reach_of(flags[1].subject, MONDAY)
    assert (reach.waiting, reach.clinics, reach.confirmed) == (2, 2, 1)
    assert "2 waiting flags of 2 clinics" in str(reach)


def test_every_waiting_flag_of_the_wording_is_dismissed_with_a_decision_of_its_own():
    flags = three_clinics()
    other = a_flag(sentence="We guarantee something else.", at=MONDAY)
    dismiss(flags[0])
    other.refresh_from_db()
    assert (states(), other.state) == (["dismissed"] * 3 + ["open"], "open")
    assert {(made.scope, made.reason) for made in Decision.objects.all()} == {("everywhere", "A slogan of the trade.")}
    assert Decision.objects.count() == 3


def read_a_new_clinic(site, clock, promise: str = PROMISE):
    page = record_clinic("Later Clinic", "https://later.example/", by=None, now=MONDAY).website
    site.says("https://later.example/", "Our team is kind.", promise)
    (written,) = site.read(page)
    return written


def test_a_clinic_that_says_it_later_is_dismissed_as_it_is_read(site, clock):
    a_rule("guarantee", r"\bguarantee\b")
    dismiss(a_flag(a_clinic("First"), PROMISE, at=MONDAY))
    written = read_a_new_clinic(site, clock)
    flag = Flag.objects.get(clinic__name="Later Clinic")
    assert (flag.state, flag.dismissed_as, flag.decided_by.username) == ("dismissed", "trivial", "ada")
    assert flag.decisions.get().scope == "everywhere"
    assert all(not effects.new for effects in written.effects.values())


@pytest.mark.parametrize(
    "change",
    [
        lambda standing, clock: everywhere.end(standing, reason="No more.", by=a_user("bob"), now=MONDAY),
        lambda standing, clock: clock.days(400),
        lambda standing, clock: StandingDecision.objects.update(severity=2),
    ],
    ids=["ended", "expired", "graver now than when it was decided"],
)
def test_what_does_not_hold_any_more_dismisses_nothing(site, clock, change):
    a_rule("guarantee", r"\bguarantee\b")
    change(dismiss(a_flag(a_clinic("First"), PROMISE, at=MONDAY)), clock)
    read_a_new_clinic(site, clock)
    assert Flag.objects.get(clinic__name="Later Clinic").state == "open"


def test_another_wording_is_not_dismissed(site, clock):
    a_rule("guarantee", r"\bguarantee\b")
    dismiss(a_flag(a_clinic("First"), PROMISE, at=MONDAY))
    read_a_new_clinic(site, clock, "We guarantee that every hip will heal.")
    assert Flag.objects.get(clinic__name="Later Clinic").state == "open"


def test_a_critical_wording_is_dismissed_everywhere_by_two_people():
    flags = three_clinics(severity=5)
    standing = dismiss(flags[0])
    assert states() == ["open"] * 3
    assert StandingDecision.objects.awaiting_second(MONDAY).get() == standing
    with pytest.raises(Refusal, match="two people"):
        everywhere.agree(standing, by=a_user("ada"), now=MONDAY)
    everywhere.agree(standing, by=a_user("bob"), now=MONDAY)
    assert states() == ["dismissed"] * 3
    with pytest.raises(Refusal, match="no second person"):
        everywhere.agree(standing, by=a_user("eve"), now=MONDAY)


def test_the_gravest_clinic_decides_whether_two_people_are_needed():
    calm = a_flag(a_clinic("Calm"), PROMISE, severity=2, at=MONDAY)
    a_flag(a_clinic("Grave"), PROMISE, severity=5, at=MONDAY)
    dismiss(calm)
    assert states() == ["open", "open"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"reason": " "}, "Give a reason"),
        ({"dismissed_as": "boring"}, "as what"),
        ({"expires_on": MONDAY.date()}, "until when"),
        ({"expires_on": (MONDAY + timedelta(days=800)).date()}, "two years"),
    ],
)
def test_a_decision_without_reason_kind_or_date_is_refused(more, told):
    flags = three_clinics()
    with pytest.raises(Refusal, match=told):
        dismiss(flags[0], **more)
    assert (states(), StandingDecision.objects.count()) == (["open"] * 3, 0)


def test_one_wording_has_one_such_decision_at_a_time():
    flags = three_clinics()
    standing = dismiss(flags[0])
    with pytest.raises(Refusal, match="end that first"):
        dismiss(flags[1])
    everywhere.end(standing, reason="A new look.", by=a_user("bob"), now=MONDAY)
    assert dismiss(flags[1]).pk != standing.pk
    with pytest.raises(Refusal, match="has ended"):
        everywhere.end(standing, reason="Again.", by=a_user("bob"), now=MONDAY)
