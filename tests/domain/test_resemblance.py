"""Two records look like one clinic for a reason that can be said, or do not."""

import pytest

from clinics.domain.resemblance import Facts, Place, bare_name, bare_street, likeness


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Harborview Regenerative Clinic", "HARBORVIEW Regenerative Center, LLC", True),
        ("The Knee House of Miami", "Knee House Miami", True),
        ("Summit Orthobiologics", "Summit Orthobiolgics", True),  # a typing error
        ("Regenerative House", "House Regenerative", True),
        ("Summit Orthobiologics", "Sunset Orthopaedics", False),
        ("Knee House", "Hip House", False),
        ("Stem Cell Clinic of Miami", "Stem Cell Clinic of Tampa", False),
    ],
)
def test_names_are_alike_but_for_the_words_of_the_trade(one, other, alike):
    assert bool(likeness(Facts((one,)), Facts((other,)))) == alike


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("33130", "12 North Main Street, Suite 4"), ("33130-1234", "12 N. Main St Ste 4"), True),
        (("33130", "12 Main St"), ("33130", "14 Main St"), False),
        (("33130", "12 Main St"), ("33131", "12 Main St"), False),
        (("33130", ""), ("33130", ""), False),
        (("", "12 Main St"), ("", "12 Main St"), False),
    ],
)
def test_an_address_is_the_same_door_however_it_is_written(one, other, same):
    pair = [Facts(places=frozenset({Place.of(*place)})) for place in (one, other)]
    assert bool(likeness(*pair)) == same


def test_every_reason_is_told_the_strongest_first():
    one = Facts(
        ("Knee House",), frozenset({"(305) 555-0101"}), frozenset({Place("33130", "1 Main St")}), "knees.example"
    )
    assert [reason.what for reason in likeness(one, one)] == [
        "same site: knees.example",
        "same telephone: (305) 555-0101",
        "same address: 1 Main St, 33130",
        "same name",
    ]


def test_nothing_known_is_nothing_alike():
    assert likeness(Facts(), Facts()) == ()


def test_a_name_of_nothing_but_words_of_the_trade_keeps_them():
    assert bare_name("The Clinic") == "clinic the"
    assert bare_street("12 West Avenue") == "12 w ave"
