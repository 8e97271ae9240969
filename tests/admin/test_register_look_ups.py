"""Registers at the desk: asked by a button, their answers confirmed or declined, links where no connector is on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import Settings

from clinics.models import CheckDue, CredentialCheck, Job, Location, RegisterLookUp, Snapshot
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_check, a_clinic, a_flag, a_kind, a_listed_clinic, a_look_up, a_published_credential

NPI = "1234567893"


def _page(row: CredentialCheck | RegisterLookUp) -> str:
    return reverse(f"admin:clinics_{row._meta.model_name}_change", args=[row.pk])


def _step(row: CredentialCheck | RegisterLookUp, name: str) -> str:
    return reverse(f"admin:clinics_{row._meta.model_name}_step", args=[row.pk, name])


def test_the_button_makes_a_job_and_goes_nowhere_by_itself(signed_in: SignedIn, settings: Settings) -> None:
    settings.REGISTRY_CONNECTORS = ["nppes"]
    check = a_published_credential(kind=a_kind("npi"), identifier=NPI)
    client = signed_in("recorder")
    assert b"Look it up" in client.get(_page(check)).content
    assert client.post(_step(check, "look_up")).status_code == 302
    look_up = RegisterLookUp.objects.get()
    assert (look_up.state, look_up.earlier, Job.objects.get().parameters) == ("waiting", check, {"look_up": look_up.pk})
    assert b"waits for a worker" in client.get(_page(check)).content
    assert b"A worker asks the register" in client.get(_page(look_up)).content


def test_where_no_connector_is_on_there_is_the_link_and_no_button(signed_in: SignedIn, settings: Settings) -> None:
    settings.REGISTRY_CONNECTORS = []
    check = a_published_credential(kind=a_kind("npi"), identifier=NPI)
    client = signed_in("recorder")
    page = client.get(_page(check)).content.decode()
    assert "Look it up" not in page
    assert f"https://npiregistry.cms.hhs.gov/provider-view/{NPI}" in page
    assert "Follow the link" in client.post(_step(check, "look_up")).content.decode()
    assert not Job.objects.exists()
    assert "No connector is switched on" in client.get(reverse("admin:clinics_registerlookup_add")).content.decode()


def test_the_register_of_the_clinics_state_comes_first(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    Location.objects.create(clinic=clinic, city="Tampa", state="FL")
    page = signed_in("recorder").get(_page(a_check(clinic))).content.decode()
    assert 0 < page.index("Florida Department of Health") < page.index("DocInfo")
    assert "California" not in page


@pytest.mark.parametrize(
    ("kind", "register"),
    [
        ("state_licence", "Florida Department of Health, licence verification"),
        ("npi", "NPPES NPI Registry"),
        ("ind", ""),
    ],
)
def test_the_register_is_filled_in_where_kind_and_state_are_known(
    signed_in: SignedIn, kind: str, register: str
) -> None:
    clinic = a_clinic()
    Location.objects.create(clinic=clinic, city="Tampa", state="FL")
    address = f"{reverse('admin:clinics_credentialcheck_add')}?clinic={clinic.pk}&kind={a_kind(kind).pk}"
    form = signed_in("recorder").get(address).context["adminform"].form
    assert (form["register"].value() or "") == register


@pytest.mark.parametrize("odd", ["clinic=x&kind=credential_kind:npi", "clinic=99999&kind=route:iv", "kind=%00"])
def test_an_odd_address_of_a_new_check_is_an_empty_form(signed_in: SignedIn, odd: str) -> None:
    answer = signed_in("recorder").get(f"{reverse('admin:clinics_credentialcheck_add')}?{odd}")
    assert answer.status_code == 200


def test_a_look_up_is_asked_for_on_one_page(signed_in: SignedIn, settings: Settings) -> None:
    settings.REGISTRY_CONNECTORS = ["nppes"]
    sent = {"clinic": a_clinic().pk, "kind": a_kind("npi").pk, "subject": "Dr. Ana Example", "identifier": NPI}
    address = reverse("admin:clinics_registerlookup_add")
    client = signed_in("recorder")
    assert client.post(address, {**sent, "identifier": "1234567890"}).status_code == 200
    assert not RegisterLookUp.objects.exists()
    assert client.post(address, sent).status_code == 302
    assert RegisterLookUp.objects.get().connector == "nppes"


def test_an_answer_is_shown_beside_what_we_know_and_is_never_run(signed_in: SignedIn) -> None:
    lines = [
        {"name": "name", "asked": "Ana", "answered": "<script>alert(1)</script>", "likeness": "different"},
        {"name": "number", "asked": NPI, "answered": NPI, "likeness": "same"},
    ]
    proposal = {"outcome": "mismatch", "remark": "Another name.", "compared": lines, "facts": {}, "entry": ""}
    look_up = a_look_up(proposal=proposal)
    page = signed_in("recorder").get(_page(look_up)).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "≠ different" in page
    assert "= same" in page
    assert "Seems to say: mismatch" in page


def test_a_person_confirms_an_answer_into_a_draft_or_declines_it(signed_in: SignedIn) -> None:
    client = signed_in("recorder")
    first = a_look_up(answer="a" * 64)
    sent = {"outcome": "verified", "subject": "Dr. Ana Example", "identifier": NPI, "register_word": "Active"}
    assert client.post(_step(first, "confirm"), sent).status_code == 302
    check = CredentialCheck.objects.get()
    assert (check.state, check.checked_by.username, check.answer) == ("draft", "recorder", "a" * 64)
    second = a_look_up(first.clinic)
    assert "errorlist" in client.post(_step(second, "decline"), {"reason": ""}).content.decode()
    assert client.post(_step(second, "decline"), {"reason": "Somebody else."}).status_code == 302
    second.refresh_from_db()
    assert (second.state, second.reason) == ("declined", "Somebody else.")


def test_what_waits_is_listed_first_and_the_rest_when_asked_for(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    a_look_up(clinic, subject="Waits for us")
    a_look_up(clinic, subject="Came to nothing", state="failed", reason="Time ran out.")
    client = signed_in("auditor")
    address = reverse("admin:clinics_registerlookup_changelist")
    waiting, every = (client.get(address + more).content.decode() for more in ("", "?state=all"))
    assert ("Waits for us" in waiting, "Came to nothing" in waiting) == (True, False)
    assert "Came to nothing" in every


def test_the_due_list_shows_what_is_pressing_first(signed_in: SignedIn) -> None:
    clinic = a_listed_clinic()
    facts = {"clinic": clinic, "checked_on": NOW.date() - timedelta(days=100), "register_date": None, "identifier": ""}
    a_published_credential(kind=a_kind("npi"), subject="Young number", **facts)
    number = a_published_credential(kind=a_kind("npi"), subject="Old number", **facts)
    licence = a_published_credential(subject="Old licence", **facts)
    CheckDue.objects.filter(pk=number.pk).update(due_on=NOW.date() - timedelta(days=20))
    CheckDue.objects.filter(pk=licence.pk).update(due_on=NOW.date() - timedelta(days=20))
    CheckDue.objects.exclude(pk__in=[number.pk, licence.pk]).update(due_on=NOW.date() + timedelta(days=9999))
    page = signed_in("auditor").get(reverse("admin:clinics_credentialcheck_changelist") + "?due=yes")
    assert [row.subject for row in page.context["cl"].result_list] == ["Old licence", "Old number"]


def test_checking_again_is_filled_in_with_what_stays(signed_in: SignedIn) -> None:
    check = a_published_credential(kind=a_kind("npi"), identifier=NPI)
    client = signed_in("recorder")
    forms = {entry["step"].name: entry["form"] for entry in client.get(_page(check)).context["steps"]}
    filled = {name: forms["again"][name].value() for name in ("register", "identifier", "outcome", "source_url")}
    link = f"https://npiregistry.cms.hhs.gov/provider-view/{NPI}"
    assert filled == {"register": "State register", "identifier": NPI, "outcome": None, "source_url": link}
    sent = {
        "register": "State register",
        "identifier": NPI,
        "outcome": "inactive",
        "register_word": "Deactivated",
        "register_date": "2026-10-30",
        "checked_on": "2026-11-02",
    }
    assert client.post(_step(check, "again"), sent).status_code == 302
    new = CredentialCheck.objects.get(supersedes=check)
    assert (new.outcome, new.subject, new.state) == ("inactive", check.subject, "draft")
    assert b"Check again" not in client.get(_page(check)).content


def test_a_draft_says_what_it_lacks_and_is_changed_by_the_operation(signed_in: SignedIn) -> None:
    check = a_check(register_word="", source_url="")
    client = signed_in("reviewer")
    page = client.get(_page(check)).content.decode()
    assert "cannot be published without: register word" in page
    sent = {
        "kind": check.kind_id,
        "subject": check.subject,
        "register": check.register,
        "identifier": check.identifier,
        "outcome": "verified",
        "register_word": "Clear",
        "search_terms": check.search_terms,
        "document_title": check.document_title,
        "register_date": "2026-10-01",
        "matched_by": check.matched_by,
        "checked_on": f"{check.checked_on}",
        "source_url": "https://register.example/entry",
    }
    assert client.post(_page(check), {**sent, "subject": "DEA AB1234563"}).status_code == 200
    assert client.post(_page(check), sent).status_code == 302
    check.refresh_from_db()
    found = (check.register_word, check.subject, check.source.url, check.checked_by.username)
    assert found == ("Clear", "Dr. Ana Example", "https://register.example/entry", "reviewer")


@pytest.mark.parametrize(("of_register", "flags"), [("on", 0), ("", 1)])
def test_words_of_a_register_flag_nobody(signed_in: SignedIn, of_register: str, flags: int) -> None:
    clinic = a_clinic()
    flag = a_flag(clinic, "We guarantee one thing.")  # makes the rule
    sent = {
        "described_as": "Board order",
        "seen_on": "2026-11-02",
        "text": "The board found that they guarantee a cure.",
        "of_register": of_register,
    }
    address = reverse("admin:clinics_clinic_capture", args=[clinic.pk])
    assert signed_in("recorder").post(address, sent).status_code == 302
    assert Snapshot.objects.get(origin="hand").of_register is bool(of_register)
    assert clinic.flags.exclude(pk=flag.pk).count() == flags
