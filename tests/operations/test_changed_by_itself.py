"""A page that differs in dates, counters, codes or the order of its sentences says nothing new."""

from datetime import timedelta

import pytest

from clinics.domain.outcome import Outcome
from clinics.models import Cause, Clinic, Flag, PageState, QuotePresence, Snapshot
from clinics.operations.recording import record_clinic
from tests.build import a_published_claim
from tests.operations.reading import MONDAY, a_rule

pytestmark = pytest.mark.django_db

URL = "https://willow.example/knee"
STEADY = ("The door is open on weekdays.", "The lift takes you to the second floor.", "Tea is served at noon.")


@pytest.fixture(autouse=True)
def evidence_in_a_folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


@pytest.fixture
def page(db):
    a_rule("guarantee_rule", r"\bguarantee\b")
    website = record_clinic("Willow Bank", URL, by=None, now=MONDAY).website
    assert website is not None
    return website


def read(site, page, *paragraphs):
    site.says(URL, *paragraphs)
    (written,) = site.read(page)
    site.clock.days(7)
    return written


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Today is Monday, 2 November 2026.", *STEADY), ("Today is Monday, 9 November 2026.", *STEADY)),
        (STEADY, STEADY[::-1]),
        (STEADY, (*STEADY, STEADY[0])),
        (("You are visitor number 12.", *STEADY), (*STEADY, "You are visitor number 19.")),
        (("Request reference: 9f8a7c66b1d2e3f4", *STEADY), ("Request reference: 00aa7c66b1d2e3f4", *STEADY)),
    ],
    ids=["date", "order", "repeat", "counter", "token"],
)
def test_what_changes_by_itself_is_read_and_makes_no_new_text(site, page, first, second):
    read(site, page, *first)
    at = site.clock.now
    written = read(site, page, *second)
    assert (written.outcome, "Only dates" in written.reason) == (Outcome.UNCHANGED, True)
    assert PageState.objects.get(page=page).last_read_at == at
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(
    "second",
    [
        (*STEADY, "Knees are welcome."),
        STEADY[:2],
        ("The door is open on Sundays.", *STEADY[1:]),
        ("A first visit costs $95.", *STEADY),
    ],
    ids=["more", "less", "other", "price"],
)
def test_what_somebody_wrote_makes_a_new_text(site, page, second):
    read(site, page, *STEADY)
    assert read(site, page, *second).outcome is Outcome.OK
    assert Snapshot.objects.count() == 2


def test_a_flagged_wording_is_compared_to_the_letter(site, page):
    offer = "We guarantee results to visitor number {}."
    read(site, page, offer.format(12), *STEADY)
    assert read(site, page, offer.format(19), *STEADY).outcome is Outcome.OK
    flag = Flag.objects.get()
    assert (flag.sentence, flag.cause) == (offer.format(19), Cause.FIRST_READING)
    assert [variant.sentence for variant in flag.variants.all()] == [offer.format(19)]


def test_a_published_quote_is_compared_to_the_letter(site, page):
    quote = "Our prices of May 2026 stand."
    read(site, page, quote, *STEADY)
    claim = a_published_claim(clinic=Clinic.objects.get(name="Willow Bank"), quote=quote)
    assert read(site, page, "Our prices of June 2026 stand.", *STEADY).outcome is Outcome.OK
    assert QuotePresence.objects.get(claim=claim).state == QuotePresence.State.CHANGED


def test_a_text_from_before_masks_is_read_once_as_a_new_one(site, page):
    read(site, page, *STEADY)
    PageState.objects.update(masked_digest="")
    assert read(site, page, *STEADY[::-1]).outcome is Outcome.OK
    assert read(site, page, *STEADY).outcome is Outcome.UNCHANGED


def test_a_page_that_never_changes_is_read_less_often_and_at_once_as_usual_after_a_change(site, page):
    page.check_slowest = timedelta(days=28)
    page.save()
    pauses = []
    for words in (*[STEADY] * 6, STEADY[:2]):
        read(site, page, *words)
        state = PageState.objects.select_related("page").get(page=page)
        assert abs(state.due_at - state.last_tried_at - state.interval) <= state.interval / 10
        pauses.append(state.interval.days)
    assert pauses == [7, 7, 7, 7, 14, 14, 7]


def test_since_when_attempts_end_as_they_do_is_kept(site, page):
    read(site, page, *STEADY)
    since = []
    for outcome in (Outcome.BLOCKED, Outcome.GONE, Outcome.GONE):
        site.fails(URL, outcome)
        site.read(page)
        since.append(PageState.objects.get(page=page).outcome_since)
        site.clock.days(7)
    assert since == [MONDAY + timedelta(days=7), MONDAY + timedelta(days=14), MONDAY + timedelta(days=14)]
