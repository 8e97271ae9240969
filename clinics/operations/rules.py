"""Rules: shipped ones come in, staff edit them, and readers get them compiled."""

from dataclasses import asdict
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NotRequired, TypedDict, Unpack

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.approved import ApprovedProduct
from clinics.domain.page_rules import PageRules
from clinics.domain.regimes import StateRegime as DomainRegime
from clinics.domain.rule import Citation, Severity, Stance
from clinics.domain.rule import Rule as DomainRule
from clinics.domain.rule_files import RuleFault, check_rule, shipped_page_rules, shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.second_reader import SecondReader, as_rule
from clinics.models import Rule, StateRegime
from clinics.operations.approved_products import current_products
from clinics.operations.readers import current_reader
from clinics.operations.refusal import Refusal, check

# What a new version is for
MATCHING = ("severity", "languages", "patterns", "ideas", "exemptions", "stances", "category")


def current_ruleset() -> RuleSet:
    """The active rules, approved products and second reader, compiled once for each change of them."""
    reads = Rule.objects.active().filter(kind=Rule.Kind.READER).exists()
    return _compiled(_active(Rule.Kind.SENTENCE), current_products(), current_reader() if reads else None)


def _active(kind: str) -> tuple[DomainRule, ...]:
    rows = Rule.objects.active().filter(kind=kind).order_by("key")
    return tuple(row.as_domain() for row in rows)


@lru_cache(maxsize=4)
def _compiled(
    rules: tuple[DomainRule, ...], products: tuple[ApprovedProduct, ...], reader: SecondReader | None
) -> RuleSet:
    return RuleSet(rules, products, reader)


def current_page_rules(on: date) -> PageRules:
    """The active rules about whole sites, with the notices that the states' laws prescribe on this day."""
    rules = _active(Rule.Kind.PAGE)
    regimes = StateRegime.objects.filter(notice_required=True).order_by("state") if rules else ()
    held = tuple(row for row in (each.as_domain() for each in regimes) if row.prescribes(on))
    return _compiled_for_pages(rules, held)


@lru_cache(maxsize=4)
def _compiled_for_pages(rules: tuple[DomainRule, ...], regimes: tuple[DomainRegime, ...]) -> PageRules:
    return PageRules(rules, regimes)


class RuleFacts(TypedDict):
    """What staff write into a rule."""

    category: str
    severity: int
    patterns: list[str]
    explanation: str
    citation_title: str
    citation_url: str
    citation_date: date
    must: list[str]
    must_not: list[str]
    languages: list[str]
    stances: list[str]
    exemptions: list[str]
    ideas: NotRequired[list[str]]
    active: NotRequired[bool]


@transaction.atomic
def save_rule(*, key: str, by: User | None, now: datetime, **facts: Unpack[RuleFacts]) -> Rule:
    """Save a rule that compiles and whose examples hold; a change of what it matches makes a new version.

    Raises Refusal, naming the pattern or the example.
    """
    row = tried_rule(key, **facts)
    row.save()
    return row


@transaction.atomic
def tried_rule(key: str, **facts: Unpack[RuleFacts]) -> Rule:
    """The rule as these facts would make it, not saved. Raises Refusal as `save_rule` does."""
    row = Rule.objects.select_for_update().filter(key=key).first() or Rule(key=key, version=0)
    before = _matching(row)
    row.category, row.severity, row.explanation = facts["category"], int(facts["severity"]), facts["explanation"]
    row.citation_title, row.citation_url = facts["citation_title"], facts["citation_url"]
    row.citation_date, row.active = facts["citation_date"], facts.get("active", True)
    row.patterns, row.exemptions = list(facts["patterns"]), list(facts["exemptions"])
    row.ideas = list(facts.get("ideas", ()))
    row.must, row.must_not = list(facts["must"]), list(facts["must_not"])
    row.languages, row.stances = list(facts["languages"]), list(facts["stances"])
    if _matching(row) != before or not row.version:
        row.version += 1
    check(row)
    if row.kind == Rule.Kind.READER:
        return row  # it has no patterns; what it matches comes from its model
    try:
        check_rule(row.as_domain())
    except RuleFault as fault:
        raise Refusal(str(fault)) from None
    return row


def _matching(row: Rule) -> dict[str, Any]:
    return {name: getattr(row, name) for name in MATCHING} if row.pk else {}


def _as_json(rule: DomainRule) -> dict[str, Any]:
    """The rule as plain data, for comparing what was shipped."""
    facts = asdict(rule)
    facts["severity"] = int(rule.severity)
    facts["stances"] = [str(stance) for stance in rule.stances]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}


def _as_domain(facts: dict[str, Any]) -> DomainRule:
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    plain["severity"] = Severity(facts["severity"])
    plain["stances"] = tuple(Stance(stance) for stance in facts["stances"])
    plain["citation"] = Citation(**facts["citation"])
    return DomainRule(**plain)


@transaction.atomic
def load_shipped_rules() -> dict[str, int]:
    """Bring in the shipped rules: new ones are added, unedited ones follow, edited ones get a proposal."""
    summary = {"added": 0, "updated": 0, "proposed": 0, "unchanged": 0}
    rows = {row.key: row for row in Rule.objects.select_for_update()}
    shipped = (
        (Rule.Kind.SENTENCE, shipped_rules()),
        (Rule.Kind.PAGE, shipped_page_rules()),
        (Rule.Kind.READER, (as_rule(current_reader().card),)),
    )
    for kind, rules in shipped:
        for rule in rules:
            summary[_bring_in(rule, rows.get(rule.key), kind)] += 1
    return summary


def _bring_in(rule: DomainRule, row: Rule | None, kind: str) -> str:
    shipped = _as_json(rule)
    if row is None:
        _take(Rule(key=rule.key, kind=kind), rule, shipped)
        return "added"
    if row.shipped == shipped or row.proposal == shipped:
        return "unchanged"
    if row.shipped is not None and _without_version(_as_json(row.as_domain())) == _without_version(row.shipped):
        _take(row, rule, shipped)
        return "updated"
    row.proposal = shipped
    row.save(update_fields=["proposal"])
    return "proposed"


def _without_version(facts: dict[str, Any]) -> dict[str, Any]:
    """A rule's form for comparing; one that was shipped before rules had ideas has none."""
    return {"ideas": [], **{name: value for name, value in facts.items() if name != "version"}}


def _take(row: Rule, rule: DomainRule, shipped: dict[str, Any]) -> None:
    before = _matching(row)
    row.category, row.severity = rule.category, int(rule.severity)
    row.languages, row.patterns, row.exemptions = list(rule.languages), list(rule.patterns), list(rule.exemptions)
    row.stances, row.ideas = [str(stance) for stance in rule.stances], list(rule.ideas)
    row.explanation = rule.explanation
    row.citation_title, row.citation_url = rule.citation.title, rule.citation.url
    row.citation_date = date.fromisoformat(rule.citation.date)
    row.must, row.must_not = list(rule.must), list(rule.must_not)
    if not row.pk:
        row.version = rule.version
    elif _matching(row) != before:
        row.version = max(row.version + 1, rule.version)
    row.shipped, row.proposal = shipped, None
    row.save()


def take_proposal(rule: Rule, *, by: User | None, now: datetime) -> Rule:
    """Replace staff's edits by the newer shipped form. Raises Refusal where there is none."""
    if rule.proposal is None:
        raise Refusal("There is no newer shipped form of this rule.")
    _take(rule, _as_domain(rule.proposal), rule.proposal)
    return rule


def drop_proposal(rule: Rule, *, by: User | None, now: datetime) -> Rule:
    """Keep staff's edits; the newer shipped form is not proposed again."""
    if rule.proposal is None:
        raise Refusal("There is no newer shipped form of this rule.")
    rule.shipped, rule.proposal = rule.proposal, None
    rule.save(update_fields=["shipped", "proposal"])
    return rule
