"""Record clinics from a table."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations.import_columns import COLUMNS
from clinics.operations.importing import import_clinics

ABOUT = """Records clinics from a CSV file in UTF-8, or an Excel workbook, whose first line names the columns:

{columns}

Rows with the same website or id are locations of one clinic. A clinic that is known by its id, else by its website,
else by its name and ZIP, is brought up to date; an empty cell erases nothing; importing again changes nothing. New
clinics are drafts.
Nothing is written while any row has a fault: all faults are told at once, and the exit status is 1. A summary stands
on standard output as one JSON object: created, changed, unchanged, pages, faults."""


class Command(WorkingCommand):
    help = ABOUT.format(columns="\n".join(f"  {name:12} {meaning}" for name, meaning in COLUMNS.items()))

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Django's own parser, but with the lines of the help text as they stand."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and keep nothing")
        parser.add_argument("--listed", action="store_true", help="put the file's drafts into the public directory")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as trouble:
            raise CommandError(f"{options['file']} cannot be read: {trouble.strerror}.") from None
        summary = import_clinics(
            data, dry_run=options["dry_run"], listed=options["listed"], by=None, now=timezone.now()
        )
        self.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False))
        for fault in summary.faults:
            self.stderr.write(str(fault))
        if summary.faults:
            self.stderr.write("Nothing was written.")
            sys.exit(1)
