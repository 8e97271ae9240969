"""A stranger for every test of this room."""

from collections.abc import Iterator

import pytest

from tests.stranger import Stranger


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with Stranger() as server:
        yield server
