"""A process loads what its work needs: workers stay small, and commands start at once."""

import subprocess
import sys

import pytest
from django.core.management import get_commands, load_command_class

READER = "import django; django.setup(); import clinics.operations.rechecking"
WORKER = "import django; django.setup(); import tracker.celery, clinics.tasks"
LOADED = "; import sys; print(*(name for name in sys.argv[1:] if name in sys.modules))"
HEAVY = ("boto3", "cryptography", "openpyxl", "clinics.admin", "clinics.directory", "sklearn", "playwright")


@pytest.mark.parametrize(
    ("does", "needs_not"),
    [
        pytest.param(READER, (*HEAVY, "numpy", "rest_framework.fields", "celery"), id="reading-pages"),
        pytest.param(WORKER, HEAVY, id="every-task"),
    ],
)
def test_what_a_process_does_not_use_is_not_loaded(does: str, needs_not: tuple[str, ...]) -> None:
    assert _loaded(does, needs_not) == []


@pytest.mark.parametrize("does", ["import django; django.setup(); import tracker.urls", "import tracker.wsgi"])
def test_the_desk_is_there_before_the_first_visitor(does: str) -> None:
    assert _loaded(does, ("clinics.admin.flags", "boto3")) == ["clinics.admin.flags"]


def test_no_command_of_ours_loads_the_desk_by_its_checks() -> None:
    names = [name for name, app in get_commands().items() if app == "clinics"]
    assert len(names) > 10
    assert [name for name in names if load_command_class("clinics", name).requires_system_checks] == []


def _loaded(does: str, names: tuple[str, ...]) -> list[str]:
    """Which of these modules a new process has loaded after that."""
    done = subprocess.run([sys.executable, "-c", does + LOADED, *names], capture_output=True, text=True, check=True)
    return done.stdout.split()
