"""Pictures at first sighting and at decision: wanted once, taken once, never altered."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from clinics.domain.outcome import Outcome
from clinics.models import Check, Flag, Host, Screenshot, Snapshot
from clinics.operations import browsing, triage
from clinics.operations.keeping import evidence_store
from clinics.operations.picture_taking import take_wanted
from clinics.operations.pictures import picture
from clinics.operations.recording import record_clinic, set_by_browser
from clinics.operations.refusal import Refusal
from tests.build import a_user
from tests.operations.reading import MONDAY, a_rule
from tests.operations.test_browsing import BY_BROWSER, CALM, HOME, PICTURE, PROMISE, BrowsedSite

FIRST, DECIDED = Screenshot.Occasion.FIRST_SIGHTING, Screenshot.Occasion.DECISION

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def browser(settings):
    settings.FETCH_HOST_DELAY = 0
    settings.BROWSER_ENABLED = True


@pytest.fixture
def site(clock):
    return BrowsedSite(clock)


@pytest.fixture
def page():
    a_rule("guarantee", r"\bguarantee\b")
    return record_clinic("Knee House", HOME, by=None, now=MONDAY).website


@pytest.fixture
def flag(site, page):
    """Raised by a reading without a browser, so that its picture is wanted."""
    site.says(HOME, *CALM, PROMISE)
    site.read_due()
    return Flag.objects.get()


def take(site):
    return take_wanted(site.clock, BY_BROWSER, visit=site.visit)


def test_a_first_sighting_by_a_browser_has_its_picture_at_once(site, page):
    set_by_browser(page, True, now=MONDAY)
    site.says(HOME, *CALM, PROMISE)
    site.read_by_browser()
    row = Screenshot.objects.get()
    assert (row.flag, row.page, row.occasion) == (Flag.objects.get(), page, FIRST)
    assert (row.taken_at, row.carries_wording) == (MONDAY, True)
    assert picture(row.image) == PICTURE
    assert Snapshot.objects.get().picture == row.image


def test_a_first_sighting_without_a_browser_has_its_picture_taken_soon(site, clock, flag):
    assert browsing.browser_batches_due(MONDAY) == 1
    clock.days(1 / 24)
    assert take(site) == 1
    row = Screenshot.objects.get()
    assert (row.wanted_at, row.taken_at, row.carries_wording) == (MONDAY, clock(), True)
    assert picture(row.image) == PICTURE
    assert (take(site), browsing.browser_batches_due(clock())) == (0, 0)


def test_a_picture_of_a_page_that_has_changed_says_so(site, clock, flag):
    site.says(HOME, *CALM)
    clock.days(1)
    assert take(site) == 1
    assert Screenshot.objects.get().carries_wording is False


def test_taking_a_picture_is_no_reading(site, clock, flag):
    site.says(HOME, *CALM)
    clock.days(1)
    checks = Check.objects.count()
    take(site)
    flag.refresh_from_db()
    assert (Check.objects.count(), flag.presence, Snapshot.objects.count()) == (checks, "present", 1)


def test_a_wording_seen_again_wants_no_second_picture(site, clock, flag):
    clock.days(7)
    site.says(HOME, *CALM, PROMISE, "A new sentence about our house.")
    site.read_due()
    assert Screenshot.objects.count() == 1


def test_where_no_browser_is_enabled_none_is_wanted(site, page, settings):
    settings.BROWSER_ENABLED = False
    site.says(HOME, *CALM, PROMISE)
    site.read_due()
    triage.confirm(Flag.objects.get(), reason="They say so.", by=a_user(), now=MONDAY)
    assert Screenshot.objects.count() == 0


@pytest.mark.parametrize(
    ("decide", "wanted"),
    [
        (lambda flag, **who: triage.confirm(flag, **who), True),
        (lambda flag, **who: triage.dismiss(flag, dismissed_as="trivial", **who), True),
        (lambda flag, **who: triage.defer(flag, until=MONDAY + timedelta(days=30), **who), False),
    ],
)
def test_a_decision_wants_its_picture(site, clock, flag, decide, wanted):
    clock.days(1)
    decide(flag, reason="So it is.", by=a_user(), now=clock())
    rows = Screenshot.objects.filter(occasion=DECIDED)
    assert [row.decision.reason for row in rows] == (["So it is."] if wanted else [])
    take(site)
    assert all(row.taken_at == clock() and row.carries_wording for row in rows.all())


def test_a_decision_on_a_wording_that_is_gone_wants_none(site, clock, flag):
    site.says(HOME, *CALM)
    for _ in range(2):
        clock.days(7)
        site.read_due()
    flag.refresh_from_db()
    triage.dismiss(flag, dismissed_as="trivial", reason="Gone.", by=a_user(), now=clock())
    assert not Screenshot.objects.filter(occasion=DECIDED).exists()


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.ROBOTS_DENIED, Outcome.BLOCKED])
def test_a_page_that_cannot_be_shown_is_given_up_after_three_tries(site, clock, flag, outcome):
    site.fails(HOME, outcome)
    for _ in range(5):
        assert take(site) == 0
    row = Screenshot.objects.get()
    assert (row.tries, row.taken_at, row.reason) == (3, None, "The connection was reset.")


def test_a_page_is_not_opened_again_and_again_while_no_picture_can_be_kept(site, flag, settings, tmp_path):
    asked = len(site.asked)
    (tmp_path / "full").write_text("")
    settings.EVIDENCE_FOLDER = tmp_path / "full"  # no folder, so that nothing is kept
    for _ in range(5):
        assert take(site) == 0
    row = Screenshot.objects.get()
    assert (len(site.asked) - asked, row.tries, row.taken_at) == (3, 3, None)
    assert "could not be" in row.reason


def test_a_host_that_is_busy_costs_no_try(site, flag):
    site.fails(HOME, Outcome.BUSY)
    take(site)
    assert Screenshot.objects.get().tries == 0


def test_a_picture_is_not_taken_weeks_later(site, clock, flag):
    clock.days(8)
    assert take(site) == 0


def test_a_host_whose_turn_it_is_not_is_left_alone(site, clock, flag):
    Host.objects.update(lease_token="0" * 32, leased_until=clock() + timedelta(minutes=5))
    assert take(site) == 0
    assert site.asked == [HOME]


def test_a_taken_picture_is_neither_changed_nor_removed(site, clock, flag):
    take(site)
    for change in (
        lambda: Screenshot.objects.update(image="0" * 64),
        lambda: Screenshot.objects.update(carries_wording=False),
        lambda: Screenshot.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
            change()


def test_a_wanted_picture_is_not_removed(flag):
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        Screenshot.objects.all().delete()


def test_an_altered_picture_is_not_shown(site, settings, flag):
    take(site)
    digest = Screenshot.objects.get().image
    for file in settings.EVIDENCE_FOLDER.rglob(f"{digest}*"):
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(Refusal, match="altered"):
        picture(digest)


def test_what_is_no_picture_is_not_shown_as_one(flag):
    with pytest.raises(Refusal, match="no picture"):
        picture(evidence_store().put(b"<script>alert(1)</script>"))
