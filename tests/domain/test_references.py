"""Numbers of papers and trials: which can be one, how they are kept, and where they lead."""

import pytest

from clinics.domain.references import address_of, kept_form


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "address"),
    [
        ("pmid", "PMID: 12345678", "12345678", "https://pubmed.ncbi.nlm.nih.gov/12345678/"),
        ("doi", "https://doi.org/10.1000/ABC.1", "10.1000/abc.1", "https://doi.org/10.1000/abc.1"),
        ("nct", "nct 01234567", "NCT01234567", "https://clinicaltrials.gov/study/NCT01234567"),
    ],
)
def test_a_sound_number_is_kept_in_one_form_and_leads_somewhere(kind, typed, kept, address):
    assert kept_form(kind, typed) == kept
    assert address_of(kind, kept) == address


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("pmid", "0123"), ("pmid", "10.1000/1"), ("doi", "11.1000/1"), ("doi", ""), ("nct", "NCT1234567"), ("nct", "12")],
)
def test_what_can_be_no_number_is_refused_with_the_form_it_should_have(kind, typed):
    with pytest.raises(ValueError, match=f"no {kind.upper()}"):
        kept_form(kind, typed)


def test_a_page_has_no_number_to_lead_anywhere():
    assert address_of("page", "") == ""
