"""A person changes a rule, sees what that would do before saving it, and what people's decisions say of the rule."""

from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinics.models import Job, Rule
from clinics.operations import jobs, triage
from clinics.operations.rule_decisions import count_decisions
from tests.axe import faults
from tests.build import a_clinic, a_flag, a_page, a_rule, a_snapshot, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ("knee", "hip", "back", "shoulder", "elbow", "ankle", "wrist", "neck", "jaw", "thumb", "toe", "heel")


def decided_flags() -> None:
    """Flags of a rule, most of them dismissed, and a page with other words."""
    clinic = a_clinic("Knee House")
    for number, name in enumerate(NAMES):
        page = a_page(clinic, f"{clinic.website.url}{name}")
        flag = a_flag(clinic, f"We guarantee a lasting result for every {name}.", page=page)
        decision = {"reason": "Read.", "by": a_user(), "now": timezone.now()}
        if number < 2:
            triage.confirm(flag, **decision)
        elif number < 11:
            triage.dismiss(flag, dismissed_as="other_meaning" if number % 2 else "misread", **decision)
    a_snapshot(clinic.website, "We vow that every knee will heal.", "We guarantee it.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_rule_is_rehearsed_with_the_keyboard_and_its_pages_have_no_faults_that_axe_finds(
    prepared, sign_in, person, scheme
):
    Rule.objects.all().delete()
    rule = a_rule(must=["We guarantee it."], must_not=["Nobody knows."])
    decided_flags()
    count_decisions(timezone.now())
    page = sign_in(person("rowan", "administrator"), color_scheme=scheme)
    expect(page.get_by_role("link", name="rules proposed for review")).to_contain_text("1")
    page.goto("/admin/clinics/rule/?review=yes")
    found = faults(page)
    page.locator("#result_list").get_by_role("link", name="guarantee").click()
    page.get_by_role("heading", name="Precision").wait_for()
    found += faults(page)
    page.get_by_label("Patterns:").fill(r"\bguarantee (it|a lasting result for every (knee|hip))" + "\n" + r"\bvow")
    page.get_by_role("button", name="Rehearse").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Nobody has begun yet.").wait_for()
    found += faults(page)
    jobs.work_one(timezone.now, uuid4())
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("heading", name="What it would do").wait_for()
    expect(page.get_by_role("row", name="new flags")).to_contain_text("1")
    expect(page.get_by_role("row", name="would not flag any more").last).to_contain_text("10")
    found += faults(page)
    Job.objects.update(state="running", finished_at=None, done=5)
    page.reload()
    found += faults(page)
    rule.refresh_from_db()
    assert (rule.version, found) == (1, [])
