from datetime import date

import pytest

from clinics.domain.rule_files import shipped_page_rules, shipped_rules
from clinics.models import Rule
from clinics.operations import rules
from clinics.operations.refusal import Refusal
from tests.build import NOW, PROMISE, a_rule

pytestmark = pytest.mark.django_db
FORM = {
    "category": "guarantee",
    "severity": 4,
    "patterns": [r"\bguarantee"],
    "explanation": "No treatment works for everyone.",
    "citation_title": "Guide",
    "citation_url": "https://rules.example/",
    "citation_date": date(2026, 1, 1),
    "must": [PROMISE],
    "must_not": ["We are open on Mondays."],
    "languages": ["en"],
    "stances": ["claimed"],
    "exemptions": [],
}


def save(**changes):
    return rules.save_rule(key="ours", by=None, now=NOW, **{**FORM, **changes})


def shipped():
    return shipped_rules()[0]


def test_a_rule_that_holds_its_own_examples_is_saved_and_read_by():
    assert save().version == 1
    assert "ours" in {rule.key for rule in rules.current_ruleset().rules}


@pytest.mark.parametrize(
    "changes",
    [
        {"patterns": ["(unclosed"]},
        {"patterns": [r"(\w+) \1"]},
        {"patterns": []},
        {"must": ["We are open on Mondays."]},
        {"must_not": [PROMISE]},
        {"explanation": ""},
        {"category": "bragging"},
        {"severity": 9},
        {"citation_url": "not an address"},
    ],
)
def test_a_rule_that_does_not_compile_or_hold_or_explain_itself_is_refused(changes):
    with pytest.raises(Refusal):
        save(**changes)
    assert not Rule.objects.exists()
    save()
    with pytest.raises(Refusal):
        save(**changes)
    assert Rule.objects.get().patterns == FORM["patterns"]


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({}, 1),
        ({"explanation": "Said better."}, 1),
        ({"must": [PROMISE, "We guarantee it."]}, 1),
        ({"citation_title": "Newer guide"}, 1),
        ({"active": False}, 1),
        ({"severity": 5}, 2),
        ({"patterns": [r"\bguarantee", r"\bpromise"]}, 2),
        ({"exemptions": [r"\bmoney\b"]}, 2),
        ({"stances": ["claimed", "hedged"]}, 2),
    ],
)
def test_only_a_change_of_matching_or_severity_makes_a_new_version(changes, version):
    save()
    assert save(**changes).version == version


def test_pages_are_read_by_active_rules_only_and_by_their_newest_form():
    a_rule("guarantee")
    first = rules.current_ruleset()
    assert rules.current_ruleset() is first
    Rule.objects.update(patterns=[r"\bpromise"])
    second = rules.current_ruleset()
    assert second.version != first.version
    Rule.objects.update(active=False)
    assert rules.current_ruleset().rules == ()


def test_shipped_rules_come_in_once():
    number = len(shipped_rules()) + len(shipped_page_rules()) + 1  # the second reader
    assert rules.load_shipped_rules()["added"] == number
    assert rules.load_shipped_rules() == {"added": 0, "updated": 0, "proposed": 0, "unchanged": number}


def edit(**changes):
    """The first shipped rule, as an older release shipped it, with staff's changes since."""
    rules.load_shipped_rules()
    row = Rule.objects.get(key=shipped().key)
    row.explanation = "As shipped before."
    row.shipped = {**row.shipped, "explanation": "As shipped before."}
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def test_an_unedited_rule_follows_the_newer_shipped_form():
    row = edit()
    assert rules.load_shipped_rules()["updated"] == 1
    row.refresh_from_db()
    assert (row.explanation, row.proposal) == (shipped().explanation, None)


def test_an_edited_rule_stays_and_gets_a_proposal_once():
    row = edit(severity=1)
    assert rules.load_shipped_rules()["proposed"] == 1
    assert rules.load_shipped_rules()["proposed"] == 0
    row.refresh_from_db()
    assert (row.severity, row.explanation) == (1, "As shipped before.")
    assert row.proposal["explanation"] == shipped().explanation


def test_a_proposal_is_taken_whole():
    row = edit(severity=1)
    rules.load_shipped_rules()
    row.refresh_from_db()
    rules.take_proposal(row, by=None, now=NOW)
    row.refresh_from_db()
    assert (row.severity, row.explanation, row.proposal) == (shipped().severity, shipped().explanation, None)
    assert row.version == 2
    with pytest.raises(Refusal, match="no newer"):
        rules.take_proposal(row, by=None, now=NOW)


def test_a_dropped_proposal_is_not_made_again():
    row = edit(severity=1)
    rules.load_shipped_rules()
    row.refresh_from_db()
    rules.drop_proposal(row, by=None, now=NOW)
    assert rules.load_shipped_rules()["proposed"] == 0
    row.refresh_from_db()
    assert (row.severity, row.proposal) == (1, None)
    with pytest.raises(Refusal, match="no newer"):
        rules.drop_proposal(row, by=None, now=NOW)
