"""Flags of rules about whole sites: one for a clinic and a rule, gone when the notice is there, kept when decided."""

from datetime import date

import pytest

from clinics.domain.outcome import Outcome
from clinics.domain.page_rules import BOARD_CERTIFIED
from clinics.domain.presence import Presence
from clinics.models import (
    Claim,
    Flag,
    Location,
    Page,
    PageState,
    PageUse,
    QuotePresence,
    Rule,
    Sighting,
    Snapshot,
    StateRegime,
)
from clinics.operations import claims, publication, rechecking, triage
from clinics.operations.recording import place_location, record_clinic, record_page
from clinics.operations.regimes import load_shipped_regimes
from clinics.operations.reports import report
from clinics.operations.rules import load_shipped_rules
from tests.build import a_check, a_kind, a_published_credential, a_user
from tests.operations.reading import MONDAY

HOME = "https://knees.example/"
ABOUT = "https://knees.example/about"
OFFER = "We offer stem cell therapy for knees."
CALM = "Our team has worked in this town for years."
NOTICE = "NOTICE: This clinic performs stem cell therapies that have not yet been approved by the FDA."
UTAH = "THIS NOTICE MUST BE PROVIDED TO YOU UNDER UTAH LAW: therapies not yet approved by the FDA."
CERTIFIED = "Dr. Ana Example is board-certified in orthopaedic surgery."
FL, UT = "missing_notice_fl", "missing_notice_ut"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def page_rules_only(settings, tmp_path):
    """The shipped page rules and laws; no rule about sentences, so that each flag is one of theirs."""
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0
    load_shipped_rules()
    load_shipped_regimes()
    Rule.objects.exclude(kind=Rule.Kind.PAGE).update(active=False)


def a_clinic(name="Knee House", url=HOME, *states):
    clinic = record_clinic(name, url, by=None, now=MONDAY)
    for state in states:
        place_location(clinic, state=state)
    return clinic


@pytest.fixture
def clinic():
    return a_clinic("Knee House", HOME, "FL")


@pytest.fixture
def home(clinic):
    return Page.objects.get(url=HOME)


@pytest.fixture
def about(clinic):
    return record_page(ABOUT, by=None, now=MONDAY, clinic=clinic)


def read(site, *pages):
    """What the reports say, a list of rule keys for each kind of effect."""
    lines = [line for written in site.read(*pages) for line in report(written)]
    kinds = ("new_flags", "returned_flags", "absent_flags", "reclassified_flags")
    return {kind: [flag["rule"] for line in lines for flag in line[kind]] for kind in kinds}


def told(**kinds):
    """The same, for what is expected."""
    return {kind: kinds.get(kind, []) for kind in ("new_flags", "returned_flags", "absent_flags", "reclassified_flags")}


def a_week_later(site, clock, *pages):
    clock.days(7)
    return read(site, *pages)


# A missing notice


def test_a_site_that_offers_without_the_notice_is_flagged_once_with_its_own_words(site, clock, home, about):
    site.says(HOME, CALM, OFFER)
    site.says(ABOUT, OFFER)
    assert read(site, home, about) == told(new_flags=[FL])
    flag = Flag.objects.get()
    assert (flag.subject, flag.sentence, flag.evidence, flag.category) == (FL, FL, OFFER, "missing_notice")
    assert (flag.cause, flag.severity, flag.presence) == ("first_reading", 4, "present")
    assert {sighting.page for sighting in flag.sightings.all()} == {home, about}
    assert "458.3245" in flag.findings.get().reason
    assert a_week_later(site, clock, home, about) == told()


def test_the_report_gives_the_key_as_sentence_and_the_words_as_evidence(site, home):
    site.says(HOME, OFFER)
    [line] = [line for written in site.read(home) for line in report(written)]
    [flag] = line["new_flags"]
    assert (flag["sentence"], flag["rule"], flag["rules"]) == (FL, FL, [FL])
    assert (flag["evidence"], flag["cause"], flag["severity"]) == (OFFER, "first_reading", 4)
    assert (flag["category"], flag["surface"]) == ("missing_notice", "body")


@pytest.mark.parametrize("words", [CALM, "We do not offer stem cell therapy.", "Do you want stem cell therapy?"])
def test_a_site_that_offers_nothing_of_the_kind_is_left_alone(site, home, words):
    site.says(HOME, words)
    assert read(site, home) == told()


def test_a_notice_on_any_page_is_enough(site, home, about):
    site.says(HOME, OFFER)
    site.says(ABOUT, NOTICE)
    assert read(site, home, about) == told()
    assert not Flag.objects.exists()


def test_nothing_is_told_before_each_page_was_tried(site, home, about):
    site.says(HOME, OFFER)
    site.says(ABOUT, NOTICE)
    assert read(site, home) == told()
    assert read(site, about) == told()


def test_a_page_that_cannot_be_read_holds_nothing_up_for_ever(site, home, about):
    site.says(HOME, OFFER)
    site.fails(ABOUT)
    assert read(site, home) == told()
    assert read(site, about) == told(new_flags=[FL])
    assert Flag.objects.get().cause == "first_reading"


def test_the_lack_ends_when_the_notice_is_read_and_returns_when_it_is_taken_away(site, clock, home, about):
    site.says(HOME, OFFER)
    site.says(ABOUT, CALM)
    read(site, home, about)
    site.says(ABOUT, CALM, NOTICE)
    assert a_week_later(site, clock, about) == told(absent_flags=[FL])
    flag = Flag.objects.get()
    assert (flag.presence, flag.presence_since) == (Presence.ABSENT, clock.now)
    assert a_week_later(site, clock, home, about) == told()
    site.says(ABOUT, CALM)
    assert a_week_later(site, clock, about) == told(returned_flags=[FL])
    assert Flag.objects.get().presence == Presence.RETURNED


def test_a_site_that_stops_offering_is_believed_after_two_readings(site, clock, home):
    site.says(HOME, CALM, OFFER)
    read(site, home)
    site.says(HOME, CALM)
    assert a_week_later(site, clock, home) == told()
    assert a_week_later(site, clock, home) == told(absent_flags=[FL])
    site.says(HOME, CALM, OFFER)
    assert a_week_later(site, clock, home) == told(returned_flags=[FL])


def test_one_page_that_still_offers_is_enough(site, clock, home, about):
    site.says(HOME, CALM, OFFER)
    site.says(ABOUT, OFFER)
    read(site, home, about)
    site.says(HOME, CALM)
    for _ in range(3):
        assert a_week_later(site, clock, home, about) == told()
    assert Flag.objects.get().presence == Presence.PRESENT
    assert Sighting.objects.get(page=home).presence == Presence.ABSENT


def test_a_failed_reading_neither_raises_nor_ends_it(site, clock, home):
    site.says(HOME, OFFER)
    read(site, home)
    site.fails(HOME)
    for _ in range(4):
        assert a_week_later(site, clock, home) == told()
    site.fails(HOME, Outcome.BLOCKED)
    assert a_week_later(site, clock, home) == told()
    assert Flag.objects.get().presence == Presence.PRESENT


def test_the_words_of_a_notice_may_change_as_they_like(site, clock, home):
    site.says(HOME, OFFER, NOTICE)
    read(site, home)
    site.says(HOME, OFFER, "AVISO: esta terapia no ha sido aprobada por la FDA.")
    assert a_week_later(site, clock, home) == told()
    assert not Flag.objects.exists()


def test_a_decision_holds_through_new_words_and_returns(site, clock, home):
    site.says(HOME, OFFER)
    read(site, home)
    by = a_user("ada", "reviewer")
    triage.dismiss(Flag.objects.get(), dismissed_as="true", reason="Not a Florida site.", by=by, now=clock.now)
    site.says(HOME, "We offer exosomes by drip.")
    assert a_week_later(site, clock, home) == told()
    site.says(HOME, "We offer exosomes by drip.", NOTICE)
    a_week_later(site, clock, home)
    site.says(HOME, "We offer exosomes by drip.")
    a_week_later(site, clock, home)
    flag = Flag.objects.get()
    assert (flag.state, flag.dismissed_as, flag.presence) == ("dismissed", "true", "returned")
    assert flag.evidence == "We offer exosomes by drip."


def test_a_confirmed_lack_makes_a_draft_claim(site, clock, home):
    site.says(HOME, OFFER)
    read(site, home)
    triage.confirm(Flag.objects.get(), reason="Read in full.", by=a_user("ada", "reviewer"), now=clock.now)
    claim = Claim.objects.get()
    assert (claim.category, claim.quote, claim.public_category) == ("missing_notice", OFFER, "notice_not_found")
    assert not QuotePresence.objects.exists()


def test_what_is_public_of_a_lack_is_held_as_soon_as_the_notice_is_read(site, clock, clinic, home):
    site.says(HOME, CALM, OFFER)
    read(site, home)
    claim = triage.confirm(Flag.objects.get(), reason="Read in full.", by=a_user("ada", "reviewer"), now=clock.now)
    claims.waive_comment(claim, reason="The page is public.", by=a_user("bob", "publisher"), now=clock.now)
    publication.sign(claim, by=a_user("bob", "publisher"), now=clock.now)
    site.says(HOME, CALM, "Exosomes are what we offer.")
    a_week_later(site, clock, home)
    a_week_later(site, clock, home)
    claim.refresh_from_db()
    assert (claim.state, claim.presence.state) == ("published", QuotePresence.State.EXACT)
    site.says(HOME, CALM, "Exosomes are what we offer.", NOTICE)
    a_week_later(site, clock, home)
    claim.refresh_from_db()
    assert (claim.state, claim.ended_at) == ("held", clock.now)
    assert "notice was read" in claim.ended_because


# Which states, and when


def test_a_clinic_in_two_states_has_a_flag_for_each_law(site, clock):
    a_clinic("Two States", HOME, "FL", "UT")
    home = Page.objects.get(url=HOME)
    site.says(HOME, OFFER)
    assert read(site, home) == told(new_flags=[FL, UT])
    site.says(HOME, OFFER, UTAH)
    assert a_week_later(site, clock, home) == told(absent_flags=[FL, UT])


def test_the_notice_of_one_state_need_not_do_for_another(site):
    a_clinic("Two States", HOME, "FL", "UT")
    site.says(HOME, OFFER, NOTICE)
    assert read(site, Page.objects.get(url=HOME)) == told(new_flags=[UT])


@pytest.mark.parametrize("place", [{"state": "TN"}, {"state": "OH"}, {"state": "FL", "country": "UY"}])
def test_elsewhere_no_notice_is_asked_for(site, place):
    clinic = a_clinic()
    place_location(clinic, **place)
    site.says(HOME, OFFER)
    assert read(site, Page.objects.get(url=HOME)) == told()


def test_a_removed_location_ends_it_as_a_change_of_ours(site, clock, home, clinic):
    site.says(HOME, OFFER)
    read(site, home)
    Location.objects.all().delete()
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])
    assert Flag.objects.get().presence == Presence.ABSENT
    place_location(clinic, state="FL")
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])
    assert Flag.objects.get().presence == Presence.PRESENT


def test_a_new_location_is_no_change_of_theirs(site, clock, clinic, home):
    Location.objects.all().delete()
    site.says(HOME, OFFER)
    assert read(site, home) == told()
    place_location(clinic, state="FL")
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])
    assert Flag.objects.get().cause == "rule_changed"


def test_a_law_asks_for_nothing_before_it_is_in_force(site, clock, home):
    StateRegime.objects.filter(state="FL").update(effective_on=date(2026, 11, 8))
    site.says(HOME, OFFER)
    assert read(site, home) == told()
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])


def test_a_changed_notice_is_a_change_of_ours(site, clock, home, about):
    site.says(HOME, OFFER)
    site.says(ABOUT, NOTICE)
    assert read(site, home, about) == told()
    StateRegime.objects.filter(state="FL").update(notice_parts=[r"\bunder florida law\b"])
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])
    StateRegime.objects.filter(state="FL").update(notice_parts=[r"\bnotice\b"])
    assert a_week_later(site, clock, home, about) == told(reclassified_flags=[FL])
    assert Flag.objects.get().presence == Presence.ABSENT


def test_a_law_that_asks_no_longer_ends_it_as_a_change_of_ours(site, clock, home):
    site.says(HOME, OFFER)
    read(site, home)
    StateRegime.objects.filter(state="FL").update(notice_required=False)
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])
    assert Flag.objects.get().presence == Presence.ABSENT


def test_a_graver_rating_opens_a_dismissed_flag_again(site, clock, home):
    site.says(HOME, OFFER)
    read(site, home)
    by = a_user("ada", "reviewer")
    triage.dismiss(Flag.objects.get(), dismissed_as="trivial", reason="A small site.", by=by, now=clock.now)
    Rule.objects.filter(key=FL).update(severity=5, version=2)
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])
    flag = Flag.objects.get()
    assert (flag.state, flag.severity, flag.findings.get().rule_version) == ("open", 5, 2)


def test_a_rule_that_no_longer_finds_the_words_ends_it_as_a_change_of_ours(site, clock, home):
    site.says(HOME, OFFER)
    read(site, home)
    Rule.objects.filter(key=FL).update(patterns=[r"\bexosomes\b"], version=2)
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])
    assert Flag.objects.get().presence == Presence.ABSENT


def test_an_inactive_rule_raises_nothing(site, home):
    Rule.objects.filter(kind=Rule.Kind.PAGE).update(active=False)
    site.says(HOME, OFFER, CERTIFIED)
    assert read(site, home) == told()


# Which pages


def test_a_page_of_others_proves_nothing_and_flags_nobody(site, clinic):
    letter = record_page("https://agency.example/letter", by=None, now=MONDAY, clinic=clinic, purpose="evidence")
    site.says("https://agency.example/letter", NOTICE, OFFER)
    site.says(HOME, CALM)
    assert read(site, letter, Page.objects.get(url=HOME)) == told()
    site.says(HOME, OFFER)
    assert read(site, Page.objects.get(url=HOME)) == told(new_flags=[FL])


def test_a_notice_page_that_is_no_longer_the_clinics_counts_no_more(site, clock, home, about):
    site.says(HOME, OFFER)
    site.says(ABOUT, NOTICE)
    read(site, home, about)
    PageUse.objects.filter(page=about).delete()
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])


def test_an_offering_page_that_is_no_longer_the_clinics_ends_it(site, clock, home, about):
    site.says(HOME, CALM)
    site.says(ABOUT, OFFER)
    read(site, home, about)
    PageUse.objects.filter(page=about).delete()
    assert a_week_later(site, clock, home) == told(reclassified_flags=[FL])
    assert Flag.objects.get().presence == Presence.ABSENT


def test_a_notice_page_that_is_gone_for_good_counts_no_more(site, clock, home, about):
    site.says(HOME, OFFER)
    site.says(ABOUT, NOTICE)
    read(site, home, about)
    site.serves(ABOUT, "<h1>Not found</h1>", status=404)
    assert a_week_later(site, clock, about) == told()
    assert a_week_later(site, clock, about) == told()
    assert a_week_later(site, clock, about) == told(new_flags=[FL])
    assert Flag.objects.get().cause == "page_changed"
    site.says(ABOUT, NOTICE)
    assert a_week_later(site, clock, about) == told(absent_flags=[FL])


def test_an_offering_page_that_is_gone_makes_it_unavailable(site, clock, home):
    site.says(HOME, OFFER)
    read(site, home)
    site.serves(HOME, "<h1>Not found</h1>", status=404)
    for _ in range(4):
        a_week_later(site, clock, home)
    assert Flag.objects.get().presence == Presence.UNAVAILABLE


def test_two_clinics_that_share_a_page_each_have_their_flag(site, clock, clinic, home):
    other = a_clinic("Hip House", "https://hips.example/", "FL")
    record_page(HOME, by=None, now=MONDAY, clinic=other)
    site.says(HOME, OFFER)
    site.says("https://hips.example/", NOTICE)
    own = Page.objects.get(url="https://hips.example/")
    assert read(site, home, own) == told(new_flags=[FL])
    assert Flag.objects.get().clinic == clinic
    site.says("https://hips.example/", CALM)
    assert a_week_later(site, clock, own) == told(new_flags=[FL])
    assert Flag.objects.count() == 2


def test_a_page_that_was_read_for_another_clinic_is_a_first_reading(site, home):
    site.says(HOME, OFFER)
    read(site, home)
    other = record_clinic("Hip House", "", by=None, now=MONDAY)
    place_location(other, state="FL")
    record_page(HOME, by=None, now=MONDAY, clinic=other)
    flag = Flag.objects.get(clinic=other)
    assert (flag.subject, flag.cause) == (FL, "first_reading")


def test_stored_texts_meet_a_new_law_as_a_change_of_ours(site, clock, clinic, home):
    StateRegime.objects.filter(state="FL").update(notice_required=False)
    site.says(HOME, OFFER)
    read(site, home)
    StateRegime.objects.filter(state="FL").update(notice_required=True)
    effects = rechecking.apply_snapshot(Snapshot.objects.get(), clinic, "rule_changed", clock.now)
    assert [(flag.subject, wording) for flag, wording in effects.reclassified] == [(FL, FL)]
    assert a_week_later(site, clock, home) == told()


def test_an_extractor_of_ours_tells_nothing_new(site, clock, home):
    site.says(HOME, CALM, OFFER, CERTIFIED)
    assert read(site, home) == told(new_flags=[BOARD_CERTIFIED, FL])
    PageState.objects.update(extractor_version="older")
    assert a_week_later(site, clock, home) == told()
    assert {flag.presence for flag in Flag.objects.all()} == {Presence.PRESENT}


def test_an_unchanged_site_is_written_with_the_others(site, clock, home, django_assert_max_num_queries):
    site.says(HOME, OFFER)
    read(site, home)
    a_week_later(site, clock, home)
    clock.days(7)
    with django_assert_max_num_queries(40):
        read(site, home)
    assert Flag.objects.get().sightings.get().misses == 0


# A board certification that nobody has checked


def test_a_board_certification_that_nobody_checked_is_flagged_once(site, clock, home, about):
    Location.objects.all().delete()
    site.says(HOME, CERTIFIED)
    site.says(ABOUT, "Nuestros médicos están certificados por el consejo.")
    assert read(site, home, about) == told(new_flags=[BOARD_CERTIFIED])
    flag = Flag.objects.get()
    assert (flag.subject, flag.evidence, flag.severity) == (BOARD_CERTIFIED, CERTIFIED, 2)
    assert (flag.category, flag.rule.key) == ("legitimacy_tokens", BOARD_CERTIFIED)
    assert a_week_later(site, clock, home, about) == told()


def test_it_ends_when_the_words_go(site, clock, home):
    site.says(HOME, CALM, CERTIFIED)
    read(site, home)
    site.says(HOME, CALM)
    assert a_week_later(site, clock, home) == told()
    assert a_week_later(site, clock, home) == told(absent_flags=[BOARD_CERTIFIED])


def test_other_words_for_it_are_the_same_flag(site, clock, home):
    site.says(HOME, CALM, CERTIFIED)
    read(site, home)
    site.says(HOME, CALM, "Every one of our surgeons is board certified.")
    for _ in range(3):
        assert a_week_later(site, clock, home) == told()
    assert Flag.objects.get().evidence == "Every one of our surgeons is board certified."


@pytest.mark.parametrize(
    ("kind", "outcome", "flagged"),
    [
        ("board_certification", "verified", False),
        ("board_certification", "not_found", True),
        ("state_licence", "verified", True),
    ],
)
def test_a_published_check_that_found_it_stops_new_ones(site, clinic, home, kind, outcome, flagged):
    a_published_credential(clinic, outcome, kind=a_kind(kind))
    site.says(HOME, CERTIFIED)
    assert read(site, home) == (told(new_flags=[BOARD_CERTIFIED]) if flagged else told())


def test_a_draft_of_a_check_stops_nothing(site, clinic, home):
    a_check(clinic, kind=a_kind("board_certification"))
    site.says(HOME, CERTIFIED)
    assert read(site, home) == told(new_flags=[BOARD_CERTIFIED])


def test_a_check_that_comes_later_leaves_the_flag_to_a_person(site, clock, clinic, home):
    site.says(HOME, CALM, CERTIFIED)
    read(site, home)
    a_published_credential(clinic, kind=a_kind("board_certification"))
    assert a_week_later(site, clock, home) == told()
    assert Flag.objects.get().presence == Presence.PRESENT
    site.says(HOME, CALM)
    a_week_later(site, clock, home)
    assert a_week_later(site, clock, home) == told(absent_flags=[BOARD_CERTIFIED])
    site.says(HOME, CALM, CERTIFIED)
    assert a_week_later(site, clock, home) == told()
