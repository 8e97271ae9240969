"""What a stranger's page says must never stop a worker, whatever characters and however many sentences it has."""

import json

import pytest

from clinics.domain.outcome import Outcome
from clinics.models import Flag, Page
from clinics.operations.recording import record_clinic
from tests.operations.reading import MONDAY, Clock, Site, a_rule

HOME = "https://knees.example/"
MANY = 1200

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence_in_a_folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0


@pytest.fixture
def site():
    return Site(Clock())


@pytest.fixture
def page():
    a_rule("guarantee", r"\bguarantee\b")
    record_clinic("Knee House", HOME, by=None, now=MONDAY)
    return Page.objects.get()


@pytest.mark.parametrize("character", ["\x00", "\ud800"], ids=["NUL", "half a pair"])
def test_characters_that_cannot_be_stored_are_read_as_unknown_ones(site, page, character):
    thing = {"name": f"Our {character} clinic", "description": f"We guarantee {character} relief for every knee."}
    script = f'<script type="application/ld+json">{json.dumps(thing)}</script>'
    calm = "<p>Our team has worked in this town for years, and the house stands open to visitors.</p>" * 5
    site.serves(HOME, f"<html><body>{calm}{script}</body></html>")
    [written] = site.read(page)
    assert written.outcome is Outcome.OK
    assert Flag.objects.get().sentence == "We guarantee \ufffd relief for every knee."


def test_a_page_of_thousands_of_claims_is_written_with_a_few_queries_for_each(
    site, page, django_assert_max_num_queries
):
    site.says(HOME, *(f"We guarantee relief to {_word(number)}." for number in range(MANY)))
    with django_assert_max_num_queries(5 * MANY + 100):
        site.read(page)
    assert Flag.objects.count() == MANY


def _word(number):
    return "".join(chr(ord("a") + int(digit)) * 2 for digit in str(number))
