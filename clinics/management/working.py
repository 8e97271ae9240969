"""What the project's commands have in common."""

from django.core.management.base import BaseCommand


class WorkingCommand(BaseCommand):
    """A command that does a work and leaves Django's checks to `check` and `migrate`: they load the whole desk."""

    requires_system_checks: list[str] = []
