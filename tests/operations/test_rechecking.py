from dataclasses import replace
from datetime import timedelta

import pytest

from clinics.domain.answer import Answer
from clinics.domain.inspection import inspect
from clinics.domain.outcome import Outcome
from clinics.domain.presence import Presence
from clinics.models import Cause, Check, Flag, Host, Location, Page, PageState, PageUse, Sighting, Snapshot
from clinics.operations import readings, rechecking, recording
from clinics.operations.recording import record_clinic, record_page
from clinics.published.freshness import link_to
from tests.build import a_user
from tests.operations.proof import by_sql
from tests.operations.reading import MONDAY, a_rule

HOME = "https://knees.example/"
ABOUT = "https://knees.example/about"
PROMISE = "We guarantee lasting relief for every knee."
CALM = "Our team has worked in this town for years."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence_in_a_folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0


@pytest.fixture
def rule():
    return a_rule("guarantee", r"\bguarantee\b")


@pytest.fixture
def clinic(rule):
    return record_clinic("Knee House", HOME, by=None, now=MONDAY)


@pytest.fixture
def page(clinic):
    return Page.objects.get(identity__contains="knees.example")


def read_weekly(site, clock, page, times=1):
    written = []
    for _ in range(times):
        clock.days(7)
        written = site.read(page)
    return written


def test_a_first_reading_raises_a_flag_and_says_so(site, page, clinic):
    site.says(HOME, CALM, PROMISE)
    [written] = site.read(page)
    [flag] = Flag.objects.all()
    assert (flag.sentence, flag.cause, flag.clinic) == (PROMISE, Cause.FIRST_READING, clinic)
    assert [wording for _, wording in written.effects[clinic.public_id].new] == [PROMISE]


def test_reading_the_same_words_again_raises_nothing(site, page, clock):
    site.says(HOME, CALM, PROMISE)
    site.read(page)
    [again] = read_weekly(site, clock, page)
    assert again.outcome is Outcome.UNCHANGED
    assert Flag.objects.count() == 1
    assert Snapshot.objects.count() == 1
    assert Check.objects.count() == 2


def test_a_new_promise_is_told_as_a_change_of_the_page(site, page, clock, clinic):
    site.says(HOME, CALM)
    site.read(page)
    assert not Flag.objects.exists()
    site.says(HOME, CALM, PROMISE)
    [written] = read_weekly(site, clock, page)
    assert Flag.objects.get().cause == Cause.PAGE_CHANGED
    assert len(written.effects[clinic.public_id].new) == 1


def test_a_moved_sentence_or_a_harmless_one_is_nothing_new(site, page, clock):
    site.says(HOME, CALM, PROMISE)
    site.read(page)
    site.says(HOME, PROMISE, CALM, "We are open on Saturdays.")
    [written] = read_weekly(site, clock, page)
    assert not any(effects.new for effects in written.effects.values())
    assert Flag.objects.count() == 1


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.ROBOTS_DENIED, Outcome.BUSY, Outcome.TOO_LARGE])
def test_a_page_that_could_not_be_read_is_no_observation(site, page, clock, outcome):
    site.says(HOME, CALM, PROMISE)
    site.read(page)
    site.fails(HOME, outcome)
    read_weekly(site, clock, page, times=4)
    page.state.refresh_from_db()
    assert Flag.objects.get().presence == Presence.PRESENT
    assert page.state.last_read_at == MONDAY
    assert page.state.last_tried_at > MONDAY


def test_wording_is_absent_after_two_good_readings_without_it_and_returns(site, page, clock, clinic):
    site.says(HOME, CALM, PROMISE)
    site.read(page)
    site.says(HOME, CALM)
    read_weekly(site, clock, page)
    assert Flag.objects.get().presence == Presence.PRESENT
    [second] = read_weekly(site, clock, page)
    assert Flag.objects.get().presence == Presence.ABSENT
    assert len(second.effects[clinic.public_id].absent) == 1
    site.says(HOME, CALM, PROMISE)
    [back] = read_weekly(site, clock, page)
    assert Flag.objects.get().presence == Presence.RETURNED
    assert len(back.effects[clinic.public_id].returned) == 1
    assert not back.effects[clinic.public_id].new


def test_a_page_not_found_makes_wording_unavailable_only_after_three_tries_over_six_days(site, page, clock):
    site.says(HOME, CALM, PROMISE)
    site.read(page)
    site.serves(HOME, "<h1>Not found</h1>", status=404)
    for _ in range(3):
        clock.days(1)
        site.read(page)
    assert Flag.objects.get().presence == Presence.PRESENT
    clock.days(4)
    site.read(page)
    assert Flag.objects.get().presence == Presence.UNAVAILABLE


def test_the_same_wording_on_two_pages_is_one_flag_with_two_sightings(site, page, clinic):
    about = record_page(ABOUT, by=None, now=MONDAY, clinic=clinic)
    site.says(HOME, PROMISE)
    site.says(ABOUT, PROMISE.upper())
    site.read(page, about)
    assert Flag.objects.count() == 1
    assert Sighting.objects.count() == 2


def test_a_page_shared_by_two_clinics_flags_each_once(site, page, clinic):
    other = record_clinic("Hip House", HOME, by=None, now=MONDAY)
    site.says(HOME, PROMISE)
    [written] = site.read(page)
    assert set(written.effects) == {clinic.public_id, other.public_id}
    assert Flag.objects.count() == 2


def test_a_page_recorded_as_evidence_flags_nobody(site, clinic):
    letter = record_page(
        "https://agency.example/letter", by=None, now=MONDAY, clinic=clinic, purpose=PageUse.Purpose.EVIDENCE
    )
    site.says("https://agency.example/letter", PROMISE)
    [written] = site.read(letter)
    assert written.outcome is Outcome.OK
    assert not Flag.objects.exists()


def test_an_edited_number_is_a_variant_of_the_same_flag(site, page, clock):
    site.says(HOME, "We guarantee relief for only $4,900 today.")
    site.read(page)
    site.says(HOME, "We guarantee relief for only $5,300 today.")
    [written] = read_weekly(site, clock, page)
    [flag] = Flag.objects.all()
    assert flag.sentence.endswith("$5,300 today.")
    assert flag.variants.count() == 1
    assert not any(effects.new for effects in written.effects.values())


def test_a_negation_edited_out_is_new(site, page, clock, clinic):
    a_rule("approved", r"\bfda[- ]approved\b", severity=5, category="fda_approval")
    site.says(HOME, CALM, "Our cells are not FDA approved.")
    site.read(page)
    assert not Flag.objects.exists()
    site.says(HOME, CALM, "Our cells are FDA approved.")
    [written] = read_weekly(site, clock, page)
    assert len(written.effects[clinic.public_id].new) == 1


def test_a_rule_of_ours_that_came_later_is_never_told_as_their_change(site, page, clock, clinic):
    site.says(HOME, CALM, "Our cells are FDA approved.")
    site.read(page)
    a_rule("approved", r"\bfda[- ]approved\b", severity=5, category="fda_approval")
    [written] = read_weekly(site, clock, page)
    effects = written.effects[clinic.public_id]
    assert (len(effects.new), len(effects.reclassified)) == (0, 1)
    assert Flag.objects.get().cause == Cause.RULE_CHANGED


def test_a_dismissal_holds_until_a_rule_makes_it_graver(site, page, clock, clinic, rule, django_user_model):
    site.says(HOME, CALM, PROMISE)
    site.read(page)
    person = django_user_model.objects.create_user("ada")
    Flag.objects.update(state="dismissed", dismissed_as="trivial", decided_by=person, decided_at=MONDAY)
    site.says(HOME, PROMISE, CALM, "New chairs in the waiting room.")
    read_weekly(site, clock, page)
    assert Flag.objects.get().state == "dismissed"
    rule.severity, rule.version = 5, 2
    rule.save()
    [written] = read_weekly(site, clock, page)
    flag = Flag.objects.get()
    assert (flag.state, flag.severity) == ("open", 5)
    assert flag.reopened_because
    assert not written.effects[clinic.public_id].new


def test_a_page_that_suddenly_lost_most_of_its_text_is_suspended_for_a_week(site, page, clock):
    site.says(HOME, PROMISE, *(f"Treatment number {word} takes a while." for word in "abcdefghijklmn"))
    site.read(page)
    site.says(HOME, "Please come back later.")
    [written] = read_weekly(site, clock, page)
    assert written.outcome is Outcome.PARTIAL
    [accepted] = read_weekly(site, clock, page)
    assert accepted.outcome is Outcome.OK


def test_a_reading_without_the_lease_writes_nothing(site, page):
    site.says(HOME, PROMISE)
    site.before_each = lambda request: Host.objects.update(lease_token="00000000-0000-4000-8000-000000000000")
    assert site.read(page) == []
    assert not Check.objects.exists()
    assert not Flag.objects.exists()
    page.state.refresh_from_db()
    assert page.state.due_at == MONDAY


def test_a_worker_that_dies_in_the_middle_loses_and_doubles_nothing(site, page, clinic, clock):
    about = record_page(ABOUT, by=None, now=MONDAY, clinic=clinic)
    site.says(HOME, PROMISE)
    site.says(ABOUT, PROMISE, CALM)

    def die_at_the_second(request):
        if site.asked:
            raise KeyboardInterrupt

    site.before_each = die_at_the_second
    with pytest.raises(KeyboardInterrupt):
        site.read_due()
    assert Check.objects.count() == 1
    site.before_each = lambda request: None
    site.read_due()
    assert Check.objects.count() == 2
    assert set(Page.objects.due(clock.now)) == set()
    assert Flag.objects.count() == 1
    assert {page, about} == {check.page for check in Check.objects.select_related("page")}


def test_what_was_read_is_not_due_until_its_interval_is_over(site, page, clock):
    site.says(HOME, CALM)
    assert len(site.read_due()) == 1
    assert site.read_due() == []
    clock.now += timedelta(days=8)
    assert len(site.read_due()) == 1


def test_a_host_that_somebody_else_reads_is_left_alone(site, page, clock):
    Host.objects.update(lease_token="00000000-0000-4000-8000-000000000000", leased_until=MONDAY + timedelta(minutes=5))
    site.says(HOME, CALM)
    assert site.read_due() == []
    clock.now += timedelta(minutes=6)
    assert len(site.read_due()) == 1


def test_a_new_use_of_a_page_already_read_applies_its_text_at_once(site, page):
    site.says(HOME, PROMISE)
    site.read(page)
    other = record_clinic("Hip House", HOME, by=None, now=MONDAY)
    assert Flag.objects.get(clinic=other).cause == Cause.FIRST_READING


def test_hundreds_of_unchanged_pages_are_written_with_few_queries(site, clinic, clock, django_assert_max_num_queries):
    addresses = [f"https://h{number}.example/" for number in range(60)]
    pages = [record_page(address, by=None, now=MONDAY, clinic=clinic) for address in addresses]
    for address in addresses:
        site.says(address, CALM)
    site.read(*pages)
    clock.days(7)
    with django_assert_max_num_queries(60 + 60 + 30):  # one look for each host's pages, one release
        assert len(site.read(*pages)) == 60


def test_batches_due_counts_hosts_not_pages(page, clinic):
    record_page(ABOUT, by=None, now=MONDAY, clinic=clinic)
    assert rechecking.batches_due(MONDAY) == 1
    assert rechecking.batches_due(MONDAY - timedelta(days=1)) == 0


def test_the_same_document_is_not_taken_apart_again(site, clock, page, monkeypatch):
    site.says(HOME, CALM, PROMISE)
    read_weekly(site, clock, page)
    inspected = []
    monkeypatch.setattr(readings, "inspect", lambda *given: inspected.append(given) or inspect(*given))
    (written,) = read_weekly(site, clock, page)
    assert (written.outcome, inspected) == (Outcome.UNCHANGED, [])
    site.serves(HOME, site.answers[HOME].body.decode().replace("<body>", "<body data-token='8f2'>"))
    (written,) = read_weekly(site, clock, page)
    assert (written.outcome, len(inspected)) == (Outcome.UNCHANGED, 1)
    assert inspect(*inspected[0]).sentences == ()


def test_the_same_text_in_other_markup_is_not_even_read_and_an_edit_is(site, clock, page):
    long = [f"{CALM} We saw patient {number} on a Monday." for number in range(40)]
    site.says(HOME, *long)
    read_weekly(site, clock, page)
    marks = [PageState.objects.get().body_digest]
    for token in ("8f2", "a01"):
        site.serves(HOME, site.answers[HOME].body.decode().replace("<body", f"<body data-token='{token}'"))
        (written,) = read_weekly(site, clock, page)
        assert written.outcome == Outcome.UNCHANGED
        marks.append(PageState.objects.get().body_digest)
    assert len({mark[:16] for mark in marks}) == 3
    assert len({mark[16:] for mark in marks} - {""}) == 1
    site.says(HOME, *long[:-1], PROMISE)
    (written,) = read_weekly(site, clock, page)
    assert (written.outcome, Flag.objects.count()) == (Outcome.OK, 1)


@pytest.mark.parametrize(
    "facts",
    [
        {"final_url": "https://knees.example/other"},
        {"headers": {"content-type": "text/plain"}},
        {"headers": {"content-type": "text/html", "content-length": "99999"}},
        {"body": b"<p>Another document.</p>"},
    ],
)
def test_a_document_is_the_same_only_with_all_that_bears_on_it(facts):
    answer = Answer(HOME, HOME, 200, {"content-type": "text/html"}, b"<p>One.</p>")
    assert readings.document_mark(answer) == readings.document_mark(replace(answer, milliseconds=9))
    assert readings.document_mark(answer) != readings.document_mark(replace(answer, **facts))


@pytest.mark.parametrize("facts", [{"status": 404}, {"status": 304}, {"trouble": Outcome.ERROR}])
def test_what_is_no_whole_page_has_no_digest(facts):
    answer = Answer(HOME, HOME, 200, {}, b"<p>One.</p>")
    assert readings.document_mark(replace(answer, **facts)) == ""


TEAM = [f"Doctor {name} of Knee House sees patients on weekdays." for name in ("Ames", "Lowe", "Vale", "Moss", "Brook")]
WATCHES = [f"Watch number {number} ships tomorrow, free of charge." for number in ("one", "two", "three", "four")]


def taken_over(site, clock, page):
    site.says(HOME, *TEAM, PROMISE)
    read_weekly(site, clock, page)
    site.says(HOME, *WATCHES, title="Watches")
    return read_weekly(site, clock, page)[0]


def test_a_page_that_neither_says_what_it_said_nor_names_the_clinic_belongs_to_others(site, clock, page):
    written = taken_over(site, clock, page)
    assert (written.outcome, "may belong to others" in written.reason) == (Outcome.PARKED, True)
    (sighting,) = Sighting.objects.all()
    assert sighting.presence == Presence.PRESENT
    page.refresh_from_db()
    assert link_to(page) == ""
    assert read_weekly(site, clock, page, times=3)[0].outcome == Outcome.PARKED


def test_a_person_may_say_that_the_new_text_is_the_clinics(site, clock, page):
    taken_over(site, clock, page)
    page.refresh_from_db()
    recording.accept_text(page, by=a_user("recorder"), now=clock.now)
    assert site.read_due()[0].outcome == Outcome.OK
    page.refresh_from_db()
    assert link_to(page) == HOME
    assert page.text_accepted_by.username == "recorder"


@pytest.mark.parametrize("kept", ["Knee House now sells watches.", "Call 555 010 0142.", TEAM[0]])
def test_a_page_that_still_speaks_for_the_clinic_was_rewritten(site, clock, page, clinic, kept):
    Location.objects.create(clinic=clinic, city="Mesa", state="AZ", phone="(555) 010-0142")
    site.says(HOME, *TEAM, PROMISE)
    read_weekly(site, clock, page)
    site.says(HOME, *WATCHES, kept, title="Watches")
    assert read_weekly(site, clock, page)[0].outcome == Outcome.OK


def test_a_page_that_never_named_the_clinic_tells_nothing_by_not_naming_it(site, clock, page):
    site.says(HOME, *[each.replace("Knee House", "ours") for each in TEAM])
    read_weekly(site, clock, page)
    site.says(HOME, *WATCHES, title="Watches")
    assert read_weekly(site, clock, page)[0].outcome == Outcome.OK


@pytest.mark.parametrize("rules_changed", [False, True])
def test_altered_words_of_one_page_keep_no_other_from_being_read(site, clock, page, clinic, rules_changed):
    other = record_page("https://hips.example/", by=None, now=MONDAY, clinic=clinic)
    for each in (page, other):
        site.says(each.url, *(f"{CALM} {number}." for number in range(12)))
    site.read(page, other)
    by_sql("UPDATE clinics_snapshot SET packed_blocks = 'x' WHERE page_id = %s", page.pk)
    for each in (page, other):
        site.says(each.url, CALM, *([PROMISE] * rules_changed))
    if rules_changed:
        a_rule("calm", r"\bteam\b")
    clock.days(7)
    mine, theirs = sorted(site.read(page, other), key=lambda written: written.page.pk)
    assert (mine.outcome, theirs.outcome) == (Outcome.ERROR, Outcome.PARTIAL)
    assert "were altered" in mine.reason
    assert "verify_evidence" in mine.reason
    page.host.refresh_from_db()
    assert (page.host.failures, page.host.lease_token) == (0, None)


@pytest.mark.parametrize("words", [CALM, PROMISE], ids=["written with others", "written alone"])
def test_a_page_that_somebody_wants_read_again_while_it_is_read_is_due_again(site, clock, page, words):
    site.says(HOME, CALM)
    site.read(page)
    clock.days(9)
    site.says(HOME, words)
    site.before_each = lambda request: recording.read_page_again(page, by=None, now=clock())
    site.read(page)
    state = PageState.objects.get()
    assert (state.last_read_at, state.due_at) == (clock(), clock())
    site.before_each = lambda request: None
    site.read(page)
    assert PageState.objects.get().due_at > clock()
