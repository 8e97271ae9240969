"""Makes the dump of everything public now."""

import json
from typing import Any

from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations.dumping import make_dump


class Command(WorkingCommand):
    help = "Writes everything public into one ZIP in DUMP_FOLDER, as workers do each night. The last line is JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many lines each file has."""
        self.stdout.write(json.dumps(make_dump(timezone.now())))
