from datetime import date

import pytest

from clinics.domain.regimes import shipped_regimes
from clinics.models import Rule, StateRegime
from clinics.operations import regimes, rules
from clinics.operations.refusal import Refusal
from tests.build import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
NOTICE = {
    "notice_required": True,
    "notice_where": "In every advertisement.",
    "notice_parts": [r"\bnotice\b", r"\bnot approved\b"],
    "verified": True,
    "verified_on": date(2026, 11, 1),
    "effective_on": date(2026, 7, 1),
}


def georgia(**changes):
    row = StateRegime.objects.filter(state="GA").first() or StateRegime(state="GA", name="Georgia")
    facts = {"law": "HB 1275", "source_url": "https://law.example/", "permits": "Much."}
    return regimes.save_regime(row, by=None, **{**facts, **changes})


def test_shipped_laws_come_in_once_as_they_are():
    number = len(shipped_regimes())
    assert regimes.load_shipped_regimes()["added"] == number
    assert regimes.load_shipped_regimes()["unchanged"] == number
    assert tuple(row.as_domain() for row in StateRegime.objects.all()) == shipped_regimes()


def test_a_law_that_staff_verified_gets_its_page_rule_and_asks_from_its_date_on():
    regimes.load_shipped_regimes()
    rules.load_shipped_rules()
    assert "missing_notice_ga" not in rules.current_page_rules(TODAY).rules
    georgia(**NOTICE)
    rule = Rule.objects.get(key="missing_notice_ga")
    assert (rule.kind, rule.category, rule.citation_title) == ("page", "missing_notice", "HB 1275")
    assert "missing_notice_ga" in rules.current_page_rules(TODAY).regimes
    assert "missing_notice_ga" not in rules.current_page_rules(date(2026, 6, 30)).regimes
    rule.severity = 1
    rule.save()
    georgia(**NOTICE, note="Read again.")
    assert Rule.objects.get(key="missing_notice_ga").severity == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"verified": False}, "only where the law was read"),
        ({"effective_on": None}, "only where the law was read"),
        ({"notice_parts": []}, "only where the law was read"),
        ({"notice_parts": ["(unclosed"]}, "unclosed"),
        ({"verified_on": None}, "a_verified_regime_has_a_date"),
        ({"law": ""}, "law"),
    ],
)
def test_a_notice_that_was_not_verified_or_cannot_be_looked_for_is_refused(changes, told):
    with pytest.raises(Refusal, match=told):
        georgia(**{**NOTICE, **changes})
    assert not StateRegime.objects.exists()
    assert not Rule.objects.exists()


def test_what_staff_wrote_stays_through_an_upgrade():
    regimes.load_shipped_regimes()
    georgia(**NOTICE)
    assert regimes.load_shipped_regimes() == {"added": 0, "updated": 0, "proposed": 0, "unchanged": 8}
    row = StateRegime.objects.get(state="GA")
    row.shipped = {**row.shipped, "note": "As shipped before."}
    row.save()
    assert regimes.load_shipped_regimes()["proposed"] == 1
    row.refresh_from_db()
    assert (row.law, row.notice_required) == ("HB 1275", True)
