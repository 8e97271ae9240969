"""Official actions in public: what the document says, its date and source; nothing of a draft, a hold or a note."""

from datetime import date

import pytest
from django.test import Client

from clinics.operations import action_publication as publication
from clinics.operations import official_actions
from tests.build import NOW, a_listed_clinic, a_published_action, a_user, an_action

pytestmark = pytest.mark.django_db
MARK = "zqxsecret"


def everywhere(clinic, action):
    """Every public address at which an official action may stand, with its answer."""
    addresses = [
        f"{prefix}/clinics/{clinic.public_id}/{rest}" for prefix in ("", "/es") for rest in ("", f"actions/{action}/")
    ]
    addresses += [f"/api/v1/clinics/{clinic.public_id}/", "/api/v1/clinics/", "/", f"/?q={MARK}"]
    return {address: Client().get(address).content.decode() for address in addresses}


def test_the_public_reads_what_the_document_says_in_both_languages():
    clinic = a_listed_clinic()
    action = a_published_action(clinic, quote="Your products are not approved.", notes=f"{MARK}-note")
    outcome = official_actions.record_outcome(
        action, "close_out_letter", date(2026, 9, 1), by=a_user("first"), now=NOW, title="All closed"
    )
    unconfirmed = everywhere(clinic, action.public_id)
    publication.confirm_outcome(outcome, by=a_user("second"), now=NOW)
    told = everywhere(clinic, action.public_id)
    page = told[f"/clinics/{clinic.public_id}/"]
    assert "FDA, Center for Biologics: untitled letter, March 4, 2026" in page
    assert "addressed to Knee House LLC" in page
    assert "carta sin título, 4 de marzo de 2026" in told[f"/es/clinics/{clinic.public_id}/"]
    assert "All closed" in page
    assert not any("All closed" in text for text in unconfirmed.values())
    assert not any(f"{MARK}-note" in text for text in told.values())


def test_the_api_has_it_whole():
    clinic = a_listed_clinic()
    action = a_published_action(clinic)
    (told,) = Client().get(f"/api/v1/clinics/{clinic.public_id}/").json()["official_actions"]
    assert (told["id"], told["kind"], told["date"]) == (action.public_id, "untitled_letter", "2026-03-04")
    assert (told["document_url"], told["outcomes"]) == ("https://agency.example/letter", [])


@pytest.mark.parametrize("state", ["draft", "awaiting_second", "held", "withdrawn"])
def test_nothing_of_one_that_is_not_public_is_anywhere(state):
    clinic = a_listed_clinic()
    facts = {"title": f"{MARK}-title", "addressee": f"{MARK} LLC", "quote": f"{MARK}-words"}
    action = (an_action if state in ("draft", "awaiting_second") else a_published_action)(clinic, **facts)
    if state == "awaiting_second":
        publication.sign_action(action, by=a_user("first"), now=NOW)
    if state in ("held", "withdrawn"):
        end = publication.hold_action if state == "held" else publication.withdraw_action
        end(action, reason="Another house", by=a_user("first"), now=NOW)
    told = everywhere(clinic, action.public_id)
    del told[f"/?q={MARK}"]  # which repeats what was asked
    assert not [address for address, text in told.items() if MARK in text]
    tombstone = Client().get(f"/clinics/{clinic.public_id}/actions/{action.public_id}/")
    assert tombstone.status_code == (200 if state == "withdrawn" else 404)
    assert (b"Another house" in tombstone.content) == (state == "withdrawn")
