"""A mistyped identifier is noticed before anybody looks it up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.identifiers import valid_clia, valid_dea, valid_establishment, valid_npi, valid_trial


@pytest.mark.parametrize("number", ["1234567893", "1993999998", "1558598797", " 1234-567-893 "])
def test_an_npi_with_a_right_check_digit_is_sound(number: str) -> None:
    assert valid_npi(number)


@pytest.mark.parametrize(
    "number", ["1234567890", "3234567893", "123456789", "12345678933", "", "abc", "１２３４５６７８９３"]
)
def test_any_other_npi_is_not(number: str) -> None:
    assert not valid_npi(number)


@given(st.integers(0, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: int, place: int, step: int) -> None:
    stem = f"1{number:09d}"[:9]
    sound = next(stem + str(digit) for digit in range(10) if valid_npi(stem + str(digit)))
    wrong = sound[:place] + str((int(sound[place]) + step) % 10) + sound[place + 1 :]
    assert not valid_npi(wrong)


@pytest.mark.parametrize(
    ("check", "sound", "unsound"),
    [
        (valid_clia, "05D1234567", "05E1234567"),
        (valid_trial, "nct01234567", "NCT123"),
        (valid_establishment, "3001234567", "30012345"),
        (valid_dea, "AB1234563", "AB1234567"),
    ],
)
def test_the_other_identifiers_have_their_form(check, sound: str, unsound: str) -> None:  # type: ignore[no-untyped-def]
    assert check(sound)
    assert not check(unsound)
