"""Style, types and migrations, held by the same command as every other test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1]
CODE = ["clinics", "tracker", "tests", "benchmarks", "run.py", "manage.py"]
CHECKS = """
import django
django.setup()
import tracker.urls  # the desk is registered with them, and only then checked
from django.core.management import call_command
call_command("check", fail_level="WARNING")
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["-m", "ruff", "check", "--no-cache", *CODE], id="style"),
        pytest.param(["-m", "mypy", "clinics", "tracker"], id="types"),
        pytest.param(["manage.py", "makemigrations", "--check", "--dry-run"], id="every-model-has-its-migration"),
        pytest.param(["-c", CHECKS], id="system-checks"),
    ],
)
def test_the_house_is_in_order(command: list[str]) -> None:
    env = {**os.environ, "PUBLISHER_NAME": "A house", "PUBLISHER_CONTACT": "desk@house.example"}
    done = subprocess.run([sys.executable, *command], cwd=HOUSE, capture_output=True, text=True, env=env)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
