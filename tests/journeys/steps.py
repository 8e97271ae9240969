"""What people do at the desk, in steps that several journeys share."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from clinics.models import Clinic
from clinics.models import Page as RecordedPage
from clinics.operations.rechecking import recheck_pages


def read_again() -> None:
    """Read every recorded page now, as the workers do."""
    for _ in recheck_pages(list(RecordedPage.objects.values_list("pk", flat=True)), timezone.now):
        continue


def type_clinic(desk: Page, url: str) -> None:
    """Fill in the form of a new clinic and hand it in."""
    desk.goto("/admin/clinics/clinic/add/")
    desk.get_by_role("textbox", name="Name:", exact=True).fill("Knee House")
    desk.get_by_label("Website").fill(url)
    desk.get_by_role("button", name="Save and continue editing").click()


def record_clinic(desk: Page, url: str) -> Clinic:
    """Record a clinic with its website."""
    type_clinic(desk, url)
    expect(desk.locator(".messagelist .success")).to_be_visible()
    return Clinic.objects.get(name="Knee House")


def decide(desk: Page, wording: str, decision: str) -> None:
    """Open the flag from the list of those to decide, and decide it."""
    desk.goto("/admin/clinics/flag/")
    desk.get_by_role("link", name=wording).click()
    expect(desk.locator("#content")).to_contain_text(wording)
    desk.get_by_label(decision).check()
    desk.get_by_label("Reason:").fill("Read in its place on the page.")
    desk.get_by_role("button", name="Decide and go on").click()
    expect(desk.locator(".messagelist")).to_contain_text("Decided")
