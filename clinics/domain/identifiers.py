"""Whether an identifier that a clinic or practitioner states can be one at all. A sound number may still be unused."""

import re
from collections.abc import Callable, Mapping
from typing import Final

_NPI: Final = re.compile(r"[12][0-9]{9}")
_NPI_PREFIX: Final = "80840"
_CLIA: Final = re.compile(r"[0-9]{2}D[0-9]{7}")
_TRIAL: Final = re.compile(r"NCT[0-9]{8}")
_DEA: Final = re.compile(r"[A-HJ-NP-UX-Z][A-Z9][0-9]{7}")
_FEI: Final = re.compile(r"[0-9]{7}|[0-9]{10}")
_PMID: Final = re.compile(r"[1-9][0-9]{0,7}")
_PMCID: Final = re.compile(r"PMC[1-9][0-9]{0,7}")
_DOI: Final = re.compile(r"10\.[0-9]{4,9}/[!-~]+", re.ASCII)
_IND: Final = re.compile(r"[0-9]{5,6}")
_LICENCE_OF_PRODUCT: Final = re.compile(r"[0-9]{6}(?:/[0-9]{1,5})?")
_DOI_BEFORE: Final = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)
_NAMED_BEFORE: Final = re.compile(r"^(?:(?:NPI|PMID|FEI|CLIA|IND|STN|BLA|BL|NDA)[:#]*)+")
_DEA_IN_TEXT: Final = re.compile(r"(?<![A-Za-z0-9])[A-HJ-NP-UX-Za-hj-np-ux-z][A-Za-z9][ -]?[0-9]{7}(?![A-Za-z0-9])")


def valid_npi(text: str) -> bool:
    """A National Provider Identifier: ten digits, the first 1 or 2, the last a Luhn digit over 80840 and the rest.

    Source: 45 CFR 162.406; CMS, "Requirements for NPI check digit".
    """
    number = compact(text)
    return bool(_NPI.fullmatch(number)) and _luhn(_NPI_PREFIX + number)


def valid_clia(text: str) -> bool:
    """A CLIA laboratory number: two digits, the letter D, seven digits. Source: CMS, CLIA laboratory look-up."""
    return bool(_CLIA.fullmatch(compact(text)))


def valid_trial(text: str) -> bool:
    """A ClinicalTrials.gov identifier: NCT and eight digits. Source: ClinicalTrials.gov protocol definitions."""
    return bool(_TRIAL.fullmatch(compact(text)))


def valid_establishment(text: str) -> bool:
    """An FDA establishment identifier (FEI): seven or ten digits. Source: FDA, FEI search portal."""
    return bool(_FEI.fullmatch(compact(text)))


def valid_pmid(text: str) -> bool:
    """A PubMed identifier: up to eight digits, the first not 0. Source: NLM, PubMed help."""
    return bool(_PMID.fullmatch(compact(text)))


def valid_pmcid(text: str) -> bool:
    """A PubMed Central identifier: PMC and up to eight digits. Source: NLM, PMC identifiers."""
    return bool(_PMCID.fullmatch(compact(text)))


def valid_doi(text: str) -> bool:
    """A digital object identifier: 10., four to nine digits, a stroke, and printable characters.

    Source: Crossref, "DOIs and matching regular expressions"; the DOI handbook, 2.2.
    """
    return bool(_DOI.fullmatch(text.strip()))


def valid_ind(text: str) -> bool:
    """An investigational new drug number: five or six digits. Source: FDA, form 1571; INDs stand in no register."""
    return bool(_IND.fullmatch(compact(text)))


def valid_product_licence(text: str) -> bool:
    """A submission tracking number of a licence or approval (BLA, NDA): six digits, perhaps a stroke and a supplement.

    Source: FDA, Purple Book.
    """
    return bool(_LICENCE_OF_PRODUCT.fullmatch(compact(text)))


def valid_dea(text: str) -> bool:
    """A DEA registration number: two letters and seven digits, the last a check digit. Never published.

    Source: 21 CFR 1301; the check is the last digit of (1st + 3rd + 5th) + 2 × (2nd + 4th + 6th).
    """
    number = compact(text)
    if not _DEA.fullmatch(number):
        return False
    digits = [int(each) for each in number[2:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def holds_dea(text: str) -> bool:
    """Whether a sound DEA number stands somewhere in the text."""
    return any(valid_dea(found[0]) for found in _DEA_IN_TEXT.finditer(text))


def masked(text: str) -> str:
    """An identifier of which only the last two characters are kept, so that two papers can be told apart."""
    number = compact(text)
    return f"…{number[-2:]}" if number else ""


def compact(text: str) -> str:
    """An identifier without the spaces, dots and hyphens that people put into it, in upper case."""
    return re.sub(r"[\s.\-‐-―]", "", text).upper() if text.isascii() or text.isprintable() else text


def tidied(kind: str, text: str) -> str:
    """The identifier as it is kept: a DOI without its address, others without the name before them and the spaces.

    Numbers of kinds that have no form of their own stay as they were typed.
    """
    given = " ".join(text.split())
    if kind == "reference" and (doi := _DOI_BEFORE.sub("", given)).startswith("10."):
        return doi.lower()
    return _NAMED_BEFORE.sub("", compact(given)) if kind in _FORMS else given


def fault_in(kind: str, text: str) -> str:
    """Why the text cannot be an identifier of this kind of credential, in a sentence for staff; "" where it can.

    A format that fits is no verification: it says only that the register is worth asking.
    """
    found = _FORMS.get(kind)
    if found is None or not text or any(check(text) for check in found[0]):
        return ""
    return f"{text} is not a valid {found[1]}"


def _luhn(number: str) -> bool:
    doubled = (sum(divmod(2 * int(each), 10)) for each in number[-2::-2])
    return (sum(int(each) for each in number[-1::-2]) + sum(doubled)) % 10 == 0


_FORMS: Final[Mapping[str, tuple[tuple[Callable[[str], bool], ...], str]]] = {
    "npi": ((valid_npi,), "NPI: its check digit does not fit, or it has not ten digits. Look for a typing error."),
    "clia": ((valid_clia,), "CLIA number: two digits, the letter D, seven digits."),
    "trial": ((valid_trial,), "trial number: NCT and eight digits."),
    "fda_establishment": ((valid_establishment,), "FEI: seven or ten digits."),
    "reference": (
        (valid_doi, valid_pmid, valid_pmcid),
        "reference: a DOI (10.1234/…), a PMID (up to eight digits) or a PMCID (PMC and digits).",
    ),
    "ind": ((valid_ind,), "IND number: five or six digits."),
    "product_approval": ((valid_product_licence,), "licence number: the six digits of its STN, BLA or NDA."),
    "dea": ((valid_dea,), "DEA number: its check digit does not fit, or it is not two letters and seven digits."),
}
