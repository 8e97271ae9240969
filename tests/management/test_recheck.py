"""`manage.py recheck` reads a real local site and answers in JSON lines."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinics.models import Clinic, Page, PageUse
from clinics.operations.recording import place_location, record_clinic, record_page
from clinics.operations.regimes import load_shipped_regimes
from clinics.operations.rules import load_shipped_rules
from tests.stranger import Stranger

pytestmark = pytest.mark.django_db
HOME = "http://knees.test/"
CALM = "Our team has worked in this town for years."
PROMISE = "We guarantee results for every knee."


@pytest.fixture
def stranger(settings):
    with Stranger() as stranger:
        settings.FETCH_TEST_SERVERS = f"*.test=127.0.0.1:{stranger.port}"
        settings.FETCH_HOST_DELAY = 0
        yield stranger


@pytest.fixture
def clinic(stranger) -> Clinic:
    load_shipped_rules()
    return record_clinic("Knee House", HOME, by=None, now=timezone.now())


def recheck(*arguments: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("recheck", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_first_reading_then_a_change_then_nothing(stranger, clinic):
    stranger.says("knees.test", "/", f"<h1>Knee House</h1><p>{CALM}</p>")
    [first] = recheck("--due")
    assert (first["clinic"], first["outcome"], first["new_flags"]) == (clinic.public_id, "ok", [])

    stranger.says("knees.test", "/", f"<h1>Knee House</h1><p>{CALM}</p><p>{PROMISE}</p>")
    [changed] = recheck("--all")
    [flag] = changed["new_flags"]
    wanted = {"sentence": PROMISE, "category": "guarantee", "surface": "body", "cause": "page_changed"}
    assert wanted.items() <= flag.items()
    assert flag["rule"] in flag["rules"]

    [again] = recheck("--url", HOME)
    assert again["outcome"] == "unchanged"
    assert not any(again[name] for name in ("new_flags", "returned_flags", "absent_flags", "reclassified_flags"))
    assert recheck("--due") == []


def test_a_first_reading_says_that_it_is_one(stranger, clinic):
    stranger.says("knees.test", "/", f"<p>{PROMISE}</p>")
    [row] = recheck("--due")
    assert [flag["cause"] for flag in row["new_flags"]] == ["first_reading"]


def test_wording_that_is_gone_is_told_after_two_good_readings_and_a_failure_is_none(stranger, clinic):
    stranger.says("knees.test", "/", f"<p>{CALM}</p><p>{PROMISE}</p>")
    recheck("--all")
    stranger.says("knees.test", "/", f"<p>{CALM}</p>")
    assert [row["absent_flags"] for row in recheck("--all")] == [[]]
    stranger.hangs_up("knees.test", "/")
    assert [(row["outcome"], row["absent_flags"]) for row in recheck("--all")] == [("error", [])]
    stranger.says("knees.test", "/", f"<p>{CALM}</p>")
    [row] = recheck("--all")
    assert [flag["sentence"] for flag in row["absent_flags"]] == [PROMISE]


def test_a_page_that_is_no_clinics_own_has_no_clinic(stranger, clinic):
    record_page(
        "http://agency.test/letter", by=None, now=timezone.now(), clinic=clinic, purpose=PageUse.Purpose.EVIDENCE
    )
    stranger.says("agency.test", "/letter", f"<p>{PROMISE}</p>")
    [row] = recheck("--url", "http://agency.test/letter")
    assert (row["clinic"], row["outcome"], row["new_flags"]) == (None, "ok", [])


def test_a_missing_notice_is_told_by_its_rules_key_with_the_words_that_offer(stranger, clinic):
    load_shipped_regimes()
    place_location(clinic, state="FL")
    stranger.says("knees.test", "/", "<p>We offer stem cell therapy for knees.</p>")
    [row] = recheck("--all")
    [flag] = [flag for flag in row["new_flags"] if flag["category"] == "missing_notice"]
    assert (flag["sentence"], flag["rule"]) == ("missing_notice_fl", "missing_notice_fl")
    assert flag["evidence"] == "We offer stem cell therapy for knees."
    stranger.says(
        "knees.test", "/", "<p>We offer stem cell therapy for knees.</p><p>NOTICE: not approved by the FDA.</p>"
    )
    [row] = recheck("--all")
    assert [flag["sentence"] for flag in row["absent_flags"]] == ["missing_notice_fl"]


def test_pages_that_all_lead_to_another_host_of_the_site_are_read_in_one_turn(stranger, clinic, settings):
    settings.FETCH_HOST_DELAY = 0.3
    for path in ("/", "/knee", "/hip"):
        record_page(f"http://knees.test{path}", by=None, now=timezone.now(), clinic=clinic)
        stranger.redirects("knees.test", path, f"http://www.knees.test{path}")
        stranger.says("www.knees.test", path, f"<h1>Knee House</h1><p>{CALM} This is {path}.</p>")
    assert [row["outcome"] for row in recheck("--due")] == ["ok"] * 3


def test_robots_are_heard(stranger, clinic):
    stranger.robots("knees.test", "User-agent: *\nDisallow: /\n")
    [row] = recheck("--all")
    assert row["outcome"] == "robots_denied"
    assert row["reason"]


@pytest.mark.parametrize("url", ["https://nobody.example/", "http://127.0.0.1/", "ftp://knees.test/", "knees"])
def test_an_unrecorded_or_refused_address_is_said_and_nothing_is_read(clinic, url):
    with pytest.raises(CommandError):
        call_command("recheck", "--url", url)
    assert Page.objects.count() == 1
