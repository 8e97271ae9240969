"""What parameters find: OR within a facet, AND across, paired facts on one row, and only what is public."""

from typing import Any

import pytest
from django.http import QueryDict

from clinics.models import Clinic, Host, Page
from clinics.published.filters import ClinicFilter
from clinics.published.suggestions import without_each
from tests.published import rows
from tests.published.asking import names

pytestmark = pytest.mark.usefixtures("vocabulary")


def errors(query: str) -> dict[str, Any]:
    """What is wrong with the parameters, and that they find nothing."""
    filters = ClinicFilter(QueryDict(query))
    assert not filters.is_valid()
    return dict(filters.errors)


@pytest.fixture
def palm(vocabulary: None) -> Clinic:
    clinic = rows.a_clinic("Palm Court", languages=["en", "es"], other_names="PCR Cell Therapy")
    rows.a_location(clinic)
    rows.a_treatment(clinic, "Knee renewal", condition="knee_arthritis", route="intra_articular")
    rows.a_treatment(clinic, "Drip", condition="back_pain", route="intravenous", cell_source="exosomes")
    rows.a_practitioner(clinic, "Dr. Ines Vale", provider="md")
    rows.a_claim(clinic, "We end your suffering.", "efficacy_disease", assessed_as=["no_study_found"])
    rows.a_claim(clinic, "Approved for knees.", "fda_approval", assessed_as=["not_assessed"])
    rows.a_check(clinic, "npi", "verified")
    rows.a_check(clinic, "state_licence", "expired", identifier="ME 98765")
    rows.an_action(clinic, "warning_letter")
    return clinic


@pytest.fixture
def mesa(vocabulary: None) -> Clinic:
    clinic = rows.a_clinic("Mesa Clinic", languages=["en"], website=rows.a_page(read_days_ago=60))
    rows.a_location(
        clinic, city="Phoenix", state="AZ", zip="85004", phone="602-555-0177", latitude=33.45, longitude=-112.07
    )
    rows.a_treatment(clinic, "Hip", condition="hip_arthritis", route="intra_articular")
    rows.a_claim(clinic, "Forget the scalpel.", "avoid_surgery")
    return clinic


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Mesa Clinic", "Palm Court"]),
        ("state=FL", ["Palm Court"]),
        ("state=fl", ["Palm Court"]),
        ("state=Florida", ["Palm Court"]),
        ("state=FL&state=AZ", ["Mesa Clinic", "Palm Court"]),
        ("state=TX", []),
        ("state=", ["Mesa Clinic", "Palm Court"]),
        ("country=us", ["Mesa Clinic", "Palm Court"]),
        ("city=miami", ["Palm Court"]),
        ("city=Miami, FL", ["Palm Court"]),
        ("city=Miami&state=AZ", []),
        ("city=Miami Florida", ["Palm Court"]),
        ("city=miami fl", ["Palm Court"]),
        ("city=Miami Ohio", []),
        ("zip=33130", ["Palm Court"]),
        ("zip=33130&zip=85004", ["Mesa Clinic", "Palm Court"]),
        ("zip=33301&within=50", ["Palm Court"]),
        ("zip=33301&within=5", []),
        ("city=Fort Lauderdale&within=50", ["Palm Court"]),
        ("city=Ft. Lauderdale&within=50", ["Palm Court"]),
        ("city=Fort Lauderdale Florida&within=50", ["Palm Court"]),
        ("city=Miami&state=AZ&within=100", ["Mesa Clinic"]),  # Miami, AZ is 70 miles from Phoenix
        ("city=Miami&within=100", ["Palm Court"]),  # and the Miami that most people mean is not
        ("city=Miami, AZ&within=100", ["Mesa Clinic"]),
        ("condition=knee_arthritis", ["Palm Court"]),
        ("condition=knee_arthritis&condition=hip_arthritis", ["Mesa Clinic", "Palm Court"]),
        ("condition=knee_arthritis&route=intra_articular", ["Palm Court"]),
        ("condition=knee_arthritis&route=intravenous", []),  # each holds, on different treatments
        ("condition=back_pain&cell_source=exosomes", ["Palm Court"]),
        ("provider=md", ["Palm Court"]),
        ("provider=np", []),
        ("claim_category=effect_statement", ["Palm Court"]),
        ("claim_category=effect_statement&assessment=no_study_found", ["Palm Court"]),
        ("claim_category=approval_statement&assessment=no_study_found", []),  # another statement is so assessed
        ("credential=npi&credential_outcome=verified", ["Palm Court"]),
        ("credential=npi&credential_outcome=expired", []),  # another look-up came out so
        ("official_action=any", ["Palm Court"]),
        ("official_action=warning_letter&official_action=seizure", ["Palm Court"]),
        ("official_action=seizure", []),
        ("official_action=any&state=AZ", []),
        ("language=es", ["Palm Court"]),
        ("language=es&language=en", ["Mesa Clinic", "Palm Court"]),
        ("seen_within=30", ["Palm Court"]),
        ("seen_within=30&seen_within=90", ["Mesa Clinic", "Palm Court"]),
        ("q=palm", ["Palm Court"]),
        ("q=pcr", ["Palm Court"]),
        ("q=knees", ["Palm Court"]),
        ("q=rodilla", ["Palm Court"]),
        ("q=bad back", ["Palm Court"]),
        ("q=bad hip", ["Mesa Clinic"]),
        ("q=dolor de espalda", ["Palm Court"]),
        ("q=clinic for a bad knee near Miami", ["Palm Court"]),
        ("q=bad knee near Phoenix", []),
        ("q=Florida", ["Palm Court"]),
        ("q=knee in florida", ["Palm Court"]),
        ("q=knee arizona", []),
        ("q=Palm Cuort", ["Palm Court"]),
        ("q=mesa clinc", ["Mesa Clinic"]),
        ("q=Dr Valle", ["Palm Court"]),
        ("q=pheonix", ["Mesa Clinic"]),
        ("q=zzzz", []),
        ("q=phoenix hip", ["Mesa Clinic"]),
        ("q=phoenix knee", []),
        ("q=suffering", ["Palm Court"]),
        ("q=vale", ["Palm Court"]),
        ("q=(602) 555-0177", ["Mesa Clinic"]),
        ("q=%2B1 602 555 0177", ["Mesa Clinic"]),
        ("q=602.555.0177 ext. 12", ["Mesa Clinic"]),
        ("q=1-602-555-0177", ["Mesa Clinic"]),
        ("q=602-555-0178", []),
        ("q=ME-98765", ["Palm Court"]),
        ("q=me98765", ["Palm Court"]),
        ("q=98765", ["Palm Court"]),
        ("q=NPI 1999999984", ["Palm Court"]),
        ("q=1999999984", ["Palm Court"]),
        ("q=1999999985", []),
        ("q=type 1", []),  # no beginning of a number
        ("q=doctor Vale", ["Palm Court"]),
        ("q=Dra. Vale", ["Palm Court"]),
        ("q=doctor Achebe", []),
        ("q=cirugía", ["Mesa Clinic"]),
        ("q=without surgery", ["Mesa Clinic"]),
        ("q=alternativa a la cirugía", ["Mesa Clinic"]),
        ("q=alternative to surgery", ["Mesa Clinic"]),
        ("q=promised outcome", []),
        ("condition_group=orthopaedic", ["Mesa Clinic", "Palm Court"]),
        ("condition_group=spine_pain", ["Palm Court"]),
        ("condition_group=spine_pain&route=intra_articular", []),  # each holds, on different treatments
        ("condition_group=cancer", []),
        ("q=%25", []),
        ("q=' OR 1=1 --", []),
        ('q="end your suffering"', ["Palm Court"]),
        ("q=“END your suffering”", ["Palm Court"]),
        ("q=«end your suffering»", ["Palm Court"]),
        ('q="suffering end"', []),  # the words, in another order
        ('q="end suffering"', []),
        ('q="suffering approved"', []),  # the end of one statement and the beginning of another
        ('q="end your suffer"', []),
        ('q="suffering"', ["Palm Court"]),
        ('q="suffer"', []),  # quoted, a word is only itself
        ("q=suffer", ["Palm Court"]),
        ('q="end your sufering"', []),  # and nothing written like it
        ('q="bad back"', []),  # nor what it means
        ('q="end your suffering" miami', ["Palm Court"]),
        ('q="end your suffering" phoenix', []),
        ('q="end your suffering" "approved for knees"', ["Palm Court"]),
        ('q="end your suffering" Maimi', ["Palm Court"]),
        ('q="end your suffering', ["Palm Court"]),
        ('q="suffering your', ["Palm Court"]),  # never closed: words
        ('q="palm court"', ["Palm Court"]),
        ('q="miami fl"', ["Palm Court"]),
        ('q="""" " "', []),
        ("q=%3Cscript%3E", []),
        ("sort=name", ["Mesa Clinic", "Palm Court"]),
        ("sort=recent", ["Palm Court", "Mesa Clinic"]),
        ("zip=33130&within=500&sort=distance", ["Palm Court"]),
        ("city=Phoenix&sort=distance", ["Mesa Clinic"]),
        ("surprise=1&condition=hip_arthritis", ["Mesa Clinic"]),
    ],
)
def test_parameters_find(palm: Clinic, mesa: Clinic, query: str, found: list[str]) -> None:
    assert names(query) == found


def test_a_treatment_of_neuropathy_is_found_by_its_everyday_words(vocabulary: None) -> None:
    rows.a_treatment(rows.a_clinic("Foot House"), "Feet", condition="neuropathy")
    assert names("q=nerves") == names("q=nervios") == names("q=nerve damage") == ["Foot House"]


@pytest.mark.parametrize("condition", ["neuropathy", "stroke", "als"])
def test_a_disease_of_the_nerves_stands_in_the_group_of_brain_and_nerves(vocabulary: None, condition: str) -> None:
    rows.a_treatment(rows.a_clinic("Nerve House"), condition=condition)
    rows.a_treatment(rows.a_clinic("Back House"), condition="back_pain")
    assert names("condition_group=neurological") == ["Nerve House"]
    assert names("condition_group=spine_pain") == ["Back House"]


def test_a_web_address_from_an_advertisement_finds_its_clinic(palm: Clinic, mesa: Clinic) -> None:
    assert palm.website is not None
    assert names(f"q=https://www.{palm.website.host.name}/special?x=1") == ["Palm Court"]
    assert names(f"q={palm.website.host.name}") == ["Palm Court"]
    assert names(f"q=offers.{palm.website.host.name}/knees") == ["Palm Court"]
    assert names("q=example") == names("q=somewhere-else.example") == []


@pytest.fixture
def arch(vocabulary: None) -> Clinic:
    clinic = rows.a_clinic("Gateway Arch")
    rows.a_location(clinic, city="St. Louis", state="MO", zip="63101-1234", phone="314-555-0155")
    rows.a_practitioner(clinic, "Dr. Ann Smith")
    rows.a_claim(clinic, "Our combined approach.")
    return clinic


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("St.Louis", ["Gateway Arch"]),
        ("Dr.Smith", ["Gateway Arch"]),
        ("St.Luois", ["Gateway Arch"]),
        ("63101-1234", ["Gateway Arch"]),
        ("Combined.Approach", ["Gateway Arch"]),
        ("St.Paul", []),
        ("63101-9999", []),
        ("louis.com", []),  # “com” is not the beginning of “combined”
        ("314-555-0199", []),
    ],
)
def test_words_that_look_like_an_address_or_number_are_looked_for_as_words(
    palm: Clinic, arch: Clinic, text: str, found: list[str]
) -> None:
    assert names(f"q={text}") == found


def test_an_address_or_number_that_stands_for_a_clinic_finds_that_one_alone(palm: Clinic, arch: Clinic) -> None:
    host = Host.objects.create(name="st.louis")
    page = Page.objects.create(url="http://st.louis/", typed="st.louis", identity="st.louis/", host=host)
    rows.a_clinic("Saint Court", website=page)
    rows.a_clinic("The 314 555 0155 Club")
    assert names("q=St.Louis") == ["Saint Court"]
    assert names("q=314-555-0155") == ["Gateway Arch"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Louis.Miami", [("Louis", "Miami", 1), ("Miami", "Louis", 1)]),
        ("63101-9999", [("9999", "63101", 1)]),
        ("somewhere-else.example", []),
    ],
)
def test_words_that_look_like_an_address_or_number_are_left_out_one_by_one(
    palm: Clinic, arch: Clinic, text: str, told: list[tuple[str, str, int]]
) -> None:
    filters = ClinicFilter(QueryDict(f"q={text}"))
    assert filters.is_valid()
    advice = without_each(filters.search)
    assert sorted((one.part, one.text, one.n) for one in advice if one.part) == sorted(told)


def test_a_postal_code_abroad_is_known_where_a_listed_clinic_has_it(vocabulary: None) -> None:
    rows.a_location(rows.a_clinic("Coast Clinic"), city="Vancouver", state="BC", country="CA", zip="V6B 1A1")
    rows.a_location(rows.a_clinic("Draft", status="draft"), city="Vancouver", state="BC", country="CA", zip="V6B 2B2")
    assert names("zip=v6b 1a1") == ["Coast Clinic"]
    assert list(errors("zip=V6B 2B2")) == ["zip"]
    assert list(errors("zip=V6B 1A1&within=10")) == ["zip"]  # where it lies, nobody has told us


def test_a_citys_name_finds_it_however_the_clinic_writes_it(vocabulary: None) -> None:
    rows.a_location(rows.a_clinic("Bay Clinic"), city="St. Petersburg", zip="33701")
    for name in ("St. Petersburg", "Saint Petersburg", "st petersburg", "St Petersburg FL"):
        assert names(f"city={name}") == ["Bay Clinic"], name
    assert names("city=Petersburg") == []


def test_a_long_sentence_is_found_by_its_own_words_in_quotation_marks(vocabulary: None) -> None:
    sentence = (
        "Our young and potent cells rebuild the worn cartilage of both knees within three short weeks™ – for good."
    )
    rows.a_claim(rows.a_clinic("Palm Court"), sentence)
    assert names(f'q="{sentence}"') == names('q="for good"') == ["Palm Court"]
    assert names('q="three weeks"') == names(f'q="{sentence.replace("both", "your")}"') == []


def test_what_is_only_written_much_like_it_is_told_to_be_so(palm: Clinic, mesa: Clinic) -> None:
    asked = {text: ClinicFilter(QueryDict(f"q={text}")) for text in ("Palm Court", "Palm Cuort", "zzzz", "")}
    assert all(filters.is_valid() for filters in asked.values())
    told = {text: filters.search.instead for text, filters in asked.items()}
    assert told == {"Palm Court": (), "Palm Cuort": ("court",), "zzzz": (), "": ()}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("state=ZZ", "state"),
        ("country=Mars", "country"),
        ("zip=%27--", "zip"),
        ("zip=00000&within=10", "zip"),
        ("zip=00000", "zip"),
        ("zip=336", "zip"),
        ("zip=ABCDE", "zip"),
        ("zip=V6B 1A1", "zip"),
        ("city=Nowhereville&within=10", "city"),
        ("zip=33130&within=-1", "within"),
        ("zip=33130&within=9999", "within"),
        ("within=10", "within"),
        ("sort=distance", "sort"),
        ("sort=price", "sort"),
        ("condition=everything", "condition"),
        ("condition_group=everything", "condition_group"),
        ("condition=knee_arthritis&condition=x", "condition"),
        ("claim_category=fda_approval", "claim_category"),  # a rule's key, not the public slug
        ("assessment=true", "assessment"),
        ("credential=dea", "credential"),
        ("credential_outcome=bad", "credential_outcome"),
        ("official_action=fine", "official_action"),
        ("language=xx-klingon", "language"),
        ("seen_within=soon", "seen_within"),
        ("seen_within=0", "seen_within"),
        ("q=" + "x" * 10_000, "q"),
        ("q=a%00b", "q"),
        ("q=a%07b", "q"),
        ("city=a%00b", "city"),
        ("state=a%00b", "state"),
    ],
)
def test_a_wrong_value_is_named(query: str, parameter: str) -> None:
    assert list(errors(query)) == [parameter]


@pytest.mark.parametrize("status", ["draft", "held", "closed", "not_offering", "delisted"])
def test_only_listed_clinics_are_found(vocabulary: None, status: str) -> None:
    rows.a_clinic("Hidden", status=status)
    assert names("") == []


@pytest.mark.parametrize("state", ["draft", "comment_invited", "awaiting_second", "held", "withdrawn"])
def test_only_published_statements_are_searched(vocabulary: None, state: str) -> None:
    clinic = rows.a_clinic("Palm Court")
    rows.a_claim(clinic, "We end your suffering.", state=state)
    assert names("q=suffering") == []
    assert names("claim_category=effect_statement") == []
    assert names("assessment=not_assessed") == []


@pytest.mark.parametrize("state", ["draft", "awaiting_second", "held", "withdrawn"])
def test_only_published_official_documents_are_searched(vocabulary: None, state: str) -> None:
    rows.an_action(rows.a_clinic("Palm Court"), state=state)
    assert names("official_action=any") == names("official_action=board_action") == []


def test_only_standing_look_ups_are_searched(vocabulary: None) -> None:
    clinic = rows.a_clinic("Palm Court")
    rows.a_check(clinic, "clia", published=False)
    old = rows.a_check(clinic, "npi", "not_found")
    rows.a_check(clinic, "npi", "verified", supersedes=old)
    rows.a_check(clinic, "dea", "verified")
    assert names("credential=clia") == []
    assert names("credential_outcome=not_found") == []
    assert names("credential=npi&credential_outcome=verified") == ["Palm Court"]
    assert names("credential_outcome=verified") == ["Palm Court"]
