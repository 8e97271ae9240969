"""A clinic's answer at the desk: the proof and how it was made, each point with its statement, and who may do what."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from clinics.models import AnswerPoint, Delivery
from clinics.operations.publication import withdraw
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_correction, a_published_claim, a_user, an_answer_case

pytestmark = pytest.mark.django_db


def page_of(signed_in: SignedIn, row: object, role: str = "publisher") -> str:
    """The row's page at the desk."""
    name = type(row)._meta.model_name
    return signed_in(role).get(reverse(f"admin:clinics_{name}_change", args=[row.pk])).content.decode()  # type: ignore[attr-defined]


def take(signed_in: SignedIn, row: object, step: str, role: str = "publisher", **answers: str) -> str:
    """The page that a step leads to."""
    name = type(row)._meta.model_name
    address = reverse(f"admin:clinics_{name}_step", args=[row.pk, step])  # type: ignore[attr-defined]
    answer = signed_in(role).post(address, answers, follow=True)
    return "" if answer.status_code == 403 else answer.content.decode()


def test_a_case_shows_the_proof_the_points_and_who_answers(signed_in: SignedIn) -> None:
    claim = a_published_claim()
    case = an_answer_case(claim)
    Delivery.objects.create(answer=case.answer, to="office@knee.example", items=0, state="sent", at=NOW, ended_at=NOW)
    page = page_of(signed_in, case)
    for said in (
        "Ana Example",
        "305 555 0142, 2026-11-02",
        "call back to the recorded",
        "office@knee.example",
        claim.quote,
    ):
        assert said in page
    assert reverse("admin:clinics_answerpoint_change", args=[case.points.get().pk]) in page
    assert "All points are decided" in page
    assert "/step/decide/" not in page
    assert "/step/call/" not in page


def test_a_report_shows_none_of_it(signed_in: SignedIn) -> None:
    page = page_of(signed_in, a_correction())
    assert "/step/decide/" in page
    for never in ("way of proof", "/step/hand_on/", "/step/call/", "/step/agree/"):
        assert never not in page


def test_an_unproved_answer_offers_the_call_alone(signed_in: SignedIn) -> None:
    case = an_answer_case(state="unproved")
    page = page_of(signed_in, case)
    assert "Not proved. It can be until 2026-11-16." in page
    assert "/step/call/" in page
    for never in ("take", "hand_on", "agree", "give_back"):
        assert f"/step/{never}/" not in page
    assert f'name="called_on" value="{timezone.localdate().isoformat()}"' in page  # one calls and writes it down
    point = page_of(signed_in, case.points.get())
    assert "/step/" not in point


def test_the_front_page_counts_whom_to_call_back_and_no_other_unproved_answer(signed_in: SignedIn) -> None:
    claim = a_published_claim()
    case, other = an_answer_case(claim, state="unproved"), an_answer_case(claim, state="unproved")
    other.answer.way = "mail"
    other.answer.save()
    page = signed_in("reviewer").get("/admin/").content.decode()
    assert "clinics to call back about their answer" in page
    found = signed_in("reviewer").get("/admin/clinics/correction/?waits=call").content.decode()
    assert case.case_number in found
    assert other.case_number not in found
    unproved = signed_in("reviewer").get("/admin/clinics/correction/?waits=unproved").content.decode()
    assert case.case_number in unproved
    assert other.case_number in unproved


def test_a_reviewer_decides_and_only_a_publisher_agrees_since_that_publishes(signed_in: SignedIn) -> None:
    claim = a_published_claim()
    case = an_answer_case(claim)
    point = case.points.get()
    facts = {"outcome": "withdrawn", "public_reason": "Another house's page."}
    assert take(signed_in, point, "decide", "recorder", **facts) == ""
    assert "another person agreed" in take(signed_in, point, "decide", "reviewer", **facts)
    assert "Another person has to agree" in take(signed_in, case, "hand_on", "reviewer", reason="Seen.")
    assert take(signed_in, case, "agree", "reviewer") == ""
    assert "Done and closed" in take(signed_in, case, "agree", "publisher")
    claim.refresh_from_db()
    assert claim.state == "withdrawn"


def test_a_refusal_is_told_where_it_was_asked(signed_in: SignedIn) -> None:
    point = an_answer_case(kind="reply").points.get()
    told = take(signed_in, point, "decide", outcome="withdrawn", public_reason="x")
    assert "That cannot come of this point as its statement stands now." in told
    assert not AnswerPoint.objects.exclude(outcome="").exists()


@pytest.mark.parametrize(
    ("kind", "state", "offered"),
    [
        ("dispute", "published", ["withdrawn", "corrected", "stands"]),
        ("reply", "published", ["shown", "declined"]),
        ("dispute", "withdrawn", ["ended"]),
        ("reply", "withdrawn", ["ended"]),
    ],
)
def test_a_point_offers_only_what_can_come_of_it(
    signed_in: SignedIn, kind: str, state: str, offered: list[str]
) -> None:
    claim = a_published_claim()
    point = an_answer_case(claim, kind=kind).points.get()
    if state == "withdrawn":
        withdraw(claim, reason="Gone.", by=a_user("publisher"), now=timezone.now())
    assert re.findall(r'<option value="(\w+)"', page_of(signed_in, point)) == offered


def test_a_point_shows_its_statement_and_when_the_page_was_read(signed_in: SignedIn) -> None:
    point = an_answer_case(a_published_claim(), kind="dispute").points.get()
    page = page_of(signed_in, point)
    for said in (point.claim.quote, "We say otherwise.", "Published", "UTC; last try:", "Read the page again now"):
        assert said.lower() in page.lower()
