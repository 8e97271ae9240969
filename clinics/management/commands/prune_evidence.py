"""Remove proof that need not be kept any longer."""

import json
from typing import Any

from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations import retention


class Command(WorkingCommand):
    help = (
        "Removes texts, exchanges and checks older than RETENTION_DAYS on which nothing published, no living flag and "
        "no legal hold rests; their hashes and tombstones stay. Does nothing where RETENTION_DAYS is 0. Workers do it "
        "daily; run it by hand where there is more than they can do in four minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(retention.prune(timezone.now())))
