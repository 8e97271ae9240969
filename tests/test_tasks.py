"""The scheduler's tasks: each is woken by somebody, and none has to wait for another one's luck."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from clinics import tasks
from clinics.evidence.store import EvidenceFault
from clinics.models import Correction
from clinics.operations import correction_cases, corrections, retention
from tests.build import a_user
from tracker.celery import app

WOKEN_BY_TICK = {"clinics.tasks.recheck", "clinics.tasks.work_by_browser"}


def a_case_closed(days):
    then = timezone.now() - timedelta(days=days)
    report = corrections.Report(uuid4(), "error", "The date is wrong.", contact="ana@mail.example")
    case = corrections.receive(report, network="203.0.113.7", now=then)
    facts = {"outcome": "stands", "reason": "Seen.", "public_note": "It stands."}
    correction_cases.decide(case, **facts, by=a_user("ada"), now=then)
    correction_cases.confirm(case, by=a_user("eve"), now=then)
    return case


def all_that_is_scheduled_to_remove():
    """Run the scheduled tasks that remove something; those that failed."""
    failed = []
    for entry in ("retention", "visitors"):
        try:
            app.tasks[app.conf.beat_schedule[entry]["task"]].run()
        except EvidenceFault:
            failed.append(entry)
    return failed


@pytest.fixture
def unreachable_evidence(monkeypatch):
    def fail(now):
        raise EvidenceFault("The bucket does not answer.")

    monkeypatch.setattr(retention, "prune", fail)


@pytest.mark.django_db
def test_what_visitors_wrote_is_removed_though_the_evidence_cannot_be_reached(unreachable_evidence):
    old, young = a_case_closed(days=91), a_case_closed(days=89)
    assert all_that_is_scheduled_to_remove() == ["retention"]
    kept = dict(Correction.objects.values_list("pk", "contact"))
    assert kept == {old.pk: "", young.pk: "ana@mail.example"}


def test_every_task_is_woken_by_the_scheduler_or_by_its_tick():
    scheduled = [entry["task"] for entry in app.conf.beat_schedule.values()]
    ours = {task.name for task in vars(tasks).values() if getattr(task, "name", "").startswith("clinics.tasks.")}
    assert sorted(ours - WOKEN_BY_TICK) == sorted(scheduled)
