"""Labelled wording, from the corpus in `benchmarks/corpus`: what the second reader learns from and is measured on."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clinics.domain.block import Sentence, alone
from clinics.domain.extraction import extract_html
from clinics.domain.identity import folded
from clinics.domain.rule import Rule
from clinics.domain.sentences import split
from clinics.operations.refusal import Refusal

CORPUS: Final = Path(__file__).resolve().parents[2] / "benchmarks" / "corpus"
EXAMPLES: Final = "examples of rules"
_AHEAD: Final = 6  # labels looked through for the next sentence of a page, before all of them


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence in its place with its label. `batch` was written apart from the other batches."""

    key: str
    sentence: Sentence
    risky: bool
    categories: tuple[str, ...]
    batch: str
    source: str  # sentences, passages or pages
    language: str = "en"
    context: str = ""
    variant: str = ""
    kind: str = ""  # of page
    page: str = ""


def corpus(folder: Path = CORPUS) -> list[Labelled]:
    """Everything in the corpus. Raises Refusal where it is not there."""
    if not (folder / "sentences.jsonl").exists():
        raise Refusal(f"{folder}: there is no labelled wording here; give the folder that holds sentences.jsonl.")
    return [*_sentences(folder), *_texts(folder, "passages", "expected"), *_texts(folder, "pages", "sentences")]


def rule_examples(rules: Iterable[Rule]) -> Iterator[Labelled]:
    """What rules say that they must flag and must not: these too are labelled wording."""
    for rule in rules:
        for number, text in enumerate((*rule.must, *rule.must_not)):
            risky = number < len(rule.must)
            categories = (rule.category,) if risky else ()
            yield Labelled(f"{rule.key} {number}", alone(text), risky, categories, EXAMPLES, EXAMPLES)


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The objects of one file of the corpus."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _sentences(folder: Path) -> Iterator[Labelled]:
    for row in rows(folder, "sentences"):
        yield Labelled(
            row["id"],
            alone(row["text"]),
            row["label"] == "risky",
            tuple(row["categories"]),
            row["batch"],
            "sentences",
            row["lang"],
            row["context"],
            row["variant"],
        )


def _texts(folder: Path, name: str, field: str) -> Iterator[Labelled]:
    """Each sentence that we cut of a text, with the label of the one that it is, or is part of."""
    for row in rows(folder, name):
        labels = row[field]
        wordings = [folded(each["text"]) for each in labels]
        next_one = 0
        for sentence in split(extract_html(row["html"])):
            place = _place(folded(sentence.text), wordings, next_one)
            if place is None:
                continue
            next_one = max(next_one, place + 1)
            label = labels[place]
            yield Labelled(
                f"{row['id']}-{place}",
                sentence,
                label["label"] == "risky",
                tuple(label["categories"]),
                f"{row['id'][0]} pages" if name == "pages" else name,
                name,
                row.get("lang", "en"),
                label.get("context", ""),
                kind=row.get("kind", ""),
                page=row["id"],
            )


def _place(words: str, labels: list[str], next_one: int) -> int | None:
    """Which label a sentence has: the next equal one, an earlier equal one, else one that holds it or that it holds."""
    order = [*range(next_one, min(next_one + _AHEAD, len(labels))), *range(next_one)]
    same: int | None = next((place for place in order if labels[place] == words), None)
    if same is not None:
        return same
    for place, label in enumerate(labels):
        if words in label or label in words:
            return place
    return None
