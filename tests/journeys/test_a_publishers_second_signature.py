"""A publisher's second signature: a critical claim with a patient's name and an untitled letter, each signed by two."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from clinics.models import Claim, OfficialAction
from tests.axe import faults
from tests.build import a_claim, a_listed_clinic
from tests.journeys.test_a_recorders_morning import Hands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STORY = "My knee is cured for ever, says Zelda Q., Tampa."
LETTER = {
    "Agency:": "FDA, Center for Biologics",
    "Title:": "Letter on exosome products",
    "Addressee:": "Knee House LLC",
    "Document:": "https://agency.test/letter",
}


def press(hands: Hands, label: str, told: str) -> None:
    """A step of one click, and what the desk says to it."""
    hands.click(hands.desk.get_by_role("button", name=label, exact=True))
    expect(hands.desk.locator("#container")).to_contain_text(told)


def unfold(hands: Hands, label: str) -> None:
    hands.click(hands.desk.locator("summary", has_text=label))


def say_why_not_invited(hands: Hands, reason: str) -> None:
    """Why comment is not invited, kept with the claim."""
    unfold(hands, "Go on without inviting comment")
    form = hands.desk.locator("form", has=hands.desk.get_by_role("button", name="Go on without inviting comment"))
    hands.type(form.get_by_label("Reason"), reason)
    hands.click(form.get_by_role("button"))
    expect(hands.desk.locator(".messagelist")).to_contain_text("is recorded")


def sign_the_claim(hands: Hands, claim: Claim) -> list[str]:
    """The first publisher, on the claim's page: the desk says what is missing, and it is mended."""
    desk = hands.desk
    desk.goto(reverse("admin:clinics_claim_change", args=[claim.pk]))
    gaps = desk.get_by_role("region", name="Before it can be signed")
    expect(gaps).to_contain_text("Invite the clinic to comment first")
    expect(gaps).to_contain_text("Zelda Q.")
    found = faults(desk)
    say_why_not_invited(hands, "Public words.")
    unfold(hands, "Look for patients' names")
    press(hands, "Look for patients' names", "the public reads [name] for each")
    expect(desk.get_by_role("region", name="What the public reads")).to_contain_text("says [name], Tampa")
    expect(gaps).to_have_count(0)
    found += faults(desk)
    press(hands, "Sign for publication", "waits for another person")
    press(hands, "Sign as the second person", "signature of another person")
    return found


def write_the_letter_down(hands: Hands) -> list[str]:
    """The first publisher writes down what the document says, looks at the likely clinic, matches it and signs."""
    desk = hands.desk
    desk.goto(reverse("admin:clinics_officialaction_add"))
    for label, text in LETTER.items():
        hands.paste(desk.get_by_label(label, exact=True), text)
    desk.get_by_label("Kind:").select_option("untitled_letter")
    hands.clicks += 1
    hands.type(desk.get_by_label("Date of the document:"), "2026-03-04")
    found = faults(desk)
    press(hands, "Save and continue editing", "Clinics that the addressee may be")
    found += faults(desk)
    hands.type(desk.get_by_label("How one knows that it is Knee House"), "Same name and street")
    press(hands, "It is this clinic", "Matched")
    press(hands, "Sign for publication", "it waits for another person")
    return found


def sign_second(hands: Hands, list_url: str, words: str, told: str) -> tuple[int, int, float]:
    """The second publisher: from the list to the page, and one press."""
    hands.begin()
    hands.desk.goto(list_url)
    hands.click(hands.desk.get_by_role("link", name=words).first)
    expect(hands.desk.locator("#content")).to_contain_text(words)
    press(hands, "Sign as the second person", told)
    return hands.end()


def public_text(visitor: Page, address: str) -> str:
    visitor.goto(address)
    return visitor.locator("main").inner_text()


def test_a_claim_and_a_letter_are_signed_by_a_second_person(
    prepared, sign_in, person, new_context, settings, record_testsuite_property
):
    settings.FETCH_TEST_SERVERS = "*.test=127.0.0.1:9"
    clinic = a_listed_clinic("Knee House")
    claim = a_claim(clinic, STORY, severity=5, category="cure_reversal")
    first, second = Hands(sign_in(person("rowan", "publisher"))), Hands(sign_in(person("sasha", "publisher")))
    visitor, home = new_context().new_page(), f"/clinics/{clinic.public_id}/"

    found = sign_the_claim(first, claim)
    found += write_the_letter_down(first)
    before = public_text(visitor, home)
    assert "cured for ever" not in before
    assert "Letter on exosome products" not in before

    laps = {}
    lists = {
        "claim": (reverse("admin:clinics_claim_changelist"), "My knee is cured"),
        "letter": (reverse("admin:clinics_officialaction_changelist"), "Knee House LLC"),
    }
    for what, (address, words) in lists.items():
        laps[what] = sign_second(second, f"{address}?state__exact=awaiting_second", words, "Signed by a second person")
        assert laps[what][0] <= 2
    found += faults(second.desk)

    after = public_text(visitor, home)
    assert "My knee is cured for ever, says [name], Tampa." in after
    assert "Zelda" not in after
    assert "FDA, Center for Biologics: untitled letter, March 4, 2026" in after
    visitor.goto(f"{home}actions/{OfficialAction.objects.get().public_id}/")
    found += faults(visitor)
    assert found == []
    for what, (clicks, keys, seconds) in laps.items():
        record_testsuite_property(f"second signature, {what}", f"{clicks} clicks, {keys} keys, {seconds:.1f} s")
    record_testsuite_property("first publisher, both", f"{first.clicks} clicks, {first.keys} keys")
