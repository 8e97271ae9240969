"""A clock that jumps ahead and back leaves no page unread, no flag doubled and none lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from clinics.domain.presence import Presence
from clinics.models import Cause, Check, Flag, Host, Job, PageState
from clinics.operations.clock_jumps import Recovered, recover_from_clock_jump
from clinics.operations.jobs import work_one
from clinics.operations.months import prepare_months
from clinics.operations.recording import record_clinic
from tests.operations.reading import MONDAY, Site, a_rule

pytestmark = pytest.mark.django_db

URLS = [f"https://c{number}.example/" for number in range(3)]
PROMISE = "We guarantee that every knee will heal."
NOTHING = Recovered(0, 0, 0)


@pytest.fixture(autouse=True)
def evidence_in_a_folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


@pytest.fixture
def site(clock):
    a_rule("guarantee_rule", r"\bguarantee\b")
    site = Site(clock)
    for number, url in enumerate(URLS):
        site.says(url, PROMISE)
        record_clinic(f"Clinic {number}", url, by=None, now=MONDAY)
    return site


@pytest.mark.parametrize("days", [0.5, 30, 4000])
def test_a_clock_that_was_ahead_for_one_reading_delays_no_page(site, clock, days):
    site.read_due()
    clock.days(days)
    PageState.objects.update(due_at=clock())
    assert len(site.read_due()) == len(URLS)
    clock.days(-days)
    assert recover_from_clock_jump(clock()).pages == len(URLS)
    Host.objects.update(free_at=clock())
    assert len(site.read_due()) == len(URLS)
    assert recover_from_clock_jump(clock()) == NOTHING
    assert Flag.objects.count() == len(URLS)
    assert set(Flag.objects.values_list("presence", "cause")) == {(Presence.PRESENT, Cause.FIRST_READING)}
    assert Check.objects.count() == 3 * len(URLS)


def test_a_lease_that_a_dead_worker_took_in_the_future_ends(site, clock):
    Host.objects.update(lease_token=uuid4(), leased_until=clock() + timedelta(days=400))
    assert site.read_due() == []
    assert recover_from_clock_jump(clock()) == Recovered(0, len(URLS), 0)
    assert len(site.read_due()) == len(URLS)


def test_a_rest_longer_than_any_server_may_ask_for_ends(site, clock):
    Host.objects.update(free_at=clock() + timedelta(days=40))
    assert site.read_due() == []
    assert recover_from_clock_jump(clock()).hosts == len(URLS)
    assert len(site.read_due()) == len(URLS)


def test_a_job_whose_worker_died_in_the_future_is_taken_up_again(clock):
    lease = {"lease_token": uuid4(), "leased_until": clock() + timedelta(days=9)}
    job = Job.objects.create(kind="apply_rules", state="running", **lease)
    assert not work_one(clock, uuid4())
    assert recover_from_clock_jump(clock()).jobs == 1
    assert work_one(clock, uuid4())
    job.refresh_from_db()
    assert job.state == "done"


def test_what_any_rule_allows_is_left_alone(site, clock):
    site.read_due()
    PageState.objects.update(due_at=clock() + timedelta(days=366 * 4))
    Host.objects.update(lease_token=uuid4(), leased_until=clock() + timedelta(seconds=300))
    assert recover_from_clock_jump(clock()) == NOTHING
    Host.objects.update(lease_token=None, leased_until=None, free_at=clock() + timedelta(days=30))
    assert recover_from_clock_jump(clock()) == NOTHING


def test_a_clock_that_jumps_ahead_for_good_reads_on_and_keeps_its_checks_by_month(site, clock):
    site.read_due()
    clock.days(700)
    assert len(site.read_due()) == len(URLS)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")  # as if the reading had been committed
    assert len(prepare_months(clock())) >= 3
    assert Check.objects.filter(started_at__gte=clock()).count() == len(URLS)
    assert Flag.objects.count() == len(URLS)


def test_a_clock_that_jumps_back_reads_what_is_due_then_and_takes_no_wording_for_gone(site, clock):
    site.read_due()
    clock.days(-2)
    recover_from_clock_jump(clock())
    Host.objects.update(free_at=clock())
    assert len(site.read_due()) == len(URLS)
    assert set(Flag.objects.values_list("presence", flat=True)) == {Presence.PRESENT}
