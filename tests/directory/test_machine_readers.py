"""What machines read: sitemap, robots.txt, canonical links, schema.org, ETags, and the interface's own reader."""

import json
import re

import pytest
from defusedxml import ElementTree
from django.http import HttpResponse
from django.test import Client

from clinics.models import Claim
from clinics.published.structured import as_script
from tests.published import rows

pytestmark = pytest.mark.usefixtures("vocabulary")
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
CHANGED = "{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod"
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def vocabulary(db: None) -> None:
    rows.the_vocabulary()


def told(answer: HttpResponse, tag: str) -> list[str]:
    assert answer.status_code == 200
    return [str(entry.text) for entry in ElementTree.fromstring(answer.content).iter(tag)]


def structured(client: Client, clinic: str) -> dict[str, object]:
    (found,) = SCRIPT.findall(client.get(f"/clinics/{clinic}/").content.decode())
    facts: dict[str, object] = json.loads(found)
    return facts


def test_the_sitemap_leads_to_every_clinic_whose_facts_are_public_in_both_languages(client: Client) -> None:
    public = [rows.a_clinic(status, status) for status in ("listed", "closed", "not_offering")]
    hidden = [rows.a_clinic(status, status) for status in ("draft", "held", "delisted")]
    found = [
        place for section in told(client.get("/sitemap.xml"), LOCATION) for place in told(client.get(section), LOCATION)
    ]
    for clinic in public:
        assert f"http://testserver/clinics/{clinic.public_id}/" in found
        assert f"http://testserver/es/clinics/{clinic.public_id}/" in found
    assert not [place for place in found for clinic in hidden if clinic.public_id in place]
    assert {"http://testserver/", "http://testserver/es/about/"} <= set(found)
    assert {"http://testserver/questions/", "http://testserver/es/understand/your-own-cells/"} <= set(found)
    assert [place for place in found if client.get(place).status_code != 200] == []


def test_the_sitemap_dates_a_clinic_by_its_last_published_change(client: Client) -> None:
    never, changed = rows.a_clinic("Never"), rows.a_clinic("Changed")
    claim = rows.a_claim(changed, "We end your suffering.")
    rows.a_claim(never, "Not public.", state="draft")
    assert told(client.get("/sitemap-clinics-en.xml"), CHANGED) == [f"{claim.published_at:%Y-%m-%d}"]


def test_robots_are_told_where_the_sitemap_is_and_kept_from_the_desk(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines == ["User-agent: *", "Disallow: /admin/", "Sitemap: http://testserver/sitemap.xml"]


def test_a_page_names_its_one_address_and_its_other_language(client: Client) -> None:
    path = f"clinics/{rows.a_clinic().public_id}/"
    for start in ("", "es/"):
        text = client.get(f"/{start}{path}?utm_source=mail").content.decode()
        assert f'<link rel="canonical" href="http://testserver/{start}{path}">' in text
        assert f'<link rel="alternate" hreflang="es" href="http://testserver/es/{path}">' in text
        assert f'<link rel="alternate" hreflang="en" href="http://testserver/{path}">' in text


def test_a_filtered_list_is_no_page_to_be_found(client: Client) -> None:
    assert 'rel="canonical"' in client.get("/").content.decode()
    filtered = client.get("/?state=FL").content.decode()
    assert 'content="noindex"' in filtered
    assert 'rel="canonical"' not in filtered


def test_schema_org_says_what_the_page_says_and_rates_nothing(client: Client) -> None:
    clinic = rows.a_clinic("Knee House", other_names="Knee Home", languages=["en", "es"])
    rows.a_location(clinic)
    assert structured(client, clinic.public_id) == {
        "@context": "https://schema.org",
        "@type": "MedicalClinic",
        "mainEntityOfPage": f"http://testserver/clinics/{clinic.public_id}/",
        "name": "Knee House",
        "alternateName": "Knee Home",
        "url": clinic.website.url,
        "telephone": ["(305) 555-0142"],
        "address": [
            {
                "@type": "PostalAddress",
                "streetAddress": "12 Flagler Ct",
                "addressLocality": "Miami",
                "addressRegion": "FL",
                "postalCode": "33130",
                "addressCountry": "US",
            }
        ],
        "availableLanguage": ["en", "es"],
    }


def test_a_bare_clinic_has_no_empty_entries(client: Client) -> None:
    assert set(structured(client, rows.a_clinic("Bare", website=rows.a_page(outcome="moved")).public_id)) == {
        "@context",
        "@type",
        "mainEntityOfPage",
        "name",
    }


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<!--<script>", "a & b", "\u2028line"])
def test_no_name_ends_the_script(client: Client, name: str) -> None:
    clinic = rows.a_clinic(name)
    assert structured(client, clinic.public_id)["name"] == name
    assert not re.search("[<>&]", as_script({"name": name}))


@pytest.mark.parametrize("path", ["/", "/about/", "/api/v1/clinics/", "/api/v1/facets/", "/sitemap-clinics-en.xml"])
def test_who_has_the_newest_answer_is_told_so_without_it(client: Client, path: str) -> None:
    clinic = rows.a_clinic()
    for address in (path, f"/clinics/{clinic.public_id}/"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_what_is_withdrawn_is_gone_for_who_asks_with_an_old_etag(client: Client) -> None:
    clinic = rows.a_clinic()
    claim = rows.a_claim(clinic, "We end your suffering.")
    for address in (f"/clinics/{clinic.public_id}/", f"/api/v1/clinics/{clinic.public_id}/"):
        Claim.objects.filter(pk=claim.pk).update(state="published", ended_at=None, ended_because="")
        first = client.get(address)
        assert "no-cache" in first.headers["Cache-Control"]
        Claim.objects.filter(pk=claim.pk).update(state="held", ended_at=claim.published_at, ended_because="Looked at.")
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 200
        assert "We end your suffering" not in again.content.decode()


def test_the_interfaces_reader_takes_nothing_from_outside_and_has_no_script_of_its_own(client: Client) -> None:
    text = client.get("/api/v1/docs/").content.decode()
    assert re.findall(r'(?:src|href)="(?!/|data:,)', text) == []
    assert re.findall(r"<script(?![^>]*src=)|<style| style=", text) == []
    assert client.get("/api/v1/docs/?script=").headers["Content-Type"] == "application/javascript"
