"""First readings of a clinic, decided together: quotes, the same statement, the rest."""

from datetime import timedelta

import pytest

from clinics.models import Cause, Claim, Decision, Flag
from clinics.operations import dossiers, triage
from clinics.operations.dossiers import LEAVE, SAME, Answer
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_clinic, a_flag, a_user

pytestmark = pytest.mark.django_db


def flags_of(clinic, many: int, category: str = "guarantee", **more) -> list[Flag]:
    return [
        a_flag(clinic, f"We guarantee {category} {'abcdefghij'[number]}.", category=category, **more)
        for number in range(many)
    ]


def decide(clinic, answers, reason="Read in full."):
    shown = dossiers.dossier_of(clinic, NOW)
    given = {category: answers.get(category, Answer(frozenset(), frozenset(), LEAVE)) for category in shown}
    return dossiers.decide_dossier(shown, given, reason=reason, by=a_user("ada"), now=NOW)


def answer(rest=LEAVE, quoted=(), left=()) -> Answer:
    return Answer(frozenset(flag.pk for flag in quoted), frozenset(flag.pk for flag in left), rest)


def listed(start=0, stop=50) -> list[tuple[str, int, int]]:
    return [(found.name, found.flags, found.severity) for found in dossiers.Dossiers(NOW)[start:stop]]


def test_clinics_are_listed_by_the_gravest_of_their_first_readings():
    calm, grave, later = a_clinic("Calm"), a_clinic("Grave"), a_clinic("Later")
    flags_of(calm, 3, severity=2)
    flags_of(grave, 1, severity=5)
    flags_of(grave, 1, "no_risk", severity=2)
    flags_of(later, 1, cause=Cause.PAGE_CHANGED)
    assert listed() == [("Grave", 2, 5), ("Calm", 3, 2)]
    assert dossiers.Dossiers(NOW).count() == 2


def test_pages_of_the_list_hold_every_clinic_once_however_many_flags_one_has(monkeypatch):
    monkeypatch.setattr(dossiers, "FLAGS_A_CLINIC", 1)  # so that it has to read on
    for place, name in enumerate(("First", "Second", "Third", "Fourth")):
        flags_of(a_clinic(name), 4, severity=5 - place)
    pages = [listed(0, 2), listed(2, 4), listed(4, 6)]
    assert [[name for name, *_ in page] for page in pages] == [["First", "Second"], ["Third", "Fourth"], []]


def test_of_equally_grave_ones_the_one_that_waits_longest_comes_first():
    flags_of(a_clinic("Yesterday"), 3)
    flags_of(a_clinic("Last week"), 1, at=NOW - timedelta(days=7))
    assert [name for name, *_ in listed()] == ["Last week", "Yesterday"]


def test_a_dossier_holds_what_waits_by_category():
    clinic = a_clinic()
    flags_of(clinic, 2)
    flags_of(clinic, 1, "no_risk", severity=5)
    settled = flags_of(clinic, 1, "exosome")[0]
    triage.dismiss(settled, dismissed_as="true", reason="It is.", by=a_user("ada"), now=NOW)
    found = dossiers.dossier_of(clinic, NOW)
    assert [(category, len(flags)) for category, flags in found.items()] == [("no_risk", 1), ("guarantee", 2)]


def test_the_clearest_quote_becomes_a_draft_and_the_rest_are_the_same_statement():
    clinic = a_clinic()
    first, *rest = flags_of(clinic, 4)
    done = decide(clinic, {"guarantee": answer(SAME, quoted=[first])})
    assert ([claim.flag for claim in done.claims], done.dismissed, done.left) == ([first], 3, 0)
    for flag in rest:
        flag.refresh_from_db()
        assert (flag.state, flag.dismissed_as) == ("dismissed", "duplicate")
    reasons = Decision.objects.filter(scope="same_statement").values_list("reason", flat=True)
    assert set(reasons) == {f"The same statement as “{first.sentence}”. Read in full."}


def test_what_is_left_waits_and_another_category_is_not_touched():
    clinic = a_clinic()
    first, second, third = flags_of(clinic, 3)
    other = flags_of(clinic, 1, "no_risk")[0]
    done = decide(clinic, {"guarantee": answer(SAME, quoted=[first], left=[third])})
    states = {flag.pk: flag.state for flag in Flag.objects.all()}
    assert states == {first.pk: "confirmed", second.pk: "dismissed", third.pk: "open", other.pk: "open"}
    assert done.left == 2


def test_a_category_may_be_dismissed_as_a_whole():
    clinic = a_clinic()
    flags_of(clinic, 2)
    decide(clinic, {"guarantee": answer("reported")})
    assert set(Flag.objects.values_list("state", "dismissed_as")) == {("dismissed", "reported")}
    assert Claim.objects.count() == 0


def test_nothing_is_the_same_as_nothing():
    clinic = a_clinic()
    flags_of(clinic, 2)
    with pytest.raises(Refusal, match="choose what is quoted"):
        decide(clinic, {"guarantee": answer(SAME)})


def test_a_flag_decided_meanwhile_stops_the_whole_dossier():
    clinic = a_clinic()
    first, second = flags_of(clinic, 2)
    shown = dossiers.dossier_of(clinic, NOW)
    triage.dismiss(second, dismissed_as="true", reason="It is.", by=a_user("bob"), now=NOW)
    with pytest.raises(Refusal, match="in the meantime"):
        dossiers.decide_dossier(
            shown, {"guarantee": answer(SAME, quoted=[first])}, reason="Read.", by=a_user("ada"), now=NOW
        )
    assert Claim.objects.count() == 0
