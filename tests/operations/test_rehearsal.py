"""A rehearsal tells what saving the rule then does."""

from collections import Counter
from datetime import date
from uuid import uuid4

import pgtrigger
import pytest

from clinics.domain.block import Block, Surface
from clinics.domain.variant import but_for_numbers
from clinics.models import Decision, Finding, Flag, Job, PageUse, Rule, Sighting, Variant
from clinics.operations import jobs, rehearsal, rules, triage
from clinics.operations.capturing import capture_text
from clinics.operations.refusal import Refusal
from clinics.operations.reports import report
from clinics.operations.rules import current_ruleset
from clinics.operations.statements import Text, statements
from clinics.operations.stored_texts import newest_texts, speakers
from tests.build import NOW, a_clinic, a_page, a_rule, a_snapshot, a_user
from tests.operations import reading

pytestmark = pytest.mark.django_db
KEY = "promise"
SAVED = {
    "category": "guarantee",
    "severity": 3,
    "patterns": [r"\bpromise"],
    "explanation": "Nobody can promise this.",
    "citation_title": "Guide",
    "citation_url": "https://rules.example/",
    "citation_date": date(2026, 1, 1),
    "must": ["We promise relief."],
    "must_not": ["We are open on Mondays."],
    "languages": ["en"],
    "stances": ["claimed"],
    "exemptions": [],
}
EXAMPLES = {"must": ["We vow to help, we promise relief in weeks."], "must_not": ["We are open on Mondays."]}
PROPOSALS = {
    "as it is": {},
    "wider": {"patterns": [r"\bpromise", r"\bvow"]},
    "narrower": {"patterns": [r"\bpromise relief in"]},
    "other words": {"patterns": [r"\bvow"]},
    "exempt": {"exemptions": [r"\bknee"]},
    "graver": {"severity": 5},
    "wider and graver": {"patterns": [r"\bpromise", r"\bvow"], "severity": 5},
    "lighter": {"severity": 1},
    "other stances": {"stances": ["claimed", "hedged"]},
    "hedged alone": {"stances": ["hedged"], "must": ["This may promise relief."]},
    "another category": {"category": "cure_reversal"},
    "not active": {"active": False},
}
CASES = {name: (changes, False) for name, changes in PROPOSALS.items()} | {
    f"new, {name}": (changes, True) for name, changes in PROPOSALS.items() if name != "not active"
}


def clinics_with_texts():
    """Clinics whose pages share sentences, numbers, other rules' words, denials, a page, and a leaflet."""
    first, second, third = (a_clinic(name) for name in ("Knee House", "Hip House", "Back House"))
    shared = a_page(first, "https://shared.example/")
    PageUse.objects.create(page=shared, clinic=second)
    a_snapshot(shared, "We promise relief in weeks.", "We guarantee it and vow it.", "We cannot promise relief.")
    pages = {
        first: [
            ["We promise your knee will heal.", "We vow to help.", "We are open on Mondays."],
            ["We promise relief in weeks.", "Join 120 people to whom we promise relief.", "We guarantee a vow."],
            ["Join 340 people to whom we promise relief.", "Our treatment may promise relief to some."],
        ],
        second: [["We vow to help.", "We vow to help!"], ["We guarantee what we promise.", "We vow 5 times."]],
        third: [["We are open on Mondays."]],
    }
    for clinic, texts in pages.items():
        for place, sentences in enumerate(texts):
            a_snapshot(a_page(clinic, f"https://{clinic.name[:4].strip().lower()}.example/{place}"), *sentences)
    words = "We promise what we print. We vow it."
    capture_text(third, words, described_as="Leaflet", seen_on=NOW.date(), by=a_user(), now=NOW)
    return first, second, third


def decide():
    """Decisions of each kind, in turn, on every other flag."""
    for number, flag in enumerate(Flag.objects.order_by("pk")):
        more = {"reason": "Read.", "by": a_user(), "now": NOW}
        if number % 4 == 1:
            triage.confirm(flag, **more)
        elif number % 4 == 2:
            triage.dismiss(flag, dismissed_as="true", **more)


def save(**changes):
    return rules.save_rule(key=KEY, by=None, now=NOW, **{**SAVED, **changes})


def work(kind, parameters=None, rounds=1):
    job = jobs.ask(kind, parameters or {}, by=a_user())
    for _ in range(rounds):
        jobs.work_one(lambda: NOW, uuid4())
    job.refresh_from_db()
    return job


def apply():
    assert work(Job.Kind.APPLY_RULES).state == "done"


def rehearse(**changes):
    return work(Job.Kind.REHEARSE_RULE, rehearsal.proposal(KEY, **{**SAVED, **changes}))


def flagged(key=None):
    """The wordings that the rules flag now (one rule, or any), worked out plainly: clinic and wording."""
    return {
        (clinic.pk, but_for_numbers(statement.sentence.text))
        for snapshot in newest_texts()
        for clinic in speakers(snapshot)
        for statement in statements(Text.of(snapshot.blocks), current_ruleset())
        if key is None or key in {match.rule.key for match in statement.matches}
    }


def wording_of(flag):
    return flag.clinic_id, but_for_numbers(flag.sentence)


def rows():
    """Every row that a rehearsal must leave as it is."""
    return [list(model.objects.order_by("pk").values()) for model in (Rule, Flag, Finding, Sighting, Variant, Decision)]


@pytest.mark.parametrize(("changes", "is_new"), CASES.values(), ids=CASES.keys())
def test_a_rehearsal_tells_what_happens_when_the_rule_is_saved_and_applied(settings, tmp_path, changes, is_new):
    settings.EVIDENCE_FOLDER = tmp_path
    a_rule()
    clinics_with_texts()
    if not is_new:
        save()
    apply()
    decide()
    changes = {**EXAMPLES, **changes}
    before, was, states = rows(), flagged(KEY), dict(Flag.objects.values_list("pk", "state"))
    graded = dict(Flag.objects.values_list("pk", "severity"))
    job = rehearse(**changes)
    assert (job.state, job.done) == ("done", job.total)
    assert rows() == before
    found = job.result

    save(**changes)
    apply()

    now, any_now = flagged(KEY), flagged()
    assert found["numbers"]["added"] == len(now - was)
    assert found["numbers"]["removed"] == len(was - now)
    assert found["numbers"]["kept"] == len(was & now)
    assert found["numbers"]["new_flags"] == Flag.objects.exclude(pk__in=states).count()
    old = Flag.objects.filter(pk__in=states)
    assert found["flags"]["gained"] == Counter(states[f.pk] for f in old if wording_of(f) in now - was)
    assert found["flags"]["lost"] == Counter(states[f.pk] for f in old if wording_of(f) in was - any_now)
    assert found["flags"]["graver"] == Counter(states[f.pk] for f in old if f.severity > graded[f.pk])
    reopened = old.filter(state="open", pk__in=[pk for pk, state in states.items() if state == "dismissed"]).count()
    assert found["flags"]["graver"].get("dismissed", 0) == reopened
    changed = {clinic for clinic, _ in now ^ was} | {f.clinic_id for f in old if f.severity > graded[f.pk]}
    assert found["numbers"]["clinics"] == len(changed)
    assert {s["clinic"] for s in found["samples"]["added"]} == {clinic for clinic, _ in now - was}
    assert len(found["samples"]["removed"]) == len(was - now)
    assert "at" not in found


def test_wording_that_another_rule_flags_is_added_and_raises_no_flag():
    a_rule()
    clinics_with_texts()
    apply()
    found = rehearse(patterns=[r"\bguarantee"], must=["We guarantee it."]).result
    assert found["numbers"]["added"] > 0
    assert found["numbers"]["new_flags"] == 0
    assert found["flags"]["gained"] == {"open": found["numbers"]["added"]}


def test_what_another_rule_loses_by_it_is_told():
    """A fragment completes its heading only where no rule finds words in the fragment itself."""
    a_rule("cured", patterns=[r"\bwe guarantee: pain gone"], must=["We guarantee: pain gone."])
    clinic = a_clinic()
    blocks = [Block("We guarantee:", Surface.HEADING), Block("Pain gone for 9 of 10", Surface.BODY, ("We guarantee:",))]
    with pgtrigger.ignore("clinics.Snapshot:snapshot_append_only"):
        a_snapshot(clinic.website).keeping(blocks).save()
    apply()
    flagged_before = flagged()
    changes = {"patterns": [r"\bpain gone"], "must": ["Pain gone."], "exemptions": [r"\bof 10"]}
    found = rehearse(**changes).result
    save(**changes)
    assert (len(flagged_before), flagged()) == (1, set())
    assert (found["numbers"]["added"], found["flags"]["lost"], found["numbers"]["clinics"]) == (0, {"open": 1}, 1)


def test_a_sample_says_where_the_words_stood_and_why_they_are_flagged_or_are_not_any_more():
    clinic = a_clinic()
    text = a_snapshot(clinic.website, "We promise your knee will heal.", "We vow to help.")
    save()
    job = rehearse(patterns=[r"\bvow"], must=["We vow it."])
    (added,), (removed,) = job.result["samples"]["added"], job.result["samples"]["removed"]
    assert (added["sentence"], added["clinic_name"], added["snapshot"]) == ("We vow to help.", "Knee House", text.pk)
    assert (added["page"], added["stance"], added["why_not"]) == (clinic.website.url, "claimed", "")
    assert removed["sentence"] == "We promise your knee will heal."
    assert removed["reason"] and removed["why_not"] == "None of its patterns finds words in it."
    exempt = rehearse(exemptions=[r"\bknee"])
    assert "Exempt" in exempt.result["samples"]["removed"][0]["why_not"]
    silent = rehearse(active=False)
    assert silent.result["samples"]["removed"][0]["why_not"] == "The rule would not be active."


def letters(number):
    """As many names as there are letters, none of them a number: those would be one wording."""
    return [f"{one}{two}" for one in "abcdefgh" for two in "klmnopqr"][:number]


def test_samples_are_few_however_much_is_added():
    clinic = a_clinic()
    a_snapshot(clinic.website, *(f"We promise the result {name}." for name in letters(45)))
    found = rehearse().result
    assert (found["numbers"]["added"], len(found["samples"]["added"])) == (45, rehearsal.SAMPLES)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"patterns": ["(unclosed"]}, r"\(unclosed"),
        ({"must": ["We are open on Mondays."]}, "must flag"),
        ({"must_not": ["We promise relief."]}, "must not flag"),
        ({"active": False}, "inactive rule"),
    ],
)
def test_what_could_not_be_saved_or_would_do_nothing_is_not_rehearsed(changes, told):
    with pytest.raises(Refusal, match=told):
        rehearsal.proposal(KEY, **{**SAVED, **changes})
    assert not Rule.objects.exists()


def test_a_rule_about_whole_pages_is_not_rehearsed():
    save()
    Rule.objects.update(kind=Rule.Kind.PAGE)
    with pytest.raises(Refusal, match="look for words"):
        rehearsal.proposal(KEY, **SAVED)


def pages_of(number):
    clinics = [a_clinic(f"Knee House {name}") for name in ("one", "two")]
    for clinic in clinics:
        for place, name in enumerate(letters(number)):
            page = a_page(clinic, f"{clinic.website.url}{place}")
            a_snapshot(page, f"We promise the result {name}.", "We vow to help.", "We promise relief.")
    return clinics


@pytest.mark.parametrize("every", [1, 2, 3, 5])
def test_a_long_rehearsal_is_handed_on_and_comes_to_the_same(monkeypatch, every):
    pages_of(5)
    parameters = rehearsal.proposal(KEY, **SAVED)
    whole = work(Job.Kind.REHEARSE_RULE, parameters)
    monkeypatch.setattr(jobs, "PAUSE_EVERY", every)
    monkeypatch.setattr(jobs, "SPELL", -jobs.SPELL)
    first = work(Job.Kind.REHEARSE_RULE, parameters)
    assert (first.state, first.done, first.lease_token) == ("queued", every, None)
    last = work(Job.Kind.REHEARSE_RULE, parameters, rounds=10)
    assert (last.pk, last.state, last.done, last.total) == (first.pk, "done", 10, 10)
    assert last.result == whole.result
    assert whole.result["numbers"] == {"clinics": 2, "added": 12, "removed": 0, "kept": 0, "new_flags": 12}


def test_a_running_rehearsal_stops_at_its_next_pause(monkeypatch):
    monkeypatch.setattr(jobs, "PAUSE_EVERY", 2)
    pages_of(5)
    job = jobs.ask(Job.Kind.REHEARSE_RULE, rehearsal.proposal(KEY, **SAVED), by=a_user())

    def clock():
        Job.objects.filter(state="running").update(cancel_asked_at=NOW)
        return NOW

    jobs.work_one(clock, uuid4())
    job.refresh_from_db()
    assert (job.state, job.done, job.message) == ("cancelled", 2, "Stopped after 2 of 10 texts.")


@pytest.mark.parametrize("changed", ["the rule itself", "another rule, before", "another rule, between"])
def test_a_rehearsal_fails_where_it_would_compare_what_nobody_asked_for(monkeypatch, changed):
    monkeypatch.setattr(jobs, "PAUSE_EVERY", 2)
    monkeypatch.setattr(jobs, "SPELL", -jobs.SPELL)
    pages_of(5)
    save()
    parameters = rehearsal.proposal(KEY, **{**SAVED, "severity": 5})
    if changed == "the rule itself":
        save(patterns=[r"\bpromis"])
    elif changed == "another rule, between":
        work(Job.Kind.REHEARSE_RULE, parameters)
        a_rule()
    else:
        a_rule()
    job = work(Job.Kind.REHEARSE_RULE, parameters, rounds=10)
    if changed == "another rule, before":  # it is compared with the rules as they stood when the work began
        assert job.state == "done"
    else:
        assert (job.state, job.message) == ("failed", rehearsal.RULES_CHANGED)


def test_what_a_changed_rule_finds_in_old_text_is_never_told_as_new(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path, 0
    clock = reading.Clock()
    site, clinic = reading.Site(clock), a_clinic()
    old, young = "We vow to help every knee.", "We vow to help every hip, too."
    site.says(clinic.website.url, old, "We promise relief.")
    save()
    site.read(clinic.website)
    found = rehearse(patterns=[r"\bpromise", r"\bvow"], must=["We vow it."]).result
    assert found["numbers"]["new_flags"] == 1
    save(patterns=[r"\bpromise", r"\bvow"], must=["We vow it."])
    clock.days(8)
    site.says(clinic.website.url, old, "We promise relief.", young)
    (told,) = [line for written in site.read(clinic.website) for line in report(written)]
    assert [flag["sentence"] for flag in told["new_flags"]] == [young]
    assert {flag["sentence"] for flag in told["reclassified_flags"]} == {old, "We promise relief."}
    causes = dict(Flag.objects.values_list("sentence", "cause"))
    assert (causes[old], causes[young]) == ("rule_changed", "page_changed")


def test_what_the_job_found_in_old_text_is_not_told_by_the_next_reading(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path, 0
    clock = reading.Clock()
    site, clinic = reading.Site(clock), a_clinic()
    site.says(clinic.website.url, "We vow to help every knee.")
    save()
    site.read(clinic.website)
    save(patterns=[r"\bvow"], must=["We vow it."])
    apply()
    clock.days(8)
    site.says(clinic.website.url, "We vow to help every knee.", "We are open on Mondays.")
    (told,) = [line for written in site.read(clinic.website) for line in report(written)]
    assert (told["new_flags"], told["reclassified_flags"]) == ([], [])
    assert Flag.objects.get().cause == "rule_changed"
