"""The memory of a reading process over 50,000 re-checks with 200 hosts in flight.

    python benchmarks/worker_memory.py [--pages 1000] [--readings 50000] [--plot docs/worker_memory.svg]

Every answer comes after 300 ms, so that 200 are really under way. Each round shows other tokens, and one page in fifty
says one more sentence. The reader is a process of its own that began with the first reading. Ends by itself.
"""

import argparse
import json
import multiprocessing
import os
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path

from local_site import LATENCY, MOST_PAGES, Show, local_site
from own_reader import own_servers, read_all, record
from plot import drawn

MOST_READINGS = 100_000
IN_FLIGHT = 200
EDITED = 50  # one page in so many


def reader(pipe: Connection) -> None:
    """Read all pages whenever the parent asks; what it took, and the memory after it."""
    import django

    django.setup()
    while pipe.recv():
        read = read_all(most_hosts=IN_FLIGHT)
        pipe.send({**read, "mb": resident_mb("VmRSS"), "most_mb": resident_mb("VmHWM")})


def resident_mb(what: str) -> float:
    """This process's memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024, 1)


def main() -> None:
    """Print each round as a line of JSON, then the first and the last memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=MOST_PAGES)
    parser.add_argument("--readings", type=int, default=50_000)
    parser.add_argument("--plot", type=Path)
    chosen = parser.parse_args()
    count = min(chosen.pages, MOST_PAGES)
    rounds = min(chosen.readings, MOST_READINGS) // count
    memory: list[float] = []
    with tempfile.TemporaryDirectory(prefix="memory-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with local_site(count, folder) as doors, own_servers(folder, doors.ports[False, LATENCY]):
            record(count)
            here, there = multiprocessing.Pipe()
            child = multiprocessing.get_context("spawn").Process(target=reader, args=(there,), daemon=True)
            child.start()
            try:
                for number in range(rounds + 1):
                    doors.show(Show(draw=number, edited=count // EDITED, edit=number))
                    here.send(True)
                    if not here.poll(1200):
                        raise TimeoutError("the reader did not end its round")
                    found = here.recv()
                    memory.append(found["mb"])
                    print(json.dumps({"round": number, "readings": (number + 1) * count, **found}), flush=True)
            finally:
                child.terminate()
                child.join()
    print(json.dumps({"after_second_round_mb": memory[1], "at_the_end_mb": memory[-1], "highest_mb": max(memory)}))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    if chosen.plot:
        sizes = [(number + 1) * count for number in range(rounds + 1)]
        title = "Memory of a reading process, 200 hosts in flight"
        chosen.plot.write_text(drawn(sizes, {"resident": memory}, title, unit="MB", across="pages read", tens=False))


if __name__ == "__main__":
    main()
