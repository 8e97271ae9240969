"""Our own re-check for benchmarks: a new database in a temporary folder, recorded pages, one reader in this process."""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

PAGES_PER_HOST = 3


def host_of(number: int) -> str:
    """The host of a page, by its number."""
    return f"h{number - number % PAGES_PER_HOST}.clinics.test"


@contextmanager
def own_servers(folder: Path, port: int, settings: Mapping[str, str] | None = None) -> Iterator[None]:
    """PostgreSQL and broker of our own, fsync as in production, and Django set up to read *.test at this port."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))  # what was started is ended all the same
    folder.chmod(0o755)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "EMBEDDED_HOME": str(folder),
        "EVIDENCE_FOLDER": f"{folder}/evidence",
        "FETCH_HOST_DELAY": "0",
        "FETCH_TEST_SERVERS": f"*.test=127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
        **(settings or {}),
    }
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)  # never somebody's own data
    from tracker.embedded.servers import hold_servers

    shares = hold_servers("dev")
    try:
        import django

        django.setup()
        yield
    finally:
        for share in reversed(shares):
            share.release()


def postmaster(folder: Path) -> int:
    """The process id of the PostgreSQL server whose data is below this folder."""
    return int(next(folder.rglob("postmaster.pid")).read_text().split()[0])


def record(count: int, scheme: str = "http") -> None:
    """Bring the tables up to date and record so many pages, three a host, one clinic for each host."""
    from django.core.management import call_command
    from django.utils import timezone

    from clinics.operations.recording import record_clinic, record_page

    call_command("migrate", verbosity=0)
    with open(os.devnull, "w") as nowhere:
        call_command("prepare", stdout=nowhere)
    for first in range(0, count, PAGES_PER_HOST):
        host, now = f"{scheme}://{host_of(first)}", timezone.now()
        clinic = record_clinic(f"Clinic {first}", f"{host}/{first}", by=None, now=now)
        for number in range(first + 1, min(first + PAGES_PER_HOST, count)):
            record_page(f"{host}/{number}", by=None, now=now, clinic=clinic)


def read_for_the_first_time(**how: Any) -> list[dict[str, Any]]:
    """Read until no page is new any more: a slow machine may need several batches' time."""
    rounds = [read_all(**how)]
    while set(rounds[-1]["outcomes"]) != {"unchanged"}:
        rounds.append(read_all(**how))
        if len(rounds) > 8:
            raise TimeoutError(f"pages are still new, or not read, after eight rounds: {rounds[-1]['outcomes']}")
    return rounds


def read_all(**how: Any) -> dict[str, Any]:
    """Read every page once, as one worker's child does; what it took. `how` goes to recheck_due."""
    from django.utils import timezone

    from clinics.models import PageState
    from clinics.operations.rechecking import recheck_due

    PageState.objects.update(due_at=timezone.now())
    outcomes: Counter[str] = Counter()
    began, cpu = time.perf_counter(), time.process_time()
    while written := recheck_due(timezone.now, **how):
        outcomes.update(one.outcome.value for one in written)
    used, wall = time.process_time() - cpu, time.perf_counter() - began
    pages = sum(outcomes.values())
    return {
        "outcomes": dict(outcomes),
        "pages_s": round(pages / wall, 1),
        "cpu_ms_a_page": round(used / pages * 1000, 3),
        "wall_s": round(wall, 2),
    }


def over_tls(port: int) -> Any:
    """visit() that reaches every name at this port of loopback, over TLS with all of its checks."""
    from clinics.domain import page_identity
    from clinics.web.policy import Endpoint, Policy, Route
    from clinics.web.visiting import visit

    class Local(Policy):
        def direct(self, url: str) -> Route:
            return Route(url, page_identity.host_of(url), (Endpoint("127.0.0.1", port),))

    def visit_locally(visits: Any, **how: Any) -> None:
        visit(visits, **(how | {"policy": Local()}))

    return visit_locally
