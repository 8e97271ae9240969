"""One process tree in the foreground: web, worker, scheduler and whatever else a command needs, ended in order."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import IO
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
DIRECTLY = build_opener(ProxyHandler({}))  # whatever proxy the person has set, this machine is asked itself
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Child:
    """A process of the tree; it gets `grace` seconds to finish when it is told to stop."""

    name: str
    process: subprocess.Popen[bytes]
    grace: float

    def kill(self) -> None:
        """End the process and all of its group at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> bool:
        """Tell the process to finish; whether it did in its time. What is left of its group is killed."""
        self.process.terminate()
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            return False
        finally:
            self.kill()
            self.process.wait()
        return True


class Tree:
    """Children of this process, with their lines of log under their names.

    Ctrl-C or SIGTERM stops them, the last started first; a second one kills. One that ends by itself stops all.
    If this very process is killed, the kernel tells the children to stop.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._children: list[Child] = []
        self._parent = os.getpid()
        self._signals = 0
        for number in STOPPING:
            signal.signal(number, self._on_signal)

    def start(self, name: str, argv: Sequence[str], *, grace: float = 10, env: Mapping[str, str] | None = None) -> None:
        """Start a child in a process group of its own, so that the terminal's Ctrl-C reaches us alone."""
        if not self._signals:
            child = self._launch(name, argv, grace, env or {}, subprocess.STDOUT)
            threading.Thread(target=self._pass_on, args=(name, child.process.stdout), daemon=True).start()

    def run(self, name: str, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> str | None:
        """Run a child to its end: what it wrote to standard output, or None if it failed or a signal came."""
        if self._signals:
            return None
        child = self._launch(name, argv, 10, env or {}, subprocess.PIPE)
        threading.Thread(target=self._pass_on, args=(name, child.process.stderr), daemon=True).start()
        answer: list[bytes] = []
        reader = threading.Thread(target=lambda: answer.extend(child.process.stdout or ()), daemon=True)
        reader.start()
        while child.process.poll() is None and not self._signals:
            time.sleep(0.05)
        if self._signals:
            return None
        reader.join(5)
        self._children.remove(child)
        if child.process.returncode:
            self.say(f"{name} failed with status {child.process.returncode}")
            return None
        return b"".join(answer).decode(errors="replace")

    @property
    def is_whole(self) -> bool:
        """Whether every child runs, and nobody has asked to stop."""
        return not self._signals and all(child.process.poll() is None for child in self._children)

    def answers(self, address: str, *, within: float) -> bool:
        """Wait until the address answers; False where a child or the person ends first, or `within` seconds are over.

        The last of these is said, since the children go on.
        """
        until = time.monotonic() + within
        while self.is_whole:
            if time.monotonic() > until:
                self.say(f"{address} did not answer within {within:g} s; the lines above may tell why")
                return False
            try:
                with DIRECTLY.open(address, timeout=2):
                    return True
            except HTTPError:
                return True
            except OSError:
                time.sleep(0.1)
        return False

    def wait(self) -> int:
        """Until a signal comes (status 0) or a child ends by itself (status 1); then stop all."""
        failed = None
        while not self._signals and failed is None:
            failed = next((child for child in self._children if child.process.poll() is not None), None)
            time.sleep(0.1)
        if failed:
            self.say(f"{failed.name} ended with status {failed.process.returncode}: stopping the rest")
        self.stop()
        return 1 if failed else 0

    def stop(self) -> None:
        """Stop the children in order, the last started first."""
        while self._children:
            child = self._children[-1]
            if not child.stop() and self._signals < 2:
                self.say(f"{child.name} did not finish in {child.grace:g} s: killed")
            self._children.remove(child)

    @property
    def stopping(self) -> bool:
        """Whether somebody asked for the end."""
        return self._signals > 0

    def say(self, line: str) -> None:
        """A line of our own among the children's."""
        self._write(self._title, line)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
        if self._signals > 1:
            for child in list(self._children):
                child.kill()

    def _die_with_parent(self) -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != self._parent:  # it was killed before we asked to be told
            os._exit(1)

    def _launch(self, name: str, argv: Sequence[str], grace: float, env: Mapping[str, str], errors: int) -> Child:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
            process_group=0,
            preexec_fn=self._die_with_parent,
        )
        child = Child(name, process, grace)
        self._children.append(child)
        return child

    def _pass_on(self, name: str, lines: IO[bytes]) -> None:
        with lines:
            for line in lines:
                self._write(name, line.decode(errors="replace").rstrip())

    @staticmethod
    def _write(name: str, line: str) -> None:
        with contextlib.suppress(BrokenPipeError, OSError):
            sys.stderr.write(f"{name:<7}| {line}\n")
            sys.stderr.flush()
