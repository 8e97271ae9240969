"""The benchmark of the wording's speed tells each goal; whether they are met is for a quiet machine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_benchmark_tells_each_goal() -> None:
    command = [sys.executable, "benchmarks/wording_speed.py", "--rounds", "1", "--pages", "1"]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    about, figures = json.loads(lines[0]), json.loads(lines[1])
    assert about["pages"] == 1
    assert figures["plain_loop"]["different_verdicts"] == 0
    assert [line[0] for line in lines[2:9]] == list("abcdeef")
    assert all("met" in line.lower() for line in lines[2:9])
