"""The page of figures: charts of the desk's work, each with its table beside it and its data as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinics.admin.downloads import download
from clinics.domain import charts
from clinics.operations.figures import MOST_RULES, WEEKS, Figures, figures


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its table: what it shows in a sentence, its series, and the rows."""

    key: str
    title: str
    told: str
    series: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    drawing: charts.Drawing

    @property
    def csv_url(self) -> str:
        """Where its rows are had as a file."""
        return reverse("desk_figures_data", args=[self.key])


def _weekly(found: Figures, key: str, title: str, series: Sequence[str]) -> Chart:
    values = [[getattr(week, name) for week in found.weeks] for name in series]
    total = sum(map(sum, values))
    busiest = max(found.weeks, key=lambda week: sum(getattr(week, name) for name in series))
    told = f"{total:,} in {WEEKS} weeks"
    if total:
        most = sum(getattr(busiest, name) for name in series)
        told += f", most ({most:,}) in the week from {busiest.monday:%Y-%m-%d}"
    rows = tuple((_day(week.monday), *(f"{getattr(week, name)}" for name in series)) for week in reversed(found.weeks))
    drawing = charts.columns(values, _labels(found))
    return Chart(key, title, told, tuple(series), ("week from", *series), rows, drawing)


def raised(found: Figures) -> Chart:
    """Flags raised by week."""
    return _weekly(found, "raised", "Flags raised by week", ["raised"])


def decided(found: Figures) -> Chart:
    """Decisions by week."""
    return _weekly(found, "decided", "Decisions by week", ["confirmed", "dismissed", "deferred"])


def states(found: Figures) -> Chart:
    """Flags by state."""
    return _counted("states", "Flags by state, today", "state", found.states)


def kinds(found: Figures) -> Chart:
    """Decisions by kind."""
    return _counted("kinds", f"Decisions by kind, the last {WEEKS} weeks", "decision", found.kinds)


def _counted(key: str, title: str, head: str, counts: Sequence[tuple[str, int]]) -> Chart:
    rows = tuple((label, str(number)) for label, number in counts)
    most = max(counts, key=lambda count: count[1])
    told = f"{sum(number for _, number in counts):,} in all" + (f", most often {most[0]}" if most[1] else "")
    drawing = charts.bars([number for _, number in counts], [f"{label}: {number:,}" for label, number in counts])
    return Chart(key, title, told, (), (head, "number"), rows, drawing)


def times(found: Figures) -> Chart:
    """How long flags waited for their decision, by the week of the decision."""
    values = [[week.median for week in found.weeks], [week.ninetieth for week in found.weeks]]
    rows = tuple(
        (_day(week.monday), _number(week.median), _number(week.ninetieth), str(week.timed))
        for week in reversed(found.weeks)
    )
    last = next((week for week in reversed(found.weeks) if week.timed), None)
    told = "Nothing was decided"
    if last:
        told = (
            f"In the week from {_day(last.monday)} half were decided within {_in_days(last.median)}, "
            f"nine of ten within {_in_days(last.ninetieth)}"
        )
    heads = ("week from", "median, days", "90th percentile, days", "decisions")
    drawing = charts.lines(values, _labels(found))
    return Chart("times", "Time to decision", told, ("median", "90th percentile"), heads, rows, drawing)


def precision(found: Figures) -> Chart:
    """How often each rule's flags were confirmed, with the interval in which the true share lies."""
    rows = tuple(
        (key, f"{each.precision:.2f}", f"{each.interval.lower:.2f}", f"{each.interval.upper:.2f}", str(each.n))
        for key, each in found.rules
    )
    told = f"{len(rows)} rules with decisions, the least precise first"
    if len(rows) == MOST_RULES:
        told = f"The {MOST_RULES} rules with most decisions, the least precise first"
    drawing = charts.spans(
        [(each.interval.lower, each.precision or 0, each.interval.upper) for _, each in found.rules],
        [f"{key}: {each.precision:.2f}, n {each.n}" for key, each in found.rules],
    )
    heads = ("rule", "precision", "lower end (95 %)", "upper end (95 %)", "decisions")
    return Chart("precision", "Precision by rule", told, (), heads, rows, drawing)


CHARTS: dict[str, Callable[[Figures], Chart]] = {
    "raised": raised,
    "decided": decided,
    "states": states,
    "kinds": kinds,
    "times": times,
    "precision": precision,
}


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """All charts."""
    found = _found(request)
    context = {
        **admin.site.each_context(request),
        "title": "Figures",
        "charts": [draw(found) for draw in CHARTS.values()],
        "width": charts.WIDTH,
    }
    return TemplateResponse(request, "admin/clinics/figures.html", context)


@require_safe
def figures_data(request: HttpRequest, key: str) -> HttpResponseBase:
    """The rows of one chart as CSV."""
    found = _found(request)
    if key not in CHARTS:
        raise Http404
    chart = CHARTS[key](found)
    name = f"{key}-{timezone.now():%Y-%m-%d}"
    return download(request, [chart.heads, *chart.rows], name=name, form="csv", back=reverse("desk_figures"))


def _found(request: HttpRequest) -> Figures:
    if not request.user.has_perm("clinics.view_flag"):
        raise PermissionDenied
    return figures(timezone.now())


def _labels(found: Figures) -> list[str]:
    return [f"{week.monday:%d %b}" for week in found.weeks]


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _number(days: float | None) -> str:
    return "" if days is None else f"{days:.1f}"


def _in_days(days: float | None) -> str:
    return f"{days:.1f} days" if days and days >= 0.1 else "some two hours"
