"""Records that look like one clinic are found, with the reason; what a person told apart is not asked again."""

import pytest

from clinics.domain.resemblance import Facts, Place
from clinics.models import Clinic, ToldApart
from clinics.operations.duplicates import likely_duplicates, likely_pairs, site_key, tell_apart
from clinics.operations.merging import merge
from clinics.operations.recording import place_location, record_clinic
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_clinic, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    """A clinic with an address, a telephone and a site, among others that have nothing to do with it."""
    clinic = record_clinic("Harborview Regenerative Clinic", "https://www.harborview.example/", by=None, now=NOW)
    place_location(clinic, street="12 North Main Street", zip="33130", phone="305-555-0101")
    for name in ("Sunset Spine", "Desert Bloom", "Plain Knee"):
        other = a_clinic(name)
        place_location(other, street="9 Elm Street", zip="33139", phone="305-555-0199")
    return clinic


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts(("Harborview Regeneratve Center",)), "names alike"),
        (Facts(("Bay Cells",), phones=frozenset({"(305) 555-0101"})), "same telephone: (305) 555-0101"),
        (Facts(("Bay Cells",), places=frozenset({Place("33130", "12 N Main St.")})), "same address"),
        (Facts(("Bay Cells",), site="harborview.example"), "same site: harborview.example"),
    ],
)
def test_each_likeness_finds_the_record_and_says_why(known, facts, reason):
    (found,) = likely_duplicates(facts)
    assert found.clinic == known
    assert reason in found.reasons[0].what


@pytest.mark.parametrize(
    "facts",
    [
        Facts(("Bay Cells",)),
        Facts(("Harbour Dental",), phones=frozenset({"(305) 555-0102"})),
        Facts(("Bay Cells",), places=frozenset({Place("33130", "14 N Main St.")}), site="bay.example"),
    ],
)
def test_what_is_not_alike_is_not_asked(known, facts):
    assert likely_duplicates(facts) == []


def test_the_likeliest_comes_first(known):
    a_clinic("Harborview Regenerative")
    found = likely_duplicates(Facts(("Harborview Regenerative",), phones=frozenset({"(305) 555-0101"})))
    assert [each.clinic.name for each in found] == ["Harborview Regenerative Clinic", "Harborview Regenerative"]


def test_a_page_on_a_shared_platform_is_no_common_site():
    assert site_key("https://www.facebook.com/knees/") == "facebook.com/knees"
    assert site_key("https://shop.knees.example/a") == "knees.example"


def test_a_merged_record_is_not_a_duplicate_of_anything(known):
    other = a_clinic("Harborview Regenerative")
    merge(other, known, reason="Same site.", by=a_user(), now=NOW)
    assert [each.clinic for each in likely_duplicates(Facts(("Harborview Regenerative",)))] == [known]


def test_what_a_person_told_apart_is_not_asked_again(known):
    other, ada = a_clinic("Harborview Regenerative"), a_user("ada")
    facts = Facts(("Harborview Regenerative",))
    assert [each.clinic for each in likely_duplicates(facts, but=other.pk)] == [known]
    tell_apart(other, known, by=ada, now=NOW)
    tell_apart(known, other, by=a_user("bo"), now=NOW)
    assert likely_duplicates(facts, but=other.pk) == []
    pair = ToldApart.objects.get()
    assert (pair.first, pair.second, pair.by, pair.at) == (known, other, ada, NOW)


def test_a_record_is_not_told_apart_from_itself(known):
    with pytest.raises(Refusal, match="one record"):
        tell_apart(known, known, by=a_user(), now=NOW)


def names(pairs):
    return {(pair.first.name, pair.second.name) for pair in pairs}


def test_pairs_over_the_whole_directory():
    one = record_clinic("Knee House", "https://knees.example/", by=None, now=NOW)
    record_clinic("Miami Knees", "https://knees.example/miami", by=None, now=NOW)
    place_location(one, street="1 Main St", zip="33130", phone="305-555-0101")
    three = record_clinic("Hip House", "", by=None, now=NOW)
    place_location(three, street="7 Oak Ave", zip="33101", phone="305-555-0101")
    four = record_clinic("Bay Cells", "", by=None, now=NOW)
    place_location(four, street="1 Main Street", zip="33130-1234")
    record_clinic("KNEE-HOUSE", "", by=None, now=NOW)
    record_clinic("Spine Place", "https://spine.example/", by=None, now=NOW)
    assert names(likely_pairs()) == {
        ("Knee House", "Miami Knees"),
        ("Knee House", "Hip House"),
        ("Knee House", "Bay Cells"),
        ("Knee House", "KNEE-HOUSE"),
    }


def test_a_pair_that_was_told_apart_or_merged_is_not_listed():
    pairs = [a_clinic("Knee House"), a_clinic("Knee-House")], [a_clinic("Hip House"), a_clinic("Hip-House")]
    assert len(likely_pairs()) == 2
    tell_apart(*pairs[0], by=a_user(), now=NOW)
    assert names(likely_pairs()) == {("Hip House", "Hip-House")}
    merge(*reversed(pairs[1]), reason="Same.", by=a_user(), now=NOW)
    assert likely_pairs() == []
    assert Clinic.objects.living().count() == 3
