"""Read recorded pages now, in this process."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations import rechecking
from clinics.operations.refusal import Refusal
from clinics.operations.reports import report


class Command(WorkingCommand):
    help = (
        "Reads recorded pages now, in this process and without a broker, by the same robots, turns and address policy "
        "as the workers. Writes one JSON object a line for each page and clinic."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--due", action="store_true", help="pages whose reading is owed (the default)")
        which.add_argument("--all", action="store_true", help="every recorded page")
        which.add_argument("--url", metavar="URL", help="one recorded page")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pages = rechecking.pages_to_read(url=options["url"], every=options["all"], now=timezone.now())
            for written in rechecking.recheck_pages(pages, timezone.now):
                for line in report(written):
                    self.stdout.write(json.dumps(line, ensure_ascii=False))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
