"""Processor time per page of our visit() beside a plain aiohttp loop, on one local site.

    python benchmarks/fetch_engines.py [--pages 1000] [--rounds 5] [--in-flight 50]

The site runs in a process of its own; each engine too, so that nothing but its own work is counted. visit() does all
that it does for strangers (judging addresses, robots.txt, turns, limits); the aiohttp loop only fetches and unpacks.
Every host has one page, so every page is a new connection for both. Ends by itself.
"""

import argparse
import asyncio
import gzip
import json
import multiprocessing
import platform
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

MOST_PAGES = 1000
WORDS = "stem cell therapy knee joint patient clinic treatment research doctor safe results care pain week".split()  # noqa: SIM905


def page(seed: int) -> bytes:
    """A realistic page of about 20 to 200 KB, compressed."""
    chance = random.Random(seed)  # noqa: S311 - filler text
    size = int(chance.triangular(20_000, 200_000, 50_000))
    text: list[str] = []
    for _ in range(size // 110):
        words = " ".join(chance.choices(WORDS, k=12))
        text.append(f'<div class="c{chance.randrange(10**6)}"><p>{words}.</p></div>\n')
    return gzip.compress("".join(["<html><body>", *text, "</body></html>"]).encode(), 6)


class Site(asyncio.Protocol):
    """The smallest server that answers every host and path with one of its pages."""

    pages: list[bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if b"\r\n\r\n" not in data:
            return
        path = data.split(b" ", 2)[1]
        if path == b"/robots.txt":
            self.transport.write(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")  # type: ignore[attr-defined]
            return
        body = self.pages[int(path[1:]) % len(self.pages)]
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
        self.transport.write(head % len(body) + body)  # type: ignore[attr-defined]


def serve(pipe: Connection) -> None:
    """Serve until the parent ends this process."""

    async def main() -> None:
        Site.pages = [page(seed) for seed in range(60)]
        server = await asyncio.get_running_loop().create_server(Site, "127.0.0.1", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def by_visit(port: int, count: int, in_flight: int) -> int:
    """Read all pages with visit(); answers the number of bytes."""
    from clinics.domain.answer import Answer
    from clinics.web.guest import StoredRobots
    from clinics.web.limits import Limits
    from clinics.web.policy import Policy, parse_test_servers
    from clinics.web.visiting import HostVisit, PageRequest, visit

    class Known:
        """Robots files read within the day, and every turn free."""

        stored = StoredRobots("", 404, datetime.now(UTC))

        def get(self, host: str) -> StoredRobots:
            return self.stored

        def put(self, host: str, stored: StoredRobots) -> None:
            raise AssertionError("all are known")

        def take(self, host: str) -> bool:
            return True

        def give_back(self, host: str, *, retry_after: int | None = None) -> None:
            raise AssertionError("none was taken")

    sizes: list[int] = []

    def keep(request: PageRequest, answer: Answer) -> None:
        assert answer.trouble is None, answer.reason
        sizes.append(len(answer.body))

    visits = [HostVisit(f"h{n}.test", (PageRequest(f"http://h{n}.test/{n}", n),), 0) for n in range(count)]
    visit(
        visits,
        on_answer=keep,
        turns=Known(),
        robots=Known(),
        policy=Policy(test_servers=parse_test_servers(f"*.test=127.0.0.1:{port}")),
        limits=Limits(in_flight=in_flight),
        user_agent="Benchmark/1.0 (+https://tracker.example/about)",
        stop=lambda: False,
    )
    return sum(sizes)


def by_aiohttp(port: int, count: int, in_flight: int) -> int:
    """Read all pages with aiohttp, without any care; answers the number of bytes."""
    import aiohttp

    async def main() -> int:
        connector = aiohttp.TCPConnector(limit=in_flight, force_close=True)
        timeout = aiohttp.ClientTimeout(total=45)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:

            async def one(number: int) -> int:
                address = f"http://127.0.0.1:{port}/{number}"
                async with session.get(address, headers={"Host": f"h{number}.test"}) as answer:
                    return len(await answer.read())

            return sum(await asyncio.gather(*(one(number) for number in range(count))))

    return asyncio.run(main())


ENGINES: dict[str, Callable[[int, int, int], int]] = {"visit": by_visit, "aiohttp": by_aiohttp}


def run(engine: str, port: int, count: int, in_flight: int, pipe: Connection) -> None:
    """One round of one engine in this process; its imports are not counted, a first page warms it up."""
    ENGINES[engine](port, 1, 1)
    began, cpu = time.perf_counter(), time.process_time()
    size = ENGINES[engine](port, count, in_flight)
    used = time.process_time() - cpu
    wall = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send({"engine": engine, "cpu_ms": used / count * 1000, "pages_s": count / wall, "mb": memory, "bytes": size})


def measure(engine: str, port: int, count: int, in_flight: int) -> dict[str, float]:
    """One round in a fresh process, at most two minutes long."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=run, args=(engine, port, count, in_flight, there))
    child.start()
    try:
        if not here.poll(120):
            raise TimeoutError(f"{engine} did not end within two minutes")
        result: dict[str, float] = here.recv()
        return result
    finally:
        child.terminate()
        child.join()


def main() -> None:
    """Alternate the engines, print each round as JSON, then the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=MOST_PAGES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--in-flight", type=int, default=50)
    chosen = parser.parse_args()
    here, there = multiprocessing.Pipe()
    site = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    site.start()
    port = here.recv()
    rounds: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    try:
        for _ in range(chosen.rounds):
            for engine in ENGINES:
                result = measure(engine, port, min(chosen.pages, MOST_PAGES), chosen.in_flight)
                rounds[engine].append(result["cpu_ms"])
                print(json.dumps({name: round(v, 3) if isinstance(v, float) else v for name, v in result.items()}))
    finally:
        site.terminate()
        site.join()
    medians = {engine: statistics.median(values) for engine, values in rounds.items()}
    print(f"python {platform.python_version()}, median CPU ms a page: {medians}")
    print(f"aiohttp : visit = {medians['aiohttp'] / medians['visit']:.2f}")


if __name__ == "__main__":
    main()
