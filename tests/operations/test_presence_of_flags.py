"""What readings, and our own changes, do to flags that are known already."""

import pytest

from clinics.domain.presence import Presence
from clinics.models import Cause, Flag, Page, PageState, QuotePresence, Sighting, Snapshot
from clinics.operations.rechecking import apply_snapshot
from clinics.operations.recording import record_clinic, record_page
from tests.build import a_published_claim
from tests.operations.reading import MONDAY, a_rule

HOME = "https://knees.example/"
ABOUT = "https://knees.example/about"
PROMISE = "We guarantee lasting relief for every knee."
CALM = "Our team has worked in this town for years."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence_in_a_folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0


@pytest.fixture
def rule():
    return a_rule("guarantee", r"\bguarantee\b")


@pytest.fixture
def clinic(rule):
    return record_clinic("Knee House", HOME, by=None, now=MONDAY)


@pytest.fixture
def page(clinic):
    return Page.objects.get()


@pytest.fixture
def about(page, clinic):
    return record_page(ABOUT, by=None, now=MONDAY, clinic=clinic)


def a_week_later(site, clock, *pages):
    """The effects on the one clinic, page by page."""
    clock.days(7)
    return [effects for written in site.read(*pages) for effects in written.effects.values()]


def change(rule):
    rule.version += 1
    rule.save()


def test_wording_that_left_one_of_two_pages_is_not_told_as_absent(site, clock, page, about):
    site.says(HOME, CALM, PROMISE)
    site.says(ABOUT, PROMISE)
    site.read(page, about)
    site.says(HOME, CALM)
    effects = [*a_week_later(site, clock, page), *a_week_later(site, clock, page)]
    assert Sighting.objects.get(page=page).presence == Presence.ABSENT
    assert Flag.objects.get().presence == Presence.PRESENT
    assert not any(each.absent for each in effects)


def test_absent_wording_that_turns_up_on_another_page_has_returned(site, clock, page, about):
    site.says(HOME, CALM, PROMISE)
    site.says(ABOUT, CALM)
    site.read(page, about)
    site.says(HOME, CALM)
    a_week_later(site, clock, page)
    a_week_later(site, clock, page)
    site.says(ABOUT, CALM, PROMISE)
    [effects] = a_week_later(site, clock, about)
    assert Flag.objects.get().presence == Presence.RETURNED
    assert ([wording for _, wording in effects.returned], effects.new) == ([PROMISE], [])


def test_a_rule_of_ours_does_not_bring_back_wording_of_a_page_that_is_gone(site, clock, page, rule, clinic):
    site.says(HOME, CALM, PROMISE)
    site.read(page)
    site.serves(HOME, "<h1>Not found</h1>", status=404)
    for _ in range(4):
        a_week_later(site, clock, page)
    assert Flag.objects.get().presence == Presence.UNAVAILABLE
    change(rule)
    apply_snapshot(Snapshot.objects.get(), clinic, Cause.RULE_CHANGED, clock.now)
    a_week_later(site, clock, page)
    assert Flag.objects.get().presence == Presence.UNAVAILABLE
    assert Sighting.objects.get().last_seen_at == MONDAY


def test_a_text_that_the_page_no_longer_says_is_not_applied_again(site, clock, page, clinic):
    site.says(HOME, CALM, PROMISE)
    site.read(page)
    old = Snapshot.objects.get()
    site.says(HOME, CALM)
    a_week_later(site, clock, page)
    a_week_later(site, clock, page)
    apply_snapshot(old, clinic, Cause.RULE_CHANGED, clock.now)
    assert Flag.objects.get().presence == Presence.ABSENT


def test_a_rule_that_came_while_the_wording_was_away_meets_it_when_it_is_back(site, clock, page, clinic):
    site.says(HOME, CALM, "Our cells are FDA approved.")
    site.read(page)
    site.says(HOME, CALM)
    a_week_later(site, clock, page)
    a_rule("approved", r"\bfda[- ]approved\b", severity=5, category="fda_approval")
    a_week_later(site, clock, page)
    site.says(HOME, CALM, "Our cells are FDA approved.")
    a_week_later(site, clock, page)
    assert Flag.objects.get().category == "fda_approval"


def test_wording_flagged_later_was_first_seen_when_its_text_was_read(site, clock, page):
    site.says(HOME, CALM, "Our cells are FDA approved.")
    site.read(page)
    a_rule("approved", r"\bfda[- ]approved\b", severity=5, category="fda_approval")
    a_week_later(site, clock, page)
    assert Sighting.objects.get().first_seen_at == MONDAY


def test_an_extractor_of_ours_is_never_told_as_a_return(site, clock, page):
    site.says(HOME, CALM, "We guarantee relief for only $4,900 today.")
    site.read(page)
    site.says(HOME, CALM, "We guarantee relief for only $5,300 today.")
    a_week_later(site, clock, page)
    PageState.objects.update(extractor_version="older")
    [effects] = a_week_later(site, clock, page)
    assert (effects.new, effects.returned, effects.absent) == ([], [], [])
    assert Flag.objects.get().presence == Presence.PRESENT


def test_a_quote_that_has_left_its_page_is_not_told_as_seen_there(site, clock, page, clinic):
    site.says(HOME, CALM, PROMISE)
    site.read(page)
    clinic.status, clinic.status_since = "listed", MONDAY.date()
    clinic.save()
    a_published_claim(clinic, PROMISE)
    PageState.objects.update(text_digest="")
    site.says(HOME, CALM)
    a_week_later(site, clock, page)
    assert QuotePresence.objects.get().last_exact_at == MONDAY
    a_week_later(site, clock, page)
    a_week_later(site, clock, page)
    quote = QuotePresence.objects.get()
    assert (quote.state, quote.last_exact_at) == (QuotePresence.State.ABSENT, MONDAY)
