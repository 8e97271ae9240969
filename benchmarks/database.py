"""The embedded database as it stands, for benchmarks that ask it in this process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_it_stands() -> Iterator[None]:
    """Django over the servers whose data is below EMBEDDED_HOME; they are let go at the end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    from tracker.embedded.servers import hold_servers

    holds = hold_servers("dev")
    try:
        import django

        django.setup()
        yield
    finally:
        for hold in holds:
            hold.release()
