"""The canonical form of a row's content, and its hash."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from clinics.domain.content import canonical, content_hash

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"b": 1, "a": "x"}, '{"a":"x","b":1}'),
        ({"a": "é “x”\n"}, '{"a":"é “x”\\n"}'),
        ({"at": NOON}, '{"at":"2026-11-02T12:00:00.000000+00:00"}'),
        ({"at": NOON.astimezone(timezone(timedelta(hours=-5)))}, '{"at":"2026-11-02T12:00:00.000000+00:00"}'),
        ({"on": date(2026, 11, 2)}, '{"on":"2026-11-02"}'),
        ({"id": UUID(int=7)}, '{"id":"00000000-0000-0000-0000-000000000007"}'),
        ({"a": 1, "b": "", "c": None, "d": 0, "e": False}, '{"a":1}'),
        ({"a": {"z": None, "y": [0, ""]}}, '{"a":{"y":[0,""],"z":null}}'),
    ],
)
def test_the_canonical_form(content: dict[str, object], expected: str) -> None:
    assert canonical(content).decode() == expected
    assert content_hash(content) == hashlib.sha256(expected.encode()).digest()


def test_a_column_added_later_changes_no_former_hash() -> None:
    assert content_hash({"a": "x", "added": ""}) == content_hash({"a": "x"})
    assert content_hash({"a": "x", "added": "y"}) != content_hash({"a": "x"})


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="bytes"):
        canonical({"a": b"x"})
    with pytest.raises(ValueError, match="no time zone"):
        canonical({"at": datetime(2026, 11, 2)})
