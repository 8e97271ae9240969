import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from prometheus_client.parser import text_string_to_metric_families

from clinics.models import Clinic, Rule, Term
from clinics.operations.recording import record_clinic, record_page
from tests.operations.reading import MONDAY, a_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared():
    Rule.objects.all().delete()
    a_rule("guarantee", "guarantee")
    Term.objects.get_or_create(
        id="route:topical", defaults={"kind": "route", "key": "topical", "english": "topical", "spanish": "tópica"}
    )


def test_alive_is_said_without_looking_at_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "alive"}


def test_ready_when_migrated_and_prepared(client, prepared):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_not_ready_without_rules_and_says_what_to_do(client, prepared):
    Rule.objects.update(active=False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "manage.py prepare" in answer.json()["faults"][0]


def test_not_ready_behind_the_code_and_says_what_to_do(client, prepared):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("clinics")
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "manage.py migrate" in answer.json()["faults"][0]


def samples(client):
    text = client.get("/metrics").content.decode()
    families = text_string_to_metric_families(text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_metrics_count_what_stands_in_the_rows(client):
    clinic = record_clinic("Knee House", "https://knees.example/", by=None, now=MONDAY)
    record_page("https://knees.example/about", by=None, now=MONDAY, clinic=clinic)
    found = samples(client)
    assert found["tracker_clinics", Clinic.Status.DRAFT] == 1
    assert found["tracker_pages",] == 2
    assert found["tracker_pages_due",] == 2
    assert found["tracker_oldest_due_seconds",] > 0


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_nothing_can_be_posted(client, address):
    assert client.post(address).status_code == 405
