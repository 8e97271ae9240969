"""urlwatch and changedetection.io, installed apart and driven as their users drive them, in their lightest way.

Both fetch by plain HTTP, without a browser, without notifications, on all the same pages as our reader.
"""

import json
import os
import resource
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from process_tree import cpu_seconds, memory_mb, peak_kilobytes, wait_for

WANTED = Path(__file__).with_name("peers.in")
LONGEST_ROUND = 600.0  # seconds
QUIET = 5.0  # seconds without work that end a round


def install(folder: Path) -> Path:
    """A virtual environment with both peers, made in `folder` unless it is there; its folder of programs."""
    programs = folder / "bin"
    if not (programs / "urlwatch").exists():
        venv.create(folder, with_pip=True, symlinks=True)
        pip = [programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", WANTED]
        subprocess.run(pip, check=True, stdout=sys.stderr, timeout=900)
    return programs


def versions(programs: Path) -> dict[str, str]:
    """What of theirs bears on the cost, by name."""
    listed = subprocess.run(
        [programs / "python", "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"],
        check=True,
        capture_output=True,
    ).stdout
    wanted = {"changedetection.io", "urlwatch", "requests", "inscriptis", "beautifulsoup4", "lxml"}
    return {each["name"]: each["version"] for each in json.loads(listed) if each["name"] in wanted}


def _environment(certificate: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "LC_ALL": "C.UTF-8",
        "REQUESTS_CA_BUNDLE": certificate,
    }


FILTERS: dict[str, list[object]] = {
    "no filter": [],
    "xpath without scripts, html2text by re": [
        {"xpath": {"path": "//body", "exclude": "//script|//style"}},
        "html2text",
    ],
    "html2text by bs4": [{"html2text": {"method": "bs4"}}],
}
"""Ways to use urlwatch: the lightest of all, the lightest that tokens do not mislead, and a careful one."""


class Urlwatch:
    """One urls.yaml and one cache; each run is a process of its own, as from cron."""

    def __init__(self, programs: Path, folder: Path, certificate: str, urls: Sequence[str], filters: list[object]):
        self._folder, self._environment = folder, _environment(certificate)
        folder.mkdir()
        jobs = [{"url": url, **({"filter": filters} if filters else {})} for url in urls]
        (folder / "urls.yaml").write_text("\n---\n".join(map(json.dumps, jobs)))  # JSON is YAML
        places = {"urls": "urls.yaml", "config": "urlwatch.yaml", "cache": "cache.db", "hooks": "hooks.py"}
        options = [part for name, file in places.items() for part in (f"--{name}", str(folder / file))]
        self._command = [str(programs / "urlwatch"), *options]

    def run(self) -> dict[str, float]:
        """One run over all pages: processor time and memory of the process, and how many pages it reported."""
        began = time.perf_counter()
        with (self._folder / "out.txt").open("wb") as out:
            child = subprocess.Popen(self._command, stdout=out, stderr=subprocess.STDOUT, env=self._environment)
            try:
                used, kilobytes = _waited(child, LONGEST_ROUND)
            finally:
                if child.returncode is None:
                    child.kill()
                    child.wait()
        said = (self._folder / "out.txt").read_text(errors="replace")
        return {
            "cpu_s": used.ru_utime + used.ru_stime,
            "mb": kilobytes / 1024,
            "wall_s": time.perf_counter() - began,
            **{kind: said.count(f". {kind.upper()}: http") for kind in ("new", "changed", "error")},
        }


def _waited(child: subprocess.Popen[bytes], seconds: float) -> tuple[resource.struct_rusage, int]:
    """What it used, and the most memory in kilobytes as seen ten times a second."""
    until, most = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        most = peak_kilobytes(child.pid) or most
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return used, most
        time.sleep(0.1)
    raise TimeoutError(f"urlwatch did not end within {seconds:.0f} seconds")


@dataclass(slots=True)
class ChangeDetection:
    """A running server with its data folder; told what to do by its API."""

    pid: int
    address: str
    key: str

    def import_pages(self, urls: Sequence[str]) -> None:
        """Have it watch these and nothing else; it checks each for the first time at once."""
        for example in self._watches():
            self._ask("DELETE", f"/api/v1/watch/{example}")
        self._ask("POST", "/api/v1/import", "\n".join(urls).encode())
        wait_for(lambda: self._has_all(urls), "the import of pages", 600, every=5)

    def _has_all(self, urls: Sequence[str]) -> bool:
        try:
            return len(self._watches()) == len(urls)
        except urllib.error.HTTPError:  # it cannot tell its list while that grows
            return False

    def idle_share(self, seconds: float = 20.0) -> float:
        """Processor seconds a second that it takes with nothing to check."""
        before = cpu_seconds(self.pid)
        time.sleep(seconds)
        return (cpu_seconds(self.pid) - before) / seconds

    def first_checks_end(self) -> None:
        """Wait for the checks that the import began."""
        wait_for(lambda: all(each["last_checked"] for each in self._watches().values()), "first checks", 600, every=5)
        time.sleep(QUIET)

    def recheck(self, idle: float) -> dict[str, float]:
        """Check all pages again; processor time of the whole tree less what it takes idle in that time.

        It is not asked anything meanwhile: the round has ended when the tree takes no more than twice its idle share.
        """
        seen = {each: facts["last_checked"] for each, facts in self._watches().items()}
        time.sleep(1.1)  # its dates have whole seconds
        before, began = cpu_seconds(self.pid), time.perf_counter()
        self._ask("GET", "/api/v1/watch?recheck_all=1")
        last, calm, until = before, began, began + LONGEST_ROUND
        while time.perf_counter() - calm < QUIET:
            if time.perf_counter() > until:
                raise TimeoutError("changedetection.io did not end its round")
            time.sleep(0.5)
            now = cpu_seconds(self.pid)
            if now - last > max(0.05, idle):  # in half a second
                calm = time.perf_counter()
            last = now
        wall = time.perf_counter() - began
        after = self._watches()
        return {
            "cpu_s": last - before - idle * wall,
            "idle_cpu_s": idle * wall,
            "mb": memory_mb(self.pid),
            "wall_s": calm - began,
            "checked": sum(facts["last_checked"] > seen[each] for each, facts in after.items()),
            "changed": sum(facts["last_changed"] >= seen[each] > 0 for each, facts in after.items()),
            "error": sum(bool(facts["last_error"]) for facts in after.values()),
        }

    def _watches(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = self._ask("GET", "/api/v1/watch")
        return found

    def _ask(self, method: str, path: str, body: bytes | None = None) -> dict[str, dict[str, float]]:
        headers = {"x-api-key": self.key, "Content-Type": "text/plain"}
        asked = urllib.request.Request(self.address + path, body, headers, method=method)  # noqa: S310 - our own child
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
            found: dict[str, dict[str, float]] = json.loads(answer.read() or b"{}")
            return found


@contextmanager
def changedetection(programs: Path, folder: Path, certificate: str) -> Iterator[ChangeDetection]:
    """The server with a new data folder, for as long as the block lasts."""
    folder.mkdir()
    port = _free_port()
    settings = {"ALLOW_IANA_RESTRICTED_ADDRESSES": "true", "DISABLE_VERSION_CHECK": "yes", "LOGGER_LEVEL": "ERROR"}
    with (folder.parent / "changedetection.log").open("wb") as log:
        child = subprocess.Popen(
            [str(programs / "changedetection.io"), "-h", "127.0.0.1", "-p", str(port), "-d", str(folder), "-C"],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=_environment(certificate) | settings,
        )
        try:
            wait_for(lambda: _answers(port), "changedetection.io's start", 120)
            server = ChangeDetection(child.pid, f"http://127.0.0.1:{port}", "")
            wait_for(lambda: bool(_key(folder)), "changedetection.io's key", 30)
            server.key = _key(folder)
            yield server
        finally:
            child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _key(folder: Path) -> str:
    for file in folder.glob("*.json"):
        settings = json.loads(file.read_text() or "{}").get("settings", {})
        if key := settings.get("application", {}).get("api_access_token"):
            return str(key)
    return ""


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])
