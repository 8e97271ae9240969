"""The FDA is the same agency however its name is written, in English and in Spanish."""

import pytest

from clinics.domain.approved import shipped_products
from clinics.domain.block import alone
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet

RULES = RuleSet(shipped_rules(), shipped_products())
ENGLISH = (
    "U.S. FDA",
    "US FDA",
    "Food and Drug Administration",
    "U.S. Food and Drug Administration",
    "US Food and Drug Administration",
    "U.S. Food & Drug Administration",
    "United States Food and Drug Administration",
    "Food & Drug Administration (FDA)",
    "federal Food and Drug Administration",
)
SPANISH = (
    "FDA de EE. UU.",
    "Administración de Alimentos y Medicamentos",
    "Administración de Alimentos y Medicamentos de EE. UU. (FDA)",
    "Administración de Alimentos y Medicamentos de los Estados Unidos",
)

SAID_IN_ENGLISH = (
    ("Our stem cells are approved by the {}.", True),
    ("Our {} approved stem cells heal knees.", True),
    ("Our lab is registered with the {}.", True),
    ("Our treatment is cleared by the {}.", True),
    ("The {} has approved our exosomes.", True),
    ("We comply with all {} regulations.", True),
    ("Our stem cell therapy has full approval from the {}.", True),
    ("No {} approval is needed for your own cells.", True),
    ("Our stem cells are accepted by the {} as safe.", True),
    ("Our {} registered laboratory makes the cells.", True),
    ("Our stem cells are not approved by the {}.", False),
    ("The {} warns that stem cells are not approved.", False),
    ("These statements have not been evaluated by the {}.", False),
    ("Is it approved by the {}?", False),
    ("The {} warned a clinic for claiming that its stem cells cure autism.", False),
    ("Last year, the {} found that the clinic claimed its cells cure autism.", False),
    ("Botox is approved by the {} for migraine.", False),
)
SAID_IN_SPANISH = (
    ("Nuestro tratamiento está aprobado por la {}.", True),
    ("Nuestras células madre están aprobadas por la {}.", True),
    ("Nuestro laboratorio está registrado ante la {}.", True),
    ("Cumplimos con las normas de la {}.", True),
    ("La {} aprobó nuestros exosomas.", True),
    ("Nuestras células no están aprobadas por la {}.", False),
    ("¿Está aprobado por la {}?", False),
)
CASES = [
    (text, claimed, name)
    for said, names in ((SAID_IN_ENGLISH, ENGLISH), (SAID_IN_SPANISH, SPANISH))
    for text, claimed in said
    for name in names
]


def flagged(text: str) -> bool:
    return any(match.flagged for match in RULES.find(alone(text)))


@pytest.mark.parametrize(("text", "claimed", "name"), CASES)
def test_the_name_of_the_agency_decides_nothing(text: str, claimed: bool, name: str) -> None:
    assert flagged(text.format("FDA")) is claimed
    assert flagged(text.format(name)) is claimed


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("Any patient in the U.S. can qualify, the court said.", False),
        ("Is it approved in the U.S.?", False),
        ("Is it approved by the FDA, as Dr. Vale said?", False),
    ],
)
def test_a_stop_within_initials_ends_no_question_and_the_country_is_nobody_who_speaks(text: str, claimed: bool) -> None:
    assert flagged(text) is claimed
