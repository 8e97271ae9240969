"""A database server and a broker of the tests' own, databases in it, and the processes that work there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psycopg
from celery import Celery
from kombu import Connection
from psycopg import sql

from tests.faults.rows import Rows, canonical
from tracker.embedded.places import CHECKOUT
from tracker.embedded.postgres import Cluster
from tracker.embedded.valkey import Broker

PATIENCE = 240.0  # seconds; everything waited for here takes a few on a machine that is not busy


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"{what}: not within {PATIENCE:.0f} seconds"
        time.sleep(0.02)


class Process:
    """A child with children of its own, in a session of its own, that writes a log."""

    def __init__(self, log: Path, *argv: str, env: dict[str, str]) -> None:
        self.log = log
        with log.open("wb") as out:
            self._child = subprocess.Popen(
                [sys.executable, *argv],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=CHECKOUT,
                env=env,
                start_new_session=True,
            )

    def said(self, words: str) -> int:
        """How often the log has these words."""
        return self.log.read_text(errors="replace").count(words)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        os.killpg(self._child.pid, number)

    def kill(self) -> None:
        """End it and all its children as a power cut would."""
        if self._child.poll() is None:
            self.send(signal.SIGKILL)
        self._child.wait()
        until(lambda: not _members(self._child.pid), f"{self.log.stem} leaves no process behind")

    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._child.poll() is None

    def wait(self) -> int:
        """Its exit status, after it has ended by itself."""
        return self._child.wait(PATIENCE)


def _members(session: int) -> list[int]:
    """The processes of a session that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue  # it has just ended
        if int(its_session) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found


@dataclass(slots=True)
class House:
    """Servers of our own, and where they are."""

    cluster: Cluster
    broker: Broker
    folder: Path
    env: dict[str, str]

    def url(self, database: str) -> str:
        return self.cluster.url.replace("/clinics?", f"/{database}?")

    @property
    def postmaster(self) -> int:
        """The process id of the database server."""
        return int((self.cluster.data / "postmaster.pid").read_text().split()[0])

    @property
    def broker_pid(self) -> int:
        """The process id of the broker."""
        return int((self.broker.data / "server.pid").read_text())

    def copy(self, template: str, database: str) -> None:
        """A database with all that the template holds."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as line:
            line.execute(f'drop database if exists "{database}" with (force)')
            line.execute(f'create database "{database}" template "{template}"')
            # Copied sequences claim values as logged that only the template's log has: a crash would give them twice.
            line.execute("checkpoint")

    def manage(self, database: str, *arguments: str) -> None:
        """Run one of the project's commands there."""
        log = self.folder / f"{arguments[0]}.log"
        child = Process(log, "manage.py", *arguments, env={**self.env, "DATABASE_URL": self.url(database)})
        try:
            assert child.wait() == 0, log.read_text()
        finally:
            child.kill()


@dataclass(slots=True)
class Scene:
    """A database with due pages, and who works on it."""

    house: House
    database: str
    _processes: list[Process] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for process in self._processes:
            process.kill()

    @contextmanager
    def line(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.house.url(self.database), autocommit=True) as line:
            yield line

    # who works

    def process(self, name: str, *argv: str, **env: str) -> Process:
        """A process of the project that works on this database."""
        log = self.house.folder / f"{self.database}-{name}.log"
        facts = {**self.house.env, "DATABASE_URL": self.house.url(self.database), **env}
        self._processes.append(Process(log, *argv, env=facts))
        return self._processes[-1]

    def worker(self, name: str = "worker") -> Process:
        """A worker with two children, ready."""
        options = ["-c", "2", "-P", "prefork", "--without-gossip", "--without-mingle", "-l", "INFO", "-n", f"{name}@x"]
        made = self.process(name, "-m", "celery", "-A", "tracker", "worker", *options)
        self.until(lambda: made.said(" ready.") > 0, f"{name} is ready")
        return made

    def beat(self, name: str = "beat") -> Process:
        """A scheduler that ticks every second."""
        schedule = str(self.house.folder / f"{self.database}-{name}")
        options = ["-s", schedule, "--pidfile=", "-l", "INFO"]
        return self.process(name, "-m", "celery", "-A", "tracker", "beat", *options, TICK_SECONDS="1")

    def wake(self, times: int = 1, task: str = "recheck") -> None:
        """Send wake-up messages, as the tick does."""
        # The connection is named: CELERY_BROKER_URL, where the other tests' broker stands, outdoes an argument.
        with Celery("faults", set_as_current=False) as app, Connection(self.house.broker.url) as connection:
            for _ in range(times):
                app.send_task(f"clinics.tasks.{task}", queue="clinics", expires=300, connection=connection)

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until it holds; if it never does, show what the processes said last."""
        try:
            until(holds, what)
        except AssertionError:
            for process in self._processes:
                sys.stdout.write(f"{process.log.name}\n{process.log.read_text(errors='replace')[-6000:]}\n")
            raise

    # what is there

    def due(self) -> int:
        with self.line() as line:
            return _number(line, "select count(*) from clinics_pagestate where due_at <= now()")

    def checks(self) -> int:
        with self.line() as line:
            return _number(line, "select count(*) from clinics_check")

    def is_at_rest(self) -> bool:
        """Whether nothing is due and nobody holds a host."""
        with self.line() as line:
            held = _number(line, "select count(*) from clinics_host where lease_token is not null")
        return not held and not self.due()

    def rows(self) -> Rows:
        with self.line() as line:
            return canonical(line)

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """Every column of the tables that readings write."""
        tables = ("check", "flag", "finding", "variant", "sighting", "snapshot", "pagestate", "host")
        with self.line() as line:
            return {table: sorted(line.execute(_all_of(table)).fetchall()) for table in tables}

    def readings_per_page(self) -> set[int]:
        """How often pages were read."""
        with self.line() as line:
            return {count for (count,) in line.execute("select count(*) from clinics_check group by page_id")}

    # what happens

    def stop_between_transactions(self, process: Process) -> None:
        """Stop it where it holds no row, so that others can go on."""
        others = (
            "select count(*) from pg_stat_activity where datname = %s and state <> 'idle' and pid <> pg_backend_pid()"
        )

        def is_stopped() -> bool:
            process.send(signal.SIGSTOP)
            with psycopg.connect(self.house.url("postgres"), autocommit=True) as line:
                row = line.execute(others, [self.database]).fetchone()
            if row == (0,):
                return True
            process.send(signal.SIGCONT)
            return False

        until(is_stopped, "a moment between two transactions")

    def let_leases_run_out(self) -> None:
        """Five minutes later, for all leases."""
        with self.line() as line:
            line.execute(
                "update clinics_host set leased_until = now() - interval '1 second' where lease_token is not null"
            )

    def make_all_due(self) -> None:
        with self.line() as line:
            line.execute("update clinics_pagestate set due_at = now()")

    def reach_the_middle(self) -> None:
        """Wait until some readings of the batch are written, and others not."""
        before = self.checks()
        self.until(lambda: before + 4 <= self.checks(), "a batch begins")
        assert self.due() > 4, "the batch was over too soon"


def _all_of(table: str) -> sql.Composed:
    return sql.SQL("select * from {}").format(sql.Identifier(f"clinics_{table}"))


def _number(line: psycopg.Connection, query: str) -> int:
    row = line.execute(query).fetchone()
    assert row is not None
    return int(row[0])
