"""Bring rules, vocabularies, roles and partitions up to date."""

import json
from typing import Any

from django.utils import timezone

from clinics.management.working import WorkingCommand
from clinics.operations.reference import prepare


class Command(WorkingCommand):
    help = "Brings rules, vocabularies, roles and this month's partitions up to date. Run it after each upgrade."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(prepare(timezone.now())))
