import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from clinics.models import Flag, Job
from clinics.operations import jobs
from clinics.operations.capturing import capture_text
from clinics.operations.refusal import Refusal
from tests.build import NOW, PROMISE, a_clinic, a_page, a_rule, a_snapshot, a_user, later

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that goes on by itself each time somebody looks at it."""

    def __init__(self, step=0):
        self.now, self.step = NOW, timedelta(seconds=step)

    def __call__(self):
        self.now += self.step
        return self.now


def ask():
    return jobs.ask(Job.Kind.APPLY_RULES, {}, by=a_user())


def work(step=0):
    return jobs.work_one(Clock(step), uuid4())


def texts(number):
    """A clinic with this many pages whose stored texts no rule has met."""
    clinic = a_clinic()
    for place in range(number):
        page = a_page(clinic, f"https://knees.example/{place}")
        a_snapshot(page, f"We guarantee result {'abcdefghijklmnopqrstuvwxyz'[place]} for every knee.")
    return clinic


def test_a_job_waits_as_a_row_and_is_asked_for_once():
    assert ask() == ask()
    assert Job.objects.get().state == "queued"
    with pytest.raises(Refusal, match="no work"):
        jobs.ask("tidy_up", {}, by=a_user())


def test_every_kind_of_job_has_its_work():
    assert set(jobs.WORK) == set(Job.Kind.values)


def test_without_a_job_there_is_nothing_to_do():
    assert work() is False


def test_stored_texts_meet_the_present_rules_as_a_change_of_ours():
    clinic = texts(1)
    a_rule()
    ask()
    assert work() is True
    job = Job.objects.get()
    assert (job.state, job.done, job.total, job.finished_at) == ("done", 1, 1, NOW)
    assert [(flag.clinic, flag.cause) for flag in Flag.objects.all()] == [(clinic, "rule_changed")]
    assert work() is False


def test_a_second_run_changes_no_flag():
    texts(2)
    a_rule()
    for _ in range(2):
        ask()
        work()
    assert (Job.objects.filter(state="done").count(), Flag.objects.count()) == (2, 2)


def test_pages_that_only_prove_something_are_left_alone_and_captures_are_not(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path
    clinic, letter = a_clinic(), a_page(url="https://agency.example/letter")
    letter.uses.create(clinic=clinic, purpose="evidence")
    a_snapshot(letter, PROMISE)
    words = "We guarantee what we print."
    capture_text(clinic, words, described_as="Leaflet", seen_on=NOW.date(), by=a_user(), now=NOW)
    a_rule()
    ask()
    work()
    assert [flag.sentence for flag in Flag.objects.all()] == [words]


def test_a_long_job_is_handed_on_and_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(jobs, "PAUSE_EVERY", 2)
    texts(5)
    a_rule()
    ask()
    work(step=100)
    job = Job.objects.get()
    assert (job.state, job.done, job.lease_token) == ("queued", 2, None)
    work()
    job.refresh_from_db()
    assert (job.state, job.done, job.total, Flag.objects.count()) == ("done", 5, 5, 5)


def test_a_queued_job_is_cancelled_at_once():
    job = ask()
    jobs.cancel(job, by=a_user(), now=NOW)
    assert (job.state, job.finished_at, work()) == ("cancelled", NOW, False)
    with pytest.raises(Refusal, match="over"):
        jobs.cancel(job, by=a_user(), now=NOW)


def test_a_running_job_stops_at_its_next_pause(monkeypatch):
    monkeypatch.setattr(jobs, "PAUSE_EVERY", 2)
    texts(5)
    job = ask()

    def clock():
        Job.objects.filter(state="running").update(cancel_asked_at=NOW)
        return NOW

    jobs.work_one(clock, uuid4())
    job.refresh_from_db()
    assert (job.state, job.done) == ("cancelled", 2)


def test_a_dead_workers_job_passes_to_another_when_its_lease_has_run_out():
    texts(1)
    job = ask()
    Job.objects.update(state="running", lease_token=uuid4(), leased_until=later(minutes=5))
    assert work() is False
    assert jobs.work_one(lambda: later(minutes=6), uuid4()) is True
    job.refresh_from_db()
    assert job.state == "done"


def test_a_worker_that_lost_its_lease_writes_nothing_more(monkeypatch):
    monkeypatch.setattr(jobs, "PAUSE_EVERY", 2)
    texts(5)
    job, other = ask(), uuid4()

    def clock():
        Job.objects.filter(state="running").update(lease_token=other)
        return NOW

    assert jobs.work_one(clock, uuid4()) is True
    job.refresh_from_db()
    assert (job.state, job.lease_token, job.done) == ("running", other, 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_job():
    ask()
    start, taken = threading.Barrier(2), []

    def run():
        start.wait()
        try:
            taken.append(jobs._take(NOW, uuid4()))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(job is None for job in taken) == [False, True]
