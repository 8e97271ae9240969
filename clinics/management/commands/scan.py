"""Read texts and files for risky wording, without a database unless it is asked for."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from clinics.management.working import WorkingCommand
from clinics.operations import scanning
from clinics.operations.refusal import Refusal


class Command(WorkingCommand):
    help = (
        "Reads files, or standard input for '-', for risky wording. Writes one JSON object a line for each flagged "
        "sentence. Stores nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="files to read; '-' or none is standard input")
        parser.add_argument("--format", choices=scanning.FORMATS, help="how to read them (by their suffix, else text)")
        parser.add_argument("--rules", choices=("shipped", "database"), default="shipped", help="whose rules")
        parser.add_argument("--state", default="", metavar="FL", help="also look for the notice of this state's law")
        parser.add_argument("--all", action="store_true", help="also what was found and not flagged, with the reason")
        parser.add_argument("--lines", action="store_true", help='answer JSON lines {"id", "text"} of standard input')

    def handle(self, *args: Any, **options: Any) -> None:
        rules = scanning.rules_from(options["rules"])
        if options["lines"]:
            if options["paths"] not in ([], ["-"]):
                raise CommandError("--lines reads standard input; leave the paths out.")
            self._answer_lines(rules)
            return
        faults = [fault for path in options["paths"] or ["-"] for fault in self._scan(path, rules, options)]
        if faults:
            raise CommandError("\n".join(faults))

    def _scan(self, path: str, rules: scanning.Rules, options: dict[str, Any]) -> Iterator[str]:
        """Write the rows of one file; yield the fault where it can't be read."""
        try:
            body = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
            reading = scanning.read(path, body, scanning.format_of(path, options["format"]))
        except OSError as error:
            yield f"{path}: can't be read ({error.strerror})."
            return
        except Refusal as refusal:
            yield str(refusal)
            return
        for row in scanning.scan(reading, rules, state=options["state"], everything=options["all"]):
            self._write(row)

    def _answer_lines(self, rules: scanning.Rules) -> None:
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if line.strip():
                asked = _asked(number, line)
                self._write({"id": asked["id"], **scanning.judge(asked["text"], rules)})
                self.stdout.flush()

    def _write(self, row: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(row, ensure_ascii=False))


def _asked(number: int, line: bytes) -> dict[str, Any]:
    """The object of one line. Raises CommandError naming the line."""
    try:
        asked = json.loads(line)
    except ValueError:
        raise CommandError(f"Line {number} is not JSON: {line[:80]!r}") from None
    if not isinstance(asked, dict) or "id" not in asked or not isinstance(asked.get("text"), str):
        raise CommandError(f'Line {number} must be an object with "id" and "text" (a string).')
    return asked
