"""Fixtures for all tests that ask a database."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from tests.emptying import Emptying
from tests.template import template

END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: object) -> None:
    """Test databases are copied from one that is migrated already."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.settings_dict["TEST"]["TEMPLATE"] = template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The test database; at the end, sessions that a thread of a live server has left behind are ended."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        emptying = Emptying()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying)
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(END_OTHERS)


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_quickly() -> Iterator[None]:
    """What makes them hard to guess takes a fifth of a second each time."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_are_listed_once() -> Iterator[None]:
    """Every test client makes middleware of its own, which would look up all of them again."""
    listing = WhiteNoiseMiddleware.add_files_from_finders
    listed: dict[str, object] = {}

    def list_once(middleware: WhiteNoiseMiddleware) -> None:
        if not listed:
            own, middleware.files = middleware.files, {}
            listing(middleware)
            listed.update(middleware.files)
            middleware.files = own
        middleware.files.update(listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", list_once)
        yield


@pytest.fixture(autouse=True)
def search_documents_follow(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test that writes to the database, the search documents are what their rows say."""
    kinds = [name for name in ("transactional_db", "db") if name in request.fixturenames]
    if not kinds:
        yield
        return
    request.getfixturevalue(kinds[0])
    from clinics.operations.search_documents import differences

    yield
    if not connection.needs_rollback:
        assert list(differences()) == []
