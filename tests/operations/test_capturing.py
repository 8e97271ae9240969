from datetime import timedelta

import pytest

from clinics.models import Flag, Snapshot
from clinics.operations import capturing
from clinics.operations.keeping import evidence_store
from clinics.operations.refusal import Refusal
from tests.build import NOW, PROMISE, a_clinic, a_page, a_rule, a_user

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture(autouse=True)
def evidence_in_a_folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path
    a_rule()


def facts(**more):
    return {"described_as": "Brochure", "seen_on": NOW.date(), "by": a_user(), "now": NOW, **more}


def capture(text=PROMISE, clinic=None, **more):
    return capturing.capture_text(clinic or a_clinic(), text, **facts(**more))


def capture_file(name, data, clinic=None, **more):
    return capturing.capture_file(clinic or a_clinic(), name, data, **facts(**more))


def test_pasted_words_are_kept_with_who_saw_them_and_when_and_are_flagged():
    snapshot = capture()
    assert (snapshot.origin, snapshot.captured_by, snapshot.seen_on) == ("hand", a_user(), NOW.date())
    assert evidence_store().get(snapshot.body) == PROMISE.encode()
    flag = Flag.objects.get()
    assert (flag.sentence, flag.clinic, flag.sightings.get().page) == (PROMISE, snapshot.clinic, None)


def test_a_wall_page_keeps_the_address_it_was_seen_at():
    clinic = a_clinic()
    assert capture(clinic=clinic, page=clinic.website).page == clinic.website
    assert Flag.objects.get().sightings.get().page is None


def test_a_capture_is_called_by_the_day_on_which_it_was_seen():
    day = NOW.date() - timedelta(days=7)
    assert str(capture(seen_on=day)).endswith(f" {day}")


def test_harmless_words_are_kept_and_raise_nothing():
    capture("We are open on Mondays.")
    assert (Snapshot.objects.count(), Flag.objects.count()) == (1, 0)


def test_the_same_words_of_the_same_day_are_kept_once_and_of_another_day_again():
    clinic = a_clinic()
    assert capture(clinic=clinic) == capture(clinic=clinic)
    capture(clinic=clinic, seen_on=NOW.date() - timedelta(days=1))
    assert (Snapshot.objects.count(), Flag.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("text", "more", "because"),
    [
        ("  ", {}, "missing"),
        (PROMISE, {"described_as": " "}, "missing"),
        (PROMISE, {"seen_on": NOW.date() + timedelta(days=1)}, "not come yet"),
        (PROMISE, {"seen_on": NOW.date().replace(year=1026)}, "is the year right"),
    ],
)
def test_a_capture_without_words_name_or_possible_day_is_refused(text, more, because):
    with pytest.raises(Refusal, match=because):
        capture(text, **more)
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", f"<html><body><p>{PROMISE}</p></body></html>".encode()),
        ("post.txt", PROMISE.encode()),
        ("post.txt", PROMISE.encode("utf-16")),
        ("post", PROMISE.encode()),
    ],
)
def test_files_of_text_are_read(name, data):
    snapshot = capture_file(name, data)
    assert [flag.sentence for flag in Flag.objects.all()] == [PROMISE]
    assert evidence_store().get(snapshot.body) == data


def test_an_image_is_kept_together_with_its_typed_words():
    with pytest.raises(Refusal, match="type them"):
        capture_file("post.png", PNG)
    snapshot = capture_file("post.png", PNG, typed=PROMISE)
    assert snapshot.content_type == "image/png"
    assert evidence_store().get(snapshot.body) == PNG
    assert Flag.objects.get().sentence == PROMISE


def test_a_pdf_that_cannot_be_read_needs_its_words_typed():
    with pytest.raises(Refusal, match="Type its words"):
        capture_file("slides.pdf", b"%PDF-1.7 broken")
    assert capture_file("slides.pdf", b"%PDF-1.7 broken", typed=PROMISE).content_type == "application/pdf"


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (b"", "empty"),
        (b"x" * 5_000_001, "5 MB"),
        (b"PK\x03\x04 a spreadsheet", "not a page of text"),
        (b"\x7fELF\x00", "not a page of text"),
        (b"<html><body></body></html>", "script|text|empty"),
    ],
)
def test_a_file_without_words_is_refused(data, because):
    with pytest.raises(Refusal, match=because):
        capture_file("page.html", data)
    assert not Snapshot.objects.exists()


def test_words_typed_beside_a_page_are_read_as_well():
    html = b"<html><body><p>We are open on Mondays.</p></body></html>"
    capture_file("page.html", html, typed=PROMISE)
    assert Flag.objects.get().sentence == PROMISE


def test_a_capture_of_one_clinic_flags_no_other():
    other = a_clinic("Hip House")
    a_page(other)
    capture()
    assert not Flag.objects.filter(clinic=other).exists()
