"""Papers and trials by their numbers: whether a number can be one, in which form it is kept, and where it leads."""

from typing import Final

from clinics.domain.identifiers import tidied, valid_doi, valid_pmid, valid_trial
from clinics.domain.registers import kind_of

# kind of reference: (kind of credential, register that holds the entries' addresses, what a sound number looks like)
_KINDS: Final = {
    "pmid": ("reference", "pubmed", "A PMID has up to eight digits, the first not 0."),
    "doi": ("reference", "crossref", "A DOI begins with 10., four to nine digits and a stroke."),
    "nct": ("trial", "clinicaltrials", "An NCT number is NCT and eight digits."),
}
_SOUND: Final = {"pmid": valid_pmid, "doi": valid_doi, "nct": valid_trial}


def kept_form(kind: str, typed: str) -> str:
    """The number as it is kept. Raises ValueError, with a sentence for staff, for what cannot be one."""
    credential, _, shape = _KINDS[kind]
    number = tidied(credential, typed)
    if not _SOUND[kind](number):
        raise ValueError(f"“{typed.strip()}” is no {kind.upper()}. {shape}")
    return number


def address_of(kind: str, number: str) -> str:
    """Where the paper or trial of this number stands; "" for another kind."""
    if kind not in _KINDS:
        return ""
    credential, key, _ = _KINDS[kind]
    return next(register.link(number) for register in kind_of(credential).registers if register.key == key)
