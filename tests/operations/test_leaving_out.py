"""Parts left out by choice: nothing published is hidden, no choice falls on another clinic, all of it is ours."""

import pytest

from clinics.domain.outcome import Outcome
from clinics.domain.presence import Presence
from clinics.models import Cause, Clinic, Flag, IgnoreRule, Page, PageState, Sighting
from clinics.operations import leaving_out, questions
from clinics.operations.keeping import evidence_store
from clinics.operations.leaving_out import add_ignore_rule, end_ignore_rule, ignoring_of, rules_for
from clinics.operations.recording import record_clinic, record_page
from clinics.operations.refusal import Refusal
from tests.build import a_published_answer, a_published_claim, a_user
from tests.operations.reading import MONDAY, Site, a_rule

pytestmark = pytest.mark.django_db

URL = "https://willow.example/"
PROMISE = "We guarantee that every knee will heal."
PAGE = "<html><title>Willow</title><body><p>The door is open.</p>{}<div class=feed><p>{}</p></div></body></html>"
KINDS = IgnoreRule.Kind


@pytest.fixture(autouse=True)
def evidence_in_a_folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_HOST_DELAY = 0


@pytest.fixture
def site(clock):
    site = Site(clock)
    site.serves(URL, PAGE.format("", PROMISE))
    return site


@pytest.fixture
def clinic(db):
    a_rule("guarantee_rule", r"\bguarantee\b")
    return record_clinic("Willow Bank", URL, by=None, now=MONDAY)


@pytest.fixture
def page(clinic):
    return clinic.website


def leave_out(what=".feed", kind=KINDS.SELECTOR, **place):
    place = {"host": None, "clinic": None, "page": None, **place}
    return add_ignore_rule(kind, what, "A feed of others.", store=evidence_store(), by=a_user("x"), now=MONDAY, **place)


def test_what_is_left_out_goes_as_our_change_and_comes_back_as_ours(site, page, clock):
    site.read(page)
    rule, tried = leave_out(page=page)
    assert (tried.pages, tried.pieces, tried.flags) == (1, 1, 1)
    clock.days(7)
    (written,) = site.read(page)
    (effects,) = written.effects.values()
    assert [sentence for _, sentence in effects.reclassified] == [PROMISE]
    assert not effects.new and not effects.absent and not effects.returned
    assert Flag.objects.get().presence == Presence.ABSENT
    end_ignore_rule(rule, by=a_user("x"), now=clock())
    clock.days(7)
    (written,) = site.read(page)
    (effects,) = written.effects.values()
    assert [sentence for _, sentence in effects.reclassified] == [PROMISE]
    assert not effects.new and not effects.absent and not effects.returned
    assert Flag.objects.get().presence != Presence.ABSENT


def test_what_changes_in_a_part_left_out_is_no_change(site, page, clock):
    leave_out(page=page)
    site.read(page)
    site.serves(URL, PAGE.format("", "We guarantee another thing."))
    clock.days(7)
    (written,) = site.read(page)
    assert written.outcome is Outcome.UNCHANGED
    assert not Flag.objects.exists()


def test_what_is_new_beside_it_is_flagged_as_ever(site, page, clock):
    leave_out(page=page)
    site.read(page)
    site.serves(URL, PAGE.format(f"<p>{PROMISE}</p>", "Anything"))
    clock.days(7)
    site.read(page)
    assert Flag.objects.get().cause == Cause.PAGE_CHANGED
    assert Sighting.objects.get().sentence == PROMISE


def test_a_choice_makes_its_pages_due(site, page, clock):
    site.read(page)
    assert PageState.objects.get().due_at > MONDAY
    leave_out(host=page.host)
    assert PageState.objects.get().due_at == MONDAY


@pytest.mark.parametrize("scope", ["host", "clinic", "page"])
def test_each_place_holds_for_its_pages_and_for_no_other(clinic, page, scope):
    elsewhere = record_clinic("Elm Court", "https://elm.example/", by=None, now=MONDAY).website
    leave_out(**{scope: {"host": page.host, "clinic": clinic, "page": page}[scope]})
    assert set(ignoring_of([page, elsewhere])) == {page.pk}


def test_a_clinics_choice_does_not_hold_on_a_page_that_others_use_too(clinic, page):
    leave_out(clinic=clinic)
    other = record_clinic("Elm Court", "", by=None, now=MONDAY)
    record_page(URL, by=None, now=MONDAY, clinic=other)
    assert ignoring_of([page]) == {}
    (placed,) = rules_for(page)
    assert "Other clinics" in placed.why_not


def test_the_set_that_holds_is_shown_in_full(clinic, page):
    leave_out(".a", host=page.host)
    leave_out(".b", clinic=clinic)
    ended, _ = leave_out(".c", page=page)
    leave_out("today: .*", KINDS.PATTERN, page=page)
    end_ignore_rule(ended, by=a_user("x"), now=MONDAY)
    assert {(placed.rule.what, placed.why_not) for placed in rules_for(page)} == {
        (".a", ""),
        (".b", ""),
        ("today: .*", ""),
    }
    held = ignoring_of([page])[page.pk]
    assert (held.selectors, held.patterns) == ((".a", ".b"), ("today: .*",))


def test_a_published_quote_is_never_hidden(site, page):
    site.read(page)
    a_published_claim(clinic=Clinic.objects.get(name="Willow Bank"), quote=PROMISE)
    with pytest.raises(Refusal, match="read again first"):
        leave_out(page=page)
    site.serves(URL, PAGE.format("<p>Tea is served.</p>", PROMISE))
    site.read(page)
    with pytest.raises(Refusal, match="is published from"):
        leave_out(page=page)
    leave_out("body > p", page=page)
    assert IgnoreRule.objects.count() == 1


def test_a_published_answer_to_a_question_is_never_hidden(site, page):
    site.read(page)
    answer = a_published_answer(Clinic.objects.get(name="Willow Bank"), PROMISE, page_url=URL)
    with pytest.raises(Refusal, match="read again first"):
        leave_out(page=page)
    site.serves(URL, PAGE.format("<p>Tea is served.</p>", PROMISE))
    site.read(page)
    with pytest.raises(Refusal, match="is published from"):
        leave_out(page=page)
    questions.withdraw_answer(answer, reason="It was ours.", by=a_user("x"), now=MONDAY)
    leave_out(page=page)


def pages_that_say(site, clinic, *texts, published=()):
    pages = [record_page(f"{URL}{number}", by=None, now=MONDAY, clinic=clinic) for number, _ in enumerate(texts)]
    for page, text in zip(pages, texts, strict=True):
        site.serves(page.url, PAGE.format("", text))
        if text in published:
            a_published_claim(clinic, text, page=page)
    site.read(*pages)
    return pages


@pytest.mark.parametrize("scope", ["host", "clinic"])
def test_a_quote_published_from_the_last_of_many_pages_is_never_hidden(site, clinic, monkeypatch, scope):
    monkeypatch.setattr(leaving_out, "TRIED_ON", 2)
    pages = pages_that_say(site, clinic, "Tea.", "Milk.", "Buns.", PROMISE, published=[PROMISE])
    place = {scope: {"host": pages[0].host, "clinic": clinic}[scope]}
    with pytest.raises(Refusal, match=r"is published from https://willow\.example/3"):
        leave_out(**place)
    _, tried = leave_out("body > p", **place)
    assert tried.pages == 2


def test_pages_with_published_quotes_are_all_tried_however_many(site, clinic, monkeypatch):
    monkeypatch.setattr(leaving_out, "TRIED_ON", 1)
    quotes = ["We guarantee hips.", "We guarantee knees."]
    page, *_ = pages_that_say(site, clinic, "Tea.", *quotes, "Milk.", published=quotes)
    assert leave_out("body > p", host=page.host)[1].pages == 2
    for quote in quotes:
        with pytest.raises(Refusal, match=f"“{quote}” is published"):
            leave_out(quote, KINDS.PATTERN, host=page.host)
    leave_out("Tea.", KINDS.PATTERN, host=page.host)


@pytest.mark.parametrize(
    ("what", "kind", "told"),
    [("*", KINDS.SELECTOR, "whole page"), (".*", KINDS.PATTERN, "any text"), (" ", KINDS.SELECTOR, "missing")],
)
def test_a_choice_that_takes_too_much_is_refused(page, what, kind, told):
    with pytest.raises(Refusal, match=told):
        leave_out(what, kind, page=page)


def test_one_place_and_no_more(clinic, page):
    with pytest.raises(Refusal, match="exactly one"):
        leave_out(page=page, clinic=clinic)
    with pytest.raises(Refusal, match="exactly one"):
        leave_out()


def test_it_is_ended_once(page):
    rule, _ = leave_out(page=page)
    end_ignore_rule(rule, by=a_user("x"), now=MONDAY)
    with pytest.raises(Refusal, match="ended already"):
        end_ignore_rule(rule, by=a_user("x"), now=MONDAY)
    assert Page.objects.count() == 1
