"""Where embedded servers keep their data, and as whom they run."""

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET = 80  # of the 107 bytes that a unix socket's path may have, less the file's own name


class EmbeddedFault(Exception):
    """An embedded server cannot be had. The message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The user that a server runs as. PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    @property
    def credentials(self) -> dict[str, object]:
        """Arguments for subprocess; none where we are that user already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def home() -> Path:
    """The folder of all embedded data: EMBEDDED_HOME, or `.local` in the checkout."""
    return (CHECKOUT / (os.environ.get("EMBEDDED_HOME") or ".local")).resolve()


def owner_of(folder: Path) -> Owner:
    """Who runs a server whose data is in `folder`: its present owner; else us; for root `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    if folder.exists():
        facts = folder.stat()
        return Owner(facts.st_uid, facts.st_gid)
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    return Owner(user.pw_uid, user.pw_gid)


def may_reach(path: Path, owner: Owner) -> bool:
    """Whether the owner can walk down to the path."""
    if owner.uid == 0:
        return True
    return all(_may_pass(folder.stat(), owner) for folder in path.resolve().parents if folder.exists())


def _may_pass(facts: os.stat_result, owner: Owner) -> bool:
    if facts.st_uid == owner.uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid == owner.gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def fallback() -> Path:
    """Where root's servers keep data when only root may enter the checkout; named after the home it stands for."""
    mark = hashlib.sha256(os.fsencode(home())).hexdigest()[:10]
    return Path("/var/lib") / f"clinic-directory-{mark}"


def server_home(owner: Owner) -> Path:
    """The folder in which this owner's server can work, made if need be."""
    here = home()
    here.mkdir(parents=True, exist_ok=True)
    if may_reach(here / "x", owner):
        return here
    there = fallback()
    there.mkdir(parents=True, exist_ok=True, mode=0o755)
    return there


def socket_folder(data: Path, owner: Owner) -> Path:
    """A folder for a unix socket that only the owner may enter: the data's own, or a short one where that is long."""
    plain = os.fsencode(data)
    if len(plain) <= LONGEST_SOCKET and not set(str(data)) & set(" %'\"\\?#,"):
        return data
    short = Path(tempfile.gettempdir()) / f"clinics-{hashlib.sha256(plain).hexdigest()[:12]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid == os.geteuid() != owner.uid:
        os.chown(short, owner.uid, owner.gid)
    facts = short.lstat()
    if facts.st_uid != owner.uid or not stat.S_ISDIR(facts.st_mode) or stat.S_IMODE(facts.st_mode) != 0o700:
        raise EmbeddedFault(f"{short} belongs to somebody else: remove it, or set EMBEDDED_HOME to a shorter path.")
    return short
