"""Two people edit one row at once: nothing is lost, and where both wrote, both values are shown to choose from."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from clinics.models import Location
from clinics.operations import claims, publication
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_check, a_claim, a_clinic, a_user

pytestmark = pytest.mark.django_db


def address(row: Any) -> str:
    return reverse(f"admin:clinics_{row._meta.model_name}_change", args=[row.pk])


def opened(client: Client, row: Any) -> dict[str, Any]:
    """What a browser would send back of the row's page, untouched."""
    return fields_of(client.get(address(row)).content.decode())


def fields_of(html: str) -> dict[str, Any]:
    """The form's fields and values, as a browser reads them."""
    form = LexborHTMLParser(html).css_first('form[id$="_form"]')
    sent: dict[str, list[str]] = {}
    for node in form.css("input, textarea, select"):
        name, kind, attributes = node.attributes.get("name"), node.attributes.get("type", ""), node.attributes
        if not name or kind == "submit" or "form" in attributes:
            continue
        if node.tag == "textarea":
            sent[name] = [node.text().removeprefix("\n")]
        elif node.tag == "select":
            sent[name] = [option.attributes.get("value") or "" for option in node.css("option[selected]")]
        elif kind not in ("checkbox", "radio") or "checked" in attributes:
            sent.setdefault(name, []).append(attributes.get("value") or ("on" if kind == "checkbox" else ""))
    return sent


def errors_in(html: str) -> str:
    """The errors as HTML, as one reads it."""
    return unescape(" ".join(node.html or "" for node in LexborHTMLParser(html).css("ul.errorlist")))


A_CLINIC = (lambda: a_clinic(), "notes", "Mine.", "Theirs.")
CASES = {
    "clinic": A_CLINIC,
    "clinic's name": (lambda: a_clinic(), "name", "Knee House Miami", "Knee House Inc"),
    "page": (lambda: a_clinic().website, "check_every", "3 00:00:00", "14 00:00:00"),
    "claim": (lambda: a_claim(), "notes", "Mine.", "Theirs."),
    "claim's category": (lambda: a_claim(), "category", "fda_approval", "no_risk"),
    "credential check": (lambda: a_check(), "register_word", "Active", "Expired"),
    "outcome of a check": (lambda: a_check(), "outcome", "expired", "not_found"),
}


@pytest.fixture(params=CASES)
def case(request):
    make, field, mine, theirs = CASES[request.param]
    return make(), field, mine, theirs


def other_writes(row: Any, field: str, value: Any, client: Client) -> None:
    """Somebody else opens the same page and saves."""
    sent = opened(client, row)
    sent[field] = [value]
    assert client.post(address(row), sent).status_code == 302


def held(row: Any, field: str) -> str:
    value = getattr(type(row).objects.get(pk=row.pk), field)
    return {"3 days, 0:00:00": "3 00:00:00", "14 days, 0:00:00": "14 00:00:00"}.get(str(value), str(value))


def test_where_both_wrote_both_are_shown_and_nothing_is_written(signed_in: SignedIn, case):
    row, field, mine, theirs = case
    me, other = signed_in("reviewer"), signed_in("publisher")
    sent = opened(me, row)
    other_writes(row, field, theirs, other)
    shown = me.post(address(row), {**sent, field: [mine]}).content.decode()
    asked = errors_in(shown)
    assert "publisher has changed this since you opened the page." in asked
    assert f'name="keep-{field}"' in asked
    again = fields_of(shown)
    assert again[field] == [mine]  # what was typed stands
    assert held(row, field) == theirs


@pytest.mark.parametrize("keep", ["theirs", "yours"])
def test_a_person_chooses(signed_in: SignedIn, case, keep):
    row, field, mine, theirs = case
    me, other = signed_in("reviewer"), signed_in("publisher")
    sent = opened(me, row)
    other_writes(row, field, theirs, other)
    again = fields_of(me.post(address(row), {**sent, field: [mine]}).content.decode())
    unchosen = me.post(address(row), again)
    assert f'name="keep-{field}"' in errors_in(unchosen.content.decode())  # saving once more is no choice
    again[f"keep-{field}"] = [keep]
    answer = me.post(address(row), again)
    assert answer.status_code == 302, errors_in(answer.content.decode())
    assert held(row, field) == (theirs if keep == "theirs" else mine)


def test_a_third_value_is_noticed_too(signed_in: SignedIn, case):
    row, field, mine, theirs = case
    me, other = signed_in("reviewer"), signed_in("publisher")
    sent = opened(me, row)
    first = held(row, field)
    other_writes(row, field, theirs, other)
    again = fields_of(me.post(address(row), {**sent, field: [mine]}).content.decode())
    other_writes(row, field, first, other)
    again[f"keep-{field}"] = ["yours"]
    assert f'name="keep-{field}"' in errors_in(me.post(address(row), again).content.decode())
    assert held(row, field) == first


def test_what_only_the_other_wrote_stays(signed_in: SignedIn, case):
    row, field, _, theirs = case
    me, other = signed_in("reviewer"), signed_in("publisher")
    sent = opened(me, row)
    other_writes(row, field, theirs, other)
    assert me.post(address(row), sent).status_code == 302
    assert held(row, field) == theirs


def test_what_both_wrote_alike_is_no_conflict(signed_in: SignedIn, case):
    row, field, mine, _ = case
    me, other = signed_in("reviewer"), signed_in("publisher")
    sent = opened(me, row)
    other_writes(row, field, mine, other)
    assert me.post(address(row), {**sent, field: [mine]}).status_code == 302


def test_alone_nobody_is_asked(signed_in: SignedIn, case):
    row, field, mine, _ = case
    me = signed_in("reviewer")
    sent = opened(me, row)
    assert me.post(address(row), {**sent, field: [mine]}).status_code == 302
    assert held(row, field) == mine


def test_each_of_two_fields_is_its_own(signed_in: SignedIn):
    clinic = a_clinic()
    me, other = signed_in("reviewer"), signed_in("publisher")
    sent = opened(me, clinic)
    other_writes(clinic, "other_names", "Knees of Miami", other)
    assert me.post(address(clinic), {**sent, "notes": ["Mine."]}).status_code == 302
    clinic.refresh_from_db()
    assert (clinic.other_names, clinic.notes) == ("Knees of Miami", "Mine.")


def test_a_row_of_the_page_is_met_like_the_page_itself(signed_in: SignedIn):
    clinic = a_clinic()
    place = Location.objects.create(clinic=clinic, street="1 Main St", zip="33130", city="Miami", state="FL")
    me, other = signed_in("reviewer"), signed_in("publisher")
    sent = opened(me, clinic)
    other_writes(clinic, "locations-0-street", "2 Main St", other)
    assert me.post(address(clinic), {**sent, "locations-0-phone": ["305-555-0101"]}).status_code == 302
    place.refresh_from_db()
    assert (place.street, place.phone) == ("2 Main St", "(305) 555-0101")
    asked = errors_in(me.post(address(clinic), {**sent, "locations-0-street": ["3 Main St"]}).content.decode())
    assert "Theirs: “2 Main St”. Yours: “3 Main St”." in asked


def test_a_website_and_languages_are_met_too(signed_in: SignedIn):
    from clinics.models import Term

    for key in ("en", "es"):
        Term.objects.get_or_create(
            id=f"language:{key}", defaults={"kind": "language", "key": key, "english": key, "spanish": key}
        )
    clinic = a_clinic()
    me, other = signed_in("reviewer"), signed_in("publisher")
    sent = opened(me, clinic)
    other_writes(clinic, "website_url", "https://other.example/", other)
    other_writes(clinic, "languages", "en", other)
    mine = {**sent, "website_url": ["https://mine.example/"], "languages": ["es"]}
    asked = errors_in(me.post(address(clinic), mine).content.decode())
    assert "Theirs: “https://other.example/”. Yours: “https://mine.example/”." in asked
    assert "Theirs: “en”. Yours: “es”." in asked


def test_words_that_were_signed_meanwhile_are_not_dropped_in_silence(signed_in: SignedIn):
    claim = a_claim(quote="We guarantee lasting relief for every knee.")
    me = signed_in("reviewer")
    sent = opened(me, claim)
    claims.waive_comment(claim, reason="Public.", by=a_user("first"), now=NOW)
    publication.sign(claim, by=a_user("first"), now=NOW)
    shown = me.post(address(claim), {**sent, "quote": ["We guarantee relief."]}).content.decode()
    assert "cannot be edited any more since you opened the page. You had typed: “We guarantee relief.”" in unescape(
        shown
    )


def test_script_in_either_value_is_text(signed_in: SignedIn):
    clinic = a_clinic()
    me, other = signed_in("reviewer"), signed_in("publisher")
    sent = opened(me, clinic)
    other_writes(clinic, "notes", "<script>theirs()</script>", other)
    shown = me.post(address(clinic), {**sent, "notes": ["<script>mine()</script>"]}).content.decode()
    assert "<script>theirs" not in shown
    assert "<script>mine" not in shown
    assert "&lt;script&gt;theirs" in shown


def test_lines_in_a_text_are_not_taken_for_a_change(signed_in: SignedIn):
    clinic = a_clinic(notes="One.\nTwo.")
    me = signed_in("reviewer")
    sent = opened(me, clinic)
    sent = {name: [value.replace("\n", "\r\n") for value in values] for name, values in sent.items()}  # as browsers do
    assert me.post(address(clinic), {**sent, "notes": ["One.\r\nThree."]}).status_code == 302
    clinic.refresh_from_db()
    assert clinic.notes.endswith("Three.")
