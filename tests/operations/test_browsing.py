"""Which pages a browser reads, and what its readings do to flags; the browser itself has tests in `tests/web`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinics.domain.outcome import Outcome
from clinics.models import Cause, Flag, Host, Page, PageState, Snapshot
from clinics.operations import browsing, rechecking
from clinics.operations.recording import record_clinic, record_page, set_by_browser
from clinics.operations.refusal import Refusal
from clinics.operations.ways import AS_SENT, PAGE_TIMEOUT, TURN_SECONDS, Way
from clinics.web.chromium import BrowserFault, Chromium
from clinics.web.visiting import PageRequest
from tests.operations.reading import MONDAY, Clock, Site, a_rule
from tracker.celery import HARD_LIMIT, SOFT_LIMIT

HOME = "https://knees.example/"
PROMISE = "We guarantee lasting relief for every knee."
CALM = ("Our team has worked in this town for years.", "Knee House is in Example Street.", "We open at nine.")
PICTURE = b"\x89PNG\r\n\x1a\n and so on"
BY_BROWSER = Way(Chromium("/usr/bin/chromium"))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def browser(settings):
    settings.FETCH_HOST_DELAY = 0
    settings.BROWSER_ENABLED = True


@pytest.fixture
def site(clock):
    return BrowsedSite(clock)


@pytest.fixture
def page():
    a_rule("guarantee", r"\bguarantee\b")
    return record_clinic("Knee House", HOME, by=None, now=MONDAY).website


class BrowsedSite(Site):
    """A site whose pages say more in a browser."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.requests: list[PageRequest] = []
        self.by_script: list[str] = []

    def visit(self, visits, *, on_answer, chromium=None, **other):
        def hear(request, answer):
            self.requests.append(request)
            if chromium is not None and answer.trouble is None:
                text = "".join(f"<p>{paragraph}</p>" for paragraph in self.by_script)
                body = answer.body.replace(b"</body>", text.encode() + b"</body>")
                answer = replace(answer, body=body, served=answer.body, picture=PICTURE, by_browser=True)
            on_answer(request, answer)

        super().visit(visits, on_answer=hear, **other)

    def read_by_browser(self):
        return rechecking.recheck_due(self.clock, most_hosts=1, visit=self.visit, way=BY_BROWSER)


def test_a_page_is_read_by_a_browser_where_staff_chose_so_and_by_nobody_else(site, clock, page):
    set_by_browser(page, True, now=MONDAY)
    site.says(HOME, *CALM)
    site.by_script = [PROMISE]
    assert site.read_due() == []
    [written] = site.read_by_browser()
    assert written.outcome is Outcome.OK
    assert Flag.objects.get().sentence == PROMISE
    assert PageState.objects.get(page=page).by_browser


def test_an_ordinary_page_is_none_of_the_browsers(site, clock, page):
    site.says(HOME, *CALM)
    assert site.read_by_browser() == []
    assert len(site.read_due()) == 1


def test_where_no_browser_is_enabled_such_a_page_is_read_as_it_is_sent(site, page, settings):
    set_by_browser(page, True, now=MONDAY)
    settings.BROWSER_ENABLED = False
    site.says(HOME, *CALM)
    assert len(site.read_due()) == 1
    assert browsing.browser_batches_due(MONDAY) == 0


def test_a_browser_asks_for_the_whole_page_each_time(site, clock, page):
    """That its document has not changed would say nothing of what its scripts make."""
    site.says(HOME, *CALM)
    site.answers[HOME] = replace(site.answers[HOME], headers={**site.answers[HOME].headers, "etag": '"1"'})
    site.read_due()
    clock.days(7)
    site.read_due()
    assert site.requests[-1].etag == '"1"'
    set_by_browser(page, True, now=clock())
    site.read_by_browser()
    assert site.requests[-1].etag == ""


def test_what_is_read_only_since_the_switch_is_a_change_of_ours(site, clock, page):
    site.says(HOME, *CALM)
    site.read_due()
    set_by_browser(page, True, now=clock())
    site.by_script = [PROMISE]
    [written] = site.read_by_browser()
    [effects] = written.effects.values()
    assert ([words for _, words in effects.new], [words for _, words in effects.reclassified]) == ([], [PROMISE])
    assert Flag.objects.get().cause == Cause.EXTRACTOR_CHANGED


def test_what_the_scripts_say_anew_later_is_a_change_of_theirs(site, clock, page):
    set_by_browser(page, True, now=MONDAY)
    site.says(HOME, *CALM)
    site.read_by_browser()
    clock.days(7)
    site.by_script = [PROMISE]
    [written] = site.read_by_browser()
    [effects] = written.effects.values()
    assert [words for _, words in effects.new] == [PROMISE]
    assert Flag.objects.get().cause == Cause.PAGE_CHANGED


def test_what_is_not_read_any_more_without_the_browser_is_a_change_of_ours(site, clock, page):
    """And no loss of the page's: it is not suspended as shrunk."""
    set_by_browser(page, True, now=MONDAY)
    site.says(HOME, *CALM)
    site.by_script = [PROMISE, *(f"The script tells of room number {n} of our house." for n in range(30))]
    site.read_by_browser()
    set_by_browser(page, False, now=clock())
    [written] = site.read_due()
    [effects] = written.effects.values()
    assert written.outcome is Outcome.OK
    assert (effects.absent, [words for _, words in effects.reclassified]) == ([], [PROMISE])


def test_a_wording_that_both_ways_read_stays_one_present_flag(site, clock, page):
    site.says(HOME, *CALM, PROMISE)
    site.read_due()
    set_by_browser(page, True, now=clock())
    site.by_script = ["The script tells of our house."]
    [written] = site.read_by_browser()
    [effects] = written.effects.values()
    assert (effects.new, effects.absent, effects.reclassified) == ([], [], [])
    assert Flag.objects.get().presence == "present"


def test_a_page_that_could_not_be_opened_is_no_observation(site, page):
    set_by_browser(page, True, now=MONDAY)
    site.fails(HOME, Outcome.ERROR)
    [written] = site.read_by_browser()
    assert (written.outcome, Flag.objects.count()) == (Outcome.ERROR, 0)


def test_the_command_reads_each_page_in_its_own_way(site, clock, page, monkeypatch):
    monkeypatch.setattr(rechecking, "by_browser", lambda: BY_BROWSER)
    other = record_page("https://hips.example/", by=None, now=MONDAY)
    set_by_browser(page, True, now=MONDAY)
    for url in (HOME, other.url):
        site.says(url, *CALM)
    site.by_script = [PROMISE]
    assert len(site.read(page, other)) == 2
    texts = {snapshot.page: snapshot.body for snapshot in Snapshot.objects.all()}
    assert {page: True, other: False} == {each: PageState.objects.get(page=each).by_browser for each in texts}


def test_a_machine_whose_browser_does_not_begin_leaves_everything_due(clock, page):
    set_by_browser(page, True, now=MONDAY)

    def fails(*_, **__):
        raise BrowserFault("This machine's Chromium does not begin.")

    with pytest.raises(Refusal, match="does not begin"):
        rechecking.recheck_due(clock, visit=fails, way=BY_BROWSER)
    state = PageState.objects.get(page=page)
    assert (state.last_tried_at, state.failures) == (None, 0)
    assert Host.objects.get(pk=page.host_id).lease_token is None


def test_a_machine_without_a_browser_says_so_and_leaves_everything_due(clock, page, monkeypatch):
    set_by_browser(page, True, now=MONDAY)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Refusal, match="apt-get install chromium"):
        browsing.work_by_browser(clock)
    assert PageState.objects.get(page=page).last_tried_at is None


def test_nobody_switches_to_a_browser_that_is_not_enabled(page, settings):
    settings.BROWSER_ENABLED = False
    with pytest.raises(Refusal, match="BROWSER_ENABLED"):
        set_by_browser(page, True, now=MONDAY)
    assert not Page.objects.get(pk=page.pk).by_browser


def test_the_browsers_work_is_counted_by_hosts_and_apart(page):
    other = record_page("https://hips.example/", by=None, now=MONDAY)
    assert (rechecking.batches_due(MONDAY), browsing.browser_batches_due(MONDAY)) == (1, 0)
    set_by_browser(page, True, now=MONDAY)
    assert (rechecking.batches_due(MONDAY), browsing.browser_batches_due(MONDAY)) == (1, 1)
    set_by_browser(other, True, now=MONDAY)
    assert (rechecking.batches_due(MONDAY), browsing.browser_batches_due(MONDAY)) == (0, 2)
    assert browsing.browser_batches_due(MONDAY - timedelta(days=1)) == 0


@pytest.mark.parametrize("way", [AS_SENT, BY_BROWSER])
def test_a_turn_ends_before_its_worker_is_stopped(way):
    """The last page is begun before `turn_seconds` and takes `seconds`."""
    begun_last = way.turn_seconds + (way.seconds if way.by_browser else 0)
    assert begun_last <= TURN_SECONDS < SOFT_LIMIT < HARD_LIMIT
    assert way.seconds >= PAGE_TIMEOUT
