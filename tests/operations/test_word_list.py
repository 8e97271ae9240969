"""The list of known words comes from the corpus, and says so."""

import hashlib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinics.domain.block import alone
from clinics.domain.known_words import known_words
from clinics.operations import labelled, word_list
from clinics.operations.labelled import Labelled


def said(text: str, variant: str = "plain") -> Labelled:
    return Labelled("T1", alone(text), False, (), "T", "sentences", variant=variant)


def test_words_are_small_plain_letters_and_short_ones_need_two_uses() -> None:
    given = [said("Células for the KNEE’s pain"), said("The 3rd a x #NoPain gu@ranteed"), said("cure pxin", "evasion")]
    assert word_list.gathered(given) == ["a", "celulas", "knee's", "pain", "the"]


def test_the_shipped_list_was_gathered_from_the_corpus_as_it_stands() -> None:
    gathered = word_list.gathered(labelled.corpus())
    assert known_words() == set(gathered), "Run `manage.py gather_words`, then `manage.py train_reader`."


def test_the_command_writes_the_words_with_their_source(tmp_path: Path) -> None:
    for file in labelled.CORPUS.glob("*.jsonl"):
        first = file.read_text(encoding="utf-8").splitlines(keepends=True)[:20]
        (tmp_path / file.name).write_text("".join(first), encoding="utf-8")
    call_command("gather_words", corpus=str(tmp_path), to=str(tmp_path))
    lines = (tmp_path / "words.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Source: The labelled corpus")
    assert lines[2:] == word_list.gathered(labelled.corpus(tmp_path))
    assert len(lines) > 100
    assert hashlib.sha256("\n".join(lines[2:]).encode()).hexdigest() in lines[1]


@pytest.mark.parametrize("missing", ["corpus", "to"])
def test_a_folder_that_is_not_there_is_refused(missing: str, tmp_path: Path) -> None:
    given = {"to": str(tmp_path), missing: str(tmp_path / "nowhere")}
    with pytest.raises(CommandError, match="nowhere"):
        call_command("gather_words", **given)
