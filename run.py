#!/usr/bin/env python3
"""The project's commands, on a machine that has Python 3.11 or newer and nothing else.

    python3 run.py demo                the product at work on fictional clinics
    python3 run.py serve               the same, empty and lasting, for one's own data
    python3 run.py test [ARGUMENTS]    every test; arguments are pytest's
    python3 run.py manage COMMAND …    Django's commands

The first call makes `.venv` and installs the locked requirements into it, checked by their hashes.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)
HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "installed"
LOCK = HERE / ".venv.lock"
RUNNING = HERE / "requirements.txt"
TESTING = HERE / "requirements-test.txt"
COMMANDS = ("demo", "serve", "test", "manage")


def say(line: str) -> None:
    """Tell the person at the terminal; standard output belongs to the command's own answer."""
    print(line, file=sys.stderr, flush=True)


def find_python() -> None:
    """Go on in a newer Python, if this one is too old."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 - no shell is wanted
    sys.exit("Python 3.11 or newer is needed. Debian and Ubuntu: apt-get install python3.11 python3.11-venv")


def wanted(requirements: Path) -> str:
    """What the environment must have been made from, as one word."""
    return hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()


def is_ready(requirements: Path) -> bool:
    """Whether the environment holds these requirements, for this Python."""
    return PYTHON.exists() and STAMP.exists() and wanted(requirements) in STAMP.read_text().split()


def make_ready(requirements: Path) -> None:
    """Make or mend the environment; a second start waits for the first."""
    if is_ready(requirements):
        return
    with open(LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready(requirements):
            return
        install(requirements)


def install(requirements: Path) -> None:
    """Fill the environment. Without its stamp it counts as half made, and the next call begins anew."""
    kept = STAMP.read_text().split() if STAMP.exists() and PYTHON.exists() else []
    STAMP.unlink(missing_ok=True)
    say(f"Installing {requirements.name} into {ENVIRONMENT.name} (once, about a minute) …")
    pip = make_environment(anew=not kept)
    if not install_with_uv(pip, requirements):
        run([*pip, "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", str(requirements)])
    STAMP.write_text("\n".join({*kept, wanted(requirements)} | ({wanted(RUNNING)} if RUNNING.exists() else set())))


def make_environment(*, anew: bool) -> list[str]:
    """Make the virtual environment; answers the command by which pip installs into it.

    Debian keeps ensurepip in a package of its own; without it the system's pip installs into the environment.
    """
    if importlib.util.find_spec("ensurepip") is not None:
        if anew:
            venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists(), symlinks=True)
        return [str(PYTHON), "-m", "pip"]
    if anew:
        venv.create(ENVIRONMENT, with_pip=False, clear=ENVIRONMENT.exists(), symlinks=True)
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip"]
    sys.exit("Neither ensurepip nor pip is here. Debian and Ubuntu: apt-get install -y python3-venv")


def install_with_uv(pip: list[str], requirements: Path) -> bool:
    """Whether uv, which is ten times faster than pip, could be had and did it."""
    if os.environ.get("NO_UV"):
        return False
    uv = shutil.which("uv")
    if not uv:
        if subprocess.run([*pip, "install", "-q", "--disable-pip-version-check", "uv"], capture_output=True).returncode:
            return False
        uv = str(ENVIRONMENT / "bin" / "uv")
    command = [uv, "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "-r", str(requirements)]
    return subprocess.run(command).returncode == 0


def run(command: list[str]) -> None:
    """Run a command; end with its status if it fails."""
    status = subprocess.run(command).returncode
    if status:
        sys.exit(f"This failed with status {status}: {' '.join(command)}")


def main() -> None:
    find_python()
    command, arguments = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if command not in COMMANDS:
        sys.exit(__doc__)
    make_ready(TESTING if command == "test" else RUNNING)
    os.chdir(HERE)
    targets = {
        "demo": ["-m", "tracker.embedded.serve", "demo"],
        "serve": ["-m", "tracker.embedded.serve", "serve"],
        "test": ["-m", "tests.run"],
        "manage": ["manage.py"],
    }
    os.execv(PYTHON, [str(PYTHON), *targets[command], *arguments])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
