"""What is kept of an address that somebody pasted."""

import pytest

from clinics.domain.parameters import MOST, kept, overlaid, unknown

KEPT = [
    ("state=FL", "state=FL"),
    ("https://desk.example/admin/clinics/flag/?severity__exact=5&p=3", "severity__exact=5"),
    ("/admin/clinics/flag/?q=knee+pain&o=-6", "q=knee+pain&o=-6"),
    ("?state=FL&state=AZ#results", "state=FL&state=AZ"),
    ("state=FL&q=&page=2&saved=abc", "state=FL"),
    ("q=d%C3%A9j%C3%A0", "q=d%C3%A9j%C3%A0"),
    ("https://desk.example/admin/clinics/flag/", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), KEPT)
def test_the_filters_of_an_address_are_kept_and_the_place_in_the_list_is_not(text: str, expected: str) -> None:
    assert kept(text) == expected
    assert kept(kept(text)) == expected


@pytest.mark.parametrize(
    "text", ["just words", "a=1&b", "q=a%00b", "q=" + "x" * 2001, "&".join(f"a{n}=1" for n in range(MOST + 1))]
)
def test_what_is_no_list_of_filters_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"filters|plain text"):
        kept(text)


def test_what_is_given_beside_saved_parameters_takes_their_place() -> None:
    saved = {"state": ["FL"], "q": ["knee"]}
    assert overlaid(saved, {"state": ["AZ", "TX"]}) == {"state": ["AZ", "TX"], "q": ["knee"]}
    assert overlaid(saved, {}) == saved


def test_names_that_a_list_does_not_know_are_told() -> None:
    assert unknown(["state", "colour", "age"], ["state"]) == ["age", "colour"]
    assert unknown(["state"], ["state"]) == []
