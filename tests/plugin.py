"""What holds for every test: the gate first, then the servers, then a count of what could not be run here."""

import os
import shutil
from collections.abc import Iterable

from tests import gate

gate.install()

import pytest  # noqa: E402 - nothing may be imported before the gate is closed
from hypothesis import HealthCheck, settings  # noqa: E402

from tracker.embedded.servers import hold_servers  # noqa: E402

hold_servers("test")

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # how long an example takes says more of what else the machine does

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
INSTALL_BROWSER = "apt-get install -y chromium"


def browser() -> str | None:
    """The path of the system's Chromium, if there is one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, and count, what this machine or user cannot run; nothing else is ever left out."""
    reasons = {}
    if browser() is None:
        if os.environ.get("REQUIRE_BROWSER") == "1" and any(item.get_closest_marker("browser") for item in items):
            raise pytest.UsageError(f"REQUIRE_BROWSER=1, but there is no Chromium here: {INSTALL_BROWSER}")
        reasons["browser"] = f"journeys need a browser: {INSTALL_BROWSER}"
    if os.geteuid() != 0:
        reasons["needs_root"] = "tests need the super-user: sudo python3 run.py test"
    for marker, reason in reasons.items():
        left_out = [item for item in items if item.get_closest_marker(marker)]
        _leave_out(config, items, left_out, reason)


def _leave_out(config: pytest.Config, items: list[pytest.Item], left_out: Iterable[pytest.Item], reason: str) -> None:
    gone = list(left_out)
    if gone:
        items[:] = [item for item in items if item not in gone]
        config.stash.setdefault(NOT_RUN, []).append(f"{len(gone)} {reason}")
        config.hook.pytest_deselected(items=gone)


NOT_RUN: pytest.StashKey[list[str]] = pytest.StashKey()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was not run, and what to type."""
    if hasattr(config, "workerinput"):
        return
    for line in config.stash.get(NOT_RUN, []) or _not_run_of_workers(config):
        terminalreporter.write_line(f"NOT RUN: {line}", yellow=True)


def _not_run_of_workers(config: pytest.Config) -> list[str]:
    return getattr(config, "not_run_of_workers", [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Under xdist only the workers collect: take over what the first of them left out."""
    output = getattr(node, "workeroutput", {})
    config = getattr(node, "config")  # noqa: B009 - the node's type is xdist's own
    if output.get("not_run"):
        config.not_run_of_workers = output["not_run"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the controller what this worker left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["not_run"] = session.config.stash.get(NOT_RUN, [])


@pytest.fixture(autouse=True)
def own_evidence_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> None:
    """Proof that a test keeps goes into a folder of its own."""
    settings = request.getfixturevalue("settings")
    settings.EVIDENCE_FOLDER = tmp_path_factory.mktemp("evidence")


@pytest.fixture(autouse=True)
def no_wait_for_publication(request: pytest.FixtureRequest) -> None:
    """What is signed is public at once, but in tests of the delay itself."""
    request.getfixturevalue("settings").PUBLICATION_DELAY_MINUTES = 0
