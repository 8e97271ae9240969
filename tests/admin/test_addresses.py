"""Every address of the desk against every role, by the table in address_table.py: nobody comes in by a side door."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from clinics.models import Claim, Clinic, ClinicImport, CredentialCheck, Flag
from tests.admin.address_table import (
    ACTIONS,
    EVERYBODY,
    NOBODY,
    NOTHING_THERE,
    OF_THE_SITE,
    OURS,
    OWN_ROWS,
    STEPS,
    STOCK,
    May,
)
from tests.admin.conftest import SignedIn
from tests.admin.test_access import a_row_of_each  # noqa: F401
from tests.build import NOW, a_clinic, a_flag, a_user

MISSING = "has no row in tests/admin/address_table.py. Add it to {table} with the roles that get through by each method"
STOCK_KINDS = ("changelist", "add", "change", "delete", "history")
ROLES = sorted(EVERYBODY)
DESK = {model._meta.model_name: site for model, site in admin.site._registry.items()}

DESK_MODELS = {model._meta.model_name: model for model in admin.site._registry}


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the desk, as its pattern names it."""

    name: str
    arguments: tuple[str, ...]

    @property
    def model(self) -> str:
        """The model to which it belongs: `clinics_flag`."""
        return "_".join(self.name.split("_")[:2])

    @property
    def is_stock(self) -> bool:
        return self.name in {f"{model}_{kind}" for model in STOCK for kind in STOCK_KINDS}


def patterns(of: URLResolver) -> Iterator[URLPattern]:
    for each in of.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


def addresses() -> list[Address]:
    """All named addresses below /admin/; the unnamed ones lead to a named one, or to nothing."""
    desk = next(each for each in get_resolver().url_patterns if str(each.pattern) == "admin/")
    named = {each.name: tuple(each.pattern.regex.groupindex) for each in patterns(desk) if each.name}
    return [Address(name, arguments) for name, arguments in sorted(named.items())]


def rights(address: Address) -> May | None:
    """The row of the table for an address that is no step."""
    if address.is_stock:
        row, kind = STOCK[address.model], address.name.rpartition("_")[2]
        return {
            "changelist": May(get=row.read),
            "add": May(row.add, row.add),
            "change": May(row.read, row.change),
            "delete": May(row.delete, row.delete),
            "history": May(get=row.read),
        }[kind]
    return OF_THE_SITE.get(address.name) or OURS.get(address.name)


ADDRESSES = addresses()
STEPPED = "_step"


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_every_address_has_a_row_in_the_table(address: Address) -> None:
    if address.name.endswith(STEPPED):
        model = address.name.split("_")[1]
        steps = {step.name for step in DESK[model].steps}
        assert steps == set(STEPS.get(model, {})), f"{model}: a step {MISSING.format(table='STEPS')}"
        return
    table = "OURS, or its model to STOCK"
    assert rights(address) is not None, f"{address.name} {MISSING.format(table=table)}"


def test_the_table_has_no_row_that_nobody_needs() -> None:
    names = {address.name for address in ADDRESSES}
    assert set(OF_THE_SITE) | set(OURS) <= names
    assert {f"{model}_{kind}" for model in STOCK for kind in STOCK_KINDS} <= names
    assert set(STEPS) <= set(DESK)


def test_every_action_of_a_list_has_a_row_in_the_table(signed_in: SignedIn) -> None:
    for role in ROLES:
        request = RequestFactory().get("/")
        request.user = a_user(role, role)
        for model, desk in DESK.items():
            offered = set(desk.get_actions(request))
            row = ACTIONS.get(model, {})
            assert offered == {name for name, roles in row.items() if role in roles}, (
                f"{model}, {role}: an action {MISSING.format(table='ACTIONS')}"
            )


@pytest.fixture
def rows(a_row_of_each: dict[str, Any]) -> dict[str, Any]:  # noqa: F811
    """The ids of one row of each model of the desk, accounts among them; the clinic is listed, its flag no only one."""
    clinics = Clinic.objects.filter(pk=a_row_of_each["clinic"])
    clinics.update(status=Clinic.Status.LISTED, status_since=NOW.date())
    ClinicImport.objects.filter(pk=a_row_of_each["clinicimport"]).update(header=["name", "website"])
    flag = Flag.objects.get(pk=a_row_of_each["flag"])
    Flag.objects.filter(pk=flag.pk).update(state=Flag.State.OPEN, dismissed_as="", decided_by=None, decided_at=None)
    a_flag(a_clinic("Third House"), flag.sentence)
    return {**a_row_of_each, "user": a_user("somebody").pk, "group": Group.objects.get_or_create(name="auditor")[0].pk}


def address_of(address: Address, rows: dict[str, Any]) -> str:
    model = address.name.split("_")[1] if "_" in address.name else ""
    known = {
        "app_label": "clinics",
        "clinic_id": rows["clinic"],
        "content_type_id": ContentType.objects.get_for_model(Claim).pk,
        "form": "csv",
        "id": rows["user"],
        "key": "nothing",
        "token": "nobody",
        "object_id": rows.get(model, rows["claim"]),
        "subject": Flag.objects.get(pk=rows["flag"]).subject,
    }
    if address.name.endswith("_setback"):
        row = DESK_MODELS[model].objects.get(pk=rows[model])
        known |= {"kind": model, "version": row.events.earliest("pgh_id").pgh_id}
    if address.name == "view_on_site":
        known |= {"content_type_id": ContentType.objects.get(model="clinic").pk, "object_id": rows["clinic"]}
    query = "?app_label=clinics&model_name=snapshot&field_name=page" if address.name == "autocomplete" else ""
    kwargs = {name: known[name] for name in address.arguments}
    try:
        return reverse(f"admin:{address.name}", kwargs=kwargs) + query
    except NoReverseMatch:  # below /admin/, and no page of the admin's own
        return reverse(address.name, kwargs=kwargs)


@contextmanager
def written_nowhere() -> Iterator[None]:
    """The database itself refuses every write in here; what was done outside is as before afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        yield
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def status(client: Client, method: str, url: str) -> int:
    client.raise_request_exception = False  # a write that the database refuses is a 500
    return int(getattr(client, method)(url).status_code)


@pytest.fixture(autouse=True)
def drawn_for_one_role(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gets through is known before a page is drawn: here all are drawn for the administrator alone.

    test_access.py draws every list and page for every role.
    """
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    if parameters.get("role", "administrator") != "administrator":
        monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")


OF_ACCOUNTS = ("login", "logout", "password_change")


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_through_by_get_reads_and_writes_nothing(signed_in: SignedIn, rows: dict[str, Any], role: str) -> None:
    client = signed_in(role)
    wrong = []
    for address in ADDRESSES:
        may = rights(address)
        if may is None or may.get is None:
            continue
        url = address_of(address, rows)
        with written_nowhere():
            found = status(client, "get", url)
        passes = {404} if address.name in NOTHING_THERE else {200, 302}
        if found not in (passes if role in may.get else {403}):
            wrong.append(f"{found} {url}")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_through_by_post_and_everybody_else_writes_nothing(
    signed_in: SignedIn, rows: dict[str, Any], role: str
) -> None:
    client = signed_in(role)
    wrong = []
    for address in ADDRESSES:
        may = rights(address)
        if may is None or may.post is None or address.name in OF_ACCOUNTS:
            continue
        url = address_of(address, rows)
        allowed = role in may.post
        with undone() if allowed else written_nowhere():
            found = status(client, "post", url)
        if (found == 403) is allowed or found >= 500:
            wrong.append(f"{found} {url}")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_steps_are_taken_by_those_who_may(signed_in: SignedIn, rows: dict[str, Any], role: str) -> None:
    client = signed_in(role)
    wrong = []
    for model, steps in STEPS.items():
        for step, roles in steps.items():
            url = reverse(f"admin:clinics_{model}_step", args=[rows[model], step])
            with written_nowhere():
                asked = status(client, "get", url)
            with undone() if role in roles else written_nowhere():
                taken = status(client, "post", url)
            refused = [(403, 403), (404, 404)] if model in OWN_ROWS else [(403, 403)]
            if (asked, taken) not in refused if role not in roles else 403 in (asked, taken):
                wrong.append(f"{asked} {taken} {url}")
    assert wrong == []


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_an_address_without_a_post_of_its_own_writes_nothing_when_posted_to(
    signed_in: SignedIn, rows: dict[str, Any], role: str
) -> None:
    client = signed_in(role)
    for address in ADDRESSES:
        may = rights(address)
        if may is not None and may.post is None:
            with written_nowhere():
                assert status(client, "post", address_of(address, rows)) < 500, address.name


def test_whoever_has_no_role_gets_nowhere(signed_in: SignedIn, rows: dict[str, Any]) -> None:
    client = signed_in()
    own = {
        "index",
        "jsi18n",
        "login",
        "password_change",
        "password_change_done",
        "view_on_site",
        "app_list",
        "digest_unsubscribe",
    }
    for address in ADDRESSES:
        may = rights(address)
        if may is not None and may.get is not None and address.name not in own:
            assert status(client, "get", address_of(address, rows)) == 403, address.name


STATES = {
    "claim": (Claim, {"state": "published", "public_from": "2026-01-01", "published_at": "2026-01-01"}),
    "credentialcheck": (CredentialCheck, {"state": "published", "published_at": "2026-01-01"}),
    "flag": (Flag, {"state": "dismissed", "decision": "confirm"}),
}


@pytest.mark.parametrize("model", STATES)
def test_a_recorder_publishes_and_decides_nothing_by_any_form(
    signed_in: SignedIn, rows: dict[str, Any], model: str
) -> None:
    kind, typed = STATES[model]
    before = kind.objects.get(pk=rows[model]).state
    client = signed_in("recorder")
    for name in ("change", "add"):
        arguments = [rows[model]] if name == "change" else []
        client.post(reverse(f"admin:clinics_{model}_{name}", args=arguments), typed)
    assert {row.state for row in kind.objects.all()} == {before}


def test_no_role_makes_anybody_a_superuser_but_the_administrators(signed_in: SignedIn, rows: dict[str, Any]) -> None:
    url = reverse("admin:auth_user_change", args=[rows["user"]])
    for role in sorted(EVERYBODY - {"administrator"}):
        signed_in(role).post(url, {"username": "somebody", "is_superuser": "on"})
    assert not User.objects.filter(is_superuser=True).exists()
    assert STOCK["auth_user"].delete == NOBODY
