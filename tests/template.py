"""A database with all migrations applied and the roles made, from which each test database is copied.

Migrating takes some ten seconds, and making the roles a tenth of a second for every test that signs somebody in.
"""

import hashlib
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from clinics.operations.roles import ensure_roles

HOUSE = Path(__file__).resolve().parents[1]
MADE_FROM = ("clinics/migrations/*.py", "clinics/models/*.py", "clinics/operations/roles.py", "requirements.txt")
ADVISORY_LOCK = 7_205_399  # none of those in clinics/operations/advisory_locks.py
PREFIX = "clinics_template_"


def template() -> str:
    """The name of the template for the code as it stands; whoever comes first makes it, others wait."""
    name = PREFIX + _mark()
    with psycopg.connect(**_server(), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _make(server, name)
    return name


def _mark() -> str:
    """The same for the same migrations, models and libraries."""
    files = sorted(file for pattern in MADE_FROM for file in HOUSE.glob(pattern))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _make(server: psycopg.Connection, name: str) -> None:
    """Migrate under another name first, so that what breaks off half way is no template. Older ones are removed."""
    old = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]).fetchall()
    for (other,) in old:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(other)))
    making = f"{PREFIX}in_the_making"
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = making
    try:
        call_command("migrate", verbosity=0, interactive=False)
        ensure_roles()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))


def _server() -> dict[str, str]:
    """How to reach the server's own database."""
    facts = connection.settings_dict
    given = {"host": facts["HOST"], "port": facts["PORT"], "user": facts["USER"], "password": facts["PASSWORD"]}
    return {"dbname": "postgres", **{name: str(value) for name, value in given.items() if value}}
