"""The lists of the desk stand under the work that they are for."""

import re
from collections import Counter

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from clinics.admin.site import APP, PLACES
from tests.admin.conftest import SignedIn

HEADING = re.compile(r'class="section"[^>]*>([^<]+)</a>')
ACCOUNTS = "Authentication and Authorization"


def headings(client: Client) -> list[str]:
    """The headings over lists on the front page: in its content, which comes first, and in the bar beside it."""
    return HEADING.findall(client.get(reverse("admin:index")).content.decode())


def test_each_list_stands_under_one_heading() -> None:
    registered = {model.__name__ for model in admin.site._registry if model._meta.app_label == APP}
    assert Counter(name for names in PLACES.values() for name in names) == Counter(registered)


def test_who_may_see_all_sees_the_headings_in_the_order_of_the_day(signed_in: SignedIn) -> None:
    assert headings(signed_in("administrator")) == [*PLACES, ACCOUNTS]


def test_who_sees_no_accounts_sees_no_heading_for_them(signed_in: SignedIn) -> None:
    assert headings(signed_in("recorder")) == [*PLACES]


def test_who_may_nothing_sees_no_heading(signed_in: SignedIn) -> None:
    assert headings(signed_in()) == []


def test_the_apps_own_page_keeps_the_alphabet(signed_in: SignedIn) -> None:
    page = signed_in("administrator").get(reverse("admin:app_list", args=[APP])).content.decode()
    names = re.findall(r'id="clinics-(\w+)"', page.split('id="content"')[1])
    assert len(names) == sum(map(len, PLACES.values()))
    assert "Clinic directory" in page
