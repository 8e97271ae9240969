"""`manage.py scan` answers in JSON lines and needs no database."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def answers(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def give(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_file_is_read_by_its_suffix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>Our cells <b>cure</b> arthritis.</p>")
    call_command("scan", str(page))
    (row,) = answers(capsys)
    assert (row["path"], row["sentence"]) == (str(page), "Our cells cure arthritis.")


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    give(monkeypatch, "Our cells cure arthritis.")
    call_command("scan", "-")
    assert len(answers(capsys)) == 1


def test_lines_are_answered_in_order(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    give(monkeypatch, '{"id": 7, "text": "We guarantee results."}\n\n{"id": "b", "text": "Hello."}\n')
    call_command("scan", "--lines")
    first, second = answers(capsys)
    assert (first["id"], first["flagged"], first["categories"]) == (7, True, ["guarantee"])
    assert second == {"id": "b", "flagged": False, "categories": [], "rules": []}


@pytest.mark.parametrize(
    ("line", "told"),
    [("{bad", "Line 2 is not JSON"), ("[]", "Line 2 must be"), ('{"id": 1, "text": 5}', "Line 2 must be")],
)
def test_a_bad_line_stops_the_answers_and_is_named(monkeypatch: pytest.MonkeyPatch, line: str, told: str) -> None:
    give(monkeypatch, '{"id": 1, "text": "Hello."}\n' + line)
    with pytest.raises(CommandError, match=told):
        call_command("scan", "--lines")


def test_an_unreadable_file_is_named_and_the_others_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Our cells cure arthritis.")
    with pytest.raises(CommandError, match=r"absent\.txt: can't be read"):
        call_command("scan", str(tmp_path / "absent.txt"), str(page))
    assert len(answers(capsys)) == 1
