"""A worker's hold on a job: for how long, how it is kept during one long transaction, and how it ends."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self

from django.db import connection

from clinics.models import Job

LEASE: Final = timedelta(seconds=300)  # kept anew at each pause and heartbeat, which are seconds apart
SPELL: Final = timedelta(seconds=150)  # after which a worker hands the job on, well before its soft limit
Clock = Callable[[], datetime]


class LostLease(Exception):
    """Another worker has the job by now."""


class Stopped(Exception):
    """Somebody cancelled the job while it was worked on."""


class Heartbeat:
    """Keeps the lease, tells progress and hears of a wish to cancel, while the work is one long transaction.

    It speaks over a connection of its own: what the work's transaction writes is seen by nobody until it ends.
    """

    def __init__(self, job: Job, clock: Clock) -> None:
        self._job, self._clock = job, clock
        self._own = connection.copy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._own.close()

    def beat(self) -> None:
        """Tell how far the job is. Raises LostLease, and Stopped where it was cancelled."""
        job = self._job
        with self._own.cursor() as cursor:
            cursor.execute(
                "UPDATE clinics_job SET done = %s, total = %s, leased_until = %s"
                " WHERE id = %s AND lease_token = %s AND state = 'running' RETURNING cancel_asked_at",
                [job.done, job.total, self._clock() + LEASE, job.pk, job.lease_token],
            )
            row = cursor.fetchone()
        _refuse(job, row)


def hold_to_the_end(job: Job) -> None:
    """Keep everybody else from the job until the transaction ends, as the last thing it does.

    Raises LostLease, and Stopped where the job was cancelled, so that the transaction's work is undone.
    """
    mine = Job.objects.select_for_update().filter(pk=job.pk, lease_token=job.lease_token, state=Job.State.RUNNING)
    _refuse(job, mine.values_list("cancel_asked_at").first())


def _refuse(job: Job, row: tuple[datetime | None] | None) -> None:
    if row is None:
        raise LostLease(f"job {job.pk}")
    if row[0] is not None:
        raise Stopped(f"job {job.pk}")
