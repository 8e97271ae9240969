"""No page grows with a table that it only picks from."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clinics.models import (
    Affiliation,
    Clinic,
    Host,
    Organisation,
    OrganisationLink,
    Page,
    PageState,
    PageUse,
    Practitioner,
)
from tests.admin.conftest import SignedIn
from tests.build import a_check, a_claim, a_clinic, a_flag

MANY = 2000
MOST_BYTES = 300_000


@pytest.fixture
def a_full_house(db: None) -> Clinic:
    """Thousands of everything that can be picked, and a clinic with thousands of pages."""
    clinic = a_clinic()
    Organisation.objects.bulk_create(Organisation(name=f"Organisation number {n}") for n in range(MANY))
    Practitioner.objects.bulk_create(Practitioner(name=f"Practitioner number {n}") for n in range(MANY))
    Clinic.objects.bulk_create(Clinic(name=f"Clinic number {n}") for n in range(MANY))
    host = Host.objects.create(name="many.example")
    addresses = [f"https://many.example/page-number-{n}" for n in range(MANY)]
    pages = Page.objects.bulk_create(Page(url=url, typed=url, identity=url[8:], host=host) for url in addresses)
    PageState.objects.bulk_create(PageState(page=page, due_at=timezone.now()) for page in pages)
    PageUse.objects.bulk_create(PageUse(page=page, clinic=clinic) for page in pages)
    organisation, practitioner = Organisation.objects.first(), Practitioner.objects.first()
    OrganisationLink.objects.create(clinic=clinic, organisation=organisation, relation="operates")
    Affiliation.objects.create(clinic=clinic, practitioner=practitioner)
    return clinic


def test_pages_stay_small_however_much_there_is_to_pick_from(signed_in: SignedIn, a_full_house: Clinic) -> None:
    clinic = a_full_house
    rows = {
        "clinic": clinic.pk,
        "claim": a_claim(clinic).pk,
        "credentialcheck": a_check(clinic).pk,
        "flag": a_flag(clinic, "We guarantee a thing.").pk,
        "page": clinic.website_id,
    }
    client = signed_in("administrator")
    addresses = [reverse(f"admin:clinics_{model}_change", args=[pk]) for model, pk in rows.items()]
    addresses += [reverse(f"admin:clinics_{model}_add") for model in ("clinic", "claim", "credentialcheck")]
    addresses += [reverse(f"admin:clinics_{model}_changelist") for model in rows]
    addresses.append(reverse("admin:clinics_clinic_capture", args=[clinic.pk]))
    for address in addresses:
        assert len(client.get(address).content) < MOST_BYTES, address


def test_the_list_of_one_clinics_pages_is_reached_from_it(signed_in: SignedIn, a_full_house: Clinic) -> None:
    address = f"{reverse('admin:clinics_page_changelist')}?uses__clinic__id__exact={a_full_house.pk}"
    assert "more than 1000 pages" in " ".join(signed_in("recorder").get(address).content.decode().split())
