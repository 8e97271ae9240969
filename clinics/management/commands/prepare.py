"""Bring rules, vocabularies, roles and partitions up to date."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clinics.operations.reference import prepare


class Command(BaseCommand):
    help = "Brings rules, vocabularies, roles and this month's partitions up to date. Run it after each upgrade."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(prepare(timezone.now())))
