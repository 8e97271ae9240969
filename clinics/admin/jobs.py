"""Long work that a person asked for: how far it is, and a way to stop it."""

from django.contrib import admin

from clinics.admin.desk import ReadOnlyAdmin
from clinics.admin.steps import Step
from clinics.models import Job
from clinics.operations import jobs

CANCEL = Step(
    name="cancel",
    label="Cancel this job",
    perform=lambda job, answers, by, now: jobs.cancel(job, by=by, now=now),
    offered=lambda job: job.state in (Job.State.QUEUED, Job.State.RUNNING) and job.cancel_asked_at is None,
    done="The job will stop at its next pause.",
    permission="clinics.change_job",
)


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["kind", "state", "progress", "requested_by", "requested_at", "finished_at", "message"]
    list_filter = ["state", "kind"]
    list_select_related = ["requested_by"]
    steps = [CANCEL]
    fields = [
        "kind",
        "state",
        "progress",
        "message",
        "result",
        "parameters",
        "requested_by",
        "requested_at",
        "cancel_asked_at",
        "finished_at",
    ]
    readonly_fields = fields

    @admin.display(description="progress")
    def progress(self, job: Job) -> str:
        """Done of total, where the total is known."""
        return f"{job.done} of {job.total}" if job.total else "–"
