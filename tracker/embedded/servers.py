"""What run.py, manage.py and the tests need around them, handed on by the environment."""

import os

from tracker.embedded.hold import Hold
from tracker.embedded.places import home
from tracker.embedded.postgres import hold_postgres
from tracker.embedded.secret import secret_key
from tracker.embedded.valkey import hold_valkey


def name_secret() -> None:
    """Set DJANGO_SECRET_KEY, unless the operator did."""
    if not (os.environ.get("DJANGO_SECRET_KEY") or os.environ.get("DJANGO_SECRET_KEY_FILE")):
        os.environ["DJANGO_SECRET_KEY"] = secret_key(home())


def hold_servers(profile: str) -> list[Hold]:
    """Hold PostgreSQL and the broker and set DATABASE_URL and CELERY_BROKER_URL, each unless the operator did.

    The shares end with this process, or earlier with `release`. Raises EmbeddedFault.
    """
    name_secret()
    holds = []
    for variable, hold in (("DATABASE_URL", hold_postgres), ("CELERY_BROKER_URL", hold_valkey)):
        if not os.environ.get(variable):
            share, os.environ[variable] = hold(profile)
            holds.append(share)
    return holds
