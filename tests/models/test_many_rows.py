"""Many rows are written in one statement, each with its own values."""

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, transaction

from clinics.models import Host, PageUse
from clinics.models.many_rows import add_rows, write_columns
from tests.build import NOW, a_clinic, a_page

pytestmark = pytest.mark.django_db


def hosts(count: int) -> list[Host]:
    return [Host.objects.create(name=f"h{number}.example", free_at=NOW) for number in range(count)]


def test_each_row_gets_its_own_values_and_other_columns_stay(django_assert_num_queries):
    first, second, other = hosts(3)
    first.failures, first.last_trouble, first.free_at = 3, 'It\'s “slow”; {"a": \\1}, NULL', NOW + timedelta(days=1)
    second.failures, second.delay_seconds, second.robots_text = 5, None, "not to be written"
    Host.objects.filter(pk=second.pk).update(delay_seconds=2.5, robots_text="as it was")
    with django_assert_num_queries(1):
        written = write_columns([first, second], ["failures", "last_trouble", "free_at", "delay_seconds"])
    assert written == 2
    assert list(Host.objects.order_by("pk").values_list("failures", "last_trouble", "free_at", "robots_text")) == [
        (3, first.last_trouble, NOW + timedelta(days=1), ""),
        (5, "", NOW, "as it was"),
        (0, "", NOW, ""),
    ]
    second.refresh_from_db()
    assert second.delay_seconds is None
    assert other.failures == 0


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert write_columns([], ["failures"]) == 0


def test_a_row_that_is_gone_is_not_made_anew():
    (host,) = hosts(1)
    Host.objects.all().delete()
    host.pk = 7
    assert write_columns([host], ["failures"]) == 0
    assert not Host.objects.exists()


def test_a_value_that_is_too_long_is_refused_and_not_cut():
    (host,) = hosts(1)
    host.last_trouble = "x" * 301
    with pytest.raises(DataError):
        write_columns([host], ["last_trouble"])


def test_rows_are_added_in_one_statement_and_known_ones_are_passed_over_where_asked(django_assert_num_queries):
    (known,) = hosts(1)
    rows = [Host(name=name, free_at=NOW + timedelta(days=1)) for name in (known.name, "other.example")]
    with pytest.raises(IntegrityError), transaction.atomic():
        add_rows(rows, given=["free_at"])
    with django_assert_num_queries(1):
        add_rows(rows, given=["free_at"], pass_over_known=True)
    assert dict(Host.objects.values_list("name", "free_at")) == {
        known.name: NOW,
        "other.example": NOW + timedelta(days=1),
    }


def test_a_column_with_a_default_of_the_database_is_left_to_it_unless_it_is_given():
    clinic = a_clinic()
    early = NOW - timedelta(days=400)
    pages = [a_page(url=f"https://knees.example/{number}") for number in (1, 2)]
    for page, given in zip(pages, ((), ("created_at",)), strict=True):
        add_rows([PageUse(page=page, clinic=clinic, created_at=early)], given=given)
    assert [PageUse.objects.get(page=page).created_at == early for page in pages] == [False, True]
