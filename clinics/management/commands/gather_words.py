"""Gather the words that ordinary wording uses from the labelled corpus."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations import labelled, word_list
from clinics.operations.refusal import Refusal


class Command(WorkingCommand):
    help = (
        "Writes words.txt, the words by which masked wording is told from ordinary wording, into the folder --to. "
        "Train the second reader after it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, metavar="FOLDER", help="where to write words.txt")
        parser.add_argument("--corpus", default=str(labelled.CORPUS), metavar="FOLDER", help="labelled wording")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["to"])
        if not folder.is_dir():
            raise CommandError(f"{folder}: there is no such folder; make it first.")
        try:
            words = word_list.gathered(labelled.corpus(Path(options["corpus"])))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        word_list.write(words, folder, timezone.now().date())
        self.stdout.write(f"{len(words):,} words written to {folder / 'words.txt'}.")
