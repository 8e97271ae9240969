"""Long work that a person asked for. The web process writes the row; workers look for it every few seconds."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from clinics.models import Cause, Clinic, Job, PageState, PageUse, Snapshot
from clinics.operations import rechecking
from clinics.operations.refusal import Refusal

Clock = Callable[[], datetime]

LEASE: Final = timedelta(seconds=300)  # longer than the workers' hard limit
SPELL: Final = timedelta(seconds=150)  # after which a worker hands the job on, well before its soft limit
PAUSE_EVERY: Final = 20  # texts between two looks at the clock, the lease and the wish to cancel


class LostLease(Exception):
    """Another worker has the job by now."""


def ask(kind: str, parameters: dict[str, Any], *, by: User | None) -> Job:
    """The job that does this: the one that already waits, or a new one. Raises Refusal for an unknown kind."""
    if kind not in Job.Kind.values:
        raise Refusal(f"There is no work called “{kind}”.")
    waiting = Job.objects.filter(kind=kind, parameters=parameters, state=Job.State.QUEUED, cancel_asked_at=None)
    return waiting.first() or Job.objects.create(kind=kind, parameters=parameters, requested_by=by)


@transaction.atomic
def cancel(job: Job, *, by: User | None, now: datetime) -> None:
    """Stop the job: at once if nobody works on it, else at its worker's next pause. Raises Refusal if it is over."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    if row.state not in (Job.State.QUEUED, Job.State.RUNNING):
        raise Refusal(f"This job is over: it is {row.get_state_display()}.")
    row.cancel_asked_at = row.cancel_asked_at or now
    if row.state == Job.State.QUEUED:
        row.state, row.finished_at = Job.State.CANCELLED, now
    row.save(update_fields=["cancel_asked_at", "state", "finished_at"])
    job.refresh_from_db()


def work_one(clock: Clock, worker_token: UUID) -> bool:
    """Take the job that waits longest and work on it for a spell; whether there was one.

    A job that is longer than a spell goes on where it stopped, with this worker or another.
    """
    job = _take(clock(), worker_token)
    if job is None:
        return False
    try:
        _apply_rules(job, clock)
    except LostLease:
        return True
    except Refusal as refusal:
        _finish(job, Job.State.FAILED, clock(), str(refusal))
    return True


@transaction.atomic
def _take(now: datetime, token: UUID) -> Job | None:
    waiting = Job.objects.waiting(now).select_for_update(skip_locked=True, of=("self",))
    job = waiting.order_by("requested_at", "pk").first()
    if job is not None:
        job.state, job.lease_token, job.leased_until = Job.State.RUNNING, token, now + LEASE
        job.save(update_fields=["state", "lease_token", "leased_until"])
    return job


def _apply_rules(job: Job, clock: Clock) -> None:
    """Hold every stored text that still counts against the present rules, for each clinic whose words it holds."""
    begun, reclassified = clock(), int(job.result.get("reclassified", 0))
    texts = _newest_texts()
    job.total = max(texts.count(), job.done)
    for snapshot in texts.filter(pk__gt=job.result.get("after", 0)).iterator(chunk_size=PAUSE_EVERY):
        for clinic in _speakers(snapshot):
            effects = rechecking.apply_snapshot(snapshot, clinic, Cause.RULE_CHANGED, clock())
            reclassified += len(effects.reclassified)
        job.done, job.total = job.done + 1, max(job.total, job.done + 1)
        job.result = {"after": snapshot.pk, "reclassified": reclassified}
        if job.done % PAUSE_EVERY == 0 and not _goes_on(job, clock(), begun):
            return
    _finish(
        job, Job.State.DONE, clock(), f"{job.done} texts read; {reclassified} wordings newly flagged or rated anew."
    )


def _newest_texts() -> QuerySet[Snapshot]:
    """The last text of each page, and all that was captured by hand."""
    newest = Q(pk__in=PageState.objects.filter(snapshot__isnull=False).values("snapshot"))
    texts = Snapshot.objects.filter(newest | Q(origin=Snapshot.Origin.HAND))
    return texts.select_related("page", "clinic").order_by("pk")


def _speakers(snapshot: Snapshot) -> Iterator[Clinic]:
    """The clinics whose own words a text holds."""
    if snapshot.clinic is not None:
        yield snapshot.clinic
    elif snapshot.page is not None:
        purpose = PageUse.Purpose.CLINIC_PAGE
        uses = PageUse.objects.filter(page=snapshot.page, purpose=purpose).select_related("clinic")
        yield from (use.clinic for use in uses.order_by("clinic_id"))


def _goes_on(job: Job, now: datetime, begun: datetime) -> bool:
    """Record how far the job is; False where it was cancelled or is handed on. Raises LostLease."""
    job.refresh_from_db(fields=["cancel_asked_at"])
    if job.cancel_asked_at is not None:
        _finish(job, Job.State.CANCELLED, now, f"Stopped after {job.done} of {job.total} texts.")
        return False
    if now - begun >= SPELL:
        _write(job, state=Job.State.QUEUED, lease_token=None, leased_until=None)
        return False
    _write(job, leased_until=now + LEASE)
    return True


def _finish(job: Job, state: str, now: datetime, message: str) -> None:
    _write(job, state=state, finished_at=now, message=message[:300], lease_token=None, leased_until=None)


def _write(job: Job, **changes: Any) -> None:
    """Write progress and `changes`, as long as the lease is ours. Raises LostLease."""
    mine = Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=Job.State.RUNNING)
    if not mine.update(done=job.done, total=job.total, result=job.result, **changes):
        raise LostLease(f"job {job.pk}")
