"""What every page of the desk has in common: an address that names no row still opens its form."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db.models import ForeignKey
from django.urls import reverse

from clinics.admin.desk import DeskAdmin, names_a_row
from clinics.models import Claim, CredentialCheck
from tests.admin.conftest import SignedIn
from tests.build import a_clinic

NO_ROWS = ("abc", "1\0", "🙂", "99999999999999999999")


def links() -> Iterator[tuple[str, str]]:
    """Each model of the desk with each of its links to another row."""
    for model, desk in admin.site._registry.items():
        if isinstance(desk, DeskAdmin):
            named = [field.name for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
            yield from ((model._meta.model_name or "", name) for name in named)


@pytest.mark.parametrize("text", NO_ROWS)
def test_a_form_opens_whatever_row_its_address_names(signed_in: SignedIn, text: str) -> None:
    client = signed_in("administrator")
    client.raise_request_exception = False
    answers = {
        (model, name): client.get(reverse(f"admin:clinics_{model}_add"), {name: text}).status_code
        for model, name in links()
    }
    assert {at for at, status in answers.items() if status not in (200, 403)} == set()


@pytest.mark.parametrize("text", NO_ROWS)
@pytest.mark.parametrize(("page", "name"), [("capture", "page"), ("merge", "other")])
def test_so_do_the_pages_of_a_clinic(signed_in: SignedIn, page: str, name: str, text: str) -> None:
    address = reverse(f"admin:clinics_clinic_{page}", args=[a_clinic().pk])
    assert signed_in("administrator").get(address, {name: text}).status_code == 200


@pytest.mark.parametrize(("text", "names"), [("7", True), ("", False), ("abc", False), ("7\0", False)])
def test_a_number_names_a_row(text: str, names: bool) -> None:
    link = Claim._meta.get_field("clinic")
    assert isinstance(link, ForeignKey)
    assert names_a_row(link, text) is names


def test_a_key_of_letters_names_a_term() -> None:
    link = CredentialCheck._meta.get_field("kind")
    assert isinstance(link, ForeignKey)
    assert names_a_row(link, "credential_kind:npi")
