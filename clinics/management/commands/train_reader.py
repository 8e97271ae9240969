"""Train the second reader from labelled wording."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations import labelled, learning_pages, training
from clinics.operations.refusal import Refusal


class Command(WorkingCommand):
    help = (
        "Trains the second reader from the labelled corpus, and with --decisions from what staff decided. Writes "
        "second_reader.bin and second_reader.json into the folder --to; set SECOND_READER to that folder to use them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, metavar="FOLDER", help="where to write the model and its card")
        parser.add_argument("--corpus", default=str(labelled.CORPUS), metavar="FOLDER", help="labelled wording")
        parser.add_argument("--decisions", action="store_true", help="learn from staff's decisions as well")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, corpus = Path(options["to"]), Path(options["corpus"])
        if not folder.is_dir():
            raise CommandError(f"{folder}: there is no such folder; make it first.")
        try:
            given = training.lessons(corpus)
            self._train(given, folder, options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None

    def _train(self, given: list[labelled.Labelled], folder: Path, options: dict[str, Any]) -> None:
        if options["decisions"]:
            from clinics.operations.decided import decided

            given += decided()
        self.stderr.write(f"Reading {len(given):,} labelled sentences …")
        seen = training.examples(given)
        facts: dict[str, Any] = {"sentences": len(given), "risky": sum(each.risky for each in given)}
        self.stderr.write("Training without each fifth of the batches in turn, for figures and for whole pages …")
        shares = training.held_out(seen, given)
        facts["held_out"] = training.measured(given, shares)
        place = learning_pages.place_of(seen, given, shares)
        self.stderr.write("Training …")
        number = training.next_number(folder)
        reader = training.reader_of(seen, number, training.data_hash(given), timezone.now().date())
        training.write(learning_pages.with_place(reader, place), folder, **facts)
        self.stdout.write(f"Second reader {number} written to {folder}: {facts}")
