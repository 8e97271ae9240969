"""Somebody of each role, signed in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.build import a_user

SignedIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def folder_of_static_files(settings: Settings, tmp_path: Path) -> None:
    """A checkout has none until they are collected."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    """A browser in which a person with these roles has signed in."""

    def sign_in(*roles: str) -> Client:
        client = Client()
        client.force_login(a_user(f"{'-'.join(roles) or 'nobody'}", *roles))
        return client

    return sign_in
