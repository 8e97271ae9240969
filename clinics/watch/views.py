"""Is it alive, is it ready, and how much is there to do."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from clinics.watch.measures import registry
from clinics.watch.readiness import faults


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, is migrated and prepared; otherwise 503, with what to do."""
    found = faults()
    if found:
        return JsonResponse({"status": "not ready", "faults": found}, status=503)
    return JsonResponse({"status": "ready"})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format, read from the database as it is now."""
    try:
        return HttpResponse(generate_latest(registry(timezone.now())), content_type=CONTENT_TYPE_LATEST)
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
