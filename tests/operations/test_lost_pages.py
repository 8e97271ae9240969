"""What a host says for an address that cannot exist is not taken for one of its pages."""

from dataclasses import replace

import pytest

from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.models import Check, Flag, Host, Page
from clinics.operations.lost_pages import ASKED_AGAIN, LOST
from clinics.operations.recording import record_clinic, record_page
from tests.operations.reading import MONDAY, Site, a_rule

HOME = "https://knees.example/"
KNEE = "https://knees.example/knee"
MENU = ["Knee", "Hip", "Prices"]
SORRY = "Have a look around; we guarantee that you will like it."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0


@pytest.fixture
def site(clock):
    """A site that answers every address with the same page."""
    made = Site(clock)
    made.says(HOME, *MENU, SORRY)
    made.says(KNEE, *MENU, SORRY)
    made.for_anything = lambda url: replace(made.answers[HOME], url=url, final_url=url)
    return made


@pytest.fixture
def clinic():
    a_rule("guarantee", r"\bguarantee\b")
    return record_clinic("Knee House", HOME, by=None, now=MONDAY)


@pytest.fixture
def knee(clinic):
    return record_page(KNEE, by=None, now=MONDAY, clinic=clinic)


def outcome(site: Site, page: Page) -> str:
    (written,) = site.read(page)
    return written.outcome


def test_a_page_that_says_what_the_host_says_for_any_address_is_not_found(site, knee):
    assert outcome(site, knee) == Outcome.SOFT_404
    assert Check.objects.get(page=knee).reason == LOST
    assert not Flag.objects.exists()


def test_a_page_that_says_something_of_its_own_is_read(site, knee):
    site.says(KNEE, *MENU, "Our doctors look at your knee.", SORRY)
    assert outcome(site, knee) == Outcome.OK


@pytest.mark.parametrize(
    ("own", "expected"),
    [("We know nothing of /knee here.", Outcome.SOFT_404), ("We know a lot of knees here.", Outcome.OK)],
)
def test_the_address_itself_in_one_sentence_is_nothing_of_its_own(site, knee, own, expected):
    site.says(KNEE, *MENU, SORRY, own)
    assert outcome(site, knee) == expected


def test_a_home_page_that_is_shown_for_every_address_is_read(site, clinic):
    assert outcome(site, clinic.website) == Outcome.OK


def test_a_host_that_says_not_found_is_believed(site, knee):
    site.for_anything = lambda url: replace(site.answers[HOME], url=url, final_url=url, status=404)
    assert outcome(site, knee) == Outcome.OK


def test_a_host_that_leads_strangers_home_is_believed(site, knee):
    site.for_anything = lambda url: replace(site.answers[HOME], url=url, final_url=HOME)
    assert outcome(site, knee) == Outcome.OK


def test_a_host_is_asked_once_and_again_after_a_time(site, knee, clock):
    asked = []
    answer = site.for_anything
    site.for_anything = lambda url: asked.append(url) or answer(url)
    site.read(knee)
    site.read(knee)
    assert len(asked) == 1
    assert asked[0].startswith("https://knees.example/")
    clock.now += ASKED_AGAIN
    site.read(knee)
    assert len(set(asked)) == 2


def test_a_host_that_did_not_answer_is_asked_again_next_time(site, knee):
    site.for_anything = lambda url: Answer(url, url, trouble=Outcome.ERROR, reason="Reset.")
    site.read(knee)
    assert Host.objects.get(name="knees.example").lost_asked_at is None


def test_a_page_that_was_read_before_stays_what_it_is_while_it_is_unchanged(site, knee):
    site.for_anything = lambda url: Answer(url, url, 404)
    assert outcome(site, knee) == Outcome.OK
    Host.objects.update(lost_asked_at=None)
    site.for_anything = lambda url: replace(site.answers[HOME], url=url, final_url=url)
    assert outcome(site, knee) == Outcome.UNCHANGED
