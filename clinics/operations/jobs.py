"""Long work that a person asked for. The web process writes the row; workers look for it every few seconds."""

from collections.abc import Callable, Generator
from contextlib import closing
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Job
from clinics.operations.answer_proof import read_token, send_code
from clinics.operations.applying import apply_rules
from clinics.operations.asking_registers import answer_look_up
from clinics.operations.import_jobs import check_import, write_import
from clinics.operations.job_lease import LEASE, SPELL, Clock, LostLease, Stopped
from clinics.operations.official_letters import draft_letters
from clinics.operations.refusal import Refusal
from clinics.operations.rehearsal import rehearse_rule

Work = Callable[[Job, Clock], Generator[None, None, None]]

PAUSE_EVERY: Final = 20  # texts or rows between two looks at the clock, the lease and the wish to cancel

UNITS: Final = {Job.Kind.CHECK_IMPORT.value: "steps", Job.Kind.DRAFT_LETTERS.value: "letters"}

# The work of each kind, a text at each step. After a step the job's `done`, `total`, `result` and `message` say all
# that another worker needs to go on from there. Work knows nothing of leases, and may refuse.
WORK: Final[dict[str, Work]] = {
    Job.Kind.APPLY_RULES: apply_rules,
    Job.Kind.REHEARSE_RULE: rehearse_rule,
    Job.Kind.CHECK_IMPORT: check_import,
    Job.Kind.WRITE_IMPORT: write_import,
    Job.Kind.LOOK_UP: answer_look_up,
    Job.Kind.DRAFT_LETTERS: draft_letters,
    Job.Kind.SEND_CODE: send_code,
    Job.Kind.READ_TOKEN: read_token,
}


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
        _spell(job, clock)
    except LostLease:
        return True
    except Stopped:
        _finish(job, Job.State.CANCELLED, clock(), "Stopped; nothing was written.")
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


def _spell(job: Job, clock: Clock) -> None:
    """Work on the job until it is done, cancelled, or handed on."""
    begun, told = clock(), job.done
    with closing(WORK[job.kind](job, clock)) as steps:
        for _ in steps:
            if job.done - told >= PAUSE_EVERY:
                told = job.done
                if not _goes_on(job, clock(), begun):
                    return
    _finish(job, Job.State.DONE, clock(), job.message)


def _goes_on(job: Job, now: datetime, begun: datetime) -> bool:
    """Record how far the job is; False where it was cancelled or is handed on. Raises LostLease."""
    job.refresh_from_db(fields=["cancel_asked_at"])
    if job.cancel_asked_at is not None:
        _finish(
            job, Job.State.CANCELLED, now, f"Stopped after {job.done} of {job.total} {UNITS.get(job.kind, 'texts')}."
        )
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
