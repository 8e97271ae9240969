"""What most tests of operations begin with: a clock that stands, a stranger's site in words."""

import pytest

from tests.operations.reading import Clock, Site


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(clock: Clock) -> Site:
    return Site(clock)
