"""Reading texts and files for risky wording, outside the register: nothing is stored and no flag arises."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clinics.domain.approved import shipped_products
from clinics.domain.block import Block, Sentence, Surface
from clinics.domain.extraction import decode, extract_html
from clinics.domain.inspection import Inspection, inspect_pdf_pages, inspect_text
from clinics.domain.page_rules import missing_notice
from clinics.domain.rule import Match
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.sentences import split
from clinics.operations.readers import current_reader
from clinics.operations.refusal import Refusal
from clinics.web.documents import DocumentFault, pdf_pages

FORMATS: Final = ("text", "html", "pdf")
_BY_SUFFIX: Final = {".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks and sentences of one text."""

    path: str
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]


Rules = RuleSet


def rules_from(where: str) -> RuleSet:
    """The shipped rules, or the active ones of the database. `where` is "shipped" or "database"."""
    if where == "shipped":
        return RuleSet(shipped_rules(), shipped_products(), current_reader())
    from clinics.operations.rules import current_ruleset  # only here: a scan needs no database unless asked

    return current_ruleset()


def format_of(path: str, chosen: str | None) -> str:
    """The format to read a file in: the chosen one, else by the file's suffix, else text."""
    return chosen or _BY_SUFFIX.get(Path(path).suffix.lower(), "text")


def read(path: str, body: bytes, how: str) -> Reading:
    """The words of a file. Raises Refusal for a PDF that can't be read, with the reason."""
    if how == "html":
        blocks = extract_html(decode(body, "text/html"))
        return Reading(path, blocks, split(blocks))
    inspection = _read_pdf(path, body) if how == "pdf" else inspect_text(decode(body, "text/plain"))
    return Reading(path, inspection.blocks, inspection.sentences)


def _read_pdf(path: str, body: bytes) -> Inspection:
    try:
        inspection = inspect_pdf_pages(pdf_pages(body))
    except DocumentFault as fault:
        raise Refusal(f"{path}: {fault}") from None
    if not inspection.outcome.is_observation:
        raise Refusal(f"{path}: {inspection.reason}")
    return inspection


def scan(reading: Reading, rules: RuleSet, *, state: str = "", everything: bool = False) -> Iterator[dict[str, Any]]:
    """One row for each flagged sentence; with `everything`, also for each whose words were found and not flagged.

    With a `state`, a notice that its law prescribes and that the page lacks is one row more, without offsets.
    """
    for sentence, (matches, _) in zip(reading.sentences, rules.read_page(reading.sentences), strict=True):
        yield from _rows(reading.path, sentence, matches, everything)
    lack = missing_notice(state, reading.blocks) if state else None
    if lack is not None:
        yield {
            **_place(reading.path, lack.key, None, None, None, None, Surface.BODY),
            "evidence": lack.evidence,
            **{"rule": lack.key, "rules": [lack.key], "category": lack.category, "severity": int(lack.severity)},
            **{"stance": "claimed", "flagged": True, "reason": lack.reason},
        }


def _rows(path: str, sentence: Sentence, matches: Sequence[Match], everything: bool) -> Iterator[dict[str, Any]]:
    flagged = [match for match in matches if match.flagged]
    shown = flagged or (list(matches) if everything else [])
    if not shown:
        return
    first = max(shown, key=lambda match: match.rule.severity)
    yield {
        **_place(path, sentence.text, first.start, first.end, sentence.block, sentence.page, sentence.surface),
        "rule": first.rule.key,
        "rules": [match.rule.key for match in shown],
        "category": first.rule.category,
        "severity": int(first.rule.severity),
        "stance": str(first.stance),
        "flagged": bool(flagged),
        "reason": first.reason,
    }


def _place(
    path: str,
    sentence: str,
    start: int | None,
    end: int | None,
    block: int | None,
    page: int | None,
    surface: Surface,
) -> dict[str, Any]:
    return {
        **{"path": path, "sentence": sentence, "start": start, "end": end},
        **{"block": block, "page": page, "surface": str(surface)},
    }


def judge(text: str, rules: RuleSet) -> dict[str, Any]:
    """Whether any sentence of a text is flagged, with the categories and rules, gravest first."""
    sentences = inspect_text(text).sentences
    flagged = [match for matches, _ in rules.read_page(sentences) for match in matches if match.flagged]
    flagged.sort(key=lambda match: -match.rule.severity)
    return {
        "flagged": bool(flagged),
        "categories": _distinct(match.rule.category for match in flagged),
        "rules": _distinct(match.rule.key for match in flagged),
    }


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
