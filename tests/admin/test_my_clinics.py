"""My clinics today: mine and those assigned to me, blocked pages first, and nobody else's."""

import pytest
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from clinics.models import PageState
from clinics.operations.merging import merge
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_claim, a_clinic, a_flag, a_page, a_user

pytestmark = pytest.mark.django_db
MINE = reverse("admin:clinics_clinic_mine")


def names(client) -> list[str]:
    page = LexborHTMLParser(client.get(MINE).content.decode())
    return [node.text().strip() for node in page.css("#content-main tbody tr > th")]


def test_what_i_recorded_or_look_after_is_listed_and_nothing_else(signed_in: SignedIn):
    client, me = signed_in("recorder"), a_user("recorder")
    a_clinic("Recorded by me", recorded_by=me)
    a_clinic("Given to me", assigned_to=me)
    a_clinic("Somebody's", recorded_by=a_user("other"))
    a_clinic("Nobody's")
    assert names(client) == ["Given to me", "Recorded by me"]


def test_blocked_pages_come_first_then_flags_then_names(signed_in: SignedIn):
    client, me = signed_in("recorder"), a_user("recorder")
    a_clinic("Calm", recorded_by=me)
    flagged = a_clinic("Flagged", recorded_by=me)
    walled = a_clinic("Walled", recorded_by=me)
    a_flag(flagged)
    wall = a_page(walled, "https://walled.example/prices")
    PageState.objects.filter(page=wall).update(outcome="blocked", reason="A captcha.", failures=3)
    assert names(client) == ["Walled", "Flagged", "Calm"]
    shown = client.get(MINE).content.decode()
    assert "https://walled.example/prices</a>: A captcha." in shown
    assert f"{reverse('admin:clinics_clinic_capture', args=[walled.pk])}?page={wall.pk}" in shown


def test_the_numbers_are_the_clinics_own(signed_in: SignedIn):
    client, me = signed_in("recorder"), a_user("recorder")
    clinic = a_clinic(recorded_by=me)
    a_flag(clinic)
    a_flag(a_clinic("Hip House"), "We guarantee hips.")
    a_claim(clinic)
    PageState.objects.filter(page=a_page(clinic, "https://knees.example/a")).update(outcome="error", failures=1)
    cells = LexborHTMLParser(client.get(MINE).content.decode()).css("#content-main tbody td")
    assert [cell.text().strip() for cell in cells] == ["Draft", "0", "1", "1", "1"]


def test_a_merged_record_is_nobodys(signed_in: SignedIn):
    client, me = signed_in("recorder"), a_user("recorder")
    merge(a_clinic("Knee House", recorded_by=me), a_clinic("Hip House"), reason="Same.", by=me, now=NOW)
    assert b"You have recorded no clinic yet" in client.get(MINE).content


def test_it_costs_the_same_for_many_clinics(signed_in: SignedIn, django_assert_max_num_queries):
    client, me = signed_in("recorder"), a_user("recorder")
    for number in range(30):
        clinic = a_clinic(f"Clinic {number}", recorded_by=me)
        PageState.objects.filter(page=clinic.website).update(outcome="blocked", failures=1)
    with django_assert_max_num_queries(8):
        assert len(names(client)) == 30


@pytest.mark.parametrize(("roles", "status"), [((), 403), (("auditor",), 200), (("recorder",), 200)])
def test_who_may_look(signed_in: SignedIn, roles, status):
    assert signed_in(*roles).get(MINE).status_code == status


def test_the_front_page_leads_there(signed_in: SignedIn):
    a_clinic(recorded_by=a_user("recorder", "recorder"))
    shown = signed_in("recorder").get(reverse("admin:index")).content.decode()
    assert f'<a href="{MINE}"><strong>1</strong> my clinics today</a>' in shown
