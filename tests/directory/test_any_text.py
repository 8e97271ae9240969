"""Whatever stands in an address, the search answers: page, JSON and counts."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clinics.operations.reference import prepare
from clinics.operations.seeding import seed
from tests.published import rows

FIELDS = ("q", "state", "city", "zip", "within", "country", "condition", "seen_within", "language", "sort")
FIRST_VIEW = 60_000  # bytes


@pytest.fixture
def palm(db: None) -> None:
    rows.the_vocabulary()
    rows.a_location(rows.a_clinic("Palm Court"))


@pytest.mark.usefixtures("palm")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    field=st.sampled_from(FIELDS),
    value=st.one_of(st.text(max_size=60).map(lambda t: t.encode("utf-8", "surrogatepass")), st.binary(max_size=60)),
)
@example(field="q", value="\ud800 knee".encode("utf-8", "surrogatepass"))
@example(field="q", value=b"a'b\\c & !d | (e:*A) <-> f")
@example(field="q", value=b"'' \\' :* ")
@example(field="q", value="’ﬁ²½ ㋿".encode())
@example(field="zip", value=b"33130-" * 2)
def test_any_text_is_answered(field: str, value: bytes) -> None:
    client = Client(raise_request_exception=True)
    asked = f"{field}={quote(value)}"
    assert client.get(f"/?{asked}").status_code == 200
    for address in ("clinics", "facets"):
        assert client.get(f"/api/v1/{address}/?{asked}").status_code in (200, 400)


@pytest.mark.django_db
def test_the_first_view_is_small(client: Client) -> None:
    prepare(timezone.now())
    seed(120, 0, 0, timezone.now(), lambda line: None)
    for address in ("/", "/es/"):
        assert len(client.get(address).content) < FIRST_VIEW
