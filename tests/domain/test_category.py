"""Every category has a slug for the public and a name for staff, and no two share one."""

from clinics.domain.category import CLAIMED_BY_NEGATION, GRAVER_BY_ROUTE, MAY_BE_TRUE, NAMES, PUBLIC_SLUGS


def test_every_category_has_a_name_and_a_slug_of_its_own() -> None:
    assert list(NAMES) == list(PUBLIC_SLUGS)
    assert len(set(NAMES.values())) == len(set(PUBLIC_SLUGS.values())) == len(NAMES)


def test_what_is_said_of_categories_is_said_of_known_ones() -> None:
    assert set(NAMES) >= CLAIMED_BY_NEGATION | GRAVER_BY_ROUTE | MAY_BE_TRUE
