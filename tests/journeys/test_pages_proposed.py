"""From a link on a clinic's page to a flag: proposed, chosen on the clinic's page, recorded, read."""

import pytest
from playwright.sync_api import expect

from clinics.models import Flag, Page, PageProposal
from tests.axe import faults
from tests.journeys.steps import read_again, record_clinic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = '<h1>Knees</h1><p>We look after knees.</p><a href="/cells">Stem cells</a> <a href="/contact">Contact</a>'


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_proposed_page_is_recorded_another_declined_and_what_it_says_is_flagged(
    stranger, prepared, sign_in, person, scheme
):
    stranger.says("knees.test", "/", HOME)
    stranger.says("knees.test", "/cells", "<h1>Cells</h1><p>Our stem cells cure arthritis.</p>")
    desk = sign_in(person("rowan", "recorder"), color_scheme=scheme)
    clinic = record_clinic(desk, "http://knees.test/")
    read_again()
    assert "knees.test/cells" not in stranger.paths
    desk.goto("/admin/")
    found = faults(desk)
    desk.get_by_role("link", name="2 pages proposed").click()
    desk.wait_for_url("**/pageproposal/**")
    expect(desk.get_by_role("heading", level=1)).not_to_have_count(0)
    found += faults(desk)
    desk.goto(f"/admin/clinics/clinic/{clinic.pk}/change/")
    found += faults(desk)
    desk.get_by_label("Choose http://knees.test/cells").check()
    desk.get_by_role("button", name="Record the chosen pages").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("recorded")
    desk.get_by_label("Choose http://knees.test/contact").check()
    desk.get_by_role("button", name="Decline the chosen pages").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("declined")
    expect(desk.get_by_role("heading", name="Pages proposed")).to_have_count(0)
    read_again()
    assert Flag.objects.filter(sentence="Our stem cells cure arthritis.", clinic=clinic).exists()
    assert not Page.objects.filter(url="http://knees.test/contact").exists()
    assert not PageProposal.objects.waiting().exists()
    desk.goto("/admin/clinics/pageproposal/?decision=declined")
    desk.get_by_role("link", name="http://knees.test/contact").click()
    desk.wait_for_url("**/change/**")
    expect(desk.get_by_role("heading", level=1)).not_to_have_count(0)
    found += faults(desk)
    assert found == []
