"""The work of the job `apply_rules`: stored texts meet the present rules."""

from collections.abc import Callable, Generator
from datetime import datetime

from clinics.models import Cause, Job
from clinics.operations import rechecking
from clinics.operations.stored_texts import newest_texts, speakers

CHUNK = 20  # texts in memory


def apply_rules(job: Job, clock: Callable[[], datetime]) -> Generator[None, None, None]:
    """Hold every stored text that still counts against the present rules, for each clinic whose words it holds."""
    reclassified, texts = int(job.result.get("reclassified", 0)), newest_texts()
    job.total, job.message = max(texts.count(), job.done), _told(job.done, reclassified)
    for snapshot in texts.filter(pk__gt=job.result.get("after", 0)).iterator(chunk_size=CHUNK):
        for clinic in speakers(snapshot):
            effects = rechecking.apply_snapshot(snapshot, clinic, Cause.RULE_CHANGED, clock())
            reclassified += len(effects.reclassified)
        job.done, job.total = job.done + 1, max(job.total, job.done + 1)
        job.result, job.message = {"after": snapshot.pk, "reclassified": reclassified}, _told(job.done, reclassified)
        yield


def _told(texts: int, reclassified: int) -> str:
    return f"{texts} texts read; {reclassified} wordings newly flagged or rated anew."
