"""Everything that the templates and messages of the public rooms say is there in Spanish."""

import gettext
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.published import rows

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.mo"
DATA = ROOT / "clinics/domain/data"
UNDERSTANDING, QUESTIONS, SPANISH_ROWS = (
    DATA / "understanding",
    DATA / "questions.json",
    DATA / "reference_spanish.json",
)
TEMPLATES = [*sorted((ROOT / "templates" / "directory").glob("*.html")), *sorted((ROOT / "templates").glob("*.html"))]
ROOMS = [*sorted((ROOT / "clinics/published").glob("*.py")), *sorted((ROOT / "clinics/directory").glob("*.py"))]
IN_TEMPLATES = re.compile(r"""\{% translate (["'])(.+?)\1 %\}|_\((["'])(.+?)\3\)""")
BLOCKS = re.compile(r"\{% blocktranslate.*?%\}(.+?)\{% (?:plural|endblocktranslate) %\}", re.DOTALL)
IN_CODE = re.compile(r"\b_\(\"(.+?)\"\)")


def said_in(template: Path) -> set[str]:
    """The texts that a template marks for translation, as their keys in the catalogue."""
    source = template.read_text(encoding="utf-8")
    words = {match[2] or match[4] for match in IN_TEMPLATES.finditer(source)}
    return words | {re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", block) for block in BLOCKS.findall(source)}


@pytest.fixture(scope="module")
def spanish() -> gettext.GNUTranslations:
    """The compiled catalogue, as it is shipped."""
    with CATALOGUE.open("rb") as file:
        return gettext.GNUTranslations(file)


def is_translated(spanish: gettext.GNUTranslations, text: str) -> bool:
    """Whether the catalogue has the text, in its plural form where it has one."""
    marker = "\0none"
    keys = spanish._catalog  # type: ignore[attr-defined] # no public way to ask for an entry that may be plural
    return keys.get(text, keys.get((text, 0), marker)) != marker


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_text_of_a_template_has_its_spanish(spanish: gettext.GNUTranslations, template: Path) -> None:
    assert [text for text in said_in(template) if not is_translated(spanish, text)] == []


@pytest.mark.parametrize("module", ROOMS, ids=lambda path: path.name)
def test_every_message_of_the_code_has_its_spanish(spanish: gettext.GNUTranslations, module: Path) -> None:
    said = IN_CODE.findall(module.read_text(encoding="utf-8"))
    assert [text for text in said if not is_translated(spanish, text)] == []


AWKWARD = re.compile(
    r"consejos? médicos? del estado|su consejo médico|laborables?\b|a fecha de \{|edición de \{|fuente misma|ordenador"
    r"|(?<!las )\b[Pp]ersonas (?:leen|han)\b|en comparación|\d\.\d{3}\b|[“”]|lo lean robots"
)
"""What is not said so in the Spanish of these pages: boards are «juntas», days «hábiles», money as the US writes it."""


def spanish_texts(catalogue: gettext.GNUTranslations) -> Iterator[str]:
    """All Spanish that is ours: messages, fixed sentences and labels, and the pages that explain."""
    yield from catalogue._catalog.values()  # type: ignore[attr-defined] # no public way to list it
    files = [*(ROOT / "clinics/published/data").glob("*.json"), *UNDERSTANDING.glob("*.json"), QUESTIONS, SPANISH_ROWS]
    for file in files:
        yield from _under_es(json.loads(file.read_text(encoding="utf-8")), within=file == SPANISH_ROWS)


def _under_es(told: object, within: bool = False) -> Iterator[str]:
    if isinstance(told, dict):
        for key, value in told.items():
            yield from _under_es(value, within or key == "es")
    elif isinstance(told, list):
        for value in told:
            yield from _under_es(value, within)
    elif within:
        yield str(told)


def test_the_spanish_says_one_thing_in_one_way(spanish: gettext.GNUTranslations) -> None:
    texts = list(spanish_texts(spanish))
    assert len(texts) > 800
    assert [text for text in texts if AWKWARD.search(text)] == []


@pytest.mark.parametrize(
    "awkward",
    ["Personas leen todo.", "a fecha de {date}", "9.000 dólares", "Pregunte a su consejo médico.", "“citado”"],
)
def test_what_was_mended_would_be_noticed(awkward: str) -> None:
    assert AWKWARD.search(awkward)
    assert not AWKWARD.search("Personas distintas deciden en diez días hábiles por 9,000 dólares, «citado».")


@pytest.mark.django_db
def test_the_spanish_pages_stand_under_es(client: Client) -> None:
    rows.the_vocabulary()
    clinic = rows.a_clinic()
    rows.a_treatment(clinic, condition="knee_arthritis")
    rows.a_claim(clinic, "Our cells mend knees.")
    page = client.get(f"/es/clinics/{clinic.public_id}/").content.decode()
    assert '<html lang="es">' in page
    for said in ("Lo que dice la clínica", "Registrado; sin evaluar.", "4 de mayo de 2026", "“Our cells mend knees.”"):
        assert said in page
    assert f'href="/clinics/{clinic.public_id}/" lang="en"' in page


@pytest.mark.django_db
def test_the_address_alone_says_the_language(client: Client) -> None:
    page = client.get("/", headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="en">' in page
    assert 'href="/es/?q=knee"' in client.get("/?q=knee").content.decode()
