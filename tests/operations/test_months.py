import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction

from clinics.models import Check
from clinics.operations.months import prepare_months
from tests.build import a_page

SPRING = datetime(2031, 3, 15, tzinfo=UTC)


def partition_of(check):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM clinics_check WHERE id = %s", [check.id])
        return cursor.fetchone()[0]


def a_check_at(at):
    return Check.objects.create(id=uuid4(), started_at=at, page=a_page(), outcome="ok")


@pytest.fixture
def months_removed(transactional_db):
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'clinics_check'::regclass")
        for (name,) in cursor.fetchall():
            if "_2031_" in name:
                cursor.execute(f"DROP TABLE {name}")


@pytest.mark.django_db
def test_this_month_and_the_next_two_are_made_once():
    made = ["clinics_check_2031_03", "clinics_check_2031_04", "clinics_check_2031_05"]
    assert prepare_months(SPRING) == made
    assert prepare_months(SPRING) == []


@pytest.mark.django_db
def test_the_year_turns():
    december = datetime(2031, 12, 31, 23, 59, tzinfo=UTC)
    assert prepare_months(december, ahead=1) == ["clinics_check_2031_12", "clinics_check_2032_01"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "partition"),
    [
        (datetime(2031, 3, 1, tzinfo=UTC), "clinics_check_2031_03"),
        (datetime(2031, 3, 31, 23, 59, 59, tzinfo=UTC), "clinics_check_2031_03"),
        (datetime(2031, 4, 1, tzinfo=UTC), "clinics_check_2031_04"),
        (datetime(2031, 7, 1, tzinfo=UTC), "clinics_check_default"),
    ],
)
def test_a_check_lies_in_its_month_by_universal_time(at, partition):
    prepare_months(SPRING)
    assert partition_of(a_check_at(at)) == partition


def test_checks_that_strayed_into_the_default_are_moved_and_stay_append_only(months_removed):
    strayed = a_check_at(datetime(2031, 2, 10, tzinfo=UTC))
    assert partition_of(strayed) == "clinics_check_default"
    assert "clinics_check_2031_02" in prepare_months(SPRING)
    assert partition_of(strayed) == "clinics_check_2031_02"
    for partition in (a_check_at(datetime(2031, 8, 1, tzinfo=UTC)), strayed):
        with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
            Check.objects.filter(id=partition.id).delete()


def test_two_at_once_make_each_month_once(months_removed):
    made, start = [], threading.Barrier(2)

    def prepare():
        start.wait()
        try:
            made.extend(prepare_months(SPRING))
        finally:
            connection.close()

    threads = [threading.Thread(target=prepare) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == ["clinics_check_2031_03", "clinics_check_2031_04", "clinics_check_2031_05"]
