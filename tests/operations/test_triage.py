import threading

import pytest
from django.db import connection

from clinics.models import Claim, Decision, Flag
from clinics.operations import claims, publication, triage
from clinics.operations.refusal import Refusal
from tests.build import NOW, PROMISE, a_flag, a_user, later

pytestmark = pytest.mark.django_db
WHY = "Its own words about its own offer."


def decide(flag, what, by=None, **more):
    """One of the four decisions with what it needs."""
    needs = {"dismiss": {"dismissed_as": "denied"}, "defer": {"until": later(days=7)}}.get(what, {})
    return getattr(triage, what)(flag, **{"reason": WHY, "by": by or a_user(), "now": NOW, **needs, **more})


def fresh(flag):
    return Flag.objects.get(pk=flag.pk)


def test_confirming_drafts_a_claim_of_the_exact_words_where_they_were_seen():
    flag = a_flag(severity=5)
    claim = decide(flag, "confirm")
    sighting = flag.sightings.get()
    assert (claim.quote, claim.category, claim.severity, claim.state) == (PROMISE, "guarantee", 5, "draft")
    assert (claim.page, claim.snapshot, claim.surface) == (sighting.page, sighting.snapshot, "body")
    assert (claim.flag, claim.first_seen_on, claim.drafted_by) == (flag, NOW.date(), a_user())
    assert fresh(flag).state == "confirmed"


@pytest.mark.parametrize(
    ("sentence", "tongue"),
    [("Nuestras células madre curan la diabetes.", "es"), ("Results are guaranteed.", "en"), ("100 %!", "en")],
)
def test_a_drafted_claim_knows_the_language_of_its_words(sentence, tongue):
    flag = a_flag(sentence=sentence)
    assert decide(flag, "confirm").language == tongue


@pytest.mark.parametrize(
    ("what", "state"), [("confirm", "confirmed"), ("dismiss", "dismissed"), ("defer", "deferred"), ("reopen", "open")]
)
def test_each_decision_is_kept_with_who_when_what_and_why(what, state):
    flag = a_flag()
    if what == "reopen":
        decide(flag, "dismiss")
        flag = fresh(flag)
    decide(flag, what, now=later(hours=1))
    decision = Decision.objects.first()
    assert (decision.state, decision.reason, decision.by, decision.at) == (state, WHY, a_user(), later(hours=1))
    assert (decision.sentence, fresh(flag).state, fresh(flag).decided_by) == (PROMISE, state, a_user())


@pytest.mark.parametrize("what", ["confirm", "dismiss", "defer", "reopen"])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_without_a_reason_is_refused(what, reason):
    flag = a_flag()
    with pytest.raises(Refusal, match="reason"):
        decide(flag, what, reason=reason)
    assert fresh(flag).state == "open"
    assert not Decision.objects.exists()


def test_a_dismissal_says_as_what():
    flag = a_flag()
    with pytest.raises(Refusal, match="as what"):
        decide(flag, "dismiss", dismissed_as="boring")
    for way in Flag.Dismissal.values:
        decide(fresh(flag), "dismiss", dismissed_as=way, now=later(hours=1))
        assert fresh(flag).dismissed_as == way


@pytest.mark.parametrize(
    ("until", "allowed"),
    [
        (later(minutes=1), True),
        (NOW, False),
        (later(days=-1), False),
        (later(days=366), True),
        (later(days=367), False),
    ],
)
def test_a_flag_is_deferred_to_a_time_that_is_to_come_and_not_for_good(until, allowed):
    flag = a_flag()
    if allowed:
        decide(flag, "defer", until=until)
        assert not Flag.objects.to_decide(NOW).exists()
        assert Flag.objects.to_decide(until).get() == flag
    else:
        with pytest.raises(Refusal, match="still to come"):
            decide(flag, "defer", until=until)


def test_a_decision_on_a_flag_that_somebody_decided_meanwhile_is_refused():
    seen = fresh(a_flag())
    decide(fresh(seen), "dismiss", by=a_user("bob"))
    with pytest.raises(Refusal, match="bob has decided"):
        decide(seen, "confirm")
    assert not Claim.objects.exists()
    decide(fresh(seen), "confirm", now=later(hours=1))


def test_what_is_confirmed_or_open_already_is_refused_again():
    flag = a_flag()
    with pytest.raises(Refusal, match="open already"):
        decide(flag, "reopen")
    decide(flag, "confirm")
    with pytest.raises(Refusal, match="confirmed already"):
        decide(fresh(flag), "confirm")
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("what", ["dismiss", "defer", "reopen"])
def test_taking_a_confirmation_back_drops_a_draft_but_not_what_was_signed(what):
    drafted = a_flag()
    claim = decide(drafted, "confirm")
    decide(fresh(drafted), what, now=later(hours=1))
    assert not Claim.objects.filter(pk=claim.pk).exists()
    claim = decide(fresh(drafted), "confirm", now=later(hours=2))
    claims.waive_comment(claim, reason="Public words.", by=a_user(), now=NOW)
    publication.sign(claim, by=a_user(), now=later(hours=3))
    with pytest.raises(Refusal, match="hold or withdraw"):
        decide(fresh(drafted), what, now=later(hours=4))
    publication.withdraw(claim, reason="A mistake.", by=a_user(), now=later(hours=4))
    decide(fresh(drafted), what, now=later(hours=5))


@pytest.mark.parametrize("what", ["dismiss", "defer", "reopen"])
def test_a_claim_that_was_public_once_is_not_dropped_as_a_draft(what):
    flag = a_flag(severity=5)
    claim = decide(flag, "confirm")
    claims.waive_comment(claim, reason="Public words.", by=a_user(), now=NOW)
    for name in ("ada", "bob"):
        publication.sign(claim, by=a_user(name), now=NOW)
    publication.hold(claim, reason="A complaint.", by=a_user(), now=later(hours=1))
    publication.release(claim, by=a_user("ada"), now=later(hours=2))
    publication.take_back(claim, by=a_user("ada"), now=later(hours=2))
    with pytest.raises(Refusal, match="“held”; hold or withdraw"):
        decide(fresh(flag), what, now=later(hours=3))
    Claim.objects.filter(pk=claim.pk).update(state="draft")  # as a release that was taken back once left it
    with pytest.raises(Refusal, match="was public once; withdraw"):
        decide(fresh(flag), what, now=later(hours=3))
    publication.withdraw(claim, reason="A mistake.", by=a_user(), now=later(hours=4))
    decide(fresh(flag), what, now=later(hours=5))


def test_a_flag_that_was_seen_nowhere_cannot_be_quoted():
    flag = a_flag()
    flag.sightings.all().delete()
    with pytest.raises(Refusal, match="nothing to quote"):
        decide(flag, "confirm")
    assert (fresh(flag).state, Decision.objects.count()) == ("open", 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_holds_and_the_other_is_refused():
    flag, start, ends = a_flag(), threading.Barrier(2), []
    people = {"confirm": a_user("ada"), "dismiss": a_user("bob")}

    def decide_it(what):
        seen = fresh(flag)
        start.wait()
        try:
            decide(seen, what, by=people[what])
            ends.append(what)
        except Refusal:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide_it, args=[what]) for what in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 2
    assert ends.count("refused") == 1
    assert Decision.objects.count() == 1
    assert Claim.objects.count() == ("confirm" in ends)
