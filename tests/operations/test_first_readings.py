"""The flags of a first reading are written together, however its sentences repeat and resemble each other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import Finding, Flag, Page, Sighting, Variant
from clinics.operations.recording import record_clinic
from clinics.operations.writing import Written
from tests.operations.reading import MONDAY, a_rule

pytestmark = pytest.mark.django_db

URL = "https://willow.example/knee"


@pytest.fixture
def page(db: None) -> Page:
    a_rule("guarantee_rule", r"\bguarantee\b")
    a_rule("painless_rule", r"\bpainless\b")
    website = record_clinic("Willow Bank", URL, by=None, now=MONDAY).website
    assert website is not None
    return website


def read(site, page: Page, *paragraphs: str) -> Written:
    site.says(URL, *paragraphs)
    (written,) = site.read(page)
    return written


def test_each_wording_is_one_flag_and_another_price_its_variant(site, page: Page) -> None:
    wordings = (
        "We guarantee rest.",
        "We guarantee it for $4,900.",
        "We guarantee it for $5,900.",
        "We guarantee rest.",
        "A painless guarantee of sleep.",
    )
    written = read(site, page, *wordings)
    (effects,) = written.effects.values()
    raised = [wordings[0], wordings[1], wordings[4]]
    assert [wording for _, wording in effects.new] == raised
    assert [flag.pk for flag, _ in effects.new] == list(Flag.objects.order_by("pk").values_list("pk", flat=True))
    assert list(Variant.objects.values_list("sentence", flat=True)) == [wordings[2]]
    assert sorted(Sighting.objects.values_list("flag__subject", flat=True)) == sorted(
        Flag.objects.values_list("subject", flat=True)
    )
    found = Finding.objects.order_by("flag", "rule").values_list("flag__sentence", "rule__key")
    assert list(found) == [
        (wordings[0], "guarantee_rule"),
        (wordings[2], "guarantee_rule"),
        (wordings[4], "guarantee_rule"),
        (wordings[4], "painless_rule"),
    ]


def test_twenty_flags_take_no_more_queries_than_two(site, page: Page) -> None:
    asked = []
    for address, number in ((URL, 2), ("https://willow-two.example/", 20)):
        own = page if address == URL else record_clinic("Willow Two", address, by=None, now=MONDAY).website
        site.says(address, *(f"We guarantee thing {'abcdefghijklmnopqrst'[at]}." for at in range(number)))
        with CaptureQueriesContext(connection) as queries:
            site.read(own)
        asked.append(len(queries))
    assert Flag.objects.count() == 22
    assert asked[1] <= asked[0] + 2
