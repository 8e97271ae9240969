"""The rules that come with the product, as data files, and the test that every rule must pass before it is used."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import re2

from clinics.domain.block import alone
from clinics.domain.category import PUBLIC_SLUGS
from clinics.domain.rule import Citation, Rule, Severity, Stance
from clinics.domain.ruleset import RuleSet
from clinics.domain.wording import compiled, word_groups

_FOLDER: Final = Path(__file__).with_name("rules")
_OF_PAGES: Final = Path(__file__).with_name("data") / "page_rules.json"
_LONGEST: Final = 4_000  # characters of a pattern as written
_LARGEST: Final = 20_000  # RE2 instructions of a compiled pattern


class RuleFault(ValueError):
    """A rule can't be used; the message says for staff what is wrong and what to do."""


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules of `rules/*.json`, one file a category, in the order of their keys."""
    files = sorted(_FOLDER.glob("*.json"))
    return tuple(sorted((rule for file in files for rule in _read(file)), key=lambda rule: rule.key))


@cache
def shipped_page_rules() -> tuple[Rule, ...]:
    """The rules about a whole page or site, of `data/page_rules.json`, in the order of their keys."""
    content = json.loads(_OF_PAGES.read_text(encoding="utf-8"))
    return tuple(sorted((_rule(facts, facts["category"]) for facts in content["rules"]), key=lambda rule: rule.key))


def _read(file: Path) -> list[Rule]:
    content = json.loads(file.read_text(encoding="utf-8"))
    return [_rule(facts, content["category"]) for facts in content["rules"]]


def _rule(facts: dict[str, Any], category: str) -> Rule:
    return Rule(
        key=facts["key"],
        version=facts["version"],
        category=category,
        severity=Severity(facts["severity"]),
        languages=tuple(facts["languages"]),
        patterns=tuple(facts["patterns"]),
        exemptions=tuple(facts.get("exemptions", ())),
        stances=tuple(Stance(stance) for stance in facts.get("stances", ["claimed"])),
        explanation=facts["explanation"],
        citation=Citation(**facts["citation"]),
        must=tuple(facts["must"]),
        must_not=tuple(facts["must_not"]),
        ideas=tuple(facts.get("ideas", ())),
    )


def check_rule(rule: Rule) -> None:
    """Refuse a rule that can't be used as it stands. Raises RuleFault, naming the pattern or the example."""
    _check_words(rule)
    for pattern in (*rule.patterns, *rule.exemptions, *rule.ideas):
        _check_pattern(rule, pattern)
    _check_examples(rule)


def _check_words(rule: Rule) -> None:
    citation = rule.citation
    wanted = {
        "a key": rule.key,
        "at least one pattern": rule.patterns,
        "at least one language": rule.languages,
        "at least one stance that flags": rule.stances,
        "an explanation": rule.explanation.strip(),
        "a citation with title, address and date": citation.title and citation.url and citation.date,
        "an example that it must flag": rule.must,
        "an example that it must not flag": rule.must_not,
    }
    for name, value in wanted.items():
        if not value:
            raise RuleFault(f"The rule “{rule.key}” lacks {name}; add it and save again.")
    if rule.category not in PUBLIC_SLUGS:
        raise RuleFault(f"The rule “{rule.key}” names the category “{rule.category}”, which is not one of ours.")


def _check_pattern(rule: Rule, pattern: str) -> None:
    where = f"The pattern “{pattern[:200]}” of the rule “{rule.key}”"
    if len(pattern) > _LONGEST:
        raise RuleFault(f"{where} has {len(pattern):,} characters; split it into patterns of at most {_LONGEST:,}.")
    try:
        made = compiled(pattern)
    except KeyError as unknown:
        names = ", ".join(sorted(word_groups()))
        raise RuleFault(
            f"{where} names the word group {unknown}, which does not exist; the groups are {names}."
        ) from None
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise RuleFault(
            f"{where} can't be read by RE2 ({reason}); mend its syntax, or split it if it is too large."
        ) from None
    if made.search("") is not None:
        raise RuleFault(f"{where} also matches where there are no words at all; make a part of it obligatory.")
    if made.programsize > _LARGEST:
        raise RuleFault(f"{where} becomes too large ({made.programsize:,} steps); use shorter repetitions.")


def _check_examples(rule: Rule) -> None:
    rules = RuleSet([rule])
    for example in rule.must:
        matches = rules.find(alone(example))
        if not any(match.flagged for match in matches):
            why = f"its words are found, but: {matches[0].reason}" if matches else "no pattern finds words in it"
            raise RuleFault(
                f"The rule “{rule.key}” must flag “{example}” and does not: {why} Mend the rule or the example."
            )
    for example in rule.must_not:
        found = [match for match in rules.find(alone(example)) if match.flagged]
        if found:
            words = example[found[0].start : found[0].end]
            raise RuleFault(
                f"The rule “{rule.key}” must not flag “{example}” and does, for “{words}”. "
                "Narrow the pattern or add an exemption."
            )
