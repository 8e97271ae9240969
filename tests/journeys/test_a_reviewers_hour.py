"""A reviewer's hour: a dossier of twenty, fifty flags by keyboard, many at once; every click and key counted."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinics.models import Cause, Claim, Decision, Flag, StandingDecision
from tests.axe import faults
from tests.build import a_clinic, a_flag
from tests.journeys.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CATEGORIES = ("guarantee", "no_risk", "fda_approval")
OF_DOSSIER, BY_KEYBOARD, IN_BULK, EVERYWHERE = 20, 50, 12, 9
SLOGAN = "We guarantee a smile."
TWICE = "const press = () => document.querySelector('#decide-form button').click(); press(); setTimeout(press, 15)"
FLAG_PAGE = re.compile(r"/flag/\d+/change/")


@pytest.fixture
def waiting(prepared) -> dict[str, list[Flag]]:
    """What has come in since yesterday."""
    now = timezone.now()
    new = a_clinic("Harborview Regenerative Clinic")
    read = [a_clinic(f"Clinic number {number}") for number in range(10)]
    changed = {"cause": Cause.PAGE_CHANGED, "at": now}
    return {
        "dossier": [
            a_flag(new, f"We guarantee promise {number}.", category=CATEGORIES[number % 3], severity=3, at=now)
            for number in range(OF_DOSSIER)
        ],
        "keyboard": [
            a_flag(read[number % 10], f"We guarantee result {number}.", severity=4, **changed)
            for number in range(BY_KEYBOARD)
        ],
        "bulk": [
            a_flag(read[number % 10], f"We guarantee parking {number}.", severity=2, **changed)
            for number in range(IN_BULK)
        ],
        "everywhere": [a_flag(clinic, SLOGAN, severity=1, **changed) for clinic in read[:EVERYWHERE]],
    }


def states(flags: list[Flag]) -> list[str]:
    return list(Flag.objects.filter(pk__in=[flag.pk for flag in flags]).order_by("pk").values_list("state", flat=True))


def decided_by_keys(hands: Hands, *keys: str) -> None:
    """Press the keys, Enter last, and wait for the next flag."""
    was = hands.desk.url
    hands.press(*keys, "Enter")
    hands.desk.wait_for_url(lambda url: url != was)
    expect(hands.desk.locator(".messagelist")).to_contain_text("Decided")


def decide_the_dossier(hands: Hands) -> list[str]:
    """Quote the first words of each category; the rest says the same."""
    desk = hands.desk
    desk.goto("/admin/clinics/flag/dossiers/")
    hands.click(desk.get_by_role("link", name="Harborview Regenerative Clinic"))
    expect(desk.get_by_role("heading", level=1)).to_contain_text("First readings of Harborview")
    found = faults(desk)
    for section in desk.locator("section.shelf").all():
        hands.click(section.get_by_label("quote it").first)
        hands.clicks += 1
        section.get_by_label("The rest of these").select_option("same")
        hands.clicks += 1  # the choice in the list that the click opened
    hands.click(desk.get_by_role("button", name="Decide the dossier"))
    expect(desk.locator(".messagelist")).to_contain_text("3 quoted, 17 dismissed, 0 left waiting.")
    return found


def test_an_hour_of_decisions(waiting, sign_in, person, record_testsuite_property):
    desk = sign_in(person("rita", "reviewer"))
    hands = Hands(desk)

    hands.begin()
    found = decide_the_dossier(hands)
    dossier = hands.end()
    assert sorted(states(waiting["dossier"])) == ["confirmed"] * 3 + ["dismissed"] * 17
    assert Claim.objects.count() == 3

    desk.goto("/admin/clinics/flag/?decision=changes&severity__exact=4")
    hands.begin()
    hands.click(desk.locator("#result_list tbody th a").first)
    desk.wait_for_url(FLAG_PAGE)
    first = hands.end()
    found += faults(desk)
    hands.begin()
    decided_by_keys(hands, "c")
    one = hands.end()
    assert one[:2] == (0, 2), "a key and Enter are one decision"
    hands.begin()
    for number in range(1, BY_KEYBOARD - 1):
        decided_by_keys(hands, *(("c",) if number % 3 else ("d", "4")))
    assert states(waiting["keyboard"]).count("open") == 1
    undo_the_last(hands)
    assert states(waiting["keyboard"]).count("open") == 2
    decided_by_keys(hands, "d", "9")
    hands.press("l")
    hands.write((timezone.now().date() + timedelta(days=14)).isoformat())
    hands.press("Enter")
    expect(desk).to_have_url(re.compile(r"/flag/\?decision=changes&severity__exact=4"))
    by_keys = hands.end()
    assert sorted(set(states(waiting["keyboard"]))) == ["confirmed", "deferred", "dismissed"]
    assert Decision.objects.filter(takes_back__isnull=False).count() == 1
    expect(desk.locator("#content")).to_contain_text("0 flags")

    hands.begin()
    dismiss_in_bulk(hands)
    bulk = hands.end()
    found += faults(desk)
    assert set(states(waiting["bulk"])) == {"dismissed"}

    hands.begin()
    dismiss_slogan_everywhere(hands)
    everywhere = hands.end()
    assert set(states(waiting["everywhere"])) == {"dismissed"}
    assert StandingDecision.objects.get().sentence == SLOGAN
    assert Flag.objects.to_decide(timezone.now()).count() == 0
    assert found == [], "\n".join(sorted(set(found)))
    for name, lap in {
        "a dossier of twenty": dossier,
        "opening the list's first flag": first,
        "one flag by keyboard": one,
        "the other forty-nine, with one undo": by_keys,
        "twelve in bulk": bulk,
        "nine everywhere": everywhere,
        "in all": (hands.clicks, hands.keys, sum(lap[2] for lap in hands.laps)),
    }.items():
        record_testsuite_property(name, f"{lap[0]} clicks, {lap[1]} keys, {lap[2]:.0f} s")


def undo_the_last(hands: Hands) -> None:
    hands.press("u")
    expect(hands.desk.locator(".messagelist")).to_contain_text("Taken back")


def dismiss_in_bulk(hands: Hands) -> None:
    desk = hands.desk
    desk.goto("/admin/clinics/flag/?decision=changes&severity__exact=2")
    hands.click(desk.locator("#action-toggle"))
    desk.locator("select[name=action]").select_option("dismiss_selected")
    hands.clicks += 2
    hands.click(desk.get_by_role("button", name="Go"))
    expect(desk.get_by_role("heading", level=1)).to_have_text(f"Dismiss {IN_BULK} flags")
    desk.get_by_label("Dismiss as").select_option("trivial")
    hands.clicks += 2
    hands.type(desk.get_by_label("Reason"), "Parking is no treatment.")
    hands.click(desk.get_by_role("button", name=f"Dismiss {IN_BULK} flags"))
    expect(desk.locator(".messagelist")).to_contain_text(f"{IN_BULK} flags dismissed")
    expect(desk).to_have_url(re.compile("severity__exact=2"))


def dismiss_slogan_everywhere(hands: Hands) -> None:
    desk = hands.desk
    desk.goto("/admin/clinics/flag/?decision=changes&severity__exact=1")
    hands.click(desk.locator("#result_list tbody th a").first)
    expect(desk.locator("#content")).to_contain_text(f"{EVERYWHERE} waiting flags of {EVERYWHERE} clinics")
    hands.press("d", "9")
    hands.click(desk.get_by_label("this wording of every clinic"))
    hands.type(desk.get_by_label("Everywhere until"), (timezone.now().date() + timedelta(days=90)).isoformat())
    hands.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("Decided")


@pytest.fixture
def some_flags(prepared, sign_in, person) -> Page:
    clinic = a_clinic()
    for number in range(3):
        a_flag(clinic, f"We guarantee number {number}.", cause=Cause.PAGE_CHANGED, at=timezone.now())
    desk = sign_in(person("rita", "reviewer"))
    desk.goto("/admin/clinics/flag/")
    desk.locator("#result_list tbody th a").first.click()
    desk.wait_for_url(FLAG_PAGE)
    return desk


def test_an_impatient_second_enter_is_no_conflict_with_oneself(some_flags):
    some_flags.keyboard.press("c")
    some_flags.evaluate(TWICE)
    expect(some_flags.locator(".messagelist")).to_contain_text("Decided")
    expect(some_flags.locator(".errornote")).to_have_count(0)
    assert Decision.objects.count() == 1


def test_a_key_that_is_held_down_takes_back_one_decision_and_no_more(some_flags):
    for _ in range(2):
        was = some_flags.url
        some_flags.keyboard.press("c")
        some_flags.keyboard.press("Enter")
        some_flags.wait_for_url(lambda url, was=was: url != was)
    some_flags.keyboard.down("u")
    expect(some_flags.locator(".messagelist")).to_contain_text("Taken back")
    some_flags.keyboard.down("u")  # Chromium repeats a key that is down
    some_flags.wait_for_timeout(300)
    some_flags.keyboard.up("u")
    assert Decision.objects.filter(takes_back__isnull=False).count() == 1


def test_keys_do_nothing_while_one_types(some_flags):
    was = some_flags.url
    some_flags.get_by_label("Reason:").press_sequentially("just a duck?")
    assert some_flags.url == was
    expect(some_flags.get_by_label("Reason:")).to_have_value("just a duck?")
    expect(some_flags.locator("input[name=decision]:checked")).to_have_count(0)
