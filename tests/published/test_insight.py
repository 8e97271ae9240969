"""The directory in numbers: rates of clinics read, and nothing unpublished moves any of them."""

from datetime import date

import pytest
from django.utils import timezone

from clinics.models import Clinic, Flag, Location, QuotePresence
from clinics.published.insight import LEAST_CLINICS, insight
from clinics.published.insight_charts import CHARTS
from tests.build import NOW, a_correction, a_published_action, a_rule, a_user
from tests.published import rows


@pytest.fixture
def vocabulary(db):
    rows.the_vocabulary()


pytestmark = pytest.mark.usefixtures("vocabulary")


def found():
    return insight(timezone.now())


def test_rates_are_of_the_clinics_that_were_read():
    read, stale = rows.a_clinic("Read"), rows.a_clinic("Stale", website=rows.a_page(read_days_ago=100))
    rows.a_clinic("Never", website=rows.a_page(read_days_ago=None))
    for clinic in (read, stale):
        rows.a_claim(clinic, "We end your suffering.")
        rows.a_claim(clinic, "We end it for ever.")
    told = found()
    assert (told.listed, told.read) == (3, 1)
    assert told.categories == {"efficacy_disease": 1}
    assert told.ages == {"7": 1, "30": 0, "90": 0, "older": 1, "never": 1}
    (row,) = CHARTS["categories"](told).rows
    assert row[1:] == ("1", "–")


def test_a_rate_is_given_from_ten_clinics_read_on_and_its_bar_runs_to_a_hundred():
    for number in range(LEAST_CLINICS):
        clinic = rows.a_clinic(f"Clinic {number}")
        rows.a_location(clinic)
        if number % 2:
            rows.a_claim(clinic, "We end your suffering.")
    told = found()
    for key in ("categories", "states"):
        chart = CHARTS[key](told)
        assert chart.rows[0][-1] == "50.0"
        assert [float(mark.width) for mark in chart.drawing.marks] == [160]  # of 320
    assert "rates are given from 10" not in CHARTS["categories"](told).told
    Clinic.objects.filter(pk=clinic.pk).update(status="closed")
    few = found()
    assert CHARTS["categories"](few).rows[0][1:] == ("4", "–")
    assert "rates are given from 10" in CHARTS["categories"](few).told
    assert [float(mark.width) for mark in CHARTS["categories"](few).drawing.marks] == [320]  # clinics, not shares
    assert CHARTS["states"](few).rows == ()


def test_statements_checks_documents_and_corrections_are_counted_by_what_they_are():
    clinic = rows.a_clinic()
    claim = rows.a_claim(clinic, "We end your suffering.", first_seen_on=timezone.now().date())
    rows.a_claim(clinic, "Withdrawn.", state="withdrawn")
    facts = {"state": "absent", "since": NOW, "last_exact_at": NOW}
    QuotePresence.objects.update_or_create(claim=claim, defaults=facts)
    rows.a_check(clinic)
    a_published_action(clinic)
    closed = {"decided_by": a_user("a"), "decided_at": NOW, "outcome": "changed", "reason": "Seen.", "public_note": "x"}
    a_correction(state="closed", closed_at=NOW, confirmed_by=a_user("b"), **closed)
    told = found()
    assert told.assessments == {"not_assessed": 1}
    assert told.presence == {"absent": 1}
    assert told.outcomes == {"verified": 1}
    assert sum(told.actions.values()) == 1
    assert (told.corrections, told.withdrawn) == ({"changed": 1}, 1)
    months = list(told.months)
    assert len(months) == 12
    assert months == sorted(months)
    assert told.months[date.today().replace(day=1)] == 1


def test_a_state_is_told_from_ten_clinics_read_on():
    for number in range(LEAST_CLINICS):
        clinic = rows.a_clinic(f"Clinic {number}")
        rows.a_location(clinic)
        rows.a_location(clinic, city="Tampa")
    rows.a_claim(clinic, "We end your suffering.")
    assert found().by_state == {"FL": (LEAST_CLINICS, 1)}
    Location.objects.filter(clinic=clinic).update(state="TX")
    assert found().by_state == {}


def test_nothing_unpublished_moves_a_number():
    clinic = rows.a_clinic()
    rows.a_claim(clinic, "We end your suffering.")
    before = found()
    for state in ("draft", "comment_invited", "awaiting_second", "held"):
        rows.a_claim(clinic, f"Not public: {state}.", "fda_approval", state=state)
    rows.a_check(clinic, published=False)
    rows.a_check(clinic, "dea")
    facts = {"category": "guarantee", "severity": 5, "rule": a_rule(), "cause": "page_changed"}
    Flag.objects.create(clinic=clinic, subject="s", sentence="We cure all.", raised_at=NOW, presence_since=NOW, **facts)
    a_correction(state="received")
    for status in ("draft", "held", "delisted"):
        hidden = rows.a_clinic(status, status)
        rows.a_claim(hidden, "We end your suffering.")
        rows.a_check(hidden)
    assert found() == before


def test_the_numbers_take_as_many_queries_for_many_clinics_as_for_few(django_assert_num_queries):
    for number in range(20):
        rows.a_claim(rows.a_clinic(f"Clinic {number}"), "We end your suffering.")
    with django_assert_num_queries(11):
        found()


def test_an_empty_directory_has_charts_too():
    told = found()
    assert all(draw(told).told for draw in CHARTS.values())
    assert CHARTS["categories"](told).rows == ()
