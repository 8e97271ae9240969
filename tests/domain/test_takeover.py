"""A text speaks for a clinic by its name or its telephone number."""

import pytest

from clinics.domain.block import Block, Surface
from clinics.domain.takeover import speaks_for


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Welcome to KNEE-HOUSE!", True),
        ("Knee House, Inc.", True),
        ("Call +1 555.010.0142 today", True),
        ("Call 0100142", True),
        ("Knees in a house", False),
        ("Unknee housed", False),
        ("Call 555 010 0143", False),
        ("", False),
    ],
)
def test_a_text_speaks_for_a_clinic_by_name_or_number(text: str, expected: bool) -> None:
    assert speaks_for([Block(text, Surface.BODY)], ["Knee House"], ["(555) 010-0142"]) is expected


@pytest.mark.parametrize(("names", "phones"), [([], []), ([""], [""]), (["!!"], ["12"])])
def test_without_a_name_or_a_whole_number_nothing_speaks_for_it(names: list[str], phones: list[str]) -> None:
    assert speaks_for([Block("12 knees !!", Surface.BODY)], names, phones) is False
