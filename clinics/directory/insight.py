"""The whole directory in charts, each with its table and its data as a file."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from clinics.directory.answer import show
from clinics.directory.exports import as_file
from clinics.published.insight import insight
from clinics.published.insight_charts import CHARTS
from clinics.published.spreadsheet import csv_pieces


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every chart."""
    found = insight(datetime.now(UTC))
    return show(request, "insight", {"charts": [draw(found) for draw in CHARTS.values()], "width": 320})


@require_safe
def data(request: HttpRequest, key: str) -> HttpResponseBase:
    """The table of one chart as CSV."""
    if key not in CHARTS:
        raise Http404
    chart = CHARTS[key](insight(datetime.now(UTC)))
    return as_file(csv_pieces([chart.heads, *chart.rows]), f"{key}.csv", "text/csv; charset=utf-8")
