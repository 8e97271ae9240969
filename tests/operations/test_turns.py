"""What is asked of a host, when, and what is remembered of its answers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.models import Check, Host, Page, PageState
from clinics.operations.recording import record_clinic, record_page
from clinics.operations.refusal import Refusal
from tests.operations.reading import MONDAY

HOME = "https://knees.example/"
CALM = "Our team has worked in this town for years."
NOT_MODIFIED = Answer(HOME, HOME, 304)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence_in_a_folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0


@pytest.fixture
def clinic():
    return record_clinic("Knee House", HOME, by=None, now=MONDAY)


@pytest.fixture
def page(clinic):
    return Page.objects.get()


def with_headers(site, final_url=HOME, **headers):
    answer = site.answers[HOME]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    site.answers[HOME] = replace(answer, final_url=final_url, headers={**answer.headers, **named})


def conditions(site, page):
    """What the next request for the page sends along."""
    asked = []
    site.before_each = asked.append
    site.answers[HOME] = NOT_MODIFIED
    site.read(page)
    [request] = asked
    return request.etag, request.last_modified, request.validated_url


def test_validators_go_with_the_address_that_gave_them(site, page):
    site.says(HOME, CALM)
    with_headers(site, final_url="https://www.knees.example/start", etag='"one"', last_modified="Mon, 02 Nov 2026")
    site.read(page)
    assert conditions(site, page) == ('"one"', "Mon, 02 Nov 2026", "https://www.knees.example/start")
    assert conditions(site, page) == ('"one"', "Mon, 02 Nov 2026", "https://www.knees.example/start")


def test_validators_of_an_older_text_are_forgotten(site, page):
    site.says(HOME, CALM)
    with_headers(site, etag='"one"', last_modified="Mon, 02 Nov 2026")
    site.read(page)
    site.says(HOME, CALM, "We have moved to Second Street.")
    site.read(page)
    assert conditions(site, page) == ("", "", "")


def test_a_validator_too_long_to_keep_is_not_kept_in_part(site, page):
    site.says(HOME, CALM)
    with_headers(site, etag='"' + "x" * 400 + '"')
    site.read(page)
    assert conditions(site, page)[0] == ""


def test_without_waits_a_failing_page_is_tried_as_soon_as_after_its_first_failure(site, page, clock):
    site.fails(HOME)
    for _ in range(5):
        site.read(page)
    state = PageState.objects.get()
    assert state.failures == 5
    assert state.due_at - clock.now < timedelta(hours=2)


def test_pages_that_no_answer_came_for_are_asked_again(site, page, clinic):
    about = record_page("https://hips.example/", by=None, now=MONDAY, clinic=clinic)
    site.says(HOME, CALM)
    site.says(about.url, CALM)
    whole = site.visit

    def out_of_time(visits, **more):
        whole(visits[:1], **more)

    site.visit = out_of_time
    assert {written.page for written in site.read(page, about)} == {page, about}
    assert Check.objects.count() == 2


@pytest.mark.parametrize(
    "url",
    [f"https://knees.example/{'é' * 700}", f"https://knees.example/?q={'/' * 900}", f"{HOME}{'x' * 2010}"],
    ids=["grows when escaped", "grows in its identity", "long as typed"],
)
def test_an_address_too_long_to_keep_is_refused_in_a_sentence(url):
    with pytest.raises(Refusal, match="longer than"):
        record_page(url, by=None, now=MONDAY)


def test_an_interval_beyond_a_year_is_refused(page):
    with pytest.raises(Refusal, match="once a year"):
        record_page(HOME, by=None, now=MONDAY, check_every=timedelta(days=3_000_000))
    page.check_every = timedelta(days=3_000_000)
    with pytest.raises(ValidationError, match="once_a_year"):
        page.full_clean()


def test_a_delay_beyond_an_hour_is_refused(page):
    page.host.delay_seconds = 1e12
    with pytest.raises(ValidationError, match="at_most_an_hour"):
        page.host.full_clean()


def test_a_page_that_turned_its_reader_away_keeps_its_validators(site, page):
    site.says(HOME, CALM)
    with_headers(site, etag='"one"')
    site.read(page)
    site.fails(HOME, Outcome.BLOCKED)
    site.read(page)
    assert conditions(site, page)[0] == '"one"'


@pytest.mark.parametrize(
    ("robots", "status", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 15", 200, 15),
        ("User-agent: *\nCrawl-delay: 9999", 200, 20),
        ("User-agent: *\nCrawl-delay: 0.5", 200, 2),
        ("User-agent: SomebodyElse\nCrawl-delay: 15", 200, 2),
        ("# no crawl-delay", 404, 2),
    ],
)
def test_between_two_turns_a_host_has_the_rest_that_its_robots_ask_for(
    site, page, clock, settings, robots, status, seconds
):
    settings.FETCH_HOST_DELAY = 2
    Host.objects.update(robots_text=robots, robots_status=status, robots_read_at=MONDAY)
    site.says(HOME, CALM)
    site.read_due()
    assert Host.objects.get().free_at - clock.now == timedelta(seconds=seconds)
