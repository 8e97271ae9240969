"""What people typed carries its language where the page speaks another; links of one page are told apart."""

import re
from collections import Counter
from html import unescape

import pytest
from django.test import Client

from clinics.models import Affiliation, Clinic, StateRegime
from clinics.operations.regimes import load_shipped_regimes
from tests.build import a_published_action
from tests.published import rows

pytestmark = pytest.mark.django_db
ANCHOR = re.compile(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture
def palm() -> Clinic:
    rows.the_vocabulary()
    clinic = rows.a_clinic("Palm Court")
    rows.a_treatment(clinic, "Knee injection with cord cells", price_stated="$900 for the knee")
    rows.a_treatment(clinic, "Inyección de rodilla")
    person = rows.a_practitioner(clinic, "Rafael Montero")
    Affiliation.objects.filter(practitioner=person).update(role="Sports medicine")
    rows.a_check(clinic, "state_licence", "not_found", subject="The treating doctor", search_terms="name and <city>")
    rows.a_check(clinic, "board_certification", subject="Rafael Montero", practitioner=person)
    rows.a_claim(clinic, "Our cells mend knees.")
    rows.a_claim(clinic, "Nuestras células curan rodillas.", language="es")
    a_published_action(clinic, title="Order on a licence", quote="The licensee shall practise under supervision.")
    return clinic


def page_of(client: Client, clinic: Clinic, path: str = "", prefix: str = "/es") -> str:
    return client.get(f"{prefix}/clinics/{clinic.public_id}/{path}").content.decode()


@pytest.mark.parametrize(
    "words",
    [
        "Knee injection with cord cells",
        "$900 for the knee",
        "Sports medicine",
        "The treating doctor",
        "name and &lt;city&gt;",
        "The national register",
        "Order on a licence",
    ],
)
def test_english_on_a_spanish_page_says_that_it_is_english(palm: Clinic, client: Client, words: str) -> None:
    page = page_of(client, palm)
    assert f'<span lang="en">{words}</span>' in page
    assert re.findall(rf"(?<![>“]){re.escape(words)}", page) == []


def test_a_quotation_from_a_document_says_its_language(palm: Clinic, client: Client) -> None:
    assert '<blockquote lang="en"><p>“The licensee shall practise' in page_of(client, palm)


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_words_in_the_pages_own_language_and_names_are_not_marked(palm: Clinic, client: Client, prefix: str) -> None:
    page = page_of(client, palm, prefix=prefix)
    own = "Knee injection with cord cells" if not prefix else "Inyección de rodilla"
    assert f"<h3>{own}</h3>" in page
    assert "<strong>Rafael Montero</strong>" in page
    assert '<p class="subject">Rafael Montero</p>' in page


def test_spanish_on_an_english_page_says_that_it_is_spanish(palm: Clinic, client: Client) -> None:
    assert '<h3><span lang="es">Inyección de rodilla</span></h3>' in page_of(client, palm, prefix="")


def test_the_sheet_of_questions_marks_them_too(palm: Clinic, client: Client) -> None:
    page = page_of(client, palm, "questions/")
    for words in ("Sports medicine", "The treating doctor", "$900 for the knee"):
        assert f'<span lang="en">{words}</span>' in page


def test_what_machines_read_has_no_marks(palm: Clinic, client: Client) -> None:
    for address in (f"/api/v1/clinics/{palm.public_id}/", f"/es/clinics/{palm.public_id}/feed/", "/es/feed/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "<span" not in unescape(answer.content.decode()), address


def test_a_reference_to_copy_has_no_marks(palm: Clinic, client: Client) -> None:
    for claim in palm.claims.all():
        page = page_of(client, palm, f"statements/{claim.public_id}/")
        assert "&lt;span" not in page.partition("<textarea")[2].partition("</textarea>")[0]
        assert "<span" not in page.partition("<textarea")[2].partition("</textarea>")[0]


def test_states_are_called_by_their_names_in_the_pages_language(client: Client) -> None:
    load_shipped_regimes()
    StateRegime.objects.filter(state="NV").update(state="NM", name="New Mexico")
    assert '<h3 id="state-NM">Nuevo México</h3>' in client.get("/es/understand/state-rules/").content.decode()
    assert '<h3 id="state-NM">New Mexico</h3>' in client.get("/understand/state-rules/").content.decode()


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_links_of_a_clinics_page_that_lead_to_different_places_have_different_names(
    palm: Clinic, client: Client, prefix: str
) -> None:
    page = page_of(client, palm, prefix=prefix).partition("<main")[2].partition("</main>")[0]
    named = {(re.sub(r"<[^>]+>", "", name), address) for address, name in ANCHOR.findall(page)}
    names = Counter(name for name, _ in named)
    assert len(named) > 10
    assert [name for name, times in names.items() if times > 1] == []
