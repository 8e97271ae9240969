"""Fill a database with synthetic clinics."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import ProgrammingError
from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations.reference import prepare
from clinics.operations.refusal import Refusal
from clinics.operations.seeding import seed


class Command(WorkingCommand):
    help = (
        "Adds synthetic, listed clinics with values for every facet, and flags and checks spread over them, by bulk "
        "copy, past all operations. For trials of speed in a database of its own. The last line is a JSON object."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinics", type=int, required=True)
        parser.add_argument("--flags", type=int, default=0, help="spread over these clinics")
        parser.add_argument("--checks", type=int, default=0, help="spread over all synthetic pages")

    def handle(self, *args: Any, **options: Any) -> None:
        clinics, flags, checks = (options[name] for name in ("clinics", "flags", "checks"))
        if min(clinics, flags, checks) < 0:
            raise CommandError("Give numbers from 0 on.")
        try:
            prepare(timezone.now())
            done = seed(clinics, flags, checks, timezone.now(), lambda line: self.stderr.write(line))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        except ProgrammingError:
            raise CommandError("The database is behind the code: run manage.py migrate first.") from None
        self.stdout.write(json.dumps(done))
