"""A page of the directory beside the bare SQL for its rows, a conventional page, and SQLite's FTS5.

    EMBEDDED_HOME=FOLDER python3 run.py manage migrate
    EMBEDDED_HOME=FOLDER python3 run.py manage seed --clinics 10000
    EMBEDDED_HOME=FOLDER python3 benchmarks/directory_search.py [--rounds 15] >> RESULTS.jsonl
    python3 benchmarks/directory_search.py --plot docs/directory_search.svg < RESULTS.jsonl

Over the database as it stands, all in this process, everybody in turns within each round. Words and three filters,
counts for the options of (at least) six facets, 25 rows:

- ours: the view, from the request to the page's bytes, FilterSet and template and all twenty facets included;
- bare SQL: one statement that finds the same 25 clinics and reads their names, by the words' index and EXISTS;
- conventional (`directory_conventional.py`): django-filter, ORM with prefetching, Django's template, six facets;
- FTS5: words, filters, count, 25 names and six facets from SQLite's, in memory, without FilterSet and template.

Pages without words, and those of quoted words, are ours alone, to see how they grow. One line of JSON for each;
milliseconds.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOUSE))
WITH_WORDS = (
    "q=cedar&state=TX&state=CA&origin=autologous&language=en",
    "q=knee&state=FL&state=NY&origin=autologous&language=en",
    "q=regenerative&state=PA&route=intravenous&route=intra_articular&language=en",
    "q=joint institute&state=TX&origin=allogeneic&language=en",
)
WITHOUT_WORDS = ("", "state=FL", "condition=knee_arthritis&route=intravenous&origin=autologous")
BROAD = ("q=knee", "q=regenerative")
QUOTED = ('q="cured of knee pain"', 'q="patient number"')  # of some, and of nearly all clinics


def main() -> None:
    """Print one line for each page, or draw what was printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--ours", action="store_true", help="ours alone")
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    if given.plot:
        plot(given.plot)
        return
    from benchmarks.database import as_it_stands

    with as_it_stands():
        measure(min(given.rounds, 200), alone=given.ours)


def measure(rounds: int, *, alone: bool) -> None:
    """All pages, each of them once a round; of ours `alone` or of everybody."""
    from django.test import RequestFactory

    from benchmarks import directory_conventional, directory_fts5
    from clinics.directory.views import search
    from clinics.models import SearchDocument
    from clinics.published import index

    began = time.perf_counter()
    index.current()
    loaded = (time.perf_counter() - began) * 1000
    clinics = SearchDocument.objects.filter(is_listed=True).count()
    print(json.dumps({"clinics": clinics, "page": "documents into memory", "ms": round(loaded)}), flush=True)

    def ours(query: str) -> int:
        return len(search(RequestFactory().get(f"/?{query}", headers={"host": "localhost"})).content)

    makers: dict[str, Callable[[str], Any]] = {"ours": ours}
    if not alone:
        makers["bare SQL"] = directory_conventional.bare_sql
        makers["conventional"] = directory_conventional.page
        makers["FTS5"] = directory_fts5.Directory().page
    _print_times(clinics, makers, WITH_WORDS, rounds)
    _print_times(clinics, {"ours": ours}, (*WITHOUT_WORDS, *BROAD, *QUOTED), rounds)


def _print_times(clinics: int, makers: dict[str, Callable[[str], Any]], queries: tuple[str, ...], rounds: int) -> None:
    times: dict[tuple[str, str], list[float]] = {}
    answers: dict[tuple[str, str], Any] = {}
    for query in queries:
        for name, make in makers.items():
            make(query)  # once for the caches of everybody
            times[name, query] = []
    for _ in range(rounds):
        for query in queries:
            for name, make in makers.items():
                began = time.perf_counter()
                answers[name, query] = make(query)
                times[name, query].append((time.perf_counter() - began) * 1000)
    for (name, query), took in times.items():
        print(json.dumps(_told(clinics, name, query, took) | {"answer": answers[name, query]}), flush=True)
    if len(makers) > 1:
        for name in makers:
            together = [one for query in queries for one in times[name, query]]
            print(json.dumps(_told(clinics, name, "all with words and three filters", together)), flush=True)


def _told(clinics: int, name: str, query: str, took: list[float]) -> dict[str, Any]:
    ordered = sorted(took)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    facts = {"clinics": clinics, "who": name, "page": query or "everything", "rounds": len(took)}
    return {**facts, "ms": round(statistics.median(took), 2), "p95": round(p95, 2), "lowest": round(ordered[0], 2)}


def plot(target: Path) -> None:
    """Draw the medians of pages with words and three filters over the number of clinics."""
    from benchmarks.plot import drawn

    rows = [json.loads(line) for line in sys.stdin]
    told = [row for row in rows if row["page"] == "all with words and three filters"]
    sizes = sorted({row["clinics"] for row in told})
    names = ("conventional", "FTS5", "ours", "bare SQL")
    lines = {
        name: [next(r["ms"] for r in told if (r["who"], r["clinics"]) == (name, n)) for n in sizes] for name in names
    }
    title = "Words, three filters, facets, 25 rows: median ms"
    target.write_text(drawn(sizes, lines, title, across="listed clinics"), encoding="utf-8")


if __name__ == "__main__":
    main()
