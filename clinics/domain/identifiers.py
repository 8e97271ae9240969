"""Whether an identifier that a clinic or practitioner states can be one at all. A sound number may still be unused."""

import re
from typing import Final

_NPI: Final = re.compile(r"[12]\d{9}")
_NPI_PREFIX: Final = "80840"
_CLIA: Final = re.compile(r"\d{2}D\d{7}", re.IGNORECASE)
_TRIAL: Final = re.compile(r"NCT\d{8}", re.IGNORECASE)
_DEA: Final = re.compile(r"[A-HJ-NP-UX-Z][A-Z9]\d{7}", re.IGNORECASE)
_FEI: Final = re.compile(r"\d{7}|\d{10}")


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


def valid_dea(text: str) -> bool:
    """A DEA registration number: two letters and seven digits, the last a check digit. Never published.

    Source: 21 CFR 1301; the check is the last digit of (1st + 3rd + 5th) + 2 × (2nd + 4th + 6th).
    """
    number = compact(text)
    if not _DEA.fullmatch(number):
        return False
    digits = [int(each) for each in number[2:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def compact(text: str) -> str:
    """An identifier without the spaces, dots and hyphens that people put into it, in upper case."""
    return re.sub(r"[\s.\-‐-―]", "", text).upper() if text.isascii() or text.isprintable() else text


def _luhn(number: str) -> bool:
    doubled = (sum(divmod(2 * int(each), 10)) for each in number[-2::-2])
    return (sum(int(each) for each in number[-1::-2]) + sum(doubled)) % 10 == 0
