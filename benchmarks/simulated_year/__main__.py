"""A year of two hundred clinics' sites, compressed to minutes: what is told of it, and what is told for nothing.

    python -m benchmarks.simulated_year [--sites 200] [--days 365] [--seed 2027] [--out FILE]

The sites are served on loopback; the re-check is the product's own, over a database of its own in a temporary folder,
with a clock that goes six hours at a step. Pages are read weekly, as recorded pages are. Ends by itself.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.simulated_year.server import serving
from benchmarks.simulated_year.sites import BEGIN, DAYS, Site, sites

STEP = timedelta(hours=6)
MOST_SITES = 1000


class Clock:
    """The year's time."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now


def record(all_sites: Sequence[Site], now: datetime) -> None:
    """Record every clinic with its pages, as staff do."""
    from django.core.management import call_command

    from clinics.models import Clinic, Location
    from clinics.operations.recording import record_clinic, record_page

    call_command("migrate", verbosity=0)
    call_command("prepare", stdout=open(os.devnull, "w"))  # noqa: SIM115 - closed with the process
    for site in all_sites:
        clinic: Clinic = record_clinic(site.name, f"http://{site.host}/", by=None, now=now)
        Location.objects.create(clinic=clinic, city=site.city, phone=site.phone)
        for path in site.paths[1:]:
            record_page(f"http://{site.host}{path}", by=None, now=now, clinic=clinic)


def year_told(clock: Clock, days: int) -> Iterator[object]:
    """Go through the year, reading what is due; each attempt as a `judgement.Told`."""
    from clinics.operations.months import prepare_months
    from clinics.operations.rechecking import recheck_due

    end = BEGIN + timedelta(days=days)
    while clock.now < end:
        if clock.now.day == 1 or clock.now == BEGIN:
            prepare_months(clock.now)
        while written := recheck_due(clock):
            for one in written:
                yield _told(clock.now, one)
            clock.now += timedelta(minutes=1)
        clock.now += STEP


def _told(at: datetime, one: object) -> object:
    from benchmarks.simulated_year.judgement import Told
    from clinics.models import Cause

    wordings: dict[str, list[str]] = {"first": [], "new": [], "returned": [], "absent": [], "ours": []}
    for effects in one.effects.values():
        for flag, sentence in effects.new:
            wordings["first" if flag.cause == Cause.FIRST_READING else "new"].append(sentence)
        wordings["returned"] += [sentence for _, sentence in effects.returned]
        wordings["absent"] += [sentence for _, sentence in effects.absent]
        wordings["ours"] += [sentence for _, sentence in effects.reclassified]
    parts = urlsplit(one.page.url)
    return Told(
        at, parts.hostname or "", parts.path or "/", one.outcome.value, {k: v for k, v in wordings.items() if v}
    )


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--seed", type=int, default=2027)
    parser.add_argument("--out", type=Path, help="Where the figures go, as JSON, besides standard output.")
    return parser.parse_args()


def main() -> None:
    """Print the year's figures as JSON."""
    chosen = _chosen()
    all_sites, clock = sites(chosen.seed, min(chosen.sites, MOST_SITES)), Clock()
    with (
        serving(all_sites, clock) as port,
        tempfile.TemporaryDirectory(prefix="year-", ignore_cleanup_errors=True) as folder,
    ):
        Path(folder).chmod(0o755)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tracker.settings",
            "EMBEDDED_HOME": folder,
            "EVIDENCE_FOLDER": f"{folder}/evidence",
            "FETCH_HOST_DELAY": "0.001",
            "FETCH_TEST_SERVERS": f"*.test=127.0.0.1:{port}",
            "LOG_LEVEL": "ERROR",
        }
        for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
            os.environ.pop(name, None)  # never somebody's own data
        from tracker.embedded.servers import hold_servers

        shares = hold_servers("dev")
        try:
            _print(all_sites, clock, chosen)
        finally:
            for share in reversed(shares):
                share.release()


def _print(all_sites: Sequence[Site], clock: Clock, chosen: argparse.Namespace) -> None:
    import django

    django.setup()
    from benchmarks.simulated_year.judgement import judge_year

    began = time.perf_counter()
    record(all_sites, clock.now)
    told = []
    for one in year_told(clock, min(chosen.days, DAYS)):
        told.append(one)
        if len(told) % 1000 == 0:
            print(f"{clock.now:%d %B}: {len(told)} checks", file=sys.stderr, flush=True)
    figures = {
        "seed": chosen.seed,
        "sites": len(all_sites),
        "days": min(chosen.days, DAYS),
        **judge_year(all_sites, told).as_json(),
        "seconds": round(time.perf_counter() - began),
    }
    shown = json.dumps(figures, indent=1, ensure_ascii=False)
    print(shown)
    if chosen.out:
        chosen.out.write_text(shown + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
