"""Nothing that we say of a clinic is a verdict, at any public address; and no text of ours could say one."""

import ast
import gettext
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from clinics.domain.category import PUBLIC_SLUGS
from clinics.domain.questions import patient_questions
from clinics.domain.understanding import pages
from clinics.domain.vocabulary import load_vocabulary
from clinics.models import Assessment, Claim, ClaimReply, Clinic, CredentialCheck
from clinics.operations.approved_products import load_shipped_products
from clinics.operations.dumping import make_dump
from clinics.operations.regimes import load_shipped_regimes
from clinics.published.sentences import DATA, LANGUAGES
from tests.build import NOW, a_published_action
from tests.directory import test_leaks
from tests.directory.test_leaks import NO_LANGUAGE, Seeded, addresses, body
from tests.published import rows
from tests.verdicts import VERDICT, said_in_csv, said_in_html, said_in_json, said_in_template, said_in_xml, verdicts

vocabulary, seeded = test_leaks.vocabulary, test_leaks.seeded  # the neighbour's rows
ROOT = Path(settings.BASE_DIR)
SPANISH = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.mo"
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
ROOMS = [*sorted((ROOT / "clinics/published").glob("*.py")), *sorted((ROOT / "clinics/directory").glob("*.py"))]

NAME = "Safe Hands Verified Clinic"
QUOTE = "Our safe and FDA-approved cells are recommended by trusted doctors."
REPLY = "We are a trusted, certified house."
TITLE = "Order on fraudulent statements of an unsafe product"
FOREIGN: Final = (QUOTE, REPLY, TITLE, NAME)
"""Words of others that the rows bring: a clinic's quote, reply and name, and an official document's title."""

ALLOWED: Final = {
    "no entry is a recommendation or a warning": "says that nothing is a verdict",
    "No entry is a recommendation or a warning": "says that nothing is a verdict",
    "ninguna entrada es una recomendación ni una advertencia": "says that nothing is a verdict",
    "Ninguna entrada es una recomendación ni una advertencia": "says that nothing is a verdict",
    "ask what the product is, who has approved it and for what": "a question to any clinic, of its product",
    "pregunte cuál es el producto, quién lo ha aprobado y para qué": "a question to any clinic, of its product",
    "Certificado CLIA de laboratorio": "the name of a federal document",
    "Recomendación de famosos": "what a statement of the clinic is about",
}
"""Texts of ours that hold such a word, and why they may."""


def explanations() -> set[str]:
    """What the fixed pages say about words and products; tests/domain/test_understanding.py holds them."""
    told = {text for one in patient_questions().values() for text in (*one.text.values(), *one.why.values())}
    for page in pages().values():
        told |= {*page.title.values(), *page.short.values(), *(one.title for one in page.sources.values())}
        for section in page.sections:
            texts = (section.heading, *section.examples, *(point.text for point in section.points))
            told |= {each[tongue] for each in texts for tongue in LANGUAGES}
    return told


def reference_texts() -> set[str]:
    """What regulators and laws say, as our dated reference data has it."""
    folder = ROOT / "clinics/domain/data"
    files = [folder / f"{name}.json" for name in ("approved_products", "state_regimes", "reference_spanish")]
    told = {text for file in files for text in said_in_json(file.read_text(encoding="utf-8"))}
    return {" ".join(text.split()) for text in told if " " in text}


def allowed() -> list[str]:
    """All that may stand on a page although it holds such a word, the longest first."""
    return sorted({*FOREIGN, *ALLOWED, *explanations(), *reference_texts()}, key=len, reverse=True)


@pytest.fixture
def everything(seeded: Seeded) -> Seeded:
    """The rows of the neighbour, and one of every state, outcome and assessment, with judging words of others."""
    load_shipped_products()
    load_shipped_regimes()
    clinic = Clinic.objects.get(public_id=seeded.clinic)
    Clinic.objects.filter(pk=clinic.pk).update(name=NAME)
    for category in PUBLIC_SLUGS:
        claim = rows.a_claim(clinic, QUOTE, category, assessed_as=Assessment.Key.values, disputed_since=NOW.date())
    a_reply(claim)
    for outcome in CredentialCheck.Outcome.values:
        rows.a_check(clinic, "state_licence", outcome, document_title=TITLE)
    a_published_action(clinic, url="https://agency.example/orders", title=TITLE)
    for status in ("closed", "not_offering"):
        rows.a_clinic(NAME, status)
    return seeded


def a_reply(claim: Claim) -> ClaimReply:
    person = rows.a_person("ada")
    facts = {"recorded_by": person, "recorded_at": NOW, "published_by": person, "published_at": NOW}
    return ClaimReply.objects.create(
        claim=claim, text=REPLY, received_on=NOW.date(), sender="Office", proved_by="mail", proof="a mail", **facts
    )


KEY: Final = "verified"
"""The interface's key of an outcome, whose sentence says that an entry was found; no page shows it."""


def said(answer: HttpResponse) -> Iterable[str]:
    """The texts of an answer, in whatever format it is."""
    kind, whole = answer.headers.get("Content-Type", "").split(";")[0], body(answer)
    if kind == "text/html":
        return said_in_html(whole)
    if kind.endswith("xml"):
        return said_in_xml(whole)
    if kind.endswith("json"):
        return without_key(said_in_json(whole))
    return without_key(said_in_csv(whole)) if kind == "text/csv" else whole.splitlines()


def without_key(texts: Iterable[str]) -> Iterator[str]:
    """The texts, less the key where it stands alone or is explained by the schema."""
    yield from (text.replace(f"`{KEY}` - {KEY}", "") for text in texts if text != KEY)


def test_no_public_answer_says_a_verdict_in_our_words(everything: Seeded, client: Client) -> None:
    may, quoted = allowed(), False
    for found in [*addresses(everything).values(), ["/nothing-here/"]]:
        for address in found:
            for path in (address, f"/es{address}") if not address.startswith(NO_LANGUAGE) else (address,):
                texts = list(said(client.get(path)))
                assert verdicts(texts, may) == [], path
                quoted = quoted or any(QUOTE in text for text in texts)
    assert quoted, "the words of others stand there, so that they were passed over and not absent"


def test_the_dump_says_no_verdict_in_our_words(everything: Seeded, settings: Settings, tmp_path: Path) -> None:
    settings.DUMP_FOLDER = tmp_path
    make_dump(timezone.now())
    with ZipFile(tmp_path / "directory.zip") as archive:
        for name in archive.namelist():
            whole = archive.read(name).decode()
            lines = whole.splitlines() if name.endswith(("jsonl", "txt")) else [whole]
            texts = [text for line in lines for text in (said_in_json(line) if line.startswith("{") else [line])]
            assert verdicts(without_key(texts), allowed()) == [], name


JUDGING = ["This clinic is safe.", "A verified clinic", "We recommend it.", "Esta clínica es segura.", "Es una estafa."]


@pytest.mark.django_db
@pytest.mark.parametrize("verdict", JUDGING)
def test_a_verdict_in_a_template_would_be_noticed_on_its_page(
    verdict: str, settings: Settings, tmp_path: Path, client: Client
) -> None:
    whole = (ROOT / "templates/directory/about.html").read_text(encoding="utf-8")
    changed = tmp_path / "directory" / "about.html"
    changed.parent.mkdir()
    changed.write_text(whole.replace("</h1>", f"</h1><p>{verdict}</p>", 1), encoding="utf-8")
    assert verdicts(said(client.get("/about/")), allowed()) == []
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    assert verdicts(said(client.get("/about/")), allowed()) == [verdict]
    assert verdicts(said_in_template(changed.read_text(encoding="utf-8")), allowed()) == [verdict]


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "This clinic is safe." %}',
        "{% blocktranslate with n=clinic.name %}{{ n }} is a verified clinic.{% endblocktranslate %}",
        '<img alt="An approved clinic">',
        '<p title="No fraud found">',
        "{% if clinic %}<b>Safe</b>{% endif %}",
        '{{ shown.word|default:_("A trusted house") }}',
        '{% set word = _("Recommended") %}',
    ],
)
def test_a_verdict_is_noticed_wherever_a_template_may_say_it(source: str) -> None:
    assert verdicts(said_in_template(source), allowed())


@pytest.mark.parametrize(
    "source",
    [
        '<p class="safe">{% if outcome == "verified" %}{% translate "Entry found" %}{% endif %}</p>',
        "{{ page.is_safe }}{# a safe place to say why #}",
        '<a href="/safe/">{% translate "What safety means" %}</a>',
    ],
)
def test_names_of_code_are_no_words_of_ours(source: str) -> None:
    assert verdicts(said_in_template(source), allowed()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_says_a_verdict(template: Path) -> None:
    assert verdicts(said_in_template(template.read_text(encoding="utf-8")), ALLOWED) == []


def test_no_message_is_a_verdict_in_either_language() -> None:
    with SPANISH.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined] # no public way to list it
    texts = {text for key, value in catalogue.items() for text in (key if isinstance(key, str) else key[0], value)}
    assert verdicts(texts - {KEY}, {*ALLOWED, *explanations()}) == []


def test_no_word_of_a_vocabulary_is_a_verdict() -> None:
    terms = [text for term in load_vocabulary() for text in (term.english, term.spanish)]
    fixed = [text for name in ("sentences", "labels") for text in texts_of(DATA / f"{name}.json")]
    assert verdicts([*terms, *fixed], ALLOWED) == []


def texts_of(file: Path) -> Iterator[str]:
    """The texts of a file of groups, less its keys."""
    for entries in json.loads(file.read_text(encoding="utf-8")).values():
        yield from (texts[tongue] for texts in entries.values() for tongue in LANGUAGES)


@pytest.mark.parametrize("module", ROOMS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_text_in_the_code_of_the_public_rooms_is_a_verdict(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    told = [part.body[0].value for part in ast.walk(tree) if documented(part)]  # docstrings, which nobody public reads
    texts = [part for part in ast.walk(tree) if isinstance(part, ast.Constant) and part not in told]
    assert verdicts((part.value for part in texts if isinstance(part.value, str)), ALLOWED) == []


def documented(part: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(part, kinds) and ast.get_docstring(part) is not None


def test_every_allowed_text_is_still_said() -> None:
    with SPANISH.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    whole = " ".join(
        [*(str(text) for pair in catalogue.items() for text in pair)]
        + [text for term in load_vocabulary() for text in (term.english, term.spanish)]
        + [*texts_of(DATA / "labels.json")]
    )
    assert [text for text in ALLOWED if text not in whole or not VERDICT.search(text)] == []
