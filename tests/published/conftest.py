import pytest

from tests.published.rows import the_vocabulary


@pytest.fixture
def vocabulary(db: None) -> None:
    """Every term that staff may choose."""
    the_vocabulary()
