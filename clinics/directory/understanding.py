"""Pages that explain: what words mean, what is approved, how to read evidence, where to ask."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clinics.directory.answer import show
from clinics.published import understanding
from clinics.published.sentences import labels

KINDS, ROWS = "approved_product", "approved_product_row"  # what a table, and each of its rows, is called


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every page that explains something, each in a sentence."""
    return show(request, "understand_index", {"links": understanding.links()})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page, with the day of its review, its sources, and the rows that it shows."""
    found = understanding.page_of(slug, datetime.now(UTC).date())
    if found is None:
        raise Http404
    context: dict[str, Any] = {"page": found, "links": understanding.links()}
    shown = {section.rows for section in found.sections}
    if understanding.PRODUCTS in shown:
        names, heads = labels(KINDS), labels(ROWS)
        context["products"] = [(names[kind], heads[kind], rows) for kind, rows in understanding.approved_products()]
    if understanding.STATES in shown:
        context["regimes"] = understanding.state_regimes()
    return show(request, "understand_page", context)
