"""The second reader is trained from labelled wording, of the corpus and of staff's decisions."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from clinics.domain import second_reader
from clinics.domain.block import alone
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.second_reader import loaded, shipped_reader
from clinics.models import Flag
from clinics.operations import decided, labelled, readers, training, triage
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_clinic, a_flag, a_user

SENTENCES = [
    ("Our stem cells cure arthritis for good.", "risky", ["cure_reversal"]),
    ("We cure every knee with stem cells.", "risky", ["cure_reversal"]),
    ("Stem cells cured my back pain.", "risky", ["testimonial"]),
    ("My back pain went after one visit, says Rosa.", "risky", ["testimonial"]),
    ("Parking is free behind the building.", "ok", []),
    ("Please bring your insurance card.", "ok", []),
    ("We are open from nine to five.", "ok", []),
    ("The lift is on the left.", "ok", []),
]


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    rows = [
        {
            **{"id": f"T{number}", "text": text, "label": label, "categories": categories},
            **{"context": "claim", "lang": "en", "variant": "plain", "batch": f"T{number % 4}"},
        }
        for number, (text, label, categories) in enumerate(SENTENCES * 10)
    ]
    (folder / "sentences.jsonl").write_text("\n".join(map(json.dumps, rows)))
    page = {
        **{"id": "P1", "kind": "clinic_home", "html": "<h1>Welcome</h1><p>Parking is free. We cure arthritis.</p>"},
        "sentences": [
            {"text": "Welcome", "label": "ok", "categories": [], "context": "claim"},
            {"text": "Parking is free.", "label": "ok", "categories": [], "context": "claim"},
            {"text": "We cure arthritis.", "label": "risky", "categories": ["cure_reversal"], "context": "claim"},
        ],
    }
    (folder / "pages.jsonl").write_text(json.dumps(page))
    (folder / "passages.jsonl").write_text("")
    return folder


def test_every_sentence_of_a_page_gets_its_own_label_in_its_place(small_corpus: Path) -> None:
    page = [each for each in labelled.corpus(small_corpus) if each.source == "pages"]
    assert [(each.sentence.text, each.risky, each.sentence.governors) for each in page] == [
        ("Welcome", False, ()),
        ("Parking is free.", False, ("Welcome",)),
        ("We cure arthritis.", True, ("Welcome",)),
    ]


def test_the_command_trains_a_reader_that_tells_risky_from_harmless(small_corpus: Path, tmp_path: Path) -> None:
    call_command("train_reader", to=str(tmp_path), corpus=str(small_corpus))
    rules = RuleSet(shipped_rules(), (), loaded(tmp_path))
    risky, harmless = (rules.read(alone(text))[1] for text in ("We cure every hip.", "Please bring your card."))
    assert risky is not None
    assert harmless is not None
    assert risky > 0.5 > harmless
    told = json.loads((tmp_path / "second_reader.json").read_text())
    held_out = told["held_out"]["sentences"]
    assert (held_out["n"], held_out["precision"]) == (80, 1.0)
    assert held_out["recall"] > 0.5
    assert told["sentences"] == 83 + sum(len((*rule.must, *rule.must_not)) for rule in shipped_rules())


def test_the_same_wording_makes_the_same_reader_and_the_next_one_a_higher_number(
    small_corpus: Path, tmp_path: Path
) -> None:
    call_command("train_reader", to=str(tmp_path), corpus=str(small_corpus))
    first = (tmp_path / "second_reader.bin").read_bytes()
    call_command("train_reader", to=str(tmp_path), corpus=str(small_corpus))
    assert (tmp_path / "second_reader.bin").read_bytes() == first
    assert loaded(tmp_path).card.number == 2


@pytest.mark.parametrize("missing", ["corpus", "to"])
def test_a_folder_that_is_not_there_is_refused(missing: str, small_corpus: Path, tmp_path: Path) -> None:
    given = {"corpus": str(small_corpus), "to": str(tmp_path), missing: str(tmp_path / "nowhere")}
    with pytest.raises(CommandError, match="nowhere"):
        call_command("train_reader", **given)


def test_the_shipped_reader_was_trained_from_the_corpus_as_it_stands() -> None:
    given = training.lessons(labelled.CORPUS)
    assert shipped_reader().card.data_hash == training.data_hash(given), "Run `manage.py train_reader` again."


@pytest.mark.django_db
def test_decisions_teach_wording_where_the_reason_lies_in_the_words() -> None:
    clinic, reviewer = a_clinic(), a_user("reviewer")
    risky = a_flag(clinic, "We guarantee it all.")
    triage.confirm(risky, reason="They do.", by=reviewer, now=NOW)
    for text, reason in [
        ("We guarantee a chair.", "other_meaning"),
        ("We never guarantee.", "denied"),
        ("We guarantee twice.", "duplicate"),
        ("We guarantee elsewhere.", "not_this_clinic"),
    ]:
        triage.dismiss(a_flag(clinic, text), dismissed_as=reason, reason="Read.", by=reviewer, now=NOW)
    a_flag(clinic, "We guarantee what waits.")
    taught = {each.sentence.text: (each.risky, each.categories) for each in decided.decided()}
    assert taught == {
        "We guarantee it all.": (True, ("guarantee",)),
        "We guarantee a chair.": (False, ()),
        "We never guarantee.": (False, ()),
    }
    assert Flag.objects.count() == 6


def test_a_reader_that_was_trained_here_is_used_where_the_setting_names_it(
    small_corpus: Path, tmp_path: Path, settings
) -> None:
    call_command("train_reader", to=str(tmp_path), corpus=str(small_corpus))
    settings.SECOND_READER = str(tmp_path)
    assert readers.current_reader().card.data_hash != shipped_reader().card.data_hash


def test_a_setting_that_names_no_reader_is_refused(tmp_path: Path, settings) -> None:
    settings.SECOND_READER = str(tmp_path)
    with pytest.raises(Refusal, match="SECOND_READER"):
        readers.current_reader()


def test_the_shipped_card_tells_what_was_measured_on_batches_that_were_left_out() -> None:
    told = json.loads((Path(second_reader.__file__).with_name("data") / "second_reader.json").read_text())
    assert set(told["held_out"]) >= {"sentences", "passages", "pages"}
    for figures in told["held_out"].values():
        assert figures["n"] > 100
        assert 0 < figures["precision"] < 1
        assert 0 < figures["recall"] < 1
