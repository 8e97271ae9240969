"""The directory's numbers as charts, each with the table that says the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinics.domain import charts
from clinics.domain.category import PUBLIC_SLUGS
from clinics.published.insight import LEAST_CLINICS, READ_WITHIN, Insight
from clinics.published.sentences import labels


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its table: what it shows in a sentence, its heads and rows."""

    key: str
    title: str
    told: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    drawing: charts.Drawing

    @property
    def labelled_rows(self) -> list[list[tuple[str, str]]]:
        """The rows, each cell with its head."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


def _rate(number: int, of: int) -> str:
    """Per hundred clinics read, with one decimal; a dash where these are too few to tell a rate of."""
    return f"{100 * number / of:.1f}" if of >= LEAST_CLINICS else "–"


def _coverage(found: Insight) -> str:
    days = READ_WITHIN.days
    told = {"read": found.read, "listed": found.listed, "days": days}
    if found.read < LEAST_CLINICS:
        few = _("%(read)s of %(listed)s listed clinics were read in %(days)s days; rates are given from %(least)s on")
        return few % {**told, "least": LEAST_CLINICS}
    return _("%(read)s of %(listed)s listed clinics were read in the last %(days)s days; the rates are of these") % told


def _named(counts: Mapping[str, int], names: Mapping[str, str]) -> list[tuple[str, int]]:
    """Label and number of each, the most frequent first."""
    return sorted(((names.get(key, key), n) for key, n in counts.items()), key=lambda pair: (-pair[1], pair[0]))


def _bars(key: str, title: str, told: str, heads: tuple[str, str], counts: Sequence[tuple[str, int]]) -> Chart:
    drawing = charts.bars([n for _, n in counts], [f"{label}: {n:,}" for label, n in counts])
    return Chart(key, title, told, heads, tuple((label, str(n)) for label, n in counts), drawing)


def categories(found: Insight) -> Chart:
    """Clinics with a published statement of each category, per hundred clinics read."""
    slugs = {PUBLIC_SLUGS[category]: n for category, n in found.categories.items()}
    counts = _named(slugs, labels("claim_category"))
    rows = tuple((label, str(n), _rate(n, found.read)) for label, n in counts)
    title, heads = _("What clinics say, by category"), (_("what the statement is about"), _("clinics"))
    if found.read < LEAST_CLINICS:
        drawing = charts.bars([n for _, n in counts], [f"{label}: {n:,}" for label, n in counts])
    else:
        drawing = _shares([(label, n, found.read) for label, n in counts])
    return Chart("categories", title, _coverage(found), (*heads, _("of a hundred clinics read")), rows, drawing)


def _shares(counted: Sequence[tuple[str, int, int]]) -> charts.Drawing:
    """Bars of a label, a number of clinics, and of how many that is; the whole width is all of them."""
    labels = [f"{label}: {_rate(n, of)} %" for label, n, of in counted]
    return charts.bars([100 * n / of for _, n, of in counted], labels, top=100)


def states(found: Insight) -> Chart:
    """Clinics read, and those with a published statement, by state."""
    names = labels("state")
    found_in = {names.get(state, state): both for state, both in found.by_state.items()}
    rows = tuple((state, str(n), str(saying), _rate(saying, n)) for state, (n, saying) in found_in.items())
    drawing = _shares([(state, saying, n) for state, (n, saying) in found_in.items()])
    told = _("States with at least %(n)s clinics read; a rate of fewer says little") % {"n": LEAST_CLINICS}
    heads = (_("state"), _("clinics read"), _("with a published statement"), _("of a hundred"))
    return Chart("states", _("Clinics with a published statement, by state"), told, heads, rows, drawing)


def assessments(found: Insight) -> Chart:
    """Published statements by what is known of them."""
    told = _("One statement may have several")
    heads = (_("what is known"), _("statements"))
    return _bars(
        "assessments", _("What is known about statements"), told, heads, _named(found.assessments, labels("assessment"))
    )


def first_seen(found: Insight) -> Chart:
    """Published statements by the month in which we first saw them."""
    months = [date_format(month, "M Y") for month in found.months]
    numbers = list(found.months.values())
    told = _("The month in which we first saw the words, not that in which the clinic wrote them")
    rows = tuple((month, str(n)) for month, n in zip(reversed(months), reversed(numbers), strict=True))
    heads = (_("month"), _("statements"))
    drawing = charts.columns([numbers], months)
    return Chart("first-seen", _("First seen by us, by month"), told, heads, rows, drawing)


def presence(found: Insight) -> Chart:
    """Whether the words still stand where they stood."""
    names = {
        "exact": _("still on the page"),
        "changed": _("wording changed; being compared"),
        "absent": _("not found any more"),
        "unavailable": _("page not available"),
    }
    told = _("By our last readings; that words are gone says nothing about why")
    heads = (_("the published words"), _("statements"))
    return _bars("presence", _("Wording no longer found"), told, heads, _named(found.presence, names))


def outcomes(found: Insight) -> Chart:
    """Published look-ups by their result."""
    told = _("Each is of its date, and registers can lag")
    heads = (_("result"), _("look-ups"))
    return _bars(
        "outcomes", _("Credential look-ups"), told, heads, _named(found.outcomes, labels("credential_outcome"))
    )


def ages(found: Insight) -> Chart:
    """How long ago clinics were last read."""
    names = {
        "7": _("within 7 days"),
        "30": _("8 to 30 days ago"),
        "90": _("31 to 90 days ago"),
        "older": _("longer ago"),
        "never": _("not read yet"),
    }
    counts = [(names[age], n) for age, n in found.ages.items()]
    told = _("Any of a clinic's own pages, of %(n)s listed clinics") % {"n": found.listed}
    return _bars("freshness", _("When clinics were last read"), told, (_("last read"), _("clinics")), counts)


def actions(found: Insight) -> Chart:
    """Official documents by their kind."""
    told = _("Each document names its addressee, and nothing more follows from it here")
    heads = (_("kind"), _("documents"))
    return _bars(
        "official-documents", _("Official documents"), told, heads, _named(found.actions, labels("official_action"))
    )


def corrections(found: Insight) -> Chart:
    """What became of reports of errors, and what we withdrew."""
    names = {
        "changed": _("reported errors that we mended"),
        "stands": _("reports after which the page stands"),
        "outside": _("reports that we cannot settle"),
        "withdrawn": _("statements that we withdrew"),
    }
    counts = _named({**found.corrections, "withdrawn": found.withdrawn}, names)
    told = _("Our own mistakes, as two of us found")
    return _bars("corrections", _("Our corrections"), told, (_("what"), _("number")), counts)


CHARTS: Final[Mapping[str, Callable[[Insight], Chart]]] = {
    "categories": categories,
    "states": states,
    "assessments": assessments,
    "first-seen": first_seen,
    "presence": presence,
    "outcomes": outcomes,
    "freshness": ages,
    "official-documents": actions,
    "corrections": corrections,
}
