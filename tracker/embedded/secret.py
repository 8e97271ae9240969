"""The secret key of an installation that nobody configured: made once, readable by its owner only."""

import os
import secrets
from pathlib import Path


def secret_key(folder: Path) -> str:
    """The key kept in `folder`, made on the first call. Two first calls at once agree on one."""
    file = folder / "secret-key"
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        beside = folder / f"secret-key.{os.getpid()}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as new:
            new.write(secrets.token_urlsafe(48))
        try:
            os.link(beside, file)
        except FileExistsError:
            return file.read_text()
        finally:
            beside.unlink()
    return file.read_text()
