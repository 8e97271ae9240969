"""Long work that a person asked for: how far it is, and a way to stop it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from clinics.admin.desk import ReadOnlyAdmin
from clinics.admin.rehearsals import rehearsal_facts
from clinics.admin.steps import Step
from clinics.models import Job
from clinics.operations import jobs

SHOWN_OTHERWISE = (Job.Kind.REHEARSE_RULE, Job.Kind.DRAFT_LETTERS)

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

    def get_fields(self, request: HttpRequest, obj: Job | None = None) -> list[str]:
        """A rehearsal's facts are shown as tables, a list of letters by its number; neither as it is stored."""
        as_stored = ("result", "parameters") if obj and obj.kind in SHOWN_OTHERWISE else ()
        return [name for name in self.fields if name not in as_stored]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with how far the job is, and what a rehearsal came to."""
        job = kwargs.get("obj")
        if job is not None:
            context["at_work"] = job.state in (Job.State.QUEUED, Job.State.RUNNING)
            context["rehearsal"] = rehearsal_facts(job) if job.kind == Job.Kind.REHEARSE_RULE else None
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description="progress")
    def progress(self, job: Job) -> str:
        """Done of total, where the total is known."""
        return f"{job.done} of {job.total}" if job.total else "–"
