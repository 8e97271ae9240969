"""Load the demonstration."""

import json
from typing import Any

from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations.demonstration import load_demonstration


class Command(WorkingCommand):
    help = (
        "Records fictional clinics, reads their pages from the demonstration's own site (FETCH_TEST_SERVERS must lead "
        "*.example and *.test to it) and decides on some of the flags. Running it again changes nothing. The last line "
        "is a JSON object with the account to sign in with."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(load_demonstration(timezone.now), ensure_ascii=False))
