"""What page rules find on a page, and in which states."""

from datetime import date

import pytest

from clinics.domain.block import Block, Surface
from clinics.domain.page_rules import BOARD_CERTIFIED, Marks, PageRules, missing_notice
from clinics.domain.regimes import RegimeFault, StateRegime, check_regime, shipped_regime_facts, shipped_regimes
from clinics.domain.rule_files import check_rule, shipped_page_rules
from clinics.domain.sentences import split

NOTICE = "NOTICE: This clinic performs stem cell therapies that have not yet been approved by the FDA."
AVISO = "AVISO: estas terapias no han sido aprobadas por la FDA."
IN_FORCE = date(2026, 11, 2)


def marks(*texts: str | Block, on: date | None = IN_FORCE) -> Marks:
    blocks = [text if isinstance(text, Block) else Block(text, Surface.BODY) for text in texts]
    return PageRules(shipped_page_rules(), shipped_regimes(), on).marks(blocks, split(blocks))


@pytest.mark.parametrize("rule", shipped_page_rules(), ids=lambda rule: rule.key)
def test_a_shipped_page_rule_holds_its_own_examples(rule) -> None:
    check_rule(rule)


@pytest.mark.parametrize("regime", shipped_regimes(), ids=lambda regime: regime.state)
def test_a_shipped_regime_can_be_looked_for_and_has_its_rule(regime: StateRegime) -> None:
    check_regime(regime)
    assert regime.prescribes(None) == (regime.rule_key in {rule.key for rule in shipped_page_rules()})


@pytest.mark.parametrize("facts", shipped_regime_facts(), ids=lambda facts: facts["state"])
def test_a_shipped_regime_that_is_not_verified_says_so_and_prescribes_nothing(facts) -> None:
    assert facts["source_url"]
    assert facts["law"]
    if not facts["verified"]:
        assert "verified" in facts["note"]
        assert not facts["notice_parts"]
        assert facts["notice_required"] is None


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("We offer stem cells.", True),
        ("Ofrecemos terapias celulares para las rodillas.", True),
        ("Regenerative medicine may help your knee.", True),
        ("We do not offer stem cell therapy.", False),
        ("No ofrecemos células madre.", False),
        ("Do you offer stem cells?", False),
        ("We mend shoes.", False),
    ],
)
def test_an_offer_is_told_from_its_denial(text: str, offers: bool) -> None:
    assert ("missing_notice_fl" in marks(text).said) is offers


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        (NOTICE, True),
        (AVISO, True),
        ("NOTICE: our treatments are approved by the FDA.", False),
        ("These therapies have not been approved by the FDA.", False),
        ("Notice of privacy practices.", False),
    ],
)
def test_a_notice_is_there_where_all_its_parts_are(text: str, carried: bool) -> None:
    assert ("missing_notice_fl" in marks(text).notices) is carried


@pytest.mark.parametrize("surface", [Surface.META, Surface.HIDDEN, Surface.STRUCTURED])
def test_a_notice_that_nobody_sees_is_none(surface: Surface) -> None:
    assert not marks(Block(NOTICE, surface)).notices
    assert marks(Block(NOTICE, Surface.FOOTER)).notices


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dr. Ana Example is board-certified in orthopaedic surgery.", True),
        ("Certified by the American Board of Anesthesiology.", True),
        ("Médicos certificados por el consejo.", True),
        ("Is she board certified?", False),
        ("Our doctors are not board-certified.", False),
        ("We have a board of directors.", False),
    ],
)
def test_words_about_board_certification_are_found(text: str, said: bool) -> None:
    assert (BOARD_CERTIFIED in marks(text).said) is said


def test_a_law_that_is_not_in_force_yet_asks_for_nothing() -> None:
    regime = StateRegime("FL", "Law", date(2027, 1, 1), True, (r"\bnotice\b",), None)
    before, after = (PageRules(shipped_page_rules(), [regime], date(2026 + year, 6, 1)) for year in (0, 1))
    assert (list(before.regimes), list(after.regimes)) == ([], ["missing_notice_fl"])
    assert before.version != after.version


def test_the_version_covers_rules_and_notices_and_is_empty_without_rules() -> None:
    rules = shipped_page_rules()
    first = PageRules(rules, shipped_regimes(), IN_FORCE)
    assert PageRules(rules, shipped_regimes(), date(2026, 12, 1)).version == first.version
    assert PageRules(rules[:1], shipped_regimes(), IN_FORCE).version != first.version
    assert PageRules(rules, shipped_regimes()[1:], IN_FORCE).version != PageRules(rules, (), IN_FORCE).version
    assert (PageRules().version, bool(PageRules()), bool(first)) == ("", False, True)


def test_marks_are_kept_as_plain_data() -> None:
    found = marks("We offer stem cells.", NOTICE)
    assert Marks.of_json(found.as_json()) == found
    assert Marks.of_json({}) == Marks("")


def test_the_lack_of_a_notice_quotes_the_offer() -> None:
    blocks = [Block("Welcome.", Surface.HEADING), Block("We offer stem cells for knees.", Surface.BODY)]
    lack = missing_notice("fl", blocks)
    assert lack is not None
    assert (lack.key, lack.category, lack.evidence) == (
        "missing_notice_fl",
        "missing_notice",
        "We offer stem cells for knees.",
    )
    assert "458.3245" in lack.reason
    assert missing_notice("FL", [*blocks, Block(NOTICE, Surface.BODY)]) is None
    assert missing_notice("TN", blocks) is None


@pytest.mark.parametrize("part", ["(unclosed", "{nothing}", "a*"])
def test_a_notice_that_cannot_be_looked_for_is_refused(part: str) -> None:
    with pytest.raises(RegimeFault):
        check_regime(StateRegime("FL", "Law", None, True, (part,), None))
