"""A host's sitemaps are asked for at the end of its turn, once a month, and what they name is proposed."""

import gzip

import pytest

from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.models import Host, Page, PageProposal, PageUse
from clinics.operations import sitemaps
from clinics.operations.proposing import MOST_SHARING
from clinics.operations.rechecking import recheck_pages
from clinics.operations.recording import record_clinic, record_page
from clinics.operations.robots_cache import DatabaseRobots
from clinics.web.guest import StoredRobots
from tests.operations.reading import MONDAY, Site
from tests.stranger import Stranger

HOME = "https://knees.example/"
MAP = HOME + "sitemap.xml"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0


@pytest.fixture
def site(clock):
    made = Site(clock)
    made.says(HOME, "We look after knees.")
    return made


@pytest.fixture
def clinic():
    return record_clinic("Knee House", HOME, by=None, now=MONDAY)


def names(site, url, *addresses, entry="url"):
    """The sitemap at this URL names these addresses."""
    root = "urlset" if entry == "url" else "sitemapindex"
    entries = "".join(f"<{entry}><loc>{address}</loc></{entry}>" for address in addresses)
    serves(site, url, f"<{root}>{entries}</{root}>".encode())


def serves(site, url, body, status=200):
    site.answers[url] = Answer(url, url, status, {"content-type": "application/xml"}, body)


def robots(*lines):
    DatabaseRobots().put("knees.example", StoredRobots("\n".join(lines), 200, MONDAY))


def proposed():
    return [each.url.removeprefix(HOME) for each in PageProposal.objects.likeliest_first()]


def told():
    return Host.objects.get(name="knees.example").sitemap_told


def test_what_a_sitemap_names_is_proposed_and_not_read(site, clinic):
    names(site, MAP, HOME, HOME + "faq", HOME + "knee-pain", HOME + "tag/x", "https://hips.example/faq")
    site.read(clinic.website)
    assert proposed() == ["knee-pain", "faq"]
    assert {(each.source, each.sitemap, each.found_on) for each in PageProposal.objects.all()} == {
        ("sitemap", MAP, None)
    }
    assert (site.asked, site.sitemaps_asked) == ([HOME], [MAP])
    assert Page.objects.count() == 1
    assert told() == "Files read: 1; addresses named: 5; pages proposed: 2."


def test_a_host_is_asked_at_the_end_of_its_turn_and_again_after_a_month(site, clinic, clock):
    order = []
    site.before_each = lambda request: order.extend(site.sitemaps_asked)
    names(site, MAP)
    site.read(clinic.website)
    clock.days(7)
    site.read(clinic.website)
    assert (order, site.sitemaps_asked) == ([MAP], [MAP])
    clock.now = MONDAY + sitemaps.ASKED_AGAIN
    site.read(clinic.website)
    assert site.sitemaps_asked == [MAP, MAP]


def test_robots_txt_says_where_sitemaps_stand(site, clinic):
    one, two = HOME + "one.xml", "https://www.knees.example/two.xml.gz"
    robots(f"Sitemap: {one}", f"Sitemap: {two}", f"Sitemap: {one}", "Sitemap: https://hips.example/three.xml")
    names(site, one, HOME + "faq")
    serves(site, two, gzip.compress(f"<urlset><url><loc>{HOME}hip</loc></url></urlset>".encode()))
    site.read(clinic.website)
    assert site.sitemaps_asked == [one, two]
    assert proposed() == ["hip", "faq"]


def test_an_index_leads_to_further_sitemaps_those_of_pages_before_those_of_archives(site, clinic):
    files = [HOME + f"{kind}-sitemap.xml" for kind in ("author", "page", "image", "post")]
    names(site, MAP, *files, "https://hips.example/page-sitemap.xml", entry="sitemap")
    for url in files:
        names(site, url, url.replace(".xml", ""))
    site.read(clinic.website)
    assert site.sitemaps_asked == [MAP, files[1], files[3], files[0], files[2]]


def test_indexes_that_lead_in_circles_or_without_end_are_left(site, clinic):
    names(site, MAP, MAP, HOME + "a.xml", entry="sitemap")
    names(site, HOME + "a.xml", MAP, HOME + "b.xml", entry="sitemap")
    names(site, HOME + "b.xml", HOME + "c.xml", entry="sitemap")
    site.read(clinic.website)
    assert site.sitemaps_asked == [MAP, HOME + "a.xml", HOME + "b.xml"]


def test_only_so_many_files_are_asked_for(site, clinic):
    names(site, MAP, *(HOME + f"part-{number}.xml" for number in range(100)), entry="sitemap")
    site.read(clinic.website)
    assert len(site.sitemaps_asked) == sitemaps.MOST_FILES


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>', "document type"),
        (gzip.compress(b"\0" * 30_000_000), "unpacks to more"),
        (b"<html><body>Hello</body></html>", "another kind"),
    ],
)
def test_a_hostile_file_proposes_nothing_and_staff_are_told_why(site, clinic, body, why):
    serves(site, MAP, body)
    [written] = site.read(clinic.website)
    assert written.outcome is Outcome.OK
    assert proposed() == []
    assert why in told()


def test_a_site_without_sitemap_is_not_asked_again_at_once(site, clinic):
    site.read(clinic.website)
    site.read(clinic.website)
    assert site.sitemaps_asked == [MAP]
    assert "status 404" in told()


@pytest.mark.parametrize(
    ("outcome", "again"), [(Outcome.ERROR, True), (Outcome.BUSY, True), (Outcome.ROBOTS_DENIED, False)]
)
def test_a_host_that_did_not_speak_is_asked_again_next_time(site, clinic, outcome, again):
    site.fails(MAP, outcome)
    site.read(clinic.website)
    site.read(clinic.website)
    assert site.sitemaps_asked == ([MAP, MAP] if again else [MAP])


def test_a_host_that_wants_rest_is_asked_for_no_further_file_and_gets_it(site, clinic):
    names(site, MAP, HOME + "a.xml", HOME + "b.xml", entry="sitemap")
    wish = {"retry_after": 600, "trouble": Outcome.BUSY, "reason": "Busy."}
    site.answers[HOME + "a.xml"] = Answer(HOME + "a.xml", HOME + "a.xml", **wish)
    site.read(clinic.website)
    assert site.sitemaps_asked == [MAP, HOME + "a.xml"]
    assert (Host.objects.get(name="knees.example").free_at - MONDAY).total_seconds() == 600


def test_the_host_stays_ours_until_its_sitemaps_are_read_and_is_then_free(site, clinic):
    leases = []
    names(site, MAP, HOME + "faq")
    visit = site.visit

    def watching(visits, *, on_answer, **more):
        def hear(request, answer):
            leases.append(Host.objects.get(name="knees.example").lease_token is not None)
            on_answer(request, answer)

        visit(visits, on_answer=hear, **more)

    site.visit = watching
    site.read(clinic.website)
    assert leases == [True, True, True]
    assert Host.objects.get(name="knees.example").lease_token is None


def test_a_host_without_a_clinics_own_page_is_not_asked(site, clinic):
    url = "https://agency.example/letter"
    letter = record_page(url, by=None, now=MONDAY, clinic=clinic, purpose=PageUse.Purpose.EVIDENCE)
    site.says(url, "Dear Knee House.")
    site.read(letter)
    assert site.sitemaps_asked == []


def test_a_platform_of_strangers_is_not_asked(site, clinic):
    url = "https://www.facebook.com/kneehouse"
    profile = record_page(url, by=None, now=MONDAY, clinic=clinic)
    site.says(url, "Hello.")
    site.read(profile)
    assert site.sitemaps_asked == []


def test_a_host_that_many_clinics_share_is_not_asked(site, clinic):
    for number in range(MOST_SHARING):
        record_clinic(f"Knee House {number}", HOME, by=None, now=MONDAY)
    site.read(clinic.website)
    assert site.sitemaps_asked == []


def test_links_and_sitemap_propose_a_page_once(site, clinic):
    site.serves(HOME, '<html><body><p>We look after knees.</p><a href="/faq">Questions</a></body></html>')
    names(site, MAP, HOME + "faq/")
    site.read(clinic.website)
    [one] = PageProposal.objects.all()
    assert (one.source, one.anchor) == ("link", "Questions")


@pytest.fixture
def stranger(settings):
    with Stranger() as playing:
        settings.FETCH_TEST_SERVERS = f"*.test=127.0.0.1:{playing.port}"
        playing.says("knees.test", "/", "<h1>Knees</h1><p>We look after knees.</p>")
        yield playing


def read_for_real(clock):
    clinic = record_clinic("Knee House", "http://knees.test/", by=None, now=MONDAY)
    [written] = recheck_pages([clinic.website_id], clock)
    return written.outcome


def urlset(*addresses):
    return f"<urlset>{''.join(f'<url><loc>{address}</loc></url>' for address in addresses)}</urlset>"


def asked(stranger):
    """What was asked for, without the address that cannot exist."""
    return [path for path in stranger.paths if len(path) != len("knees.test/") + 20]


def test_over_the_network_robots_txt_comes_first_and_the_sitemap_last(stranger, clock):
    stranger.robots("knees.test", "User-agent: *\nDisallow: /private/\nSitemap: http://knees.test/map.xml.gz")
    packed = gzip.compress(urlset("http://knees.test/hip", "http://hips.test/hip", "http://10.0.0.1/hip").encode())
    stranger.says("knees.test", "/map.xml.gz", packed, headers={"Content-Type": "application/x-gzip"})
    assert read_for_real(clock) is Outcome.OK
    assert asked(stranger) == ["knees.test/robots.txt", "knees.test/", "knees.test/map.xml.gz"]
    assert [each.url for each in PageProposal.objects.all()] == ["http://knees.test/hip"]


def robots_say_no(stranger):
    stranger.robots("knees.test", "User-agent: *\nDisallow: /map.xml\nSitemap: http://knees.test/map.xml")


def leads_to_others(stranger):
    stranger.redirects("knees.test", "/sitemap.xml", "http://hips.test/sitemap.xml")
    stranger.says("hips.test", "/sitemap.xml", urlset("http://knees.test/hip"))


def leads_inside(stranger):
    stranger.redirects("knees.test", "/sitemap.xml", "http://127.0.0.1/sitemap.xml")


BAD_MANNERS = {
    "robots.txt asks not to read it": (robots_say_no, "robots.txt asks not to"),
    "it leads to another site": (leads_to_others, "to another site"),
    "it leads into our network": (leads_inside, "not an address on the public internet"),
    "it is a bomb on the wire": (lambda stranger: stranger.bombs("knees.test", "/sitemap.xml"), "unpacks to more"),
    "it has no end": (lambda stranger: stranger.endless("knees.test", "/sitemap.xml"), "larger than"),
}


@pytest.mark.parametrize("kind", BAD_MANNERS)
def test_over_the_network_a_sitemap_with_bad_manners_harms_nothing(stranger, clock, kind):
    misbehave, why = BAD_MANNERS[kind]
    misbehave(stranger)
    assert read_for_real(clock) is Outcome.OK
    assert not PageProposal.objects.exists()
    assert why in Host.objects.get(name="knees.test").sitemap_told
    assert not {"knees.test/map.xml", "hips.test/sitemap.xml"} & set(stranger.paths)
