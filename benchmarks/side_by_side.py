"""What an unchanged page costs us, changedetection.io and urlwatch, on one local site in one run.

    python benchmarks/side_by_side.py [--pages 1000] [--rounds 3] [--tls] [--slow] [--peers FOLDER] [--plot FILE.svg]

The two are installed into a virtual environment of their own (FOLDER, or a temporary one) and driven as peers.py says;
then this process leaves the network, so that only loopback is there. Each round shows the same text twice: with other
tokens in the markup ("tokens"), and then the very same documents ("same"). Ours is the processor time of the reading
process; PostgreSQL's is printed beside it. At the end every figure goes into results/ as a
line of JSON. Ends by itself.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import peers
from bare import bare_cpu_ms
from local_site import LATENCY, MOST_PAGES, Doors, Show, local_site
from own_reader import PAGES_PER_HOST, over_tls, own_servers, postmaster, read_all, read_for_the_first_time, record
from plot import bars
from process_tree import cpu_seconds

RESULTS = Path(__file__).with_name("results")
MOST_ROUNDS = 10
EVERY_LOOPBACK_ADDRESS = "0.0.0.0"  # noqa: S104 - there is no other network where this runs
OURS, THEIRS, BARE = "ours", "changedetection.io", "bare fetch, inflate, parse"


class Run:
    """All readers on one door of the site."""

    def __init__(self, stack: ExitStack, folder: Path, programs: Path, chosen: argparse.Namespace) -> None:
        self.count, self.tls = min(chosen.pages, MOST_PAGES), chosen.tls
        self.doors: Doors = stack.enter_context(local_site(self.count, folder, EVERY_LOOPBACK_ADDRESS))
        self.port = self.doors.ports[chosen.tls, LATENCY if chosen.slow else 0.0]
        stack.enter_context(own_servers(folder, self.port, {"SSL_CERT_FILE": self.doors.certificate}))
        self.how = {"visit": over_tls(self.port)} if chosen.tls else {}
        self.postmaster = postmaster(folder)
        record(self.count, "https" if chosen.tls else "http")
        urls = list(self._urls())
        certificate = self.doors.certificate
        self.watchers = {
            name: peers.Urlwatch(programs, folder / f"urlwatch{number}", certificate, urls, filters)
            for number, (name, filters) in enumerate(peers.FILTERS.items())
        }
        self.starter = peers.Urlwatch(programs, folder / "starter", certificate, urls[:1], [])
        self.server = stack.enter_context(peers.changedetection(programs, folder / "changedetection", certificate))
        self.server.import_pages(urls)
        self.server.first_checks_end()
        self.idle = 0.0

    def _urls(self) -> Iterator[str]:
        """Addresses for those that look names up: three pages a loopback address; over TLS one, for its certificate."""
        for number in range(self.count):
            host = number // PAGES_PER_HOST
            address = "127.0.0.1" if self.tls else f"127.1.{host // 250}.{host % 250 + 1}"
            yield f"{'https' if self.tls else 'http'}://{address}:{self.port}/{number}"

    def readers(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """Everyone who reads all pages, by name."""
        certificate = self.doors.certificate if self.tls else ""
        return {
            OURS: self.read_ours,
            BARE: lambda: {"cpu_ms": bare_cpu_ms(self.count, self.port, certificate)},
            **{f"urlwatch, {name}": self._urlwatch(watcher) for name, watcher in self.watchers.items()},
            THEIRS: self._server,
        }

    def read_ours(self) -> dict[str, Any]:
        """One reading of all pages by our own reader, with PostgreSQL's share apart."""
        before = cpu_seconds(self.postmaster)
        read = read_all(**self.how)
        database = (cpu_seconds(self.postmaster) - before) / self.count * 1000
        return {"cpu_ms": read.pop("cpu_ms_a_page"), "postgresql_cpu_ms": round(database, 3), **read}

    def _urlwatch(self, watcher: peers.Urlwatch) -> Callable[[], dict[str, Any]]:
        def run() -> dict[str, Any]:
            start = self.starter.run()["cpu_s"]
            found = watcher.run()
            whole = found["cpu_s"] / self.count * 1000
            return {"cpu_ms": (found["cpu_s"] - start) / self.count * 1000, "with_start_cpu_ms": whole, **found}

        return run

    def _server(self) -> dict[str, Any]:
        found = self.server.recheck(self.idle)
        return {"cpu_ms": found["cpu_s"] / self.count * 1000, **found}


def measured(run: Run, rounds: int) -> Iterator[dict[str, Any]]:
    """The first reading by everyone, then every figure of every round."""
    for name, read in run.readers().items():
        if name not in (THEIRS, BARE):  # the server has read everything when it was told of it
            yield {"round": 0, "pages": "first reading", "reader": name, **read()}
    read_for_the_first_time(**run.how)
    run.starter.run()
    run.idle = run.server.idle_share()
    yield {"changedetection.io idle, CPU s a second": run.idle}
    for number in range(1, rounds + 1):
        for kind in ("tokens", "same"):
            for name, read in run.readers().items():
                run.doors.show(Show(draw=number))
                found = read()
                asked = run.doors.show(Show(draw=number))
                yield {"round": number, "pages": kind, "reader": name, "asked": asked, **found}
        run.doors.show(Show(draw=number, etags=True))
        run.read_ours()  # learns the validators
        yield {"round": number, "pages": "304", "reader": OURS, **run.read_ours()}
        run.doors.show(Show(draw=number))
        run.read_ours()  # and forgets them


def summary(lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Medians of each kind of page and reader with the lowest and the highest, and how often ours goes into each."""
    taken: dict[tuple[str, str], list[float]] = defaultdict(list)
    for line in lines:
        if line.get("round"):
            taken[line["pages"], line["reader"]].append(line["cpu_ms"])
    for (kind, name), values in taken.items():
        ours = statistics.median(taken[kind, OURS])
        middle = statistics.median(values)
        spread = f"{min(values):.2f}-{max(values):.2f}"
        yield {
            "summary": kind,
            "reader": name,
            "cpu_ms_a_page": round(middle, 3),
            "from_to": spread,
            "n": len(values),
            "ours_goes_into_it": round(middle / ours, 2),
        }


def picture(medians: list[dict[str, Any]]) -> str:
    """A drawing of what an unchanged page with other tokens costs; without the one that tokens mislead."""
    misled = f"urlwatch, {next(iter(peers.FILTERS))}"
    found = {line["reader"]: line["cpu_ms_a_page"] for line in medians if line["summary"] == "tokens"}
    found.pop(misled)
    return bars(dict(sorted(found.items(), key=lambda pair: pair[0] != OURS)), "Processor time of an unchanged page")


def leave_the_network() -> None:
    """Keep nothing but loopback. Raises SystemExit where the machine does not allow it."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tests.run import leave_the_network as leave

    if not leave():
        sys.exit("This machine lets no process leave the network, so that strangers' programs are not run here.")


def main() -> None:
    """Print and keep every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=MOST_PAGES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--slow", action="store_true", help=f"every answer after {LATENCY * 1000:.0f} ms")
    parser.add_argument("--plot", type=Path, help="draw the pages with other tokens here")
    parser.add_argument("--peers", type=Path, help="keep the peers' virtual environment here")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="side-", ignore_cleanup_errors=True))
        folder = Path(name)
        programs = peers.install(chosen.peers or folder / "peers")
        told = {
            "versions": peers.versions(programs),
            "machine": f"python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
            "pages": chosen.pages,
            "when": time.strftime("%Y-%m-%d %H:%M"),
        }
        leave_the_network()
        run = Run(stack, folder, programs, chosen)
        lines: list[dict[str, Any]] = []

        def tell(line: dict[str, Any]) -> None:
            lines.append(line)
            print(json.dumps(line), flush=True)

        tell(told)
        for line in measured(run, min(chosen.rounds, MOST_ROUNDS)):
            tell({key: round(each, 3) if isinstance(each, float) else each for key, each in line.items()})
        medians = list(summary(lines))
        for line in medians:
            tell(line)
        tell({"load_at_the_end": os.getloadavg()})
        door = f"{'tls' if chosen.tls else 'plain'}-{'300ms' if chosen.slow else '0ms'}"
        keep(lines, door if chosen.pages == MOST_PAGES else f"{door}-{chosen.pages}-pages")
        if chosen.plot:
            chosen.plot.write_text(picture(medians))


def keep(lines: list[dict[str, Any]], door: str) -> None:
    """Write a whole run into results/; one that was broken off leaves the last run's there."""
    RESULTS.mkdir(exist_ok=True)
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (RESULTS / f"side_by_side-{door}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
