"""What two people make of a clinic's answer, point by point; nothing of it is done or told before both agreed."""

from datetime import timedelta

import pytest
from django.test import Client

from clinics.models import AnswerPoint, Claim, ClaimReply, ClaimVersion, Correction, PageState
from clinics.operations import answer_cases, claims, correction_cases, corrections, publication
from clinics.operations.answer_proof import prove
from clinics.operations.merging import merge
from clinics.operations.parting import undo_merge
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_clinic, a_listed_clinic, a_published_claim, a_user, an_answer_case, later
from tests.published import rows

pytestmark = pytest.mark.django_db
SOON = later(days=1)


def decide(case: Correction, outcome: str, reason: str = "The page says so.", by: str = "kim", now=SOON) -> AnswerPoint:
    """One decides the case's one point."""
    facts = {"outcome": outcome, "public_reason": reason}
    return answer_cases.decide_point(case.points.get(), **facts, by=a_user(by), now=now)


def handed_on(case: Correction, outcome: str, by: str = "kim", now=SOON, **more: str) -> Correction:
    """One decides, and asks another person."""
    decide(case, outcome, by=by, now=now, **more)
    return answer_cases.hand_on(case, reason="Looked at.", by=a_user(by), now=now)


def closed(case: Correction, outcome: str, by: tuple[str, str] = ("kim", "lee"), now=SOON, **more: str) -> Correction:
    """Two agree."""
    handed_on(case, outcome, by=by[0], now=now, **more)
    return answer_cases.agree(case, by=a_user(by[1]), now=now)


def test_the_ten_working_days_run_from_the_proof() -> None:
    case = an_answer_case(state="unproved")
    prove(case.answer, "office@knee.example", later(days=9))
    case.refresh_from_db()
    assert (case.state, str(case.due_on)) == ("received", "2026-11-25")
    assert case not in Correction.objects.late(later(days=22))
    assert case in Correction.objects.late(later(days=40))


def test_an_upheld_dispute_withdraws_the_statement_once_another_one_agrees(client: Client) -> None:
    rows.the_vocabulary()
    claim = a_published_claim()
    case = handed_on(an_answer_case(claim), "withdrawn", reason="It was another clinic's page.")
    claim.refresh_from_db()
    assert claim.state == "published"
    assert "another clinic" not in client.get("/corrections/").content.decode()
    with pytest.raises(Refusal, match="Another person has to agree"):
        answer_cases.agree(case, by=a_user("kim"), now=SOON)
    answer_cases.agree(case, by=a_user("lee"), now=SOON)
    claim.refresh_from_db()
    assert (claim.state, claim.ended_because) == ("withdrawn", "It was another clinic's page.")
    log = client.get("/corrections/").content.decode()
    for said in ("A clinic answered", "statement withdrawn", "It was another clinic&#x27;s page."):
        assert said in log
    assert "We say otherwise." not in log
    address = f"/clinics/{claim.clinic.public_id}/statements/{claim.public_id}/"
    assert f'href="{address}"' in log
    assert client.get(address).status_code == 200


def test_a_dispute_that_is_not_upheld_leaves_the_statement_as_it_is() -> None:
    claim = a_published_claim()
    versions = claim.versions.count()
    case = closed(an_answer_case(claim), "stands")
    claim.refresh_from_db()
    assert (claim.state, claim.versions.count(), case.outcome, case.state) == (
        "published",
        versions,
        "stands",
        "closed",
    )
    assert case.points.get().done_at is None


def test_a_reply_stands_beside_the_statement_once_two_agreed(client: Client) -> None:
    rows.the_vocabulary()
    claim = a_published_claim()
    case = an_answer_case(claim, kind="reply")
    case.points.update(text="We changed this <page> in May.")
    address = f"/clinics/{claim.clinic.public_id}/statements/{claim.public_id}/"
    handed_on(case, "shown")
    assert not ClaimReply.objects.exists()
    answer_cases.agree(case, by=a_user("lee"), now=SOON)
    reply = ClaimReply.objects.get()
    assert (reply.proved_by, reply.proof, reply.sender) == ("call", "305 555 0142", "Ana Example")
    assert (reply.recorded_by, reply.published_by) == (a_user("kim"), a_user("lee"))
    assert "We changed this &lt;page&gt; in May." in client.get(address).content.decode()
    assert case.points.get().reply == reply
    assert claim.versions.last().content["replies"][0]["text"] == "We changed this <page> in May."


def test_a_reply_that_is_declined_is_nowhere(client: Client) -> None:
    rows.the_vocabulary()
    case = closed(an_answer_case(kind="reply"), "declined", reason="It names a patient.")
    assert not ClaimReply.objects.exists()
    page = client.get(f"/report/case/{case.token}/").content.decode()
    assert "reply not shown" in page
    assert "It names a patient." in page


def test_corrected_is_only_said_of_a_statement_that_was_corrected_since() -> None:
    claim = a_published_claim()
    case = an_answer_case(claim)
    with pytest.raises(Refusal, match="Correct the statement first"):
        decide(case, "corrected")
    facts = {"source_name": "The list", "assessed_on": NOW.date(), "detail": "x", "source_date": NOW.date()}
    claims.add_assessment(claim, "source_agrees", by=a_user("first"), now=later(hours=2), **facts)
    closed(case, "corrected")
    assert case.points.get().done_at is not None
    assert ClaimVersion.objects.filter(claim=claim).count() == 2


def test_a_reply_published_meanwhile_is_no_correction() -> None:
    claim = a_published_claim()
    closed(an_answer_case(claim, kind="reply"), "shown")
    with pytest.raises(Refusal, match="Correct the statement first"):
        decide(an_answer_case(claim), "corrected", now=later(days=2))


@pytest.mark.parametrize("name", ["first", "second"])
def test_nobody_who_signed_the_statement_decides_or_agrees(name: str) -> None:
    case = an_answer_case(a_published_claim(severity=5))
    with pytest.raises(Refusal, match="You signed what this case is about"):
        decide(case, "stands", by=name)
    handed_on(case, "stands")
    with pytest.raises(Refusal, match="You signed what this case is about"):
        answer_cases.agree(case, by=a_user(name), now=SOON)
    assert not case.points.exclude(decided_by=a_user("kim")).exists()


def test_who_signed_another_statement_may_decide() -> None:
    other = a_published_claim(a_listed_clinic("Hip House"), "Hips in a day.")
    assert other.first_signed_by == a_user("first")
    claim = a_published_claim()
    Claim.objects.filter(pk=claim.pk).update(first_signed_by=a_user("somebody"))
    with pytest.raises(Refusal, match="You signed what this case is about"):  # a version of it
        decide(an_answer_case(claim), "stands", by="first")
    decide(an_answer_case(other), "stands", by="somebody")


def test_each_point_is_decided_by_the_one_who_hands_the_case_on() -> None:
    case = an_answer_case()
    second = a_published_claim(a_listed_clinic("Hip House"), "Hips in a day.")
    other = AnswerPoint.objects.create(case=case, claim=second, kind="reply", text="Ours.")
    decide_first = {"outcome": "stands", "public_reason": "Seen."}
    answer_cases.decide_point(case.points.first(), **decide_first, by=a_user("kim"), now=SOON)
    with pytest.raises(Refusal, match="nobody has decided"):
        answer_cases.hand_on(case, reason="x", by=a_user("kim"), now=SOON)
    facts = {"outcome": "declined", "public_reason": "Seen."}
    answer_cases.decide_point(other, **facts, by=a_user("max"), now=SOON)
    with pytest.raises(Refusal, match="Another person decided on a point"):
        answer_cases.hand_on(case, reason="x", by=a_user("kim"), now=SOON)
    answer_cases.decide_point(other, **facts, by=a_user("kim"), now=SOON)
    assert answer_cases.hand_on(case, reason="x", by=a_user("kim"), now=SOON).state == "decided"


@pytest.mark.parametrize("kind, outcome", [("dispute", "shown"), ("reply", "withdrawn"), ("reply", "nonsense")])
def test_an_outcome_of_another_kind_is_refused(kind: str, outcome: str) -> None:
    with pytest.raises(Refusal, match="cannot come of a point of this kind"):
        decide(an_answer_case(kind=kind), outcome)


@pytest.mark.parametrize("reason", ["", " ", "x" * 301])
def test_a_decision_has_a_public_reason_that_fits_a_tombstone(reason: str) -> None:
    with pytest.raises(Refusal, match="reason"):
        decide(an_answer_case(), "stands", reason=reason)


@pytest.mark.parametrize("state", ["unproved", "expired", "decided", "closed"])
def test_nothing_is_decided_before_the_proof_or_after_the_end(state: str) -> None:
    facts = {"decided_by": a_user("x"), "decided_at": NOW, "outcome": "stands", "reason": "y"}
    facts |= {"confirmed_by": a_user("z"), "closed_at": NOW} if state == "closed" else {}
    case = an_answer_case(state=state, **facts)
    for refused in (
        lambda: decide(case, "stands"),
        lambda: answer_cases.hand_on(case, reason="x", by=a_user("kim"), now=SOON),
        lambda: correction_cases.take(case, by=a_user("kim"), now=SOON),
    ):
        with pytest.raises(Refusal, match="Look at it again"):
            refused()


def test_an_answer_is_not_decided_as_a_whole() -> None:
    case = an_answer_case()
    facts = {"outcome": "changed", "reason": "x", "public_note": "y"}
    with pytest.raises(Refusal, match="point by point"):
        correction_cases.decide(case, **facts, by=a_user("kim"), now=SOON)
    handed_on(case, "withdrawn")
    with pytest.raises(Refusal, match="point by point"):
        correction_cases.confirm(case, by=a_user("lee"), now=SOON)
    case.points.get().claim.refresh_from_db()
    assert case.points.get().claim.state == "published"


def test_a_statement_withdrawn_meanwhile_can_only_be_said_to_have_ended() -> None:
    claim = a_published_claim()
    case, late = an_answer_case(claim), an_answer_case(claim)
    with pytest.raises(Refusal, match="has not been withdrawn"):
        decide(case, "ended")
    handed_on(late, "withdrawn")
    publication.withdraw(claim, reason="Wrong clinic.", by=a_user("x"), now=NOW)
    with pytest.raises(Refusal, match="withdrawn meanwhile"):
        decide(case, "stands")
    with pytest.raises(Refusal, match="withdrawn meanwhile"):
        answer_cases.agree(late, by=a_user("lee"), now=SOON)
    late.refresh_from_db()
    assert late.state == "decided"
    closed(case, "ended")
    claim.refresh_from_db()
    assert claim.ended_because == "Wrong clinic."


def test_a_decision_is_given_back_and_decided_anew() -> None:
    case = handed_on(an_answer_case(), "stands")
    correction_cases.give_back(case, reason="Read the second page.", by=a_user("lee"), now=SOON)
    assert closed(case, "withdrawn").state == "closed"


def test_one_appeal_is_decided_by_two_others_and_the_log_keeps_the_first_outcome(client: Client) -> None:
    rows.the_vocabulary()
    case = closed(an_answer_case(), "stands", reason="The page said so.")
    assert "Ask other people" in client.get(f"/report/case/{case.token}/").content.decode()
    assert corrections.appeal(case.token, later(days=2))
    assert "The page said so." not in client.get("/corrections/").content.decode()
    for name in ("kim", "lee"):
        with pytest.raises(Refusal, match="asked for other people"):
            decide(case, "withdrawn", by=name, now=later(days=3))
    closed(case, "withdrawn", by=("max", "noa"), now=later(days=3), reason="It was taken down before.")
    log = client.get("/corrections/").content.decode()
    for said in (
        "It was taken down before.",
        "At first, by two other people: statement not changed. The page said so.",
    ):
        assert said in log
    assert not corrections.appeal(case.token, later(days=4))


def test_what_was_done_is_not_undone_by_an_appeal() -> None:
    case = an_answer_case()
    second = a_published_claim(a_listed_clinic("Hip House"), "Hips in a day.")
    other = AnswerPoint.objects.create(case=case, claim=second, kind="dispute", text="Wrong.")
    for point, outcome in ((case.points.first(), "withdrawn"), (other, "stands")):
        facts = {"outcome": outcome, "public_reason": "Seen."}
        answer_cases.decide_point(point, **facts, by=a_user("kim"), now=SOON)
    answer_cases.hand_on(case, reason="x", by=a_user("kim"), now=SOON)
    answer_cases.agree(case, by=a_user("lee"), now=SOON)
    assert corrections.appeal(case.token, later(days=2))
    assert list(case.points.values_list("outcome", "first_outcome")) == [("withdrawn", ""), ("", "stands")]
    with pytest.raises(Refusal, match="carried out before the appeal"):
        facts = {"outcome": "stands", "public_reason": "Seen."}
        answer_cases.decide_point(case.points.first(), **facts, by=a_user("max"), now=SOON)


def test_who_got_all_it_asked_for_has_nothing_to_appeal() -> None:
    case = closed(an_answer_case(), "withdrawn")
    assert not corrections.may_appeal(case, later(days=2))


def test_a_dispute_is_shown_beside_the_statement_by_a_person_alone() -> None:
    claim = a_published_claim()
    case = an_answer_case(claim)
    claim.refresh_from_db()
    assert claim.disputed_since is None
    answer_cases.show_as_disputed(case.points.get(), by=a_user("kim"), now=SOON)
    claim.refresh_from_db()
    assert claim.disputed_since == NOW.date()
    with pytest.raises(Refusal, match="already"):
        answer_cases.show_as_disputed(case.points.get(), by=a_user("kim"), now=SOON)
    with pytest.raises(Refusal, match="Only a dispute"):
        answer_cases.show_as_disputed(
            an_answer_case(kind="reply", claim=claim).points.get(), by=a_user("kim"), now=SOON
        )


def test_the_page_is_read_again_when_somebody_asks() -> None:
    claim = a_published_claim()
    PageState.objects.filter(page=claim.page).update(due_at=later(days=9))
    answer_cases.read_now(an_answer_case(claim).points.get(), by=a_user("kim"), now=SOON)
    assert PageState.objects.get(page=claim.page).due_at == SOON


def test_a_merger_takes_the_answers_along_and_its_undoing_brings_them_back() -> None:
    claim = a_published_claim()
    case, survivor = an_answer_case(claim, kind="reply"), a_listed_clinic("Bone House")
    for _ in range(2):
        record = merge(claim.clinic, survivor, reason="One owner.", by=a_user("kim"), now=SOON)
        case.answer.refresh_from_db()
        assert case.answer.clinic == survivor
        undo_merge(record, reason="Two owners.", by=a_user("kim"), now=SOON)
        case.answer.refresh_from_db()
        assert case.answer.clinic == claim.clinic
    merge(claim.clinic, survivor, reason="One owner.", by=a_user("kim"), now=SOON)
    closed(case, "shown", now=later(days=2))
    assert ClaimReply.objects.get().claim.clinic == survivor


def test_who_answered_is_removed_later_and_the_words_and_reasons_stay() -> None:
    case = closed(an_answer_case(), "stands")
    assert corrections.forget(SOON + timedelta(days=89)) == 0
    case.answer.refresh_from_db()
    assert case.answer.sender == "Ana Example"
    corrections.forget(SOON + timedelta(days=91))
    case.answer.refresh_from_db()
    assert (case.answer.sender, case.answer.proof) == ("", "a recorded number")
    assert case.points.get().text == "We say otherwise."


def test_a_reply_by_mail_from_a_site_that_many_share_is_refused_at_the_desk_too() -> None:
    from clinics.operations.claim_replies import record_reply

    claim = a_published_claim()
    shared = a_clinic("On a network")
    facts = {
        "text": "Ours.",
        "received_on": NOW.date(),
        "sender": "Ana",
        "proved_by": "mail",
        "by": a_user(),
        "now": NOW,
    }
    site = claim.clinic.website.host.name
    record_reply(claim, proof=f"office@{site}", **facts)
    type(shared.website.host).objects.filter(pk=shared.website.host_id).update(name=f"other.{site}")
    with pytest.raises(Refusal, match="this clinic's alone"):
        record_reply(claim, proof=f"office@{site}", **facts)
