"""Pages that a clinic's own pages link to are proposed, bounded and once, and read only when a person accepted them."""

import pytest

from clinics.models import Page, PageProposal, PageUse
from clinics.operations import proposals, proposing
from clinics.operations.recording import record_clinic, record_page
from clinics.operations.refusal import Refusal
from clinics.operations.robots_cache import DatabaseRobots
from clinics.web.guest import StoredRobots
from tests.build import a_proposal, a_user
from tests.operations.reading import MONDAY

HOME = "https://knees.example/"
TEXT = "<p>We look after knees.</p>"
BOTH = ["pricing", "hidden/cells"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0


@pytest.fixture
def clinic():
    return record_clinic("Knee House", HOME, by=None, now=MONDAY)


def serve(site, *paths, text=TEXT, url=HOME):
    """The page links to these paths; their last part is the link's text."""
    anchors = "".join(f'<a href="{path}">{path.rsplit("/", 1)[-1]}</a> ' for path in paths)
    site.serves(url, f"<html><body>{text}<nav>{anchors}</nav></body></html>")


def proposed(**wanted):
    return [each.url.removeprefix(HOME) for each in PageProposal.objects.filter(**wanted).likeliest_first()]


def test_links_of_a_first_reading_are_proposed_likeliest_first_and_nothing_else_happens(site, clinic):
    serve(site, "/contact", "/faq", "/conditions/knee", "/login", "/logo.png", "https://hips.example/", "/")
    site.read(clinic.website)
    assert proposed() == ["conditions/knee", "faq", "contact"]
    first = PageProposal.objects.likeliest_first()[0]
    assert (first.anchor, first.source, first.found_on, first.first_seen_at) == (
        "knee",
        "link",
        clinic.website,
        MONDAY,
    )
    assert Page.objects.get() == clinic.website
    assert site.asked == [HOME]


def test_an_unchanged_page_is_not_searched_for_links(site, clinic, clock, monkeypatch):
    serve(site, "/faq")
    site.read(clinic.website)
    searched = []
    monkeypatch.setattr(proposing, "links", lambda *given: searched.append(given) or ())
    clock.days(7)
    site.read(clinic.website)
    site.serves(HOME, site.answers[HOME].body.decode().replace("<body>", '<body class="x">'))
    site.read(clinic.website)
    assert searched == []
    serve(site, "/faq", text="<p>We look after knees and hips.</p>")
    site.read(clinic.website)
    assert len(searched) == 1


def test_a_new_link_on_a_changed_page_is_proposed_and_a_known_one_stays_as_it_was(site, clinic, clock):
    serve(site, "/faq")
    site.read(clinic.website)
    clock.days(7)
    serve(site, "/faq", "/pricing")
    site.read(clinic.website)
    assert set(proposed()) == {"faq", "pricing"}
    assert PageProposal.objects.get(identity="knees.example/faq").first_seen_at == MONDAY


def test_a_page_that_is_recorded_already_is_not_proposed_however_it_is_linked(site, clinic):
    record_page("http://www.knees.example/faq/", by=None, now=MONDAY, clinic=clinic, purpose=PageUse.Purpose.EVIDENCE)
    serve(site, "/faq?utm_source=menu", "/pricing")
    site.read(clinic.website)
    assert proposed() == ["pricing"]


def test_a_page_of_another_site_of_the_clinic_is_proposed(site, clinic):
    record_page("https://knee-cells.example/", by=None, now=MONDAY, clinic=clinic)
    serve(site, "https://www.knee-cells.example/exosomes", "https://hips.example/exosomes")
    site.read(clinic.website)
    assert proposed() == ["https://www.knee-cells.example/exosomes"]


def test_a_page_that_is_no_clinics_own_proposes_nothing(site, clinic):
    url = "https://agency.example/letter"
    letter = record_page(url, by=None, now=MONDAY, clinic=clinic, purpose=PageUse.Purpose.EVIDENCE)
    serve(site, "/other-letter", url=url)
    site.read(letter)
    assert proposed() == []


@pytest.mark.parametrize(("status", "left"), [(200, ["pricing"]), (404, BOTH), (503, BOTH)])
def test_what_robots_txt_asks_not_to_read_is_not_proposed(site, clinic, status, left):
    text = "User-agent: ClinicDirectoryReader\nDisallow: /hidden/\n"
    DatabaseRobots().put("knees.example", StoredRobots(text if status == 200 else "", status, MONDAY))
    serve(site, "/hidden/cells", "/pricing")
    site.read(clinic.website)
    assert proposed() == left


def test_a_page_on_a_platform_of_strangers_proposes_nothing(site, clinic):
    url = "https://www.facebook.com/kneehouse"
    profile = record_page(url, by=None, now=MONDAY, clinic=clinic)
    serve(site, "/marketplace", "https://knees.example/faq", url=url)
    site.read(profile)
    serve(site, "https://www.facebook.com/other")
    site.read(clinic.website)
    assert proposed() == []


@pytest.mark.parametrize("sharing", [proposing.MOST_SHARING, proposing.MOST_SHARING + 1])
def test_a_page_that_many_clinics_share_says_nothing_of_whose_its_neighbours_are(site, clinic, sharing):
    for number in range(sharing - 1):
        record_clinic(f"Knee House {number}", HOME, by=None, now=MONDAY)
    serve(site, "/faq")
    site.read(clinic.website)
    assert PageProposal.objects.count() == (sharing if sharing == proposing.MOST_SHARING else 0)


def test_at_most_so_many_wait_and_the_least_likely_give_way(site, clinic, clock, settings):
    settings.PROPOSALS_PER_CLINIC = 3
    serve(site, "/contact", "/about", "/faq", "/x1")
    site.read(clinic.website)
    assert proposed() == ["faq", "about", "x1"]
    clock.days(7)
    serve(site, "/stem-cells", "/x2", "/contact", "/about", "/faq", "/x1")
    site.read(clinic.website)
    assert proposed() == ["stem-cells", "faq", "about"]


def test_what_a_person_decided_neither_gives_way_nor_takes_up_room(site, clinic, clock, settings):
    settings.PROPOSALS_PER_CLINIC = 1
    a_proposal(clinic, HOME + "contact", likelihood=-5, state="declined", decided_by=a_user(), decided_at=MONDAY)
    serve(site, "/contact", "/faq", "/x1")
    site.read(clinic.website)
    assert proposed(state="proposed") == ["faq"]
    assert proposed(state="declined") == ["contact"]


def test_none_are_proposed_where_none_are_wanted(site, clinic, settings):
    settings.PROPOSALS_PER_CLINIC = 0
    serve(site, "/faq")
    site.read(clinic.website)
    assert proposed() == []
    assert site.sitemaps_asked == []


def test_a_declined_page_never_comes_again(site, clinic, clock):
    serve(site, "/faq")
    site.read(clinic.website)
    proposals.decline(PageProposal.objects.get(), by=a_user("recorder"), now=clock.now)
    clock.days(7)
    serve(site, "/faq?utm_source=x", "http://www.knees.example/faq/", text="<p>We look after knees and hips.</p>")
    site.read(clinic.website)
    [kept] = PageProposal.objects.all()
    assert (kept.state, kept.decided_by.username, kept.decided_at) == ("declined", "recorder", MONDAY)


def test_an_accepted_page_is_recorded_as_the_clinics_own_and_due_now(site, clinic, clock):
    serve(site, "/faq")
    site.read(clinic.website)
    clock.days(1)
    page = proposals.accept(PageProposal.objects.get(), by=a_user("recorder"), now=clock.now)
    assert PageUse.objects.get(page=page).clinic == clinic
    assert PageUse.objects.get(page=page).purpose == PageUse.Purpose.CLINIC_PAGE
    assert (page.url, page.created_by.username, page.state.due_at) == (HOME + "faq", "recorder", clock.now)
    kept = PageProposal.objects.get()
    assert (kept.state, kept.decided_by.username, kept.decided_at) == ("accepted", "recorder", clock.now)


def test_a_person_may_change_a_refusal_and_cannot_accept_or_decline_twice(clinic):
    proposal = a_proposal(clinic, HOME + "faq")
    proposals.decline(proposal, by=a_user(), now=MONDAY)
    with pytest.raises(Refusal, match="already"):
        proposals.decline(proposal, by=a_user(), now=MONDAY)
    proposals.accept(proposal, by=a_user("second"), now=MONDAY)
    with pytest.raises(Refusal, match="already"):
        proposals.accept(proposal, by=a_user(), now=MONDAY)
    with pytest.raises(Refusal, match="already"):
        proposals.decline(proposal, by=a_user(), now=MONDAY)
    assert [event.state for event in proposal.events.order_by("pgh_id")] == ["proposed", "declined", "accepted"]


def test_an_address_that_is_not_visited_is_refused_and_stays_proposed(clinic):
    proposal = a_proposal(clinic, "https://knees.example:22/faq")
    with pytest.raises(Refusal, match="Port 22"):
        proposals.accept(proposal, by=a_user(), now=MONDAY)
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


@pytest.mark.parametrize(("by", "left"), [("ada", ["accepted"]), (None, [])])
def test_a_page_that_is_recorded_by_hand_or_import_is_proposed_no_more(clinic, by, left):
    a_proposal(clinic, HOME + "faq")
    other = record_clinic("Hip House", "https://hips.example/", by=None, now=MONDAY)
    a_proposal(other, HOME + "faq")
    record_page(HOME + "faq/", by=by and a_user(by), now=MONDAY, clinic=clinic)
    assert [each.state for each in PageProposal.objects.filter(clinic=clinic)] == left
    assert [each.state for each in PageProposal.objects.filter(clinic=other)] == ["proposed"]


def test_an_import_does_not_overrule_a_refusal(clinic):
    a_proposal(clinic, HOME + "faq", state="declined", decided_by=a_user(), decided_at=MONDAY)
    record_page(HOME + "faq", by=None, now=MONDAY, clinic=clinic)
    assert PageProposal.objects.get().state == "declined"
