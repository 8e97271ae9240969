"""Reads what is due in one process, a few hosts at a time, without Celery: `-m tests.faults.reader MOST_HOSTS`."""

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django's parts can be taken only once it is set up

from clinics.operations.rechecking import batches_due, recheck_due  # noqa: E402


def main(most_hosts: int) -> None:
    """Read until nothing is due that somebody else does not read already."""
    while batches_due(timezone.now()):
        if not recheck_due(timezone.now, most_hosts=most_hosts):
            return


if __name__ == "__main__":
    main(int(sys.argv[1]))
