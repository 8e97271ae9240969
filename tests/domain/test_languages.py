"""The language of short texts that people typed."""

import json
import re
from pathlib import Path

import pytest

from clinics.domain.languages import language_of

DATA = Path(__file__).parents[2] / "clinics" / "published" / "data"
PLACE = re.compile(r"\{\w+\}")
ENGLISH = [
    "Sports medicine",
    "The treating doctor",
    "Knee injection with fat-derived cells",
    "a trial of Clínica Nueva Vida",
    "Order 2026-118: conditions on a licence",
    "Active, with conditions",
    "Joints",
    "Patient-funded trial",
    "The order names the person, the clinic and the city.",
    "IV exosomes",
    "Medical director",
    "Exosomes after COVID",
]
SPANISH = [
    "Inyección de rodilla",
    "Infusión de células del cordón umbilical",
    "Medicina familiar",
    "Nuestras células madre curan la diabetes.",
    "La orden nombra a la persona, la clínica y la ciudad.",
    "Ortopedia y traumatología",
    "Precio por rodilla: $4,900",
    "Terapia celular para las rodillas",
    "no se indica en las páginas leídas",
    "no registrado",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_told(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize("text", SPANISH)
def test_spanish_is_told(text: str) -> None:
    assert language_of(text) == "es"


@pytest.mark.parametrize("text", ["", "$4,900", "PRP", "2026-118", "MD, PA"])
def test_figures_and_initials_are_in_no_language(text: str) -> None:
    assert language_of(text) == ""


def test_the_fixed_texts_of_the_product_whose_language_is_known_are_told_right() -> None:
    """An exam that the patterns were not written for: labels and sentences of the public pages."""
    texts = [
        {tongue: PLACE.sub("", said) for tongue, said in text.items()}
        for name in ("labels", "sentences")
        for group, texts in json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")).items()
        for text in texts.values()
        if group not in ("state", "country", "seen_within")
    ]
    assert len(texts) > 140
    for tongue in ("en", "es"):
        wrong = [text[tongue] for text in texts if language_of(text[tongue]) != tongue]
        assert len(wrong) < 0.05 * len(texts), wrong
