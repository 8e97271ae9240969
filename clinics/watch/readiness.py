"""What keeps the tracker from working, in sentences for the operator."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from clinics.models import Rule, Term


def faults() -> list[str]:
    """Everything that is missing; empty when the tracker can work."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["The database is behind the code: run manage.py migrate."]
        found = []
        if not Rule.objects.active().exists():
            found.append("There are no active rules: run manage.py prepare.")
        if not Term.objects.exists():
            found.append("The vocabularies are empty: run manage.py prepare.")
        return found
    except DatabaseError:
        return ["The database does not answer: look at DATABASE_URL and at the server."]
