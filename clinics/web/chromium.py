"""The system's Chromium as a child that is begun for one page, bounded, and ended wholly.

It is driven over a pipe and opens no port; when the pipe's other end goes, it ends, so that a killed worker leaves
none behind. All its traffic goes through the proxy that it is told, loopback included.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clinics.web.devtools import Devtools, TooMuch

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
INSTALL: Final = "No Chromium was found. Debian and Ubuntu: apt-get install chromium"

_START: Final = Path(__file__).with_name("chromium_start.py")
_PROFILE: Final = "clinic-reader-"
_FORGOTTEN: Final = 3600  # seconds after which a profile's worker must have been killed
_WATCH_EVERY: Final = 0.5  # seconds between two looks at the memory
_LARGEST_FILE: Final = 268_435_456  # bytes; shared memory counts
_NOT_WANTED: Final = (
    "AutofillServerCommunication",
    "BackForwardCache",
    "DialMediaRouteProvider",
    "InterestFeedContentSuggestions",
    "IsolateOrigins",
    "MediaRouter",
    "OptimizationHints",
    "Prerender2",
    "Translate",
    "site-per-process",  # frames of other sites are not loaded, so that they need no processes of their own
)
_SWITCHES: Final = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--proxy-bypass-list=<-loopback>",  # loopback too: nothing goes around the proxy
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # the proxy looks names up, nobody else
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--block-new-web-contents",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    f"--disable-features={','.join(_NOT_WANTED)}",
    "--disable-file-system",
    "--disable-gpu",
    "--disable-notifications",
    "--disable-plugins",
    "--disable-site-isolation-trials",
    "--disable-sync",
    "--disk-cache-size=1",
    "--js-flags=--max-old-space-size=512",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-service-autorun",
    "--password-store=basic",
    "--renderer-process-limit=2",
)


class BrowserFault(Exception):
    """This machine's browser cannot be used; no fault of the page's. The message is for whoever runs the machine."""


def find_chromium() -> str:
    """The path of this machine's Chromium. Raises BrowserFault where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise BrowserFault(INSTALL)
    return found


@dataclass(frozen=True, slots=True)
class Chromium:
    """How this machine's browser is begun. Without its sandbox only where the machine gives it none."""

    program: str
    sandbox: bool = True
    megabytes: int = 1500  # of all its processes together

    @contextmanager
    def begun(self, proxy: int, user_agent: str, *, seconds: float, longest: int) -> Iterator[Devtools]:
        """A fresh browser with an empty profile, killed with all its children after `seconds` at the latest.

        `proxy` is the port of its proxy on loopback; `longest`, in bytes, bounds each of its answers. Raises
        BrowserFault where it does not begin.
        """
        with ExitStack() as later:
            _remove_forgotten()
            profile = tempfile.mkdtemp(prefix=_PROFILE)
            later.callback(_removed, profile)
            child, says, hears = self._start(profile, proxy, user_agent, seconds)
            later.callback(_ended, child)
            alarm = threading.Timer(seconds, _kill, [child])
            alarm.daemon = True
            alarm.start()
            later.callback(alarm.cancel)
            devtools = Devtools(says, hears, longest=longest, watch=_Watch(child.pid, self.megabytes).look)
            later.callback(devtools.close)
            yield devtools

    def _start(
        self, profile: str, proxy: int, user_agent: str, seconds: float
    ) -> tuple["subprocess.Popen[bytes]", int, int]:
        """The child, the descriptor to say commands on, and the one to hear answers on."""
        if os.geteuid() == 0:
            os.chown(profile, 65534, 65534)
        commands, answers = os.pipe(), os.pipe()
        own = [
            f"--user-data-dir={profile}",
            f"--proxy-server=http://127.0.0.1:{proxy}",
            f"--user-agent={user_agent}",
            *([] if self.sandbox else ["--no-sandbox"]),
        ]
        bounds = [str(commands[0]), str(answers[1]), str(int(seconds) * 2), str(_LARGEST_FILE)]
        with open(Path(profile) / "complaints", "wb") as complaints:
            child = subprocess.Popen(
                [sys.executable, "-I", str(_START), *bounds, self.program, *_SWITCHES, *own, "about:blank"],
                pass_fds=(commands[0], answers[1]),
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                cwd="/",
                env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": profile, "TMPDIR": profile, "LANG": "C.UTF-8"},
            )
        os.close(commands[0])
        os.close(answers[1])
        return child, commands[1], answers[0]


class _Watch:
    """Looks now and then whether the browser's processes have taken too much memory."""

    def __init__(self, group: int, megabytes: int) -> None:
        self._group, self._megabytes, self._next = group, megabytes, 0.0

    def look(self) -> None:
        """Raises TooMuch."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _WATCH_EVERY
        if memory_of(self._group) > self._megabytes * 1_000_000:
            raise TooMuch(f"The page's scripts took more than {self._megabytes:,} MB of memory.")


def memory_of(group: int) -> int:
    """Bytes that the processes of a group hold, the pages of files left out."""
    return sum(map(_held, _members(group)))


def _members(group: int) -> Iterator[Path]:
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError, IndexError):
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                if int(fields[2]) == group:
                    yield process


def _held(process: Path) -> int:
    try:
        lines = (process / "status").read_text().splitlines()
    except OSError:  # it has just ended
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))


def _kill(child: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _ended(child: "subprocess.Popen[bytes]") -> None:
    """Kill the browser with all its children, and wait until it is gone."""
    _kill(child)
    child.wait()


def _remove_forgotten() -> None:
    """Remove the profiles of browsers whose workers were killed."""
    for profile in Path(tempfile.gettempdir()).glob(f"{_PROFILE}*"):
        with suppress(OSError):
            if time.time() - profile.stat().st_mtime > _FORGOTTEN:
                shutil.rmtree(profile, ignore_errors=True)


def _removed(profile: str) -> None:
    """Remove the profile; a process that is just ending may write into it once more."""
    for _ in range(20):
        shutil.rmtree(profile, ignore_errors=True)
        if not os.path.exists(profile):
            return
        time.sleep(0.05)
