from datetime import timedelta

import pytest

from clinics.domain.block import Block, Surface
from clinics.domain.outcome import Outcome
from clinics.models import QuotePresence
from clinics.operations.quotes import follow_quotes
from clinics.operations.statements import Text
from tests.build import NOW, PROMISE, a_published_claim

pytestmark = pytest.mark.django_db
State = QuotePresence.State
OTHER = "Our team has worked in this town for years."
EDITED = PROMISE.replace("every", "any")


@pytest.fixture
def claim():
    return a_published_claim(quote=PROMISE)


def says(*paragraphs):
    return Text.of([Block(paragraph, Surface.BODY) for paragraph in paragraphs])


def after(claim, *readings):
    """The presence of the quote after weekly readings: texts, or outcomes that are no reading."""
    for week, reading in enumerate(readings, start=1):
        outcome, text = (reading, None) if isinstance(reading, Outcome) else (Outcome.OK, says(reading))
        follow_quotes(claim.page, outcome, text, NOW + timedelta(weeks=week))
    return QuotePresence.objects.get(claim=claim)


def test_a_quote_that_stands_there_is_dated_by_its_last_reading(claim):
    presence = after(claim, f"{OTHER} {PROMISE}", PROMISE)
    assert (presence.state, presence.last_exact_at) == (State.EXACT, NOW + timedelta(weeks=2))


def test_a_quote_is_not_found_after_two_readings_and_since_the_first_of_them(claim):
    assert after(claim, OTHER).state == State.EXACT
    presence = after(claim, OTHER, OTHER)
    assert (presence.state, presence.since) == (State.ABSENT, NOW + timedelta(weeks=1))


def test_readings_that_fail_count_for_nothing(claim):
    presence = after(claim, OTHER, Outcome.ERROR, Outcome.BLOCKED, Outcome.GONE)
    assert (presence.state, presence.misses) == (State.EXACT, 1)


def test_an_edited_quote_waits_for_a_person_and_is_never_called_absent(claim):
    presence = after(claim, EDITED, EDITED, EDITED)
    assert (presence.state, presence.since) == (State.CHANGED, NOW + timedelta(weeks=1))
    assert presence.last_exact_at < presence.since


def test_a_quote_that_comes_back_is_there_since_then(claim):
    presence = after(claim, OTHER, OTHER, PROMISE)
    assert (presence.state, presence.since, presence.misses) == (State.EXACT, NOW + timedelta(weeks=3), 0)
