"""Many tries in one moment are as few as one after another, and two who agree at once do it once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from clinics.models import ClaimReply, ClinicAnswer
from clinics.operations import answer_cases, answer_proof
from clinics.operations.corrections import answers
from clinics.operations.refusal import Refusal
from tests.build import a_published_claim, a_user, an_answer_case, later

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gave or raised, all begun in one moment."""
    gate, found = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            found.append(call())
        except Refusal as refusal:
            found.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_twelve_guesses_at_once_are_five_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    case = an_answer_case(state="unproved")
    site = case.answer.clinic.website.host.name
    ClinicAnswer.objects.update(way="mail", site=site, address=f"office@{site}", expires_at=later(days=9999))
    answer = ClinicAnswer.objects.select_related("case").get()
    answer_proof.new_secret(answer, "RGHTCODE", later(days=9999))
    looked, real = [], answers.is_secret_of
    monkeypatch.setattr(answers, "is_secret_of", lambda *given: looked.append(given) or real(*given))
    guess = lambda: answers.enter_code(answer, "AAAAAAAA", network="203.0.113.9", now=timezone.now())  # noqa: E731
    told = at_once(*[guess] * 12)
    assert (len(told), len(looked)) == (12, answer_proof.TRIES)
    assert set(told) <= {answers.Told.WRONG, answers.Told.OVER}
    assert answers.enter_code(answer, "RGHTCODE", network="203.0.113.9", now=timezone.now()) == answers.Told.OVER


def test_two_who_agree_at_once_publish_a_reply_once() -> None:
    case = an_answer_case(a_published_claim(), kind="reply")
    facts = {"outcome": "shown", "public_reason": "The clinic's own words."}
    answer_cases.decide_point(case.points.get(), **facts, by=a_user("kim"), now=later(days=1))
    answer_cases.hand_on(case, reason="Seen.", by=a_user("kim"), now=later(days=1))
    people = [a_user(name) for name in ("lee", "max")]
    told = at_once(*[lambda by=by: answer_cases.agree(case, by=by, now=later(days=1)) for by in people])
    assert [type(each) for each in told].count(Refusal) == 1
    assert ClaimReply.objects.published().count() == 1
