"""Every state that staff or the machine can give has its public sentence, in both languages."""

import json
import re
from datetime import date

import pytest
from django.template import engines
from django.utils import translation

from clinics.domain.block import Surface
from clinics.domain.category import PUBLIC_SLUGS
from clinics.models import Assessment, Clinic, CredentialCheck, OfficialAction, OrganisationLink
from clinics.published.sentences import DATA, LANGUAGES, as_typed, filled_in, labels, sentence, templates

INNER = re.compile(r"\b(flag\w*|risky|severity|riesgos[ao])\b", re.IGNORECASE)


def all_texts() -> list[tuple[str, str]]:
    """Every public text of the data files with its place."""
    files = ("sentences", "labels")
    return [
        (f"{file} {group} {key} {tongue}", text)
        for file in files
        for group, entries in json.loads((DATA / f"{file}.json").read_text(encoding="utf-8")).items()
        for key, texts in entries.items()
        for tongue, text in texts.items()
    ]


@pytest.mark.parametrize(
    ("group", "keys"),
    [
        ("assessment", Assessment.Key.values),
        ("credential_outcome", CredentialCheck.Outcome.values),
        ("clinic_status", set(Clinic.Status.values) - {"draft", "listed", "held", "merged"}),
    ],
)
def test_every_state_has_its_sentence(group: str, keys: list[str]) -> None:
    assert set(templates(group)) == set(keys)


@pytest.mark.parametrize(
    ("group", "keys"),
    [
        ("claim_category", PUBLIC_SLUGS.values()),
        ("assessment", Assessment.Key.values),
        ("credential_outcome", CredentialCheck.Outcome.values),
        ("official_action", ["any", *OfficialAction.Kind.values]),
        ("surface", [surface.value for surface in Surface]),
        ("relation", OrganisationLink.Relation.values),
    ],
)
def test_every_value_has_its_label(group: str, keys: list[str]) -> None:
    assert set(labels(group)) == set(keys)


def test_no_text_of_ours_speaks_in_our_inner_words() -> None:
    """That none is a verdict is held with all other texts, in tests/directory/test_no_verdicts.py."""
    assert [(place, text) for place, text in all_texts() if INNER.search(text)] == []


def test_every_text_is_there_in_both_languages() -> None:
    for file in ("sentences", "labels"):
        for group, entries in json.loads((DATA / f"{file}.json").read_text(encoding="utf-8")).items():
            for key, texts in entries.items():
                assert set(texts) == set(LANGUAGES) and all(texts.values()), (group, key)


def test_both_languages_fill_the_same_places() -> None:
    for group, entries in json.loads((DATA / "sentences.json").read_text(encoding="utf-8")).items():
        for key, texts in entries.items():
            places = {tongue: set(re.findall(r"{(\w+)}", text)) for tongue, text in texts.items()}
            assert places["en"] == places["es"], (group, key)


@pytest.mark.parametrize(
    ("tongue", "text"), [("en", "Page not found since March 2, 2026."), ("es", "2 de marzo de 2026.")]
)
def test_dates_are_written_in_the_visitors_language(tongue: str, text: str) -> None:
    with translation.override(tongue):
        assert sentence("freshness", "page_gone", date=date(2026, 3, 2)).endswith(text)


def drawn(text: str) -> str:
    """The text as a template writes it."""
    return engines["django"].from_string("{{ text }}").render({"text": text})


def test_typed_words_in_another_language_are_marked_in_html_and_plain_elsewhere() -> None:
    with translation.override("es"):
        said = sentence(
            "assessment", "no_entry", source="X", source_date="ayer", detail=as_typed("a <b>trial</b> of it")
        )
    assert said == "X, a fecha del ayer, no tiene ninguna entrada para a <b>trial</b> of it."
    assert json.dumps(said) == json.dumps(str(said))
    assert drawn(said).endswith('para <span lang="en">a &lt;b&gt;trial&lt;/b&gt; of it</span>.')


def test_what_holds_marked_words_keeps_them_marked_and_escapes_the_rest() -> None:
    with translation.override("es"):
        whole = filled_in("{who} & {what}", who="<i>Ana</i>", what=as_typed("the treating doctor"))
    assert drawn(whole) == '&lt;i&gt;Ana&lt;/i&gt; &amp; <span lang="en">the treating doctor</span>'


@pytest.mark.parametrize(("tongue", "text"), [("en", "the treating doctor"), ("es", "$4,900"), ("es", "la médica")])
def test_words_of_the_visitors_language_or_of_none_are_not_marked(tongue: str, text: str) -> None:
    with translation.override(tongue):
        assert drawn(as_typed(text)) == text
