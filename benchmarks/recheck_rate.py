"""Pages a second, and processor time a page, of one reader over all that a re-check does, on one local site.

    python benchmarks/recheck_rate.py [--pages 300] [--rounds 3]

The pages of pages_to_read.py are served by a process of its own; database and broker are new ones in a temporary
folder, with fsync as in production. The first round reads every page for the first time; after it the pages' text is
unchanged, in the third round with another token in the markup. Three pages a host, no delay. Ends by itself.
"""

import argparse
import asyncio
import gzip
import json
import multiprocessing
import os
import platform
import socket
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from fetch_engines import Site
from pages_to_read import pages as pages_to_read

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

MOST_PAGES = 1000
MOST_ROUNDS = 10
PAGES_PER_HOST = 3


class ReadSite(Site):
    """Answers with the pages of pages_to_read.py; after /again with another token in each."""

    tokens: list[list[bytes]]
    turn = 0

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET /again "):
            ReadSite.turn += 1
            Site.pages = self.tokens[ReadSite.turn % len(self.tokens)]
            self.transport.write(b"HTTP/1.1 204 Done\r\n\r\n")  # type: ignore[attr-defined]
            return
        super().data_received(data)


def serve(pipe: Connection) -> None:
    """Serve until the parent ends this process."""

    async def main() -> None:
        documents = pages_to_read()
        ReadSite.tokens = [
            [gzip.compress(page.replace("<body ", f"<body data-t='{token}' ", 1).encode(), 6) for page in documents]
            for token in ("a", "a", "b", "b")
        ]
        Site.pages = ReadSite.tokens[0]
        server = await asyncio.get_running_loop().create_server(ReadSite, "127.0.0.1", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def next_turn(port: int) -> None:
    """Have the site go on to its next round."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"GET /again HTTP/1.1\r\n\r\n")
        line.recv(100)


def record(count: int) -> None:
    """Bring the tables up to date and record so many pages, one clinic for each host."""
    from django.core.management import call_command
    from django.utils import timezone

    from clinics.operations.recording import record_clinic, record_page

    call_command("migrate", verbosity=0)
    call_command("prepare", stdout=open(os.devnull, "w"))  # noqa: SIM115 - closed with the process
    for first in range(0, count, PAGES_PER_HOST):
        host, now = f"http://h{first}.test", timezone.now()
        clinic = record_clinic(f"Clinic {first}", f"{host}/{first}", by=None, now=now)
        for number in range(first + 1, min(first + PAGES_PER_HOST, count)):
            record_page(f"{host}/{number}", by=None, now=now, clinic=clinic)


def read_all() -> dict[str, object]:
    """Read every page once, as one worker's child does; what it took."""
    from collections import Counter

    from django.utils import timezone

    from clinics.models import PageState
    from clinics.operations.rechecking import recheck_due

    PageState.objects.update(due_at=timezone.now())
    outcomes: Counter[str] = Counter()
    began, cpu = time.perf_counter(), time.process_time()
    while written := recheck_due(timezone.now):
        outcomes.update(one.outcome.value for one in written)
    used, wall = time.process_time() - cpu, time.perf_counter() - began
    pages = sum(outcomes.values())
    return {
        "outcomes": dict(outcomes),
        "pages_s": round(pages / wall, 1),
        "cpu_ms_a_page": round(used / pages * 1000, 2),
        "wall_s": round(wall, 2),
    }


def main() -> None:
    """Print each round as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    here, there = multiprocessing.Pipe()
    site = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    site.start()
    port = here.recv()
    with tempfile.TemporaryDirectory(prefix="rate-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tracker.settings",
            "EMBEDDED_HOME": folder,
            "EVIDENCE_FOLDER": f"{folder}/evidence",
            "FETCH_HOST_DELAY": "0",
            "FETCH_TEST_SERVERS": f"*.test=127.0.0.1:{port}",
            "LOG_LEVEL": "ERROR",
        }
        for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
            os.environ.pop(name, None)  # never somebody's own data
        from tracker.embedded.servers import hold_servers

        shares = hold_servers("dev")
        try:
            import django

            django.setup()
            record(min(chosen.pages, MOST_PAGES))
            for number in range(1, min(chosen.rounds, MOST_ROUNDS) + 1):
                kind = ("first reading", "same document", "same text, other token", "same document")[(number - 1) % 4]
                print(json.dumps({"round": number, "pages": kind, **read_all()}), flush=True)
                next_turn(port)
            print(f"python {platform.python_version()}, {os.cpu_count()} cores")
        finally:
            site.terminate()
            site.join()
            for share in reversed(shares):
                share.release()


if __name__ == "__main__":
    main()
