"""Each list of the desk asks as many queries as the baseline says, at most twelve, and is under 300 kB.

Where a number has changed for a good reason, write the new one into `list_queries.json`.
"""

import json
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinics.models import Flag
from clinics.operations import triage
from clinics.operations.clusters import count_wordings
from clinics.operations.reference import prepare
from clinics.operations.rule_decisions import count_decisions
from clinics.operations.seeding import seed
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_flag, a_user, later

BASELINE: dict[str, int] = json.loads(Path(__file__).with_name("list_queries.json").read_text(encoding="utf-8"))
MOST, LARGEST, A_DECISION = 12, 300_000, 8
OTHERS = ("flag_dossiers", "flag_clusters")


def lists() -> dict[str, str]:
    """Every list of ours by its name."""
    models = [model._meta.model_name for model in admin.site._registry if model._meta.app_label == "clinics"]
    return {name: reverse(f"admin:clinics_{name}_changelist") for name in models} | {
        name: reverse(f"admin:clinics_{name}") for name in OTHERS
    }


def test_the_baseline_names_every_list() -> None:
    assert set(BASELINE) == set(lists())


def test_no_list_asks_more_than_it_used_to(signed_in: SignedIn) -> None:
    prepare(NOW)
    seed(70, 400, 300, NOW, lambda line: None)
    count_decisions(NOW)
    count_wordings(NOW)
    client = signed_in("administrator")
    found, sizes = {}, {}
    for name, address in lists().items():
        with CaptureQueriesContext(connection) as asked:
            sizes[name] = len(client.get(address).content)
        found[name] = len(asked)
    assert found == BASELINE
    assert max(found.values()) <= MOST
    assert max(sizes.values()) < LARGEST


@pytest.mark.parametrize("decision", ["dismiss", "defer", "confirm"])
def test_a_decision_is_saved_in_few_queries(db: None, decision: str) -> None:
    flag, by = a_flag(), a_user("ada")
    flag = Flag.objects.select_related("clinic", "rule").get(pk=flag.pk)
    more = {"dismissed_as": "true"} if decision == "dismiss" else {"until": later(days=30)}
    with CaptureQueriesContext(connection) as asked:
        getattr(triage, decision)(flag, reason="Read.", by=by, now=NOW, **({} if decision == "confirm" else more))
    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(queries) <= A_DECISION, "\n".join(queries)
