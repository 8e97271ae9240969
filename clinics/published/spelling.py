"""Words that are written much like one that nothing has: of names, cities, people and vocabularies that are public."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.db.models import Func, TextField, Value
from django.db.models.functions import Lower
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from clinics.domain.lay_words import folded, lay_words
from clinics.models import Location, Term
from clinics.published.clinics import listed, present_affiliations

LEAST: Final = 4  # letters; shorter words are like too many
LIKE: Final = 0.7  # of the letters in their places, two that changed places counting as one fault
MOST: Final = 3  # words tried in the place of one


def known_spellings(today: date) -> Mapping[str, str]:
    """Every word of what is public, as it is written, by itself without accents and case."""
    words: set[str] = set()
    for column, rows in (
        ("name", listed()),
        ("other_names", listed()),
        ("city", Location.objects.filter(clinic__in=listed())),
        ("practitioner__name", present_affiliations(today).filter(clinic__in=listed())),
        ("english", Term.objects.all()),
        ("spanish", Term.objects.all()),
    ):
        parted = Func(Lower(column), Value(r"[\s,.()/-]+"), function="regexp_split_to_table", output_field=TextField())
        words.update(rows.order_by().annotate(word=parted).values_list("word", flat=True).distinct())
    words.update(phrase for phrase in lay_words() if " " not in phrase)
    return _by_folded(words)


def _by_folded(words: Iterable[str]) -> Mapping[str, str]:
    found = ((folded(word), word) for word in sorted(words))
    return {bare: word for bare, word in found if len(bare) >= LEAST and " " not in bare}


def written_like(word: str, spellings: Mapping[str, str]) -> list[str]:
    """The likest of the known words, as they are written; none for a short word."""
    bare = folded(word)
    if len(bare) < LEAST:
        return []
    likest = process.extract(
        bare, spellings.keys(), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=LIKE, limit=MOST
    )
    return [spellings[found] for found, _, _ in likest]
