"""The first page tells what waits, and what a newcomer may try."""

import re

from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.admin.conftest import SignedIn
from tests.build import a_claim, a_clinic, a_flag, a_proposal

INDEX = reverse("admin:index")
NUMBER = re.compile(r'<a href="([^"]+)"><strong>(\d+)</strong> ([a-z ]+)</a>')


def test_every_number_leads_to_as_many_rows(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    a_flag(clinic, "We guarantee a thing.")
    a_claim(clinic, "We guarantee another.")
    a_proposal(clinic)
    client = signed_in("administrator")
    shown = {what: (url, int(number)) for url, number, what in NUMBER.findall(client.get(INDEX).content.decode())}
    assert shown["flags to decide"][1] == 1
    assert shown["claims in draft"][1] == 1
    assert shown["clinics in draft"][1] == 1
    assert shown["pages proposed"][1] == 1
    for what, (url, number) in shown.items():
        context = client.get(url.replace("&amp;", "&")).context
        if "cl" not in context:
            assert what in ("wordings of several clinics", "my clinics today")
            assert len(context["rows"]) == number
            continue
        changelist = context["cl"]
        assert changelist.result_count == number, what


def test_the_front_page_takes_few_queries(
    signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in("reviewer")
    with django_assert_max_num_queries(20):
        text = client.get(INDEX).content.decode()
    assert "New here? Try this" in text


def test_no_page_carries_script_or_style_of_its_own(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    flag = a_flag(clinic)
    client = signed_in("administrator")
    addresses = [INDEX, reverse("admin:clinics_clinic_change", args=[clinic.pk])]
    addresses.append(reverse("admin:clinics_flag_change", args=[flag.pk]))
    for address in addresses:
        answer = client.get(address)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        text = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text), address
        assert " style=" not in text
        assert not re.search(r"\son[a-z]+=\"", text)
