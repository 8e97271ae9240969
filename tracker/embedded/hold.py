"""Holding a server together with other processes: whoever comes first starts it, the last one out stops it."""

import atexit
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """One process at a time. The kernel drops the lock of a process that was killed."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Hold:
    """A share in a running server. Ends with `release`, at exit, or with the process itself."""

    def __init__(self, folder: Path, name: str, *, start: Callable[[], None], stop: Callable[[], None]) -> None:
        """`start` makes sure that the server answers; `stop` ends it; both are called by one process at a time."""
        self._gate = folder / f"{name}.gate"
        self._stop = stop
        self._process = os.getpid()
        with locked(self._gate):
            self._users: int | None = os.open(folder / f"{name}.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            start()
            fcntl.flock(self._users, fcntl.LOCK_SH)
        atexit.register(self.release)

    def release(self) -> None:
        """Give up the share; stop the server if nobody else has one. A forked child's exit changes nothing."""
        if self._users is None or os.getpid() != self._process:
            return
        atexit.unregister(self.release)
        users, self._users = self._users, None
        try:
            with locked(self._gate):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._stop()
        except BlockingIOError:
            return  # somebody else still holds the server
        finally:
            os.close(users)
