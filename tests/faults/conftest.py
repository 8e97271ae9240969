"""Servers and a site of one's own for tests that kill them."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.faults import site
from tests.faults.house import House, Scene
from tests.faults.rows import Rows
from tests.stranger import Stranger
from tracker.embedded.postgres import cluster, hold_postgres
from tracker.embedded.valkey import broker, hold_valkey

FIRST, LATER = 1, 2  # editions of the site


@pytest.fixture(scope="session")
def stranger() -> Iterator[Stranger]:
    """Who plays the site."""
    with Stranger() as stranger:
        yield stranger


@pytest.fixture(scope="session")
def house(stranger: Stranger) -> Iterator[House]:
    """A careful database server and a broker of our own, with a database where the clinics are recorded, unread."""
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as name, _servers(Path(name)):
        house = House(cluster("dev"), broker("dev"), Path(name), _environment(stranger, Path(name)))
        table = house.folder / "clinics.csv"
        table.write_text(site.table())
        house.manage("clinics", "migrate", "-v0")
        house.manage("clinics", "prepare")
        house.manage("clinics", "import_clinics", str(table))
        yield house


@contextmanager
def _servers(folder: Path) -> Iterator[None]:
    """Embedded servers in this folder, where the database's own user can go too."""
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EMBEDDED_HOME", str(folder))
        shares = [hold_postgres("dev")[0], hold_valkey("dev")[0]]
        try:
            yield
        finally:
            for share in shares:
                share.release()


def _environment(stranger: Stranger, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "CELERY_BROKER_URL": broker("dev").url,
        "EVIDENCE_FOLDER": str(folder / "evidence"),
        "FETCH_HOST_DELAY": "0",
        "FETCH_TEST_SERVERS": f"*.test=127.0.0.1:{stranger.port}",
        "LOG_LEVEL": "INFO",
    }


@dataclass(frozen=True, slots=True)
class Occasion:
    """Pages to be read, and the rows that are there afterwards if nothing disturbs."""

    edition: int
    template: str
    rows: Rows


@pytest.fixture(scope="session")
def occasions(house: House, stranger: Stranger) -> dict[int, Occasion]:
    """The first reading of every page, and the second after half of them changed, both undisturbed."""
    found = {}
    template = "clinics"
    for edition, name in ((FIRST, "read-once"), (LATER, "read-twice")):
        site.play(stranger, edition)
        house.copy(template, name)
        with Scene(house, name) as scene:
            scene.make_all_due()
            scene.worker()
            scene.wake()
            scene.until(scene.is_at_rest, "an undisturbed reading")
            found[edition] = Occasion(edition, template, scene.rows())
        template = name
    return found


Begin = Callable[..., tuple[Scene, Rows]]


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """Names for databases."""
    return count(1)


@pytest.fixture
def begin(house: House, stranger: Stranger, occasions: dict[int, Occasion], numbers: Iterator[int]) -> Iterator[Begin]:
    """Make a scene with all pages due; it comes with the rows that an undisturbed reading leaves."""
    scenes: list[Scene] = []

    def begin(edition: int = LATER) -> tuple[Scene, Rows]:
        occasion = occasions[edition]
        site.play(stranger, edition)
        database = f"scene-{next(numbers)}"
        house.copy(occasion.template, database)
        house.broker.ask("FLUSHALL")
        scene = Scene(house, database)
        scene.make_all_due()
        scenes.append(scene)
        return scene, occasion.rows

    yield begin
    for scene in scenes:
        scene.__exit__()
