"""Answers to patients' questions at the desk: recorded on the clinic's page, refused with the reason, published."""

from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django import Settings

from clinics.models import Question
from clinics.operations.questions import publish_answer
from tests.admin.conftest import SignedIn
from tests.build import ANSWER, NOW, a_clinic, a_listed_clinic, a_snapshot, a_user, an_answer, not_stated

ADD = "admin:clinics_question_add"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


def change(answer: Question) -> str:
    return reverse("admin:clinics_question_change", args=[answer.pk])


def step(answer: Question, name: str) -> str:
    return reverse("admin:clinics_question_step", args=[answer.pk, name])


def typed(clinic: object, **more: str) -> dict[str, str]:
    """A form as it is sent."""
    facts = {"clinic": str(clinic.pk), "key": "laboratory", "finding": "stated", "language": "en"}  # type: ignore[attr-defined]
    return facts | {"quote": "", "page_url": "", "capture": "", "looked_on": "", "notes": ""} | more


def test_the_clinics_page_shows_answers_and_the_questions_without_one(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    answer = an_answer(clinic)
    page = signed_in("recorder").get(reverse("admin:clinics_clinic_change", args=[clinic.pk])).content.decode()
    assert change(answer) in page
    assert "Questions without an answer: 13" in page
    assert f"{reverse(ADD)}?clinic={clinic.pk}&amp;key=price" in page
    assert f"{reverse(ADD)}?clinic={clinic.pk}&amp;key=laboratory" not in page


def test_a_link_from_there_fills_the_form(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    page = signed_in("recorder").get(f"{reverse(ADD)}?clinic={clinic.pk}&key=price").content.decode()
    assert '<option value="price" selected>' in page
    assert f'<option value="{clinic.pk}" selected>' in page


def test_a_quote_is_recorded_as_a_draft(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    a_snapshot(clinic.website, ANSWER)
    sent = signed_in("recorder").post(reverse(ADD), typed(clinic, quote=ANSWER, page_url=clinic.website.url))
    assert sent.status_code == 302
    answer = Question.objects.get()
    assert (answer.state, answer.quote, answer.recorded_by.username) == ("draft", ANSWER, "recorder")


def test_that_nothing_is_stated_is_recorded_with_its_day(signed_in: SignedIn) -> None:
    sent = typed(a_clinic(), finding="not_stated", looked_on="2026-11-02")
    assert signed_in("recorder").post(reverse(ADD), sent).status_code == 302
    assert Question.objects.get().looked_on == NOW.date()


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"quote": "Not there."}, "copy them from its text"),
        ({"page_url": ""}, "Say where the words stand"),
        ({"finding": "not_stated", "quote": "", "page_url": ""}, "Give the day on which you looked"),
        ({"key": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_recorded_comes_back_with_all_that_was_typed(
    signed_in: SignedIn, more: dict[str, str], reason: str
) -> None:
    clinic = a_clinic()
    a_snapshot(clinic.website, ANSWER)
    facts = typed(clinic, **({"quote": ANSWER, "page_url": clinic.website.url, "notes": "Kept."} | more))
    page = signed_in("recorder").post(reverse(ADD), facts).content.decode()
    assert reason in page
    assert "Kept." in page
    assert not Question.objects.exists()


def test_a_draft_is_changed_where_only_a_note_is_typed(signed_in: SignedIn) -> None:
    answer = an_answer()
    client = signed_in("reviewer")
    page = client.get(change(answer))
    assert page.status_code == 200
    form = page.context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    hidden = {f"initial-{name}": form[name].value() or "" for name in form.fields}
    assert client.post(change(answer), {**sent, **hidden, "notes": "Ask again."}).status_code == 302
    answer.refresh_from_db()
    assert (answer.notes, answer.quote, answer.recorded_by.username) == ("Ask again.", ANSWER, "recorder")


def test_a_publisher_publishes_and_withdraws(signed_in: SignedIn) -> None:
    answer = an_answer(a_listed_clinic())
    assert signed_in("recorder").post(step(answer, "publish")).status_code == 403
    client = signed_in("publisher")
    assert client.post(step(answer, "publish")).status_code == 302
    answer.refresh_from_db()
    assert (answer.state, answer.published_by.username) == ("published", "publisher")
    page = client.get(change(answer)).content.decode()
    assert "published" in page
    assert 'name="quote"' not in page
    assert client.post(step(answer, "withdraw"), {"reason": "Of another house."}).status_code == 302
    answer.refresh_from_db()
    assert (answer.state, answer.ended_because) == ("withdrawn", "Of another house.")
    assert client.get(change(answer)).status_code == 200


def test_a_patients_name_is_refused_at_the_step(signed_in: SignedIn) -> None:
    answer = an_answer(quote="My name is Rosa Diaz and I am well.")
    page = signed_in("publisher").post(step(answer, "publish")).content.decode()
    assert "Rosa Diaz" in page
    answer.refresh_from_db()
    assert answer.state == "draft"


def test_the_list_is_found_by_clinic_and_state(signed_in: SignedIn) -> None:
    publish_answer(not_stated(a_listed_clinic("Hip House")), by=a_user("second"), now=NOW)
    an_answer(a_clinic())
    client = signed_in("auditor")
    found = client.get(reverse("admin:clinics_question_changelist"), {"state__exact": "published", "q": "Hip"})
    assert found.context["cl"].result_count == 1
