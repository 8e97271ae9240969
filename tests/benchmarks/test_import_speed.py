"""The import's benchmark runs to its end."""

import runpy
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "import_speed.py"


@pytest.mark.django_db(transaction=True)
def test_a_file_is_checked_recorded_and_found_unchanged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROWS", "30")
    runpy.run_path(str(BENCHMARK))
    told = capsys.readouterr().out
    assert "recorded: " in told
    assert "30 new, 0 changed, 0 unchanged clinics; 90 pages newly recorded." in told
    assert told.rstrip().endswith("0 new, 0 changed, 30 unchanged clinics; 0 rows with faults.")
