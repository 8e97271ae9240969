"""Say whether the proof is what it was."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from clinics.management.working import WorkingCommand
from clinics.operations.keeping import evidence_store
from clinics.operations.verifying import Verification


class Command(WorkingCommand):
    help = (
        "Looks at every seal, every row of proof and every record of the evidence store. Writes one JSON object a line "
        "for each fault (what, where, what to do), then a summary with the newest seal. Ends with 1 if there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--known-seal",
            action="append",
            default=[],
            metavar="HASH",
            help="a seal's hash that was kept elsewhere and must still be in the chain; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verification = Verification(evidence_store(), known_seals=options["known_seal"])
        for fault in verification.faults():
            self.stdout.write(json.dumps(asdict(fault), ensure_ascii=False))
        self.stdout.write(json.dumps(asdict(verification.found), ensure_ascii=False))
        if verification.found.faults:
            sys.exit(1)
