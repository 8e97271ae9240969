"""A city's name is the same however it is abbreviated, and an everyday name is known for what it means."""

import json
from pathlib import Path

import pytest

from clinics.domain import city_names as module
from clinics.domain.city_names import city_key, in_full


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Petersburg", "Saint Petersburg"),
        ("st petersburg", "SAINT PETERSBURG"),
        ("Ft. Lauderdale", "Fort Lauderdale"),
        ("Mt Pleasant", "Mount Pleasant"),
        ("Bay St. Louis", "Bay Saint Louis"),
        ("O’Fallon", "O Fallon"),
        ("Winston-Salem", "Winston Salem"),
        ("Cancún", "Cancun"),
    ],
)
def test_one_name_in_several_spellings(one: str, other: str) -> None:
    assert city_key(one) == city_key(other)


@pytest.mark.parametrize(("one", "other"), [("Stamford", "Saint Amford"), ("Miami", "Miami Beach"), ("Mt", "Mountain")])
def test_other_names_stay_other_names(one: str, other: str) -> None:
    assert city_key(one) != city_key(other)


@pytest.mark.parametrize(
    ("name", "meant"), [("NYC", "New York, NY"), ("Nueva York", "New York, NY"), ("L.A.", "Los Angeles, CA")]
)
def test_an_everyday_name_is_known(name: str, meant: str) -> None:
    assert in_full(name) == meant


def test_any_other_name_stays_as_it_is() -> None:
    assert in_full("Springfield, IL") == "Springfield, IL"


def test_the_names_say_where_they_are_from() -> None:
    facts = json.loads((Path(module.__file__).with_name("data") / "city_names.json").read_text(encoding="utf-8"))
    assert facts["source"]
    assert facts["date"]
