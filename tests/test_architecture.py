"""The plan of the house, held against the imports as they stand.

A room that is not in the plan fails, so the plan cannot fall behind the code.
"""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1]

# room: the rooms it may import
ROOMS = {
    "tracker": {"clinics.directory", "clinics.watch", "clinics.admin"},  # urls alone
    "clinics.apps": {"clinics.operations.configuration"},  # the checks of settings at the start
    "clinics.admin": {"clinics.operations", "clinics.published", "clinics.models", "clinics.domain"},
    "clinics.directory": {"clinics.published", "clinics.operations.corrections"},
    "clinics.watch": {"clinics.operations", "clinics.models"},
    "clinics.tasks": {"clinics.operations"},
    "clinics.management": {"clinics.operations"},
    "clinics.operations": {
        "clinics.published",
        "clinics.models",
        "clinics.web",
        "clinics.evidence",
        "clinics.domain",
    },
    "clinics.published": {"clinics.models", "clinics.domain"},
    "clinics.models": {"clinics.domain"},
    "clinics.web": {"clinics.domain"},
    "clinics.evidence": {"clinics.domain"},
    "clinics.domain": set(),
    "clinics.migrations": {"clinics.models", "clinics.domain"},
}
BELOW_DJANGO = ("clinics.domain", "clinics.web", "clinics.evidence")
DJANGO = {"django", "rest_framework", "django_filters", "pghistory", "pgtrigger", "celery", "psycopg"}
WITH_SOCKETS = {"tracker", "clinics.web"}
SOCKETS = {"socket", "ssl", "http.client", "http.server", "urllib.request", "pycurl", "aiohttp", "requests", "httpx"}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "signals"}


@dataclass(frozen=True)
class Import:
    """One import: the module, the names taken from it, and where."""

    module: str
    names: frozenset[str]
    where: str


def sources(house: Path) -> dict[str, Path]:
    """Every module of the house by its dotted name."""
    files = [path for top in ("tracker", "clinics") for path in sorted((house / top).rglob("*.py"))]
    return {
        ".".join(path.relative_to(house).with_suffix("").parts).removesuffix(".__init__"): path
        for path in files
        if path != house / "clinics" / "__init__.py"
    }


def imports(path: Path) -> Iterator[Import]:
    """Every import of a file, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        where = f"{path.name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, frozenset(), where)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield Import(module, frozenset(alias.name for alias in node.names), where)


def room_of(dotted: str) -> str:
    """The room that a module stands in."""
    parts = dotted.split(".")
    return "tracker" if parts[0] == "tracker" else ".".join(parts[:2])


def modules_named(taken: Import) -> set[str]:
    """The modules an import may mean: `from clinics import web` names clinics.web."""
    if taken.module == "clinics":
        return {f"clinics.{name}" for name in taken.names} or {"clinics"}
    return {taken.module} | {f"{taken.module}.{name}" for name in taken.names}


def _allowed(module: str, allowed: set[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in allowed)


def breaches(house: Path) -> list[str]:
    """Everything in the house that is against its plan, as sentences."""
    return [fault for dotted, path in sources(house).items() for fault in _faults_of(dotted, path)]


def _faults_of(dotted: str, path: Path) -> Iterator[str]:
    room = room_of(dotted)
    if room not in ROOMS and dotted != "clinics":
        yield f"{path.name}: {room} is not in the plan"
        return
    if dotted.split(".")[-1] in FORBIDDEN_NAMES:
        yield f"{path.name}: no module is called so"
    for taken in imports(path):
        yield from _faults_of_import(room, taken)
    if room == "clinics.domain":
        yield from _clocks(path)


def _faults_of_import(room: str, taken: Import) -> Iterator[str]:
    if taken.module.startswith("."):
        yield f"{taken.where}: a relative import"
    if "*" in taken.names:
        yield f"{taken.where}: a star import"
    top = taken.module.split(".")[0]
    if top == "tests":
        yield f"{taken.where}: the house may not import its tests"
    if top in ("clinics", "tracker"):
        named = {taken.module} if room_of(taken.module) != "clinics" else modules_named(taken)
        for module in named:
            specific = modules_named(taken) if _partly(module, ROOMS[room]) else {module}
            if room_of(module) != room and not any(_allowed(each, ROOMS[room]) for each in specific):
                yield f"{taken.where}: {room} may not import {module}"
    elif room in BELOW_DJANGO and top in DJANGO:
        yield f"{taken.where}: {room} may not import {top}"
    if room not in WITH_SOCKETS and {top, taken.module} & SOCKETS and taken.names != {"responses"}:  # a table of words
        yield f"{taken.where}: {room} may not open sockets ({taken.module})"
    if room == "clinics.domain" and taken.module in ("subprocess", "os", "time"):
        yield f"{taken.where}: the domain may not touch the machine ({taken.module})"


def _partly(module: str, allowed: set[str]) -> bool:
    return any(room.startswith(f"{module}.") for room in allowed)


def _clocks(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield f"{path.name}:{node.lineno}: the domain reads no clock; `now` is an argument"


def circle(house: Path) -> list[str]:
    """A circle of files that import each other, or nothing."""
    named = sources(house)
    graph = {
        dotted: {module for taken in imports(path) for module in _files_named(taken, named)} - {dotted}
        for dotted, path in named.items()
    }
    return _circle_in(graph)


def _files_named(taken: Import, named: Collection[str]) -> set[str]:
    """The files that an import reads; one of a room's files is not the room's own `__init__`."""
    inner = {f"{taken.module}.{name}" for name in taken.names} & set(named)
    whole = {taken.module} & set(named) if len(inner) < len(taken.names) or not taken.names else set()
    return inner | whole


def _circle_in(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_the_house_keeps_to_its_plan() -> None:
    assert breaches(HOUSE) == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circle(HOUSE) == []


def test_the_plan_points_down() -> None:
    assert _circle_in({room: {room_of(each) for each in allowed} for room, allowed in ROOMS.items()}) == []


def test_every_room_of_the_plan_is_built() -> None:
    built = {room_of(dotted) for dotted in sources(HOUSE)}
    assert set(ROOMS) <= built


PLANTED = [
    ("clinics/domain/planted.py", "from django.db import models"),
    ("clinics/domain/planted.py", "import clinics.models.page"),
    ("clinics/domain/planted.py", "from clinics import operations"),
    ("clinics/domain/planted.py", "import socket"),
    ("clinics/domain/planted.py", "from datetime import datetime\nthen = datetime.now()"),
    ("clinics/domain/planted.py", "def late():\n    from clinics.web import policy"),
    ("clinics/web/planted.py", "from clinics.models import Page"),
    ("clinics/web/planted.py", "import psycopg"),
    ("clinics/evidence/planted.py", "from clinics.web import policy"),
    ("clinics/models/planted.py", "from clinics.operations import recording"),
    ("clinics/published/planted.py", "from clinics.operations import recording"),
    ("clinics/operations/planted.py", "from clinics.admin import clinics"),
    ("clinics/operations/planted.py", "import http.client"),
    ("clinics/directory/planted.py", "from clinics.models import Flag"),
    ("clinics/directory/planted.py", "from clinics.operations import triage"),
    ("clinics/watch/planted.py", "from clinics.published import clinics"),
    ("clinics/management/planted.py", "from clinics.models import Clinic"),
    ("clinics/admin/planted.py", "from clinics.web import policy"),
    ("clinics/admin/planted.py", "from clinics.admin import *"),
    ("clinics/admin/planted.py", "from . import clinics"),
    ("clinics/admin/planted.py", "from tracker import settings"),
    ("clinics/operations/planted.py", "from tests import gate"),
    ("clinics/attic/planted.py", ""),
    ("clinics/models/utils.py", ""),
]


@pytest.mark.parametrize(("path", "text"), PLANTED)
def test_a_planted_breach_is_found(tmp_path: Path, path: str, text: str) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(parents=True)
    planted.write_text(text)
    assert breaches(tmp_path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("clinics/domain/kept.py", "import re\nfrom clinics.domain import rule"),
        ("clinics/web/kept.py", "import socket\nfrom clinics.domain.outcome import Outcome"),
        ("clinics/directory/kept.py", "from clinics.operations import corrections"),
        ("clinics/directory/kept.py", "from clinics.operations.corrections import report"),
        ("clinics/operations/kept.py", "from clinics import models, web"),
    ],
)
def test_what_the_plan_allows_is_no_breach(tmp_path: Path, path: str, text: str) -> None:
    kept = tmp_path / path
    kept.parent.mkdir(parents=True)
    kept.write_text(text)
    assert breaches(tmp_path) == []


def test_a_planted_circle_is_found(tmp_path: Path) -> None:
    room = tmp_path / "clinics" / "domain"
    room.mkdir(parents=True)
    (room / "one.py").write_text("from clinics.domain import two")
    (room / "two.py").write_text("from clinics.domain.one import anything")
    assert circle(tmp_path)
