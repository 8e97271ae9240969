"""Where a credential is looked up, and when again."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.registers import (
    due_on,
    kind_of,
    kinds_of_credential,
    past_limit_on,
    registers_for,
    weight,
)
from clinics.domain.vocabulary import load_vocabulary

DAY = date(2026, 11, 2)


def test_every_kind_of_the_vocabulary_is_known_and_no_other() -> None:
    assert set(kinds_of_credential()) == {term.key for term in load_vocabulary() if term.kind == "credential_kind"}


def test_every_register_says_where_it_is_and_whence_we_know() -> None:
    for facts in kinds_of_credential().values():
        assert facts.why
        assert facts.risk >= 1
        for register in facts.registers:
            assert urlsplit(register.search).scheme == "https"
            assert register.name
            assert register.source


@pytest.mark.parametrize(
    ("kind", "identifier", "state", "country", "first", "link"),
    [
        ("npi", "1234567893", "", "", "nppes", "https://npiregistry.cms.hhs.gov/provider-view/1234567893"),
        ("npi", "", "", "", "nppes", "https://npiregistry.cms.hhs.gov/search"),
        ("state_licence", "ME 1", "FL", "US", "fl_mqa", None),
        ("state_licence", "ME 1", "fl", "US", "fl_mqa", None),
        ("state_licence", "A 1", "CA", "US", "ca_dca", None),
        ("state_licence", "1", "NV", "US", "docinfo", "https://www.docinfo.org/"),
        ("trial", "NCT01234567", "", "", "clinicaltrials", "https://clinicaltrials.gov/study/NCT01234567"),
        ("reference", "12345678", "", "", "pubmed", "https://pubmed.ncbi.nlm.nih.gov/12345678/"),
        ("reference", "10.1234/a<b>", "", "", "crossref", "https://doi.org/10.1234/a%3Cb%3E"),
        ("clinic_licence", "", "", "MX", "mx_cofepris", None),
    ],
)
def test_the_link_follows_from_kind_number_and_state(
    kind: str, identifier: str, state: str, country: str, first: str, link: str | None
) -> None:
    register = next(registers_for(kind, identifier, state, country))
    assert register.key == first
    assert link is None or register.link(identifier) == link


@pytest.mark.parametrize(("kind", "state"), [("ind", ""), ("dea", ""), ("never heard of", "")])
def test_what_no_public_register_holds_has_no_link(kind: str, state: str) -> None:
    assert list(registers_for(kind, "12345", state)) == []


def test_a_register_of_one_state_is_not_offered_in_another() -> None:
    assert "fl_mqa" not in [register.key for register in registers_for("state_licence", "", "NV")]


@pytest.mark.parametrize(
    ("kind", "checked", "ends", "due"),
    [
        ("state_licence", DAY, None, DAY + timedelta(days=30)),
        ("state_licence", DAY, DAY + timedelta(days=24), DAY + timedelta(days=10)),
        ("state_licence", DAY, DAY + timedelta(days=7), DAY + timedelta(days=8)),
        ("state_licence", DAY, DAY - timedelta(days=7), DAY + timedelta(days=30)),
        ("state_licence", DAY, DAY + timedelta(days=400), DAY + timedelta(days=30)),
        ("npi", DAY, None, DAY + timedelta(days=180)),
        ("fda_establishment", date(2026, 12, 20), None, date(2027, 1, 31)),
        ("fda_establishment", date(2027, 1, 31), None, date(2028, 1, 31)),
        ("ind", DAY, None, None),
        ("product_approval", DAY, DAY + timedelta(days=20), DAY + timedelta(days=6)),
    ],
)
def test_a_look_is_due_by_its_kind_and_by_the_end_that_the_register_gave(
    kind: str, checked: date, ends: date | None, due: date | None
) -> None:
    assert due_on(kind, checked, ends) == due


@given(
    st.sampled_from(sorted(kinds_of_credential())),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_a_look_is_never_due_on_the_day_it_was_made_nor_after_the_public_limit(
    kind: str, checked: date, ends: date | None
) -> None:
    due, limit = due_on(kind, checked, ends), past_limit_on(kind, checked)
    assert due is None or due > checked
    if limit is not None:
        assert due is not None
        assert due <= limit


def test_an_adverse_result_weighs_more_and_a_licence_more_than_a_number() -> None:
    assert weight("npi", adverse=True) > weight("npi", adverse=False)
    assert weight("state_licence", adverse=False) > weight("npi", adverse=False)
    assert kind_of("never heard of").again_days == 180
