"""`run.py test`: what the tests need around them, then pytest."""

import ctypes
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

from tracker.embedded.places import home

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1


def get_browser() -> None:
    """On Debian, as root, install the browser that the journeys need."""
    apt = shutil.which("apt-get")
    if any(shutil.which(name) for name in BROWSERS) or os.geteuid() != 0 or not apt:
        return
    print("Installing the browser for the journeys (apt-get install chromium) …", file=sys.stderr, flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    if subprocess.run(install, **quiet).returncode:
        subprocess.run([apt, "update", "-qq"], **quiet)
        subprocess.run(install, **quiet)


def keep_bytecode() -> None:
    """Where Python may leave none beside its sources, it goes to the servers' folder: many processes begin here."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(home() / "bytecode"))


def leave_the_network() -> bool:
    """Enter a network namespace that has nothing but its own loopback; whether the machine allowed it."""
    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET if uid == 0 else CLONE_NEWUSER | CLONE_NEWNET):
        return False
    if uid:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        fcntl.ioctl(line, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
    return True


def main() -> None:
    get_browser()
    keep_bytecode()
    try:
        outside = not leave_the_network()
    except OSError:
        outside = True
    print(
        "Network gate: every connection but to loopback is refused"
        + (" in Python and libcurl." if outside else "; the tests run in a network without a way out."),
        file=sys.stderr,
        flush=True,
    )
    arguments = sys.argv[1:]
    if not any(argument.startswith(("-n", "--numprocesses")) for argument in arguments):
        arguments = ["-n", str(min(os.cpu_count() or 1, 8)), "--dist", "worksteal", *arguments]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
