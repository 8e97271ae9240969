import threading
from datetime import timedelta

import pytest
from django.db import connection

from clinics.models import Clinic, Flag, Host, Page, PageState, PageUse
from clinics.operations import recording
from clinics.operations.refusal import Refusal
from tests.build import NOW, PROMISE, a_clinic, a_page, a_rule, a_snapshot, a_user, later

pytestmark = pytest.mark.django_db

HOME = "https://knees.example/"


def record(url=HOME, **more):
    return recording.record_page(url, by=None, now=NOW, **more)


def test_a_new_page_is_due_now_and_remembers_what_was_typed_and_by_whom():
    page = recording.record_page("  https://Knees.example/About#team ", by=a_user("ada"), now=NOW)
    assert (page.url, page.typed.strip()) == ("https://knees.example/About", "https://Knees.example/About#team")
    assert (page.state.due_at, page.created_by.username, page.host.name) == (NOW, "ada", "knees.example")


@pytest.mark.parametrize(
    "again",
    [
        "http://knees.example",
        "https://www.knees.example/",
        "https://KNEES.example:443/#top",
        "https://knees.example/?utm_source=post",
    ],
)
def test_an_address_typed_otherwise_is_the_same_page(again):
    assert record(again) == record(HOME)
    assert (Page.objects.count(), PageState.objects.count()) == (1, 1)


def test_another_path_is_another_page_of_the_same_host():
    assert record("https://knees.example/prices") != record(HOME)
    assert Host.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "because"),
    [
        ("", "No address"),
        ("knees.example", "http:// or https://"),
        ("ftp://knees.example/", "not read"),
        ("https://ada:secret@knees.example/", "password"),
        ("http://127.0.0.1/", "public internet"),
        ("http://169.254.169.254/latest/meta-data/", "public internet"),
        ("http://10.1.2.3/", "public internet"),
        ("http://localhost/", "network"),
        ("http://intranet.local/", "private networks"),
        ("https://knees.example:22/", "Port 22"),
    ],
)
def test_an_address_that_is_not_visited_is_refused_with_the_reason(url, because):
    with pytest.raises(Refusal, match=because):
        record(url)
    assert not Page.objects.exists()
    assert not Host.objects.exists()


def test_a_test_server_may_be_recorded_at_its_port_and_nobody_else(settings):
    settings.FETCH_TEST_SERVERS = "*.test=127.0.0.1:8123"
    assert record("http://knees.test:9000/").host.name == "knees.test"
    with pytest.raises(Refusal, match="Port 9000"):
        record("http://knees.example:9000/")


@pytest.mark.parametrize(("pause", "allowed"), [(timedelta(seconds=1), True), (timedelta(milliseconds=999), False)])
def test_a_page_is_read_at_most_once_a_second(pause, allowed):
    if allowed:
        assert record(check_every=pause).check_every == pause
    else:
        with pytest.raises(Refusal, match="once a second"):
            record(check_every=pause)


def test_recording_again_keeps_the_pause_unless_another_is_given():
    record(check_every=timedelta(days=1))
    assert record().check_every == timedelta(days=1)
    assert record(check_every=timedelta(days=2)).check_every == timedelta(days=2)


def test_a_page_is_used_once_for_each_clinic_and_purpose():
    clinic, other = a_clinic("Knee House"), a_clinic("Hip House")
    for _ in range(2):
        record("https://shared.example/", clinic=clinic)
        record("https://shared.example/", clinic=other)
        page = record("https://shared.example/", clinic=clinic, purpose=PageUse.Purpose.EVIDENCE)
    assert page.uses.count() == 3


@pytest.mark.parametrize(("purpose", "flags"), [("clinic_page", 1), ("evidence", 0), ("registry", 0), ("other", 0)])
def test_what_a_page_already_said_is_flagged_for_a_clinic_whose_own_page_it_is(purpose, flags):
    a_rule()
    page = a_page(url="https://shared.example/")
    a_snapshot(page, PROMISE)
    clinic = a_clinic()
    for _ in range(2):
        record("https://shared.example/", clinic=clinic, purpose=purpose)
    assert [flag.cause for flag in Flag.objects.filter(clinic=clinic)] == ["first_reading"] * flags


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_clinic_needs_a_name_that_fits(name):
    with pytest.raises(Refusal):
        recording.record_clinic(name, HOME, by=None, now=NOW)
    assert not Clinic.objects.exists()


def test_a_clinic_is_recorded_as_a_draft_with_its_website_as_its_own_page():
    clinic = recording.record_clinic("Knee House", HOME, by=None, now=NOW, languages=["en", "es"])
    assert (clinic.status, clinic.website.url, clinic.languages) == ("draft", HOME, ["en", "es"])
    assert clinic.page_uses.get().purpose == "clinic_page"


def test_a_clinic_with_a_bad_address_is_not_recorded_at_all():
    with pytest.raises(Refusal, match="public internet"):
        recording.record_clinic("Knee House", "http://192.168.1.1/", by=None, now=NOW)
    assert not Clinic.objects.exists()


def test_a_website_taken_away_stays_a_page_of_the_clinic():
    clinic = a_clinic()
    recording.set_website(clinic, "", by=None, now=NOW)
    assert clinic.website is None
    assert clinic.page_uses.count() == 1


def test_reading_again_makes_the_clinics_pages_due_and_no_others():
    clinic, other = a_clinic("Knee House"), a_clinic("Hip House")
    PageState.objects.update(due_at=later(days=7))
    assert recording.read_again(clinic, by=None, now=NOW) == 1
    assert PageState.objects.get(page=clinic.website).due_at == NOW
    assert PageState.objects.get(page=other.website).due_at == later(days=7)
    other.page_uses.all().delete()
    with pytest.raises(Refusal, match="No page"):
        recording.read_again(other, by=None, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_the_same_address_recorded_at_once_is_one_page_with_one_use():
    clinic, start, ids = a_clinic(), threading.Barrier(4), []

    def record_it(url):
        start.wait()
        try:
            ids.append(recording.record_page(url, by=None, now=NOW, clinic=clinic).pk)
        finally:
            connection.close()

    urls = ["https://new.example/a", "http://new.example/a/", "https://www.new.example/a", "https://new.example/a#b"]
    threads = [threading.Thread(target=record_it, args=[url]) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1
    assert PageUse.objects.filter(page_id=ids[0]).count() == 1
    assert PageState.objects.filter(page_id=ids[0]).count() == 1
