"""A mistyped identifier is noticed before anybody looks it up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.identifiers import (
    fault_in,
    holds_dea,
    masked,
    tidied,
    valid_clia,
    valid_dea,
    valid_doi,
    valid_establishment,
    valid_ind,
    valid_npi,
    valid_pmcid,
    valid_pmid,
    valid_product_licence,
    valid_trial,
)


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
        (valid_pmid, "31452104", "031452104"),
        (valid_pmid, "1", "123456789"),
        (valid_pmcid, "pmc7002842", "7002842"),
        (valid_doi, "10.1016/s0140-6736(97)11096-0", "10.101/abc"),
        (valid_doi, "10.12345/x", "10.12345/"),
        (valid_ind, "16789", "1678901"),
        (valid_product_licence, "125694", "1256945"),
        (valid_product_licence, "125694/0", "125694/"),
    ],
)
def test_the_other_identifiers_have_their_form(check, sound: str, unsound: str) -> None:  # type: ignore[no-untyped-def]
    assert check(sound)
    assert not check(unsound)


KINDS = ("npi", "clia", "trial", "fda_establishment", "reference", "ind", "product_approval", "dea")
FORMS = {
    "clia": st.from_regex(r"[0-9]{2}D[0-9]{7}", fullmatch=True),
    "trial": st.from_regex(r"NCT[0-9]{8}", fullmatch=True),
    "fda_establishment": st.from_regex(r"[0-9]{7}([0-9]{3})?", fullmatch=True),
    "reference": st.from_regex(r"10\.[0-9]{4,9}/[a-z0-9.()-]{1,30}|[1-9][0-9]{0,7}|PMC[1-9][0-9]{0,7}", fullmatch=True),
    "ind": st.from_regex(r"[0-9]{5,6}", fullmatch=True),
    "product_approval": st.from_regex(r"[0-9]{6}(/[0-9]{1,5})?", fullmatch=True),
}


@given(st.data())
def test_a_number_of_the_right_form_is_kept_as_it_is_and_found_sound(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(FORMS)))
    number = data.draw(FORMS[kind])
    assert fault_in(kind, number) == ""
    assert tidied(kind, number) == number


@given(st.sampled_from(KINDS), st.text(max_size=40) | st.text("NPIBLA:# 1.0/-doiD", max_size=20))
def test_tidying_twice_changes_nothing_and_what_is_sound_is_plain(kind: str, typed: str) -> None:
    once = tidied(kind, typed)
    assert tidied(kind, once) == once
    if once and not fault_in(kind, once):
        assert once.isascii()
        assert " " not in once


@given(st.sampled_from(KINDS), st.text(alphabet="٠١٢٣٤٥٦٧٨٩１２３𝟏𝟐", min_size=1, max_size=12))
def test_digits_of_other_scripts_are_no_number(kind: str, typed: str) -> None:
    assert fault_in(kind, typed)


@given(st.integers(0, 999_999), st.sampled_from(["AB", "F9", "MX"]), st.text(alphabet=" .,;()", max_size=3))
def test_a_dea_number_is_seen_in_any_text_and_a_wrong_digit_is_none(number: int, letters: str, around: str) -> None:
    digits = f"{number:06d}"
    odd, even = (sum(int(digit) for digit in digits[place::2]) for place in (0, 1))
    check = (odd + 2 * even) % 10
    assert holds_dea(f"see{around or ' '}{letters}{digits}{check}{around}")
    assert not holds_dea(f"see {letters}{digits}{(check + 1) % 10}")


@pytest.mark.parametrize(("number", "kept"), [("AB1234563", "…63"), ("ab 123-4563", "…63"), ("", "")])
def test_of_a_masked_number_two_characters_are_left(number: str, kept: str) -> None:
    assert masked(number) == kept


@pytest.mark.parametrize("kind", ["state_licence", "board_certification", "accreditation", "a kind of their own"])
def test_a_kind_without_a_form_of_its_own_takes_any_number(kind: str) -> None:
    assert (tidied(kind, " ME  12 "), fault_in(kind, "ME 12")) == ("ME 12", "")
