"""Figures for Prometheus: gauges read from the rows, so that every process answers the same."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from clinics.models import Check, Claim, Clinic, Flag, Host, Job, Page, PageState, Seal
from clinics.operations import store_room

WINDOW = timedelta(hours=1)


class _Rows(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The gauges of this moment."""
        now = self._now
        yield _by("clinics", "Clinics", "status", dict(_counted(Clinic.objects, "status")))
        yield _by("flags", "Flags", "state", dict(_counted(Flag.objects.living(), "state")))
        yield _by("claims", "Claims", "state", dict(_counted(Claim.objects, "state")))
        yield _by("jobs", "Jobs", "state", dict(_counted(Job.objects, "state")))
        recent = Check.objects.filter(started_at__gt=now - WINDOW)
        yield _by("checks_last_hour", "Checks of the last hour", "outcome", dict(_counted(recent, "outcome")))
        yield GaugeMetricFamily("tracker_pages", "Recorded pages", value=Page.objects.count())
        yield GaugeMetricFamily("tracker_pages_due", "Pages whose reading is owed", value=Page.objects.due(now).count())
        yield GaugeMetricFamily("tracker_oldest_due_seconds", "How long the oldest is owed", value=_oldest_due(now))
        yield from _store()
        yield _days_since_seal(now)
        yield GaugeMetricFamily("tracker_hosts_failing", "Hosts in trouble", value=Host.objects.failing().count())
        left_alone = Host.objects.left_alone().count()
        yield GaugeMetricFamily("tracker_hosts_left_alone", "Hosts whose circuit breaker is open", value=left_alone)


def _counted(rows, field: str) -> list[tuple[str, int]]:
    return list(rows.order_by().values_list(field).annotate(number=Count("*")))


def _by(name: str, help_text: str, label: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"tracker_{name}", help_text, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family


def _store() -> Iterable[GaugeMetricFamily]:
    last, most = store_room.last_measure(), store_room.budget()
    kept, records = (last.bytes_kept, last.records) if last else (0, 0)
    yield GaugeMetricFamily("tracker_evidence_bytes", "Room that the evidence store takes", value=kept)
    yield GaugeMetricFamily("tracker_evidence_records", "Records of the evidence store", value=records)
    yield GaugeMetricFamily("tracker_evidence_budget_bytes", "Room that it may take; 0 for any", value=most or 0)
    over = 1 if store_room.alarm() else 0
    yield GaugeMetricFamily("tracker_evidence_over_budget", "1 while it takes more than that", value=over)


def _days_since_seal(now: datetime) -> GaugeMetricFamily:
    last = Seal.objects.aggregate(last=Max("day"))["last"]
    days = (now.date() - last).days if last else -1
    return GaugeMetricFamily("tracker_seal_age_days", "Days since the newest sealed day; -1 for none", value=days)


def _oldest_due(now: datetime) -> float:
    oldest = PageState.objects.aggregate(oldest=Min("due_at"))["oldest"]
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


def registry(now: datetime) -> CollectorRegistry:
    """A registry whose figures are those of `now`."""
    made = CollectorRegistry()
    made.register(_Rows(now))
    return made
