"""Celery's doors. Messages carry nothing: what is to be done stands in the database."""

from uuid import uuid4

from celery import shared_task
from django.utils import timezone

from clinics.operations import (
    action_publication,
    answer_proof,
    browsing,
    clock_jumps,
    clusters,
    corrections,
    digests_due,
    dumping,
    jobs,
    months,
    publication,
    queue_order,
    rechecking,
    retention,
    sealing,
    search_documents,
    stamping,
    store_room,
)

BROWSER_QUEUE = "browser"
# Seconds. A job is handed on long before; recording a file of clinics is one transaction of up to 15 minutes.
JOB_SOFT_LIMIT, JOB_HARD_LIMIT = 1000, 1060


@shared_task
def tick() -> None:
    """Wake as many workers as there is due work; the browser's worker listens to a queue of its own."""
    now = timezone.now()
    for _ in range(rechecking.batches_due(now)):
        recheck.apply_async(expires=300)
    for _ in range(browsing.browser_batches_due(now)):
        work_by_browser.apply_async(expires=60, queue=BROWSER_QUEUE)


@shared_task
def recheck() -> None:
    """Read one batch of due pages."""
    rechecking.recheck_due(timezone.now)


@shared_task
def work_by_browser() -> None:
    """Read due pages that need a browser, or take pictures that are wanted."""
    browsing.work_by_browser(timezone.now)


@shared_task(soft_time_limit=JOB_SOFT_LIMIT, time_limit=JOB_HARD_LIMIT)
def work_jobs() -> None:
    """Work on one Job that a person asked for, if there is one."""
    jobs.work_one(timezone.now, uuid4())


@shared_task
def publish_due() -> None:
    """Put before the public what was signed a while ago and not taken back."""
    publication.publish_due(timezone.now())
    action_publication.publish_due_actions(timezone.now())


@shared_task
def follow_calendar() -> None:
    """Let the directory's search know who came to a clinic or left it today."""
    search_documents.follow_calendar(timezone.now())


@shared_task
def order_queue() -> None:
    """Let the queue follow what people decided on each rule's flags."""
    queue_order.order_queue(timezone.now())


@shared_task
def count_wordings() -> None:
    """Count the wordings that wait on several clinics."""
    clusters.count_wordings(timezone.now())


@shared_task(soft_time_limit=JOB_SOFT_LIMIT, time_limit=JOB_HARD_LIMIT)
def make_dump() -> None:
    """Write everything public into one file."""
    dumping.make_dump(timezone.now())


@shared_task
def recover_from_clock_jump() -> None:
    """Bring back what a clock that was ahead has put off."""
    clock_jumps.recover_from_clock_jump(timezone.now())


@shared_task
def prepare_months() -> None:
    """Make the coming months' partitions of the checks."""
    months.prepare_months(timezone.now())


@shared_task
def seal_days() -> None:
    """Seal every day that has ended, and have the newest seal time-stamped where an authority is named."""
    sealing.seal_days(timezone.now())
    stamping.stamp_newest_seal()


@shared_task
def prune_evidence() -> None:
    """Remove proof that need not be kept any longer."""
    retention.prune(timezone.now())


@shared_task
def forget_visitors() -> None:
    """End the answers that nobody proved, and remove what visitors wrote about cases that ended long ago.

    Apart from evidence, whose store may be out of reach: what visitors were promised does not wait for it.
    """
    answer_proof.expire_unproved(timezone.now())
    corrections.forget(timezone.now())


@shared_task
def measure_store() -> None:
    """Set down how much room the evidence store takes."""
    store_room.measure(timezone.now())


@shared_task
def send_digests() -> None:
    """Mail what people wish to be told and have not been."""
    digests_due.send_due(timezone.now)
