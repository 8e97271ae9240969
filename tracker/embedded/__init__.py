"""Servers that come with the project: PostgreSQL and a broker, started by run.py, manage.py and the tests."""
