"""What Celery adds to a re-check: its worker's whole process tree beside the same pipeline in one process.

    python benchmarks/celery_share.py [--pages 900] [--rounds 5]

One worker with one child, started as the product does, is woken by the product's own tick; this process reads the same
pages in turns with it. The worker's figure has everything from before the tick until it is idle again, the sending of
messages included; what it takes idle in that time is in it too and is said. Ends by itself.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_site import MOST_PAGES, Show, local_site
from own_reader import own_servers, read_all, read_for_the_first_time, record
from process_tree import cpu_seconds, memory_mb, wait_for

MOST_ROUNDS = 10
QUIET = ("-l", "ERROR", "--without-gossip", "--without-mingle")
LONGEST = 300.0  # seconds for one round


@contextmanager
def worker() -> Iterator[int]:
    """A Celery worker with one child; its process id."""
    command = [sys.executable, "-m", "celery", "-A", "tracker", "worker", "-c", "1", *QUIET]
    here = Path(__file__).resolve().parent.parent
    child = subprocess.Popen(command, cwd=here, stdout=subprocess.DEVNULL)
    try:
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(60)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def woken(pid: int, count: int) -> float:
    """Have the worker read all pages; processor milliseconds a page of its tree and of the tick."""
    from django.utils import timezone

    from clinics.models import PageState
    from clinics.tasks import tick
    from tracker.celery import app

    app.set_default()
    began = timezone.now()
    PageState.objects.update(due_at=began)
    before, sending = cpu_seconds(pid), time.process_time()
    tick()
    sent = time.process_time() - sending
    wait_for(lambda: not PageState.objects.filter(last_tried_at__lt=began).exists(), "the worker's round", LONGEST, 0.2)
    time.sleep(1.0)
    assert not PageState.objects.filter(last_tried_at__isnull=True).exists()
    return (cpu_seconds(pid) - before + sent) / count * 1000


def main() -> None:
    """Print each round as a line of JSON, then the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=900)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    count = min(chosen.pages, MOST_PAGES)
    taken: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="celery-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with local_site(count, folder) as doors, own_servers(folder, doors.ports[False, 0.0]):
            record(count)
            read_for_the_first_time()
            with worker() as pid:
                woken(pid, count)  # the child compiles the rules and connects
                before = cpu_seconds(pid)
                time.sleep(10)
                idle = (cpu_seconds(pid) - before) / 10
                print(json.dumps({"idle_cpu_s_a_second": round(idle, 4), "mb": round(memory_mb(pid))}), flush=True)
                for number in range(1, min(chosen.rounds, MOST_ROUNDS) + 1):
                    for kind, draw in (("tokens", 2 * number), ("same", 2 * number)):
                        doors.show(Show(draw=draw))
                        alone = read_all()["cpu_ms_a_page"]
                        doors.show(Show(draw=draw + (kind == "tokens")))
                        by_celery = woken(pid, count)
                        taken.setdefault((kind, "one process"), []).append(alone)
                        taken.setdefault((kind, "celery"), []).append(by_celery)
                        line = {"round": number, "pages": kind, "one_process_cpu_ms": alone}
                        print(json.dumps({**line, "celery_cpu_ms": round(by_celery, 3)}), flush=True)
                        doors.show(Show(draw=draw))
                        read_all()
    for kind in ("tokens", "same"):
        alone, by_celery = (statistics.median(taken[kind, how]) for how in ("one process", "celery"))
        print(json.dumps({"pages": kind, "one_process": alone, "celery": by_celery, "adds": by_celery / alone - 1}))
    print(f"python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
