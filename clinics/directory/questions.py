"""Questions to ask a clinic: to print, and for one clinic filled with what its pages answer."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clinics.directory.answer import show, site_of
from clinics.directory.moved import moved
from clinics.published import questions
from clinics.published.clinics import clinic_in_full
from clinics.published.freshness import last_reading
from clinics.published.statements import shows_facts, status_of


@require_safe
def in_general(request: HttpRequest) -> HttpResponse:
    """The questions for any clinic, each with a line to write on."""
    return show(request, "questions", {"asked": questions.in_general(), "site": site_of(request)})


@require_safe
def of_clinic(request: HttpRequest, public_id: str) -> HttpResponse:
    """The questions with what is published of one clinic."""
    now = datetime.now(UTC)
    clinic = clinic_in_full(public_id, now.date())
    if clinic is None:
        return moved(request, "directory:clinic_questions", public_id)
    if not shows_facts(clinic):
        return show(request, "removed", {"clinic": clinic, "status": status_of(clinic)})
    context = {
        "clinic": clinic,
        "status": status_of(clinic),
        "asked": questions.of_clinic(clinic, now),
        "documents": questions.other_documents(clinic),
        "read": last_reading(clinic.last_read_at),
        "today": now.date(),
        "site": site_of(request),
    }
    return show(request, "questions", context)
