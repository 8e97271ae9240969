"""Credential checks: drafted, published by the right person, corrected by a new one."""

import pytest
from django.urls import reverse

from clinics.models import CredentialCheck
from tests.admin.conftest import SignedIn
from tests.build import a_check, a_clinic, a_kind, a_published_credential, a_user


def _step(check: CredentialCheck, name: str) -> str:
    return reverse("admin:clinics_credentialcheck_step", args=[check.pk, name])


def test_a_check_is_drafted_on_one_page(signed_in: SignedIn) -> None:
    sent = {
        "clinic": a_clinic().pk,
        "kind": a_kind("state_licence").pk,
        "subject": "Dr. Ana Example",
        "outcome": "verified",
        "checked_on": "2026-11-02",
        "source_url": "https://register.example/ana",
    }
    assert signed_in("recorder").post(reverse("admin:clinics_credentialcheck_add"), sent).status_code == 302
    check = CredentialCheck.objects.get()
    assert (check.state, check.source.url) == ("draft", "https://register.example/ana")


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        ("npi", {"identifier": "1234567890"}, "is not a valid NPI"),
        ("state_licence", {"checked_on": "2090-01-01"}, "in the future"),
        ("state_licence", {"source_url": "http://10.0.0.1/"}, "errorlist"),
    ],
)
def test_a_check_that_cannot_be_true_is_refused(
    signed_in: SignedIn, kind: str, more: dict[str, str], told: str
) -> None:
    sent = {
        "clinic": a_clinic().pk,
        "kind": a_kind(kind).pk,
        "subject": "Dr. Ana Example",
        "outcome": "verified",
        "checked_on": "2026-11-02",
        **more,
    }
    answer = signed_in("recorder").post(reverse("admin:clinics_credentialcheck_add"), sent)
    assert told in answer.content.decode()
    assert not CredentialCheck.objects.exists()


def test_an_adverse_check_is_published_by_another_person(signed_in: SignedIn) -> None:
    client = signed_in("publisher")
    check = a_check(outcome="restricted", by=a_user("publisher"))
    assert b"published by another person" in client.post(_step(check, "publish")).content
    client.force_login(a_user("someone-else", "publisher"))
    assert client.post(_step(check, "publish")).status_code == 302
    check.refresh_from_db()
    assert check.state == "published"


def test_a_published_check_is_corrected_by_a_new_one_and_not_edited(signed_in: SignedIn) -> None:
    check = a_published_credential()
    client = signed_in("publisher")
    address = reverse("admin:clinics_credentialcheck_change", args=[check.pk])
    assert b'name="_save"' not in client.get(address).content
    assert client.post(address, {"subject": "Somebody else"}).status_code == 403
    sent = {
        "subject": "Dr. Ana Example",
        "outcome": "expired",
        "register": "State register",
        "checked_on": "2026-11-02",
    }
    assert client.post(_step(check, "correct"), sent).status_code == 302
    new = CredentialCheck.objects.get(supersedes=check)
    assert (new.outcome, new.state) == ("expired", "draft")
