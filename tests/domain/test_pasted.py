"""What is pasted about a clinic is taken apart into proposals, and nothing is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.pasted import Pasted, PastedPlace, addresses, name_from_site, take_apart


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("12 N. Main St, Suite 4, Miami, FL 33130", ("12 N. Main St, Suite 4", "Miami", "FL", "33130")),
        ("1234 NW 5th Avenue #200\nFort Lauderdale FL 33301-1234",
         ("1234 NW 5th Avenue #200", "Fort Lauderdale", "FL", "33301-1234")),
        ("9 Elm Road\nBoca Raton, Florida 33432", ("9 Elm Road", "Boca Raton", "", "33432")),
        ("P.O. Box 12, Tampa, FL 33601", ("P.O. Box 12", "Tampa", "FL", "33601")),
        ("Miami, FL 33130", ("", "Miami", "FL", "33130")),
        ("Address: 12 Main St, Miami, FL 33130, USA", ("12 Main St", "Miami", "FL", "33130")),
    ],
)  # fmt: skip
def test_a_us_address_is_split_into_street_city_state_and_zip(line, place):
    (found,) = take_apart(line).places
    assert found == PastedPlace(*place)


@pytest.mark.parametrize("line", ["12345 Main Street", "Call us in 2024", "Room 33130 is on the left", ""])
def test_what_is_no_address_with_a_zip_is_none(line):
    assert take_apart(line).places == ()


@pytest.mark.parametrize(
    ("text", "website", "pages"),
    [
        ("https://knees.example/", "https://knees.example/", ()),
        ("www.knees.example", "https://www.knees.example/", ()),
        ("knees.example/prices.", "https://knees.example/", ("https://knees.example/prices",)),
        ("HTTPS://Knees.example/Team", "https://knees.example/", ("HTTPS://Knees.example/Team",)),
        ("https://www.facebook.com/knees", "https://www.facebook.com/knees", ()),
        ("Write to info@knees.example", "", ()),
        ("Open Mon.-Fri. 9 a.m.", "", ()),
    ],
)
def test_a_pasted_site_is_a_website_and_its_pages(text, website, pages):
    found = take_apart(text)
    assert (found.website, found.pages) == (website, pages)


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("Call 305-555-0101 today", ("305-555-0101",)),
        ("Tel: (305) 555 0101\nFax: 305.555.0102", ("(305) 555 0101", "305.555.0102")),
        ("+1 305 555 0101 and +1 305 555 0101", ("+1 305 555 0101",)),
        ("Since 1998, 10 to 20 patients", ()),
    ],
)
def test_telephone_numbers_are_found_as_typed(text, phones):
    assert take_apart(text).phones == phones


def test_a_letterhead_is_taken_apart_whole():
    text = """Harborview Regenerative Clinic
    12 North Main Street, Suite 4
    Miami, FL 33130
    Phone: (305) 555-0101
    www.harborview-regenerative.example
    info@harborview-regenerative.example"""
    assert take_apart(text) == Pasted(
        "Harborview Regenerative Clinic",
        "https://www.harborview-regenerative.example/",
        (),
        (PastedPlace("12 North Main Street, Suite 4", "Miami", "FL", "33130"),),
        ("(305) 555-0101",),
    )


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.harborview-regenerative.example/", "Harborview Regenerative"),
        ("https://shop.kneehouse.co.uk/", "Kneehouse"),
        ("https://www.facebook.com/knees", ""),
        ("", ""),
    ],
)
def test_a_domain_suggests_a_name(url, name):
    assert name_from_site(url) == name
    assert Pasted("Knee House", url).suggested_name == ""


def test_a_list_of_addresses_by_lines_or_spaces():
    text = "https://a.example/1\n b.example/2  http://c.example\n\nftp://d.example knees"
    assert addresses(text) == [
        "https://a.example/1",
        "https://b.example/2",
        "http://c.example",
        "ftp://d.example",
        "knees",
    ]


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text):
    take_apart(text)
    addresses(text)
