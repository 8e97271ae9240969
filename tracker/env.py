"""Readers of the environment that refuse a bad value, naming the variable and the form it should have."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

DATABASE_FORM = "postgresql://user:password@host:5432/name, or postgresql://user@/name?host=/folder/of/socket"
BROKER_FORM = (
    "redis://host:6379/0, rediss://…, redis+socket:///folder/file, amqp://user:password@host:5672/ or amqps://…"
)
MAIL_FORM = "smtp://user:password@host:25, smtp+tls://…:587 (STARTTLS) or smtps://…:465"
CONTACT_FORM = "an e-mail address such as name@example.org, or the address of a page that begins with https://"
E_MAIL = re.compile(r"[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
BROKER_SCHEMES = ("redis", "rediss", "redis+socket", "amqp", "amqps")


def _given(name: str) -> str | None:
    """The variable's value, or None where it is not set or empty."""
    return os.environ.get(name) or None


def text(name: str, default: str) -> str:
    """A text, taken as it stands."""
    value = _given(name)
    return default if value is None else value


def flag(name: str, default: bool) -> bool:
    """True or False; any other word is refused."""
    value = _given(name)
    if value is None:
        return default
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be True or False.")
    return value == "True"


def number(name: str, default: float, *, least: float, most: float) -> float:
    """A number between two bounds."""
    value = _given(name)
    if value is None:
        return default
    form = f"it must be a number from {least:g} to {most:g}"
    try:
        result = float(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}; {form}.") from None
    if not least <= result <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}; {form}.")
    return result


def bucket(name: str, default: str) -> str:
    """A bucket of an S3-compatible service, with a prefix where one is wanted."""
    value = _given(name)
    if value is None:
        return default
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.*'()/-]*)?", value):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be s3://bucket or s3://bucket/prefix.")
    return value


def choice(name: str, default: str, choices: Sequence[str]) -> str:
    """One of a few words."""
    value = _given(name)
    if value is None:
        return default
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
    return value


def names(name: str, default: Sequence[str]) -> list[str]:
    """Words with commas between them."""
    value = _given(name)
    if value is None:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def contact(name: str) -> str:
    """An e-mail address or a page's, "" where none is given."""
    value = text(name, "")
    if not value or E_MAIL.fullmatch(value):
        return value
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be {CONTACT_FORM}.")
    return value


def secret(name: str) -> str:
    """A secret, from the variable itself or from the file that NAME_FILE names."""
    if value := _given(name):
        return value
    file = _given(f"{name}_FILE")
    if file is None:
        raise ImproperlyConfigured(f"{name} is not set; set it, or set {name}_FILE to a file that holds it.")
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise ImproperlyConfigured(f"{name}_FILE is {file!r}; it cannot be read: {fault.strerror}.") from None
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE is {file!r}; that file is empty.")
    return value


def database(name: str, default: str) -> dict[str, Any]:
    """A PostgreSQL database as an entry of Django's DATABASES."""
    value = text(name, default)
    refusal = ImproperlyConfigured(f"{name} must be {DATABASE_FORM}.")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise refusal from None
    query = parse_qs(parts.query, keep_blank_values=True)
    database_name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not database_name or "/" in database_name:
        raise refusal
    options = {key: values[-1] for key, values in query.items() if key not in ("host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[-1],
        "PORT": str(port or query.get("port", [""])[-1]),
        "OPTIONS": options,
    }


def broker(name: str, default: str) -> str:
    """The address of Celery's broker."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be {BROKER_FORM}.") from None
    reachable = parts.path if parts.scheme == "redis+socket" else parts.netloc
    if parts.scheme not in BROKER_SCHEMES or not reachable:
        raise ImproperlyConfigured(f"{name} must be {BROKER_FORM}.")
    return value


def mail(name: str) -> dict[str, Any]:
    """A mail server as Django's settings of it; a host that is empty where none is named."""
    value = text(name, "")
    refusal = ImproperlyConfigured(f"{name} must be {MAIL_FORM}.")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise refusal from None
    if value and (parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path not in ("", "/")):
        raise refusal
    return {
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": port or MAIL_PORTS.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
