"""The search page and the JSON interface: the same parameters, counts and clear answers."""

import re

import pytest
from django.test import Client

from clinics.models import Clinic
from tests.published import rows

HOSTILE = (
    "x" * 10_000,
    "%00",
    "%0d%0aSet-Cookie:a=b",
    "'; DROP TABLE clinics_clinic; --",
    "<script>alert(1)</script>",
    "%ff%fe",
)
PARAMETERS = (
    "q", "state", "city", "country", "zip", "within", "condition", "condition_group", "cell_source", "origin", "route",
    "posture", "evidence", "provider", "claim_category", "assessment", "credential", "credential_outcome",
    "official_action", "language", "seen_within", "sort",
)  # fmt: skip


@pytest.fixture
def palm(db: None) -> Clinic:
    rows.the_vocabulary()
    clinic = rows.a_clinic("Palm Court", languages=["en"])
    rows.a_location(clinic)
    rows.a_treatment(clinic, condition="knee_arthritis", cell_source="prp")
    rows.a_claim(clinic, "We end your suffering.")
    return clinic


def text_of(client: Client, path: str) -> str:
    """The visible text of a page, spaces folded."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_card_says_what_where_and_when(palm: Clinic, client: Client) -> None:
    said = text_of(client, "/?q=knee")
    for part in ("1 clinic", "Palm Court", "Miami, FL", "Knee arthritis", "1 published statement", "Read "):
        assert part in said


def test_official_documents_are_counted_on_the_card_beside_the_filter_and_in_the_interface(
    palm: Clinic, client: Client
) -> None:
    rows.an_action(palm)
    rows.an_action(palm, "warning_letter", state="held")
    quiet = rows.a_clinic("Quiet Clinic")
    said = text_of(client, "/")
    assert "1 official document " in said
    assert "0 official documents" not in said  # none recorded says nothing about a clinic
    assert "Official documents of any kind 1 action of a licensing board 1 " in said
    page = client.get("/?official_action=any").content.decode()
    assert 'name="official_action" value="any" checked' in page
    assert "Official documents: of any kind" in page
    assert quiet.name not in page
    assert "1 documento oficial " in text_of(client, "/es/")
    assert client.get("/api/v1/facets/").json()["official_action"] == {"any": 1, "board_action": 1}
    told = {one["name"]: one["published_official_actions"] for one in client.get("/api/v1/clinics/").json()["results"]}
    assert told == {"Palm Court": 1, "Quiet Clinic": 0}


def test_a_chip_removes_one_option_and_keeps_the_others(palm: Clinic, client: Client) -> None:
    page = client.get("/?state=FL&state=AZ&q=knee&page=1").content.decode()
    assert 'href="?state=AZ&amp;q=knee"' in page
    assert 'href="?state=FL&amp;state=AZ"' in page


def test_what_is_ticked_for_a_comparison_stays_from_search_to_search(palm: Clinic, client: Client) -> None:
    far, hidden = rows.a_clinic("Mesa Clinic"), rows.a_clinic("Hidden One", "draft")
    ticked = f"clinic={palm.public_id}&clinic={far.public_id}&clinic={hidden.public_id}&clinic=unknown"
    page = client.get(f"/?q=Palm&state=FL&{ticked}").content.decode()
    for clinic in (palm, far):
        assert page.count(f'name="clinic" value="{clinic.public_id}" checked') == 1
    assert "<span>Mesa Clinic</span>" in page
    assert hidden.public_id not in re.sub(r'href="[^"]*"', "", page)
    assert "Hidden One" not in page
    kept = f"clinic={palm.public_id}&amp;clinic={far.public_id}"
    assert f'href="?state=FL&amp;{kept}"' in page  # the chip of “Palm” removed
    assert f'class="all" href="?{kept}"' in page
    assert 'href="/feed/?q=Palm&amp;state=FL"' in page
    nothing = client.get(f"/?state=TX&{ticked}").content.decode()
    assert nothing.count('name="clinic" value=') == 2
    assert "Compare the ticked clinics" in nothing
    assert "Compare the ticked clinics" not in client.get("/?state=TX").content.decode()


def test_ticks_without_end_are_not_carried_along(palm: Clinic, client: Client) -> None:
    many = [rows.a_clinic(f"Clinic {number}") for number in range(14)]
    page = client.get("/?state=TX&" + "&".join(f"clinic={one.public_id}" for one in many)).content.decode()
    assert page.count('name="clinic" value=') == 12


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?seen_within=1", ": 1 day ×"),
        ("/?seen_within=2", ": 2 days ×"),
        ("/es/?seen_within=1", ": 1 día ×"),
        ("/es/?seen_within=2", ": 2 días ×"),
        ("/?zip=33130&within=1", "Remove 1 mile ×"),
        ("/es/?zip=33130&within=1", "Quitar 1 milla ×"),
    ],
)
def test_one_day_and_one_mile_are_singular(palm: Clinic, client: Client, path: str, said: str) -> None:
    assert said in text_of(client, path)


def test_nothing_found_says_which_filter_to_drop(palm: Clinic, client: Client) -> None:
    page = client.get("/?state=TX&condition=knee_arthritis").content.decode()
    assert '<a href="?condition=knee_arthritis">without “State”</a>: 1 clinic' in page
    assert "without “Condition”" not in page
    assert "0 clinics" in page
    assert "says nothing about a clinic" in page


@pytest.mark.parametrize(
    ("asked", "told", "place"),
    [
        ("zip=33301", "zip=33301&amp;within=25", "33301 (Fort Lauderdale, FL)"),
        (
            "zip=33301&within=5&condition=knee_arthritis",
            "zip=33301&amp;within=25&amp;condition=knee_arthritis",
            "33301 (Fort Lauderdale, FL)",
        ),
        ("city=Orlando&within=50", "city=Orlando&amp;within=250", "Orlando, FL"),
        ("zip=33129", "zip=33129&amp;within=5", "33129 (Miami, FL)"),
        ("zip=33301&zip=V6B+1A1", "zip=33301&amp;within=25", "33301 (Fort Lauderdale, FL)"),
    ],
)
def test_near_a_place_where_nothing_is_the_next_distance_that_finds_something_is_told(
    palm: Clinic, client: Client, asked: str, told: str, place: str
) -> None:
    page = client.get(f"/?{asked}").content.decode()
    miles = told.split("within=")[1].split("&")[0]
    assert f'Farther from {place}: <a href="?{told}">within {miles} miles</a>: 1 clinic' in page


def test_the_page_says_from_where_it_measures(palm: Clinic, client: Client) -> None:
    said = text_of(client, "/?zip=33301&within=50")
    assert "in a straight line from the middle of 33301 (Fort Lauderdale, FL)." in said
    said = text_of(client, "/?city=Ft.+Lauderdale&zip=33130&within=50")
    assert "from the middle of 33130 (Miami, FL) · Fort Lauderdale, FL." in said
    assert "Other places of this name" not in said
    assert "in a straight line" not in text_of(client, "/?zip=33130")
    assert "se miden en línea recta desde el centro de Fort Lauderdale, FL." in text_of(
        client, "/es/?city=Ft.+Lauderdale&within=50"
    )


def test_of_a_name_that_places_share_the_others_can_be_chosen(palm: Clinic, client: Client) -> None:
    page = client.get("/?city=Springfield&within=250&page=1").content.decode()
    assert "from the middle of Springfield, MA." in page
    assert '<a href="?within=250&amp;city=Springfield%2C+IL">Springfield, IL</a>' in page
    assert page.count("?within=250&amp;city=Springfield%2C+") == 8
    for one in ("city=Springfield,+IL", "city=Springfield&state=IL"):
        said = text_of(client, f"/?{one}&within=250")
        assert "from the middle of Springfield, IL." in said
        assert "Other places of this name" not in said


@pytest.mark.parametrize(
    "asked",
    [
        *("zip=33301&state=AZ", "zip=00000", "city=Nowhereville", "zip=99723&within=250", "zip=33130", "state=TX"),
        *("city=Orlando&city=Nowhereville", "zip=33301&city=Nowhereville"),
        "&".join(f"zip=3330{number}" for number in range(1, 7)),
    ],
)
def test_no_distance_is_told_where_none_finds_anything_or_something_is_found(
    palm: Clinic, client: Client, asked: str
) -> None:
    assert "Farther from" not in client.get(f"/?{asked}").content.decode()


@pytest.mark.parametrize("asked", ["q=zzzz", "zip=99723", "state=TX", "city=Nowhereville", "zip=99723&within=5"])
def test_to_drop_the_only_filter_is_no_advice(palm: Clinic, client: Client, asked: str) -> None:
    assert "Dropping one filter" not in client.get(f"/?{asked}").content.decode()
    more = client.get(f"/?{asked}&condition=knee_arthritis").content.decode()
    assert "Dropping one filter would find" in more
    assert "without “Condition”" not in more


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("arthritus", "These have words that are written much like them: “arthritis”."),
        ("Palm Cuort", "These have words that are written much like them: “court”."),
        ("Maimi knee", "These have words that are written much like them: “miami”."),
    ],
)
def test_what_is_found_instead_is_told_by_its_words(palm: Clinic, client: Client, asked: str, said: str) -> None:
    page = text_of(client, f"/?q={asked}")
    assert f"No clinic has exactly these words. {said}" in page
    assert "No clinic has exactly these words" not in text_of(client, "/?q=knee")
    assert "Estas tienen palabras que se escriben de forma muy parecida" in text_of(client, f"/es/?q={asked}")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("q=knee", "1 clinic"),
        (
            "q=arthritus",
            "1 clinic. No clinic has exactly these words. "
            "These have words that are written much like them: “arthritis”.",
        ),
        ("q=zzzz", "0 clinics. No listed clinic answers all of this."),
        ("sort=distance", "1 clinic. Left out: Sort by. Give a ZIP code or a city to sort by distance."),
        ("state=ZZ", "We could not search. State: “ZZ” is not a state that we know."),
    ],
)
def test_what_a_screen_reader_hears_of_new_results_tells_what_they_are(
    palm: Clinic, client: Client, asked: str, told: str
) -> None:
    page = client.get(f"/?{asked}").content.decode()
    assert re.findall(r'<h2 id="results"[^>]* data-told="([^"]*)"', page) == [told]


def test_of_a_text_that_finds_nothing_each_part_may_be_dropped(palm: Clinic, client: Client) -> None:
    page = client.get("/?q=bad+knee+near+Tampa").content.decode()
    assert '<a href="?q=bad+knee">without “Tampa”</a>: 1 clinic' in page
    assert "without “bad knee”" not in page  # nothing is in Tampa at all


def test_of_quoted_words_the_marks_stay_in_what_remains(palm: Clinic, client: Client) -> None:
    page = client.get("/?q=%22end+your+suffering%22+Tampa").content.decode()
    assert '<a href="?q=%22end+your+suffering%22">without “Tampa”</a>: 1 clinic' in page


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("q=knee&sort=distance", "sort", "Give a ZIP code or a city to sort by distance."),
        ("q=knee&within=50", "within", "Give a ZIP code or a city to measure the distance from."),
        ("q=knee&sort=price", "sort", "Select a valid choice. price is not one of the available choices."),
        ("q=knee&zip=00000&within=50", "zip", "“00000” is no US ZIP code (five digits), and no listed clinic has it"),
        ("q=knee&zip=336", "zip", "“336” is no US ZIP code (five digits), and no listed clinic has it"),
        ("q=knee&zip=abcde", "zip", "“abcde” is no US ZIP code (five digits), and no listed clinic has it"),
        ("q=knee&zip=90085&within=50", "zip", "We do not know where “90085” lies, so we cannot measure from it."),
        ("q=knee&zip=%27--", "zip", "“&#x27;--” is not a ZIP or postal code."),
        ("q=knee&city=Nowhereville&sort=distance", "city", "We do not know where “Nowhereville” lies."),
        ("q=knee&zip=00000&zip=33130&within=50", "zip", "“00000” is no US ZIP code"),
    ],
)
def test_what_cannot_be_applied_is_said_beside_its_field_and_the_rest_is_answered(
    palm: Clinic, client: Client, query: str, field: str, said: str
) -> None:
    rows.a_location(rows.a_clinic("Mesa Clinic"), city="Phoenix", state="AZ", zip="85004")
    page = client.get(f"/?{query}").content.decode()
    assert f'<span class="wrong" id="wrong-{field}">{said}' in page
    assert f'aria-invalid="true" aria-describedby="wrong-{field}"' in page
    assert page.count('class="wrong"') == 1
    for there in ("1 clinic</h2>", "Palm Court", 'name="sort"', 'name="condition"', 'value="knee"', "Left out: "):
        assert there in page
    assert "We could not search" not in page
    assert "Mesa Clinic" not in page
    assert client.get(f"/api/v1/clinics/?{query}").status_code == 400


def test_an_order_by_distance_is_kept_until_there_is_a_place(palm: Clinic, client: Client) -> None:
    rows.a_location(rows.a_clinic("Aventura Knees"), city="Aventura", zip="33160", latitude=25.95, longitude=-80.14)
    chosen = '<option value="distance" selected>'
    assert chosen in client.get("/?sort=distance").content.decode()
    page = client.get("/?sort=distance&zip=33130&within=50").content.decode()
    assert chosen in page
    assert page.index("Palm Court") < page.index("Aventura Knees")
    nothing = client.get("/?sort=distance&q=zzzz").content.decode()
    assert '<input type="hidden" name="sort" value="distance">' in nothing


def test_links_of_a_question_that_is_answered_in_part_lead_to_what_is_answered(palm: Clinic, client: Client) -> None:
    for number in range(30):
        rows.a_location(rows.a_clinic(f"Clinic {number:02}"))
    page = client.get("/?state=FL&sort=distance").content.decode()
    assert 'href="?state=FL&amp;page=2"' in page
    assert 'clinics.csv?state=FL"' in page
    assert '<meta name="robots" content="noindex">' in client.get("/?sort=distance").content.decode()


@pytest.mark.parametrize("query", ["state=ZZ", "seen_within=soon", "state=ZZ&sort=distance"])
def test_a_wrong_value_is_told_and_finds_nothing(palm: Clinic, client: Client, query: str) -> None:
    page = text_of(client, f"/?{query}")
    assert "We could not search" in page
    assert "Palm Court" not in page
    answer = client.get(f"/api/v1/clinics/?{query}")
    assert answer.status_code == 400
    assert next(iter(answer.json())) == query.partition("=")[0]
    assert client.get(f"/api/v1/facets/?{query}").status_code == 400


@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "abc", "2"])
def test_a_page_that_is_not_there_answers_404(palm: Clinic, client: Client, page: str) -> None:
    assert client.get(f"/?page={page}").status_code == 404
    assert client.get(f"/api/v1/clinics/?page={page}").status_code == 404


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_harmless(palm: Clinic, client: Client, value: str) -> None:
    for parameter in PARAMETERS:
        answer = client.get(f"/?{parameter}={value}")
        assert answer.status_code == 200, parameter
        assert b"<script>alert" not in answer.content, parameter
        assert client.get(f"/api/v1/clinics/?{parameter}={value}").status_code in (200, 400), parameter
    assert Clinic.objects.count() == 1


def test_the_interface_has_the_same_rows_and_counts(palm: Clinic, client: Client) -> None:
    answer = client.get("/api/v1/clinics/?condition=knee_arthritis").json()
    assert (answer["count"], answer["next"], answer["previous"]) == (1, None, None)
    assert answer["results"][0]["id"] == palm.public_id
    counts = client.get("/api/v1/facets/?condition=knee_arthritis").json()
    assert counts["condition"] == {"knee_arthritis": 1}
    assert counts["claim_category"] == {"effect_statement": 1}


def test_results_come_in_pages_whose_links_keep_the_question(palm: Clinic, client: Client) -> None:
    for number in range(30):
        rows.a_location(rows.a_clinic(f"Clinic {number:02}"))
    page = client.get("/?state=FL").content.decode()
    assert 'href="?state=FL&amp;page=2"' in page
    assert client.get("/?state=FL&page=2").status_code == 200
    assert client.get("/api/v1/clinics/?state=FL").json()["next"].endswith("?page=2&state=FL")


def test_queries_do_not_grow_with_the_rows(palm: Clinic, client: Client, django_assert_max_num_queries: object) -> None:
    for number in range(24):
        clinic = rows.a_clinic(f"Clinic {number:02}")
        rows.a_location(clinic)
        rows.a_treatment(clinic, condition="knee_arthritis")
        rows.a_claim(clinic, "Words.")
        rows.an_action(clinic)
    with django_assert_max_num_queries(6):  # type: ignore[operator] # the plugin's fixture has no type
        client.get("/?q=clinic&state=FL&condition=knee_arthritis")
    with django_assert_max_num_queries(7):  # type: ignore[operator] # the plugin's fixture has no type
        client.get("/?q=Knee.Renewal&state=FL&condition=knee_arthritis")
    with django_assert_max_num_queries(5):  # type: ignore[operator] # the plugin's fixture has no type
        client.get("/?q=305-555-0142&state=FL&condition=knee_arthritis")
    with django_assert_max_num_queries(10):  # type: ignore[operator] # the plugin's fixture has no type
        client.get("/api/v1/clinics/?state=FL")


def test_the_form_is_plain_and_nothing_comes_from_outside(palm: Clinic, client: Client) -> None:
    answer = client.get("/")
    page = answer.content.decode()
    assert '<form method="get"' in page
    assert set(re.findall(r"<script[^>]*>.*?</script>", page)) == {
        '<script src="/static/django_htmx/htmx-4.min.js" defer></script>',
        '<script src="/static/clinics/finder.js" defer></script>',
    }
    assert " style=" not in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//(?!testserver/)', page) == []
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_schema_names_every_parameter(palm: Clinic, client: Client) -> None:
    schema = client.get("/api/v1/schema/").json()
    named = {one["name"] for one in schema["paths"]["/api/v1/clinics/"]["get"]["parameters"]}
    assert named == {*PARAMETERS, "page", "saved"}
