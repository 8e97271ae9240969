"""Changes as Atom feeds: of all, of what a search finds, of one clinic."""

import pytest
from defusedxml import ElementTree
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from clinics.models import Claim
from clinics.operations.merging import merge
from clinics.operations.parting import undo_merge
from tests.build import NOW, a_user
from tests.published import rows

pytestmark = pytest.mark.usefixtures("vocabulary")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def vocabulary(db: None) -> None:
    rows.the_vocabulary()


def entries(client: Client, address: str) -> list[tuple[str, str]]:
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    return [(one.findtext(f"{ATOM}title"), one.findtext(f"{ATOM}id")) for one in feed.iter(f"{ATOM}entry")]


def test_feeds_tell_the_changes_of_all_of_a_search_and_of_a_clinic(client: Client) -> None:
    miami, tampa = rows.a_clinic("Miami Knees"), rows.a_clinic("Tampa Knees")
    rows.a_location(miami)
    rows.a_location(tampa, city="Tampa")
    for clinic in (miami, tampa):
        rows.a_claim(clinic, "We end your suffering.")
    assert len(entries(client, "/feed/")) == 2
    ((title, key),) = entries(client, "/feed/?city=Miami")
    assert title.startswith("Miami Knees: Statement published: ")
    assert key.startswith("http://testserver/#statement-")
    assert entries(client, f"/clinics/{tampa.public_id}/feed/")[0][0].startswith("Tampa Knees: ")
    assert entries(client, f"/es/clinics/{tampa.public_id}/feed/")[0][0].startswith("Tampa Knees: Afirmación publicada")


def test_an_entry_has_the_words_of_a_statement_and_the_outcome_of_a_look_up(client: Client) -> None:
    clinic = rows.a_clinic("Golden West")
    rows.a_claim(clinic, "Pain < 2 & gone.")
    rows.a_check(clinic, "exclusions", "not_listed", subject="Jonas Whitfield", register="The list")
    feed = ElementTree.fromstring(client.get("/feed/").content)
    told = {one.findtext(f"{ATOM}title"): one.findtext(f"{ATOM}summary") for one in feed.iter(f"{ATOM}entry")}
    (look_up,) = (title for title in told if "Jonas Whitfield" in title)
    assert look_up.startswith("Golden West: Look-up published, no entry in an exclusion list: ")
    assert told[look_up].endswith("No entry found in The list, edition Jan. 15, 2026.")
    summary = told["Golden West: Statement published: About an effect."]
    assert LexborHTMLParser(summary).text() == "Statement published: About an effect. “Pain < 2 & gone.”"


def test_a_clinics_page_shows_the_words_of_what_changed_in_their_language(client: Client) -> None:
    clinic = rows.a_clinic()
    rows.a_claim(clinic, "Sin dolor.", language="es")
    page = LexborHTMLParser(client.get(f"/clinics/{clinic.public_id}/").content)
    words = page.css_first(".history q")
    assert (words.attributes["lang"], words.text()) == ("es", "Sin dolor.")


def test_an_entry_keeps_its_id_and_leaves_no_words_when_it_is_withdrawn(client: Client) -> None:
    clinic = rows.a_clinic()
    claim = rows.a_claim(clinic, "We end your suffering.")
    first = entries(client, "/feed/")
    assert entries(client, "/feed/") == first
    ended = {"state": "withdrawn", "ended_at": claim.published_at, "ended_because": "Wrong clinic."}
    Claim.objects.filter(pk=claim.pk).update(**ended)
    assert [key for _, key in entries(client, "/feed/")] != [key for _, key in first]


def test_an_entry_keeps_its_id_when_clinics_are_merged_and_parted(client: Client) -> None:
    miami, tampa = rows.a_clinic("Miami Knees"), rows.a_clinic("Tampa Knees")
    rows.a_claim(miami, "We end your suffering.")
    rows.a_check(miami)
    before = {key for _, key in entries(client, "/feed/")}
    assert len(before) == 2
    record = merge(miami, tampa, reason="Same.", by=a_user(), now=NOW)
    for address in ("/feed/", "/es/feed/", f"/clinics/{tampa.public_id}/feed/"):
        assert {key for _, key in entries(client, address)} == before
    undo_merge(record, reason="Two owners.", by=a_user(), now=NOW)
    assert {key for _, key in entries(client, f"/clinics/{miami.public_id}/feed/")} == before


def test_what_is_published_in_one_moment_has_ids_of_its_own(client: Client) -> None:
    clinic = rows.a_clinic()
    for kind in ("npi", "state_licence"):
        rows.a_check(clinic, kind, published_at=NOW)
    first, second = (key for _, key in entries(client, "/feed/"))
    assert first != second


def test_wrong_parameters_and_hidden_clinics_have_no_feed(client: Client) -> None:
    assert client.get("/feed/?state=Atlantis").status_code == 400
    assert client.get(f"/clinics/{rows.a_clinic(status='draft').public_id}/feed/").status_code == 404


def test_pages_lead_to_their_feeds_and_files(client: Client) -> None:
    clinic = rows.a_clinic()
    rows.a_location(clinic)
    assert f'href="/clinics/{clinic.public_id}/feed/"' in client.get(f"/clinics/{clinic.public_id}/").content.decode()
    page = client.get("/?state=FL").content.decode()
    for address in ("/feed/?state=FL", "/data/clinics.csv?state=FL", "/data/clinics.json?state=FL"):
        assert f'href="{address}"' in page
