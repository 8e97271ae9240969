"""PubMed, asked through the summaries of NCBI's Entrez Programming Utilities (esummary, JSON).

Source: https://www.ncbi.nlm.nih.gov/books/NBK25499/. A retracted paper has the type "Retracted Publication", and among
its references one of the type "Retraction in" that names the notice.
"""

import re
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from clinics.domain.answer import Answer
from clinics.domain.identifiers import valid_pmcid, valid_pmid
from clinics.domain.likeness import likeness_of_titles
from clinics.domain.look_up import Compared, Likeness, Proposal, Question
from clinics.domain.registers import registers_for
from clinics.web.registries.registry import CannotAsk, NotUnderstood, at, list_at, parsed, text_at

_API: Final = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esummary.fcgi"
_TOOL: Final = "ClinicDirectoryReader"
_RETRACTED: Final = "Retracted Publication"
_NOTICES: Final = {"retraction in": "Retracted", "expression of concern in": "Expression of concern"}
_DAY: Final = re.compile(r"\b((?:18|19|20)\d\d) ([A-Z][a-z]{2}) (\d{1,2})\b")
_NO_SUCH: Final = "cannot get document summary"


class PubMed:
    """By PMID; by PMCID through PubMed Central."""

    key = "pubmed"
    register = "PubMed"
    kinds = frozenset({"reference"})
    most_bytes = 2_000_000
    serves_days = 0

    def address(self, question: Question) -> str:
        """Raises CannotAsk without a PMID or PMCID."""
        if not (valid_pmid(question.identifier) or valid_pmcid(question.identifier)):
            raise CannotAsk("PubMed is asked by PMID or PMCID.")
        in_pmc = valid_pmcid(question.identifier)
        asked = {
            "db": "pmc" if in_pmc else "pubmed",
            "id": question.identifier.removeprefix("PMC"),
            "retmode": "json",
            "tool": _TOOL,
        }
        return f"{_API}?{urlencode(asked)}"

    def read(self, question: Question, answer: Answer, today: date) -> Proposal:
        """Raises NotUnderstood."""
        if answer.status != 200:
            raise NotUnderstood(f"The register answered with status {answer.status}.")
        told = parsed(answer)
        number = question.identifier.removeprefix("PMC")
        paper = at(told, "result", number)
        if _NO_SUCH in text_at(paper, "error").lower() or _is_empty(told):
            terms = {"search_terms": f"number {question.identifier}"}
            return Proposal("not_found", "The register has no such number.", facts=terms)
        if text_at(paper, "uid") != number or not text_at(paper, "title"):
            said = text_at(told, "error") or text_at(paper, "error")
            raise NotUnderstood(f"The register's answer has not the form that it publishes. {said}".strip())
        return _proposal(question, paper)


def _is_empty(told: dict[str, Any]) -> bool:
    uids = at(told, "result", "uids")
    return isinstance(uids, list) and not uids


def _proposal(question: Question, paper: Any) -> Proposal:
    kinds = [text_at(paper, "pubtype", place) for place in range(len(list_at(paper, "pubtype")))]
    title = likeness_of_titles(question.subject, text_at(paper, "title"))
    compared = (
        Compared("number", question.identifier, question.identifier, Likeness.SAME),
        Compared("title", question.subject, text_at(paper, "title"), title),
        Compared("journal", "", f"{text_at(paper, 'source')} {text_at(paper, 'pubdate')}".strip(), Likeness.UNKNOWN),
        Compared("kinds of publication", "", ", ".join(filter(None, kinds)), Likeness.UNKNOWN),
    )
    entry = next(each.link(question.identifier) for each in registers_for("reference", question.identifier))
    facts = {"identifier": question.identifier, "register_word": ", ".join(filter(None, kinds))[:200] or "Listed"}
    if notice := _notice(paper, kinds):
        return Proposal("restricted", "The paper carries a notice.", compared, {**facts, **notice}, entry)
    if title is Likeness.DIFFERENT:
        return Proposal("mismatch", "The number leads to a paper with another title.", compared, facts, entry)
    if title is Likeness.SAME:
        return Proposal("verified", "Number and title are the same.", compared, facts, entry)
    return Proposal("", "The titles are not the same: compare the entry yourself.", compared, facts, entry)


def _notice(paper: Any, kinds: list[str]) -> dict[str, str]:
    """The notice's word, citation and day, where the paper carries one; a retraction before anything else."""
    notices = {text_at(each, "reftype").lower(): text_at(each, "refsource") for each in list_at(paper, "references")}
    for kind, word in _NOTICES.items():
        if kind in notices or (word == "Retracted" and _RETRACTED in kinds):
            source = notices.get(kind, "")
            return {"register_word": word, "document_title": source[:300], "register_date": _day_in(source)}
    return {}


def _day_in(citation: str) -> str:
    """The day of a citation such as "Lancet. 2020 Jun 13;395:1820"; "" where it names none."""
    named = _DAY.search(citation)
    if named is None:
        return ""
    try:
        return datetime.strptime(" ".join(named.groups()), "%Y %b %d").date().isoformat()
    except ValueError:
        return ""
