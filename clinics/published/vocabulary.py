"""The options of every facet and their labels in the visitor's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from clinics.domain.vocabulary import load_vocabulary as shipped_vocabulary
from clinics.models import Term
from clinics.published.clinics import PRIVATE_KINDS
from clinics.published.sentences import labels, language

TERM_FACETS: Mapping[str, str] = {
    "condition": Term.Kind.CONDITION.value,
    "cell_source": Term.Kind.CELL_SOURCE.value,
    "origin": Term.Kind.ORIGIN.value,
    "route": Term.Kind.ROUTE.value,
    "posture": Term.Kind.POSTURE.value,
    "evidence": Term.Kind.EVIDENCE.value,
    "provider": Term.Kind.PROVIDER.value,
    "credential": Term.Kind.CREDENTIAL_KIND.value,
    "language": Term.Kind.LANGUAGE.value,
}
GROUPS = "condition_group"
FIXED_FACETS = ("claim_category", "assessment", "credential_outcome", "official_action")
ANY_ACTION = "any"  # the option of `official_action` that every official document has
PRIVATE_TERMS = tuple(f"credential_kind:{key}" for key in PRIVATE_KINDS)
SEEN_WITHIN_DAYS = ("7", "30", "90", "365")


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The terms of the database, by kind, in their order."""

    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def options(self, facet: str) -> Iterator[tuple[str, str]]:
        """Values of a facet with their labels."""
        if facet == GROUPS:
            yield from group_labels().items()
        elif facet in TERM_FACETS:
            yield from self.terms.get(TERM_FACETS[facet], {}).items()
        else:
            yield from labels(facet).items()

    def label(self, facet: str, value: str) -> str:
        """The label of one value; the value itself where it has none."""
        if facet == GROUPS:
            return group_labels().get(value, value)
        if facet in TERM_FACETS:
            return self.terms.get(TERM_FACETS[facet], {}).get(value, value)
        return labels(facet).get(value, value)


def group_labels() -> Mapping[str, str]:
    """The groups of conditions in the visitor's language."""
    spanish = language() == "es"
    groups = (term for term in shipped_vocabulary() if term.kind == GROUPS)
    return {term.key: term.spanish if spanish else term.english for term in groups}


def load_vocabulary() -> Vocabulary:
    """All terms that may be public, in the visitor's language; the same object while they are the same."""
    label = "spanish" if language() == "es" else "english"
    terms = Term.objects.exclude(pk__in=PRIVATE_TERMS).order_by("kind", "position", "key")
    return _vocabulary(tuple(terms.values_list("kind", "key", label)))


@lru_cache(maxsize=4)
def _vocabulary(rows: tuple[tuple[str, str, str], ...]) -> Vocabulary:
    terms: dict[str, dict[str, str]] = {}
    for kind, key, label in rows:
        terms.setdefault(kind, {})[key] = label
    return Vocabulary(terms)
