"""Say whether the directory finds what it should, or write what it searches anew."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from clinics.management.working import WorkingCommand
from clinics.operations import search_documents


class Command(WorkingCommand):
    help = (
        "Holds the search documents against the rows that they are made of: one JSON object for each clinic whose "
        "document differs, then a summary; ends with 1 if there is any. With --rebuild it writes them all anew first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--verify", action="store_true", help="only look, as without any option")
        ways.add_argument("--rebuild", action="store_true", help="after rows came in past the triggers")

    def handle(self, *args: Any, **options: Any) -> None:
        summary = {"written": search_documents.rebuild()} if options["rebuild"] else {}
        differ = 0
        for difference in search_documents.differences():
            differ += 1
            self.stdout.write(json.dumps(asdict(difference)))
        self.stdout.write(json.dumps({**summary, "differ": differ}))
        if differ:
            sys.exit(1)
