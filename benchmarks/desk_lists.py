"""How long the desk's lists take, how many queries they ask, and how large they are.

    EMBEDDED_HOME=FOLDER python3 run.py manage migrate
    EMBEDDED_HOME=FOLDER python3 run.py manage seed --clinics 5000 --flags 50000 --checks 100000
    EMBEDDED_HOME=FOLDER python3 benchmarks/desk_lists.py [--rounds 7]

Over the database as it stands; run it again after seeding ten times as much. Each list and the front page is opened
as an administrator, in this process, so that no server's time is in it. One line of JSON for each.
"""

import argparse
import json
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOUSE))
LISTS = {
    "front page": "admin:index",
    "flags": "admin:clinics_flag_changelist",
    "flags, overdue": "admin:clinics_flag_changelist?decision=overdue",
    "flags, all": "admin:clinics_flag_changelist?decision=all",
    "flags, dismissed": "admin:clinics_flag_changelist?decision=dismissed",
    "flags, critical": "admin:clinics_flag_changelist?severity__exact=5",
    "dossiers": "admin:clinics_flag_dossiers",
    "wordings of several clinics": "admin:clinics_flag_clusters",
    "clinics": "admin:clinics_clinic_changelist",
    "clinics, by name": "admin:clinics_clinic_changelist?q=Lakeside",
    "claims": "admin:clinics_claim_changelist",
    "credential checks": "admin:clinics_credentialcheck_changelist",
    "credential checks, due": "admin:clinics_credentialcheck_changelist?due=yes",
    "pages": "admin:clinics_page_changelist",
    "decisions": "admin:clinics_decision_changelist",
    "hosts": "admin:clinics_host_changelist",
    "practitioners": "admin:clinics_practitioner_changelist",
    "captures and texts": "admin:clinics_snapshot_changelist",
}


def main() -> None:
    """Print one line for each list, and the sizes of the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = min(parser.parse_args().rounds, 50)
    from benchmarks.database import as_it_stands

    with as_it_stands():
        measure(rounds)


def timed(asked: list[tuple[float, str]], execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Run a query and note how many milliseconds it took."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        asked.append(((time.perf_counter() - began) * 1000, sql))


def measure(rounds: int) -> None:
    """Open every list so many times."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from clinics.models import Check, Clinic, Flag

    sizes = {model.__name__: model.objects.count() for model in (Clinic, Flag, Check)}
    print(json.dumps({"rows": sizes}), flush=True)
    user = User.objects.filter(username="benchmark").first() or User.objects.create_superuser("benchmark")
    client = Client(headers={"host": "localhost"}, raise_request_exception=True)
    client.force_login(user)
    for name, address in LISTS.items():
        view, _, query = address.partition("?")
        url = reverse(view) + (f"?{query}" if query else "")
        asked: list[tuple[float, str]] = []
        with connection.execute_wrapper(partial(timed, asked)):
            answer = client.get(url)
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            client.get(url)
            times.append((time.perf_counter() - began) * 1000)
        size = round(len(answer.content) / 1000)
        told = {"list": name, "status": answer.status_code, "queries": len(asked), "kB": size}
        spread = {"ms": statistics.median(times), "lowest": min(times), "highest": max(times)}
        slowest, sql = max(asked)
        query = {"slowest query ms": round(slowest, 1), "sql": sql[:2000]}
        print(json.dumps({**told, **{key: round(value, 1) for key, value in spread.items()}, **query}), flush=True)


if __name__ == "__main__":
    main()
