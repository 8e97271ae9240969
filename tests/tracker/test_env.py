"""A variable that is missing or malformed stops the start with its name and the form that it should have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tracker import env

NAME = "A_SETTING"
URL = "postgresql://ann:a%40b@db.example:6432/clinics?sslmode=require"


@pytest.mark.parametrize(
    ("read", "value", "form"),
    [
        (lambda: env.flag(NAME, False), "yes", "True or False"),
        (lambda: env.number(NAME, 5, least=1, most=9), "ten", "a number from 1 to 9"),
        (lambda: env.number(NAME, 5, least=1, most=9), "10", "a number from 1 to 9"),
        (lambda: env.number(NAME, 5, least=1, most=9), "nan", "a number from 1 to 9"),
        (lambda: env.choice(NAME, "a", ["a", "b"]), "c", "one of a, b"),
        (lambda: env.bucket(NAME, ""), "https://proof", "s3://bucket"),
        (lambda: env.bucket(NAME, ""), "s3:///proof", "s3://bucket"),
        (lambda: env.database(NAME, ""), "mysql://localhost/clinics", "postgresql://"),
        (lambda: env.database(NAME, ""), "postgresql://localhost", "postgresql://"),
        (lambda: env.database(NAME, ""), "postgresql://localhost:port/clinics", "postgresql://"),
        (lambda: env.broker(NAME, ""), "http://localhost", "redis://"),
        (lambda: env.broker(NAME, ""), "redis://[x/0", "redis://"),
        (lambda: env.broker(NAME, ""), "redis+socket://", "redis+socket:///"),
        (lambda: env.mail(NAME), "mail.example", "smtp://"),
        (lambda: env.mail(NAME), "http://mail.example", "smtp://"),
        (lambda: env.mail(NAME), "smtp://", "smtp://"),
        (lambda: env.mail(NAME), "smtp://mail.example:port", "smtp://"),
        (lambda: env.mail(NAME), "smtp://mail.example/box", "smtp://"),
        (lambda: env.secret(NAME), "", f"{NAME}_FILE"),
        (lambda: env.contact(NAME), "our office", "name@example.org"),
        (lambda: env.contact(NAME), "http://house.example/contact", "https://"),
        (lambda: env.contact(NAME), "javascript:alert(1)@x.example", "name@example.org"),
        (lambda: env.contact(NAME), "https://", "https://"),
        (lambda: env.contact(NAME), "mailto:desk@house.example", "name@example.org"),
    ],
)
def test_a_bad_value_is_refused(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], Any], value: str, form: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        read()
    assert NAME in str(refused.value)
    assert form in str(refused.value)


def test_a_password_is_not_repeated_in_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "mysql://ann:hunter2@localhost/clinics")
    with pytest.raises(ImproperlyConfigured) as refused:
        env.database(NAME, "")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("value", ["", "desk@house.example", "https://house.example/contact?to=desk"])
def test_a_contact_is_an_address_of_mail_or_of_a_page(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.contact(NAME) == value


def test_a_secret_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("quiet\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(file))
    assert env.secret(NAME) == "quiet"


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}_FILE"):
        env.secret(NAME)


def test_a_database_url_becomes_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, URL)
    entry = env.database(NAME, "")
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("ann", "a@b", "db.example", "6432")
    assert entry["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_becomes_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgresql://ann@/clinics?host=/a%20folder/of")
    assert env.database(NAME, "")["HOST"] == "/a folder/of"


@pytest.mark.parametrize(
    ("value", "host", "port", "user", "password", "starttls", "tls"),
    [
        ("", "", 25, "", "", False, False),
        ("smtp://mail.example", "mail.example", 25, "", "", False, False),
        ("smtp+tls://ann:a%40b@mail.example", "mail.example", 587, "ann", "a@b", True, False),
        ("smtps://ann:secret@mail.example:2465/", "mail.example", 2465, "ann", "secret", False, True),
    ],
)
def test_a_mail_server_is_read(
    monkeypatch: pytest.MonkeyPatch,
    value: str,
    host: str,
    port: int,
    user: str,
    password: str,
    starttls: bool,
    tls: bool,
) -> None:
    monkeypatch.setenv(NAME, value)
    assert tuple(env.mail(NAME).values()) == (host, port, user, password, starttls, tls)
