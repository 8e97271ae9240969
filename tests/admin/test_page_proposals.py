"""Staff accept or decline proposed pages: one by one, several on the clinic's page, many in the list."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinics.admin import proposal_decisions
from clinics.models import Clinic, Page, PageProposal, PageUse
from tests.admin.conftest import SignedIn
from tests.build import a_clinic, a_proposal, a_user

LIST = reverse("admin:clinics_pageproposal_changelist")
SITE = "https://knee-house.example/"


def states() -> dict[str, str]:
    return {proposal.url.removeprefix(SITE): proposal.state for proposal in PageProposal.objects.all()}


def several(clinic: Clinic, *paths: str) -> list[PageProposal]:
    return [a_proposal(clinic, SITE + path) for path in paths]


def act(client: Client, action: str, *chosen: PageProposal) -> HttpResponse:
    sent = {"action": action, ACTION_CHECKBOX_NAME: [proposal.pk for proposal in chosen]}
    return client.post(LIST, sent, follow=True)


def on_clinic(client: Client, clinic: Clinic, way: str, *chosen: object) -> HttpResponse:
    address = reverse("admin:clinics_clinic_proposals", args=[clinic.pk])
    return client.post(address, {"decide": way, "proposal": chosen}, follow=True)


def clinic_page(client: Client, clinic: Clinic) -> str:
    return client.get(reverse("admin:clinics_clinic_change", args=[clinic.pk])).content.decode()


@pytest.mark.parametrize(("step", "state", "pages"), [("accept", "accepted", 2), ("decline", "declined", 1)])
def test_one_is_decided_on_its_own_page(signed_in: SignedIn, step: str, state: str, pages: int) -> None:
    proposal = a_proposal()
    client = signed_in("recorder")
    client.post(reverse("admin:clinics_pageproposal_step", args=[proposal.pk, step]))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (state, a_user("recorder"))
    assert Page.objects.count() == pages


def test_its_page_leads_to_theirs_without_saying_from_where(signed_in: SignedIn) -> None:
    proposal = a_proposal(anchor="<b>Questions</b>")
    address = reverse("admin:clinics_pageproposal_change", args=[proposal.pk])
    text = signed_in("recorder").get(address).content.decode()
    assert f'<a href="{proposal.url}" rel="noopener noreferrer external"' in text
    assert "&lt;b&gt;Questions&lt;/b&gt;" in text


def test_the_list_shows_what_waits_likeliest_first_and_the_rest_where_it_is_asked_for(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    a_proposal(clinic, SITE + "x", likelihood=0)
    a_proposal(clinic, SITE + "cells", likelihood=11)
    a_proposal(clinic, SITE + "contact", state="declined", decided_by=a_user(), decided_at=clinic.created_at)
    client = signed_in("auditor")
    shown = {query: list(client.get(LIST + query).context["cl"].result_list) for query in ("", "?decision=declined")}
    assert [row.url for row in shown[""]] == [SITE + "cells", SITE + "x"]
    assert [row.url for row in shown["?decision=declined"]] == [SITE + "contact"]
    assert len(client.get(LIST + "?decision=all").context["cl"].result_list) == 3


def test_many_are_recorded_in_the_list(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    faq, cells, _ = several(clinic, "faq", "cells", "contact")
    answer = act(signed_in("recorder"), "accept_selected", faq, cells)
    assert states() == {"faq": "accepted", "cells": "accepted", "contact": "proposed"}
    assert PageUse.objects.filter(clinic=clinic, purpose="clinic_page").count() == 3
    assert "within a minute or two: 2." in answer.content.decode()


def test_many_are_declined_in_the_list(signed_in: SignedIn) -> None:
    faq, cells = several(a_clinic(), "faq", "cells")
    act(signed_in("recorder"), "decline_selected", faq, cells)
    assert set(states().values()) == {"declined"}
    assert Page.objects.count() == 1


def test_one_refusal_does_not_undo_the_others(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    good, bad = a_proposal(clinic, SITE + "faq"), a_proposal(clinic, "https://knee-house.example:22/")
    text = act(signed_in("recorder"), "accept_selected", bad, good).content.decode()
    assert "Port 22 is not read" in text
    assert "within a minute or two: 1." in text
    assert PageProposal.objects.get(pk=good.pk).state == "accepted"
    assert PageProposal.objects.get(pk=bad.pk).state == "proposed"


def test_no_more_than_a_few_hundred_at_a_time(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposal_decisions, "TOGETHER", 1)
    text = act(signed_in("recorder"), "decline_selected", *several(a_clinic(), "faq", "cells")).content.decode()
    assert "At most 1 at a time" in text
    assert set(states().values()) == {"proposed"}


@pytest.mark.parametrize("action", ["accept_selected", "decline_selected"])
def test_who_only_reads_decides_nothing_in_the_list(signed_in: SignedIn, action: str) -> None:
    act(signed_in("auditor"), action, *several(a_clinic(), "faq"))
    assert states() == {"faq": "proposed"}


@pytest.mark.parametrize(("way", "state"), [("accept", "accepted"), ("decline", "declined")])
def test_several_are_decided_on_the_clinics_page(signed_in: SignedIn, way: str, state: str) -> None:
    clinic = a_clinic()
    faq, cells, _ = several(clinic, "faq", "cells", "contact")
    client = signed_in("recorder")
    text = clinic_page(client, clinic)
    assert text.count('name="proposal"') == 3
    assert '<form id="decide-proposals"' in text
    answer = on_clinic(client, clinic, way, faq.pk, cells.pk)
    assert states() == {"faq": state, "cells": state, "contact": "proposed"}
    assert answer.redirect_chain[-1][0] == reverse("admin:clinics_clinic_change", args=[clinic.pk])


@pytest.mark.parametrize("chosen", [[], ["x"], ["²"], ["9" * 30]])
def test_nothing_that_was_chosen_is_nothing_done(signed_in: SignedIn, chosen: list[str]) -> None:
    clinic = a_clinic()
    several(clinic, "faq")
    assert "No page was chosen." in on_clinic(signed_in("recorder"), clinic, "accept", *chosen).content.decode()
    assert states() == {"faq": "proposed"}


def test_another_clinics_proposals_are_not_decided_here(signed_in: SignedIn) -> None:
    clinic, other = a_clinic(), a_clinic("Hip House")
    [theirs] = several(other, "faq")
    on_clinic(signed_in("recorder"), clinic, "accept", theirs.pk)
    assert states() == {"faq": "proposed"}


def test_an_unknown_way_or_clinic_is_not_found_and_looking_decides_nothing(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    client = signed_in("recorder")
    address = reverse("admin:clinics_clinic_proposals", args=[clinic.pk])
    assert client.post(address, {"decide": "explode"}).status_code == 404
    assert client.post(reverse("admin:clinics_clinic_proposals", args=[0]), {"decide": "accept"}).status_code == 404
    assert client.get(address).status_code == 405


def test_who_only_reads_sees_them_on_the_clinics_page_and_cannot_choose(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    [faq] = several(clinic, "faq")
    client = signed_in("auditor")
    text = clinic_page(client, clinic)
    assert "Pages proposed" in text
    assert 'name="proposal"' not in text
    assert on_clinic(client, clinic, "accept", faq.pk).status_code == 403
    assert states() == {"faq": "proposed"}


def test_a_clinic_without_proposals_shows_no_empty_table(signed_in: SignedIn) -> None:
    assert "Pages proposed" not in clinic_page(signed_in("recorder"), a_clinic())
