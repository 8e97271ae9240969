"""Two names, or two places: the same only where nothing is left open."""

import pytest

from clinics.domain.likeness import (
    likeness_of_organisations,
    likeness_of_persons,
    likeness_of_places,
    likeness_of_titles,
    person_of,
)
from clinics.domain.look_up import Place


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dr. Ana Example, MD", ("ana", "example")),
        ("Example, Ana", ("ana", "example")),
        ("Ana María Q. Example-Peña", ("ana", "pena")),
        ("Example", ("", "example")),
        ("MD", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_persons_name_has_a_first_and_a_last_part(name: str, parts: tuple[str, str]) -> None:
    assert person_of(name) == parts


@pytest.mark.parametrize(
    ("ours", "first", "last", "likeness"),
    [
        ("Dr. Ana Example", "ANA", "EXAMPLE", "same"),
        ("Ana Q. Example, DO", "ANA", "EXAMPLE", "same"),
        ("Peña, José", "JOSE", "PENA", "same"),
        ("Patrick O'Example", "PATRICK", "OEXAMPLE", "same"),
        ("Bob Example", "ROBERT", "EXAMPLE", "near"),
        ("A. Example", "ANA", "EXAMPLE", "near"),
        ("Anna Example", "ANA", "EXAMPLE", "near"),
        ("Ana Exampel", "ANA", "EXAMPLE", "near"),
        ("John Example", "ANA", "EXAMPLE", "different"),
        ("Ana Example", "ANA", "OTHERWISE", "different"),
        ("", "ANA", "EXAMPLE", "unknown"),
        ("Ana Example", "", "", "unknown"),
    ],
)
def test_people_are_the_same_only_by_first_and_last_name(ours: str, first: str, last: str, likeness: str) -> None:
    assert likeness_of_persons(ours, first, last) == likeness


@pytest.mark.parametrize(
    ("ours", "theirs", "likeness"),
    [
        (["Knee House"], "KNEE HOUSE, LLC", "same"),
        (["Other", "The Knee House Inc."], "Knee House", "same"),
        (["Knee House"], "Knee House Research Network", "near"),
        (["Knee House"], "Hip Clinic of Reno", "different"),
        (["LLC"], "Knee House", "unknown"),
        ([""], "Knee House", "unknown"),
    ],
)
def test_organisations_are_the_same_but_for_their_legal_form(ours: list[str], theirs: str, likeness: str) -> None:
    assert likeness_of_organisations(ours, theirs) == likeness


@pytest.mark.parametrize(
    ("ours", "theirs", "likeness"),
    [
        ("Cells and sore knees", "Cells and Sore Knees in Twenty People.", "same"),
        ("Sore knees and cells in twenty people", "Cells and sore knees in twenty people", "near"),
        ("Cells and sore knees", "A survey of beetles", "different"),
        ("Our study", "Cells and sore knees", "unknown"),
    ],
)
def test_titles_are_the_same_where_one_holds_the_other(ours: str, theirs: str, likeness: str) -> None:
    assert likeness_of_titles(ours, theirs) == likeness


@pytest.mark.parametrize(
    ("theirs", "likeness"),
    [
        ([Place(city="TAMPA", state="FL")], "same"),
        ([Place(city="Reno", state="NV"), Place(city="Elsewhere", state="FL", zip="33606")], "same"),
        ([Place(city="Miami", state="FL")], "near"),
        ([Place(city="Tampa", state="KS", zip="33606")], "different"),
        ([], "unknown"),
        ([Place(city="Tampa")], "unknown"),
    ],
)
def test_a_place_is_the_same_by_its_town_or_zip_within_the_state(theirs: list[Place], likeness: str) -> None:
    assert likeness_of_places([Place("1 Road", "Tampa", "FL", "33606")], theirs) == likeness
