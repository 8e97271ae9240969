"""New wording is what a page never said before; moving sentences about is no change."""

from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.block import Block, Surface
from clinics.domain.change import compare, word_changes
from clinics.domain.identity import digest
from clinics.domain.sentences import split


def read(*texts: str, governors: tuple[str, ...] = ()) -> tuple:
    return split([Block(text, Surface.BODY, governors) for text in texts])


def marks(*texts: str) -> set[int]:
    return {digest(each) for each in read(*texts)}


def test_a_first_reading_is_all_new_and_has_lost_nothing() -> None:
    change = compare((), (), read("One", "Two"))
    assert [each.text for each in change.new] == ["One", "Two"]
    assert (change.gone, change.share_lost) == (frozenset(), 0.0)


def test_a_sentence_that_the_page_once_said_is_not_new() -> None:
    assert compare(marks("One"), marks("Two"), read("One", "Two")).new == ()


def test_moved_sentences_are_no_change() -> None:
    change = compare((), marks("One", "Two"), read("Two", "One"))
    assert (change.new, change.gone) == ((), frozenset())


def test_a_sentence_said_twice_is_new_once() -> None:
    assert len(compare((), (), read("One", "one!")).new) == 1


def test_gone_sentences_are_counted() -> None:
    change = compare((), marks("One", "Two", "Three", "Four"), read("Four", "Five"))
    assert change.gone == marks("One", "Two", "Three")
    assert change.share_lost == 0.75


def test_a_sentence_whose_heading_fell_away_is_new() -> None:
    under = {digest(each) for each in read("Stem cells cure all.", governors=("Myth:",))}
    assert len(compare((), under, read("Stem cells cure all.")).new) == 1


def test_the_words_that_changed_are_shown_in_reading_order() -> None:
    assert word_changes("We do not cure pain", "We cure all pain") == [
        ("same", "We"),
        ("removed", "do not"),
        ("same", "cure"),
        ("added", "all"),
        ("same", "pain"),
    ]
    assert word_changes("", "New words") == [("added", "New words")]
    assert word_changes("same", "same") == [("same", "same")]


@given(st.text("ab \n"), st.text("ab \n"))
def test_both_wordings_can_be_put_together_again(before: str, after: str) -> None:
    steps = word_changes(before, after)
    assert " ".join(words for kind, words in steps if kind != "added").split() == before.split()
    assert " ".join(words for kind, words in steps if kind != "removed").split() == after.split()
