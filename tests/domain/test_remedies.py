"""Every category tells what would make its wording harmless."""

from clinics.domain.category import PUBLIC_SLUGS
from clinics.domain.remedies import remedies


def test_every_category_has_a_remedy_and_nothing_else_has() -> None:
    assert remedies().keys() == PUBLIC_SLUGS.keys()


def test_remedies_are_sentences() -> None:
    assert all(text[0].isupper() and text.endswith(".") for text in remedies().values())
