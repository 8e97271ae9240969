"""The vocabularies are complete in both languages and say where they come from."""

import json
from datetime import date
from pathlib import Path

import pytest

import clinics.domain.vocabulary as vocabulary
from clinics.domain.vocabulary import load_vocabulary

DATA = Path(vocabulary.__file__).with_name("data")
KINDS = [
    "cell_source",
    "origin",
    "route",
    "condition",
    "condition_group",
    "posture",
    "evidence",
    "provider",
    "language",
    "credential_kind",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_terms(kind: str) -> None:
    assert len([term for term in load_vocabulary() if term.kind == kind]) >= 3


def test_keys_are_unique_within_their_kind() -> None:
    keys = [(term.kind, term.key) for term in load_vocabulary()]
    assert len(keys) == len(set(keys))


def test_every_term_is_written_in_both_languages() -> None:
    for term in load_vocabulary():
        assert term.english.strip() == term.english != ""
        assert term.spanish.strip() == term.spanish != ""
        assert term.key == term.key.lower()
        assert term.key.replace("_", "").isalnum()


def test_every_condition_belongs_to_a_known_group() -> None:
    groups = {term.key for term in load_vocabulary() if term.kind == "condition_group"}
    assert {term.group for term in load_vocabulary() if term.kind == "condition"} == groups


@pytest.mark.parametrize("file", sorted(DATA.glob("*.json")), ids=lambda file: file.name)
def test_every_data_file_names_its_source_and_date(file: Path) -> None:
    data = json.loads(file.read_text(encoding="utf-8"))
    assert len(data["source"]) > 20
    assert date.fromisoformat(data["date"]) <= date(2030, 1, 1)
