"""A real browser that can reach nothing but this machine, and a stranger's site that the tracker reads."""

import os
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from clinics.operations.reference import prepare
from tests import plugin
from tests.stranger import Stranger

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)
PASSWORD = "a long word for tests"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without any way out; ended with its file, as a thread has room for one Playwright."""
    # Playwright keeps an event loop in this thread, in which Django would refuse the database's plain calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=plugin.browser(), args=list(QUIET))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_context(chromium, live_server):
    """Makes contexts (one person's browser each) that begin at the tracker's address."""
    contexts: list[BrowserContext] = []

    def make(**options) -> BrowserContext:
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def prepared(transactional_db):
    """Vocabularies, roles, rules and months, as after an installation."""
    return prepare(timezone.now())


@pytest.fixture
def stranger(settings) -> Iterator[Stranger]:
    with Stranger() as playing:
        settings.FETCH_TEST_SERVERS = f"*.test=127.0.0.1:{playing.port}"
        settings.FETCH_HOST_DELAY = 0
        yield playing


@pytest.fixture
def person(prepared):
    """Makes a member of staff in one of the roles."""

    def make(name: str, role: str) -> User:
        user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def sign_in(new_context):
    """Signs a person in at the desk, in a browser of their own."""

    def enter(user: User, **options) -> Page:
        page = new_context(**options).new_page()
        page.goto("/admin/")
        page.get_by_label("Username").fill(user.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", level=1).first.wait_for()
        return page

    return enter
