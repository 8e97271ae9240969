"""Gather the outlines that the maps of clinics are drawn on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations import outlines
from clinics.operations.refusal import Refusal


class Command(WorkingCommand):
    help = (
        "Writes outlines.json, the outlines of states and countries for the maps of clinics, into the folder --to, "
        "from states-10m.json of the npm package us-atlas and countries-50m.json of world-atlas."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--states", required=True, metavar="FILE", help="states-10m.json")
        parser.add_argument("--countries", required=True, metavar="FILE", help="countries-50m.json")
        parser.add_argument("--to", required=True, metavar="FOLDER", help="where to write outlines.json")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, states, countries = (Path(options[name]) for name in ("to", "states", "countries"))
        for path, is_there in ((folder, folder.is_dir()), (states, states.is_file()), (countries, countries.is_file())):
            if not is_there:
                raise CommandError(f"{path}: there is nothing of that name.")
        try:
            found = outlines.gathered(states, countries, *outlines.keys_by_name())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        outlines.write(found, folder, timezone.now().date())
        self.stdout.write(f"{len(found):,} outlines written to {folder / 'outlines.json'}.")
