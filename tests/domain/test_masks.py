"""Masks hide what changes by itself, and nothing that its owner wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.block import alone
from clinics.domain.masks import masked, masked_digest, masks
from clinics.domain.normal import straightened

SAME = [
    ("Today is Monday, 04 January 2027.", "Today is Tuesday, 16 November 2027."),
    ("© 2019–2027 Willow Bank. All rights reserved.", "© 2019-2028 Willow Bank. All rights reserved."),
    ("Copyright 2026 Willow Bank", "Copyright 2027 Willow Bank"),
    ("You are visitor number 48,213.", "You are visitor number 49,001."),
    ("12 people are looking at this page.", "3 people are looking at this page."),
    ("Page generated in 0.213 seconds.", "Page generated in 1.7 seconds."),
    ("Next free appointment: 12 March, 10:40.", "Next free appointment: 2 April, 9:00."),
    ("Próxima cita: lunes, 3 de mayo de 2027 a las 10:30", "Próxima cita: martes, 14 de junio de 2027 a las 9:15"),
    ("Posted on 03/12/2027", "Posted on 11/01/2028"),
    ("Posted 3 hours ago", "Posted a minute ago"),
    ("Publicado hace 3 días", "Publicado hace una hora"),
    ("Last updated: 2027-03-04T10:12:33Z", "Last updated: 2027-11-20T09:00:01Z"),
    ("Last updated: May 4, 2027 at 10:12 a.m.", "Last updated: June 11, 2027 at 9:01 p.m."),
    ("Request reference: 9f8a7c66b1d2e3f4", "Request reference: 0011223344556677"),
    ("Session 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "Session 123e4567-e89b-12d3-a456-426614174000"),
    ("Write to [email protected].", "Write to desk@clinic.example."),
    ("desk [at] clinic.example", "desk (at) clinic (dot) example"),
    ("245 likes", "1,204 likes"),
    ("Fairhaven: 63 °F", "Fairhaven: 71 °F"),
]
DIFFERENT = [
    ("Our therapy is not approved.", "Our therapy is approved."),
    ("It may help your knee.", "It helps your knee."),
    ("A success rate of 70 %.", "A success rate of 100 %."),
    ("We have treated 300 patients.", "We have treated 9,000 patients."),
    ("Fifty million cells in one infusion.", "Ninety million cells in one infusion."),
    ("50 million cells", "90 million cells"),
    ("A first visit costs $95.", "A first visit costs $120."),
    ("Call (305) 555-0134.", "Call (305) 555-0199."),
    ("March is the month of the knee.", "Spring is the month of the knee."),
    ("Approved by the agency.", "Approved by the agency on 4 May 2027."),
    ("Come in May.", "Come in pain."),
    ("Room 12", "Room 14"),
    ("The feedback was good.", "The decade was good."),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_changes_by_itself_is_the_same(one: str, other: str) -> None:
    assert masked_digest([alone(one)]) == masked_digest([alone(other)])


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_somebody_wrote_is_not(one: str, other: str) -> None:
    assert masked_digest([alone(one)]) != masked_digest([alone(other)])


def test_order_and_repeats_do_not_matter_but_what_governs_does() -> None:
    one, two = alone("The door is open."), alone("The lift takes you up.")
    assert masked_digest([one, two, one]) == masked_digest([two, one])
    assert masked_digest([one]) != masked_digest([one, two])
    assert masked_digest([alone("It heals.", ("Myth:",))]) != masked_digest([alone("It heals.")])
    assert masked_digest([alone("Hours", ("Monday 4 May 2026",))]) == masked_digest([alone("Hours", ("11 June 2026",))])


@given(st.text(alphabet=st.characters(exclude_categories=["N", "P", "S", "Z", "C"])))
def test_words_alone_are_never_masked(text: str) -> None:
    assert masked(text) == straightened(text)


@given(st.text())
def test_masking_never_fails_on_any_text(text: str) -> None:
    assert masked_digest([alone(text)]) == masked_digest([alone(text), alone(text)])


@pytest.mark.parametrize("kind", sorted(masks()))
def test_every_kind_of_mask_has_words_that_it_hides(kind: str) -> None:
    assert any(masks()[kind].search(one) for one, _ in SAME)
