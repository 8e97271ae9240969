"""Crossref's REST API: a paper by its DOI, with the notices about it that publishers and Retraction Watch report.

Source: https://api.crossref.org/swagger-ui/; a notice stands among `updated-by` with its type, DOI and day.
"""

from datetime import date
from typing import Any, Final
from urllib.parse import quote

from clinics.domain.answer import Answer
from clinics.domain.identifiers import valid_doi
from clinics.domain.likeness import likeness_of_titles
from clinics.domain.look_up import Compared, Likeness, Proposal, Question
from clinics.domain.registers import registers_for
from clinics.web.registries.registry import CannotAsk, NotUnderstood, at, found, list_at, parsed, text_at

_API: Final = "https://api.crossref.org/works/"
_WORDS: Final = {
    "retraction": "Retracted",
    "removal": "Removed",
    "withdrawal": "Withdrawn",
    "partial_retraction": "Partly retracted",
    "expression_of_concern": "Expression of concern",
}
"""Kinds of notice that limit what a paper can be cited for, the gravest first. Corrections do not."""


class Crossref:
    """By DOI."""

    key = "crossref"
    register = "Crossref"
    kinds = frozenset({"reference"})
    most_bytes = 5_000_000
    serves_days = 0

    def address(self, question: Question) -> str:
        """Raises CannotAsk without a DOI."""
        if not valid_doi(question.identifier):
            raise CannotAsk("Crossref is asked by DOI.")
        return f"{_API}{quote(question.identifier, safe='')}"

    def read(self, question: Question, answer: Answer, today: date) -> Proposal:
        """Raises NotUnderstood."""
        if not found(answer):
            terms = {"search_terms": f"DOI {question.identifier}"}
            remark = "Crossref does not know this DOI; another agency may have given it."
            return Proposal("not_found", remark, facts=terms)
        work = at(parsed(answer), "message")
        if text_at(work, "DOI").lower() != question.identifier.lower():
            raise NotUnderstood("The register's answer has not the form that it publishes, or is of another DOI.")
        return _proposal(question, work)


def _proposal(question: Question, work: Any) -> Proposal:
    title = text_at(work, "title", 0)
    likeness = likeness_of_titles(question.subject, title)
    issued = "-".join(str(part) for part in list_at(work, "issued", "date-parts", 0) if part)
    kind = text_at(work, "type").replace("-", " ").capitalize() or "Listed"
    compared = (
        Compared("number", question.identifier, text_at(work, "DOI"), Likeness.SAME),
        Compared("title", question.subject, title, likeness),
        Compared("journal", "", f"{text_at(work, 'container-title', 0)} {issued}".strip(), Likeness.UNKNOWN),
        Compared("notices", "", "; ".join(map(_in_words, list_at(work, "updated-by")))[:500], Likeness.UNKNOWN),
    )
    entry = next(each.link(question.identifier) for each in registers_for("reference", question.identifier))
    facts = {"identifier": question.identifier, "register_word": kind}
    if notice := _gravest(list_at(work, "updated-by")):
        return Proposal("restricted", "The paper carries a notice.", compared, {**facts, **notice}, entry)
    if likeness is Likeness.DIFFERENT:
        return Proposal("mismatch", "The DOI leads to a paper with another title.", compared, facts, entry)
    if likeness is Likeness.SAME:
        return Proposal("verified", "DOI and title are the same.", compared, facts, entry)
    return Proposal("", "The titles are not the same: compare the entry yourself.", compared, facts, entry)


def _in_words(notice: Any) -> str:
    return " ".join(filter(None, (text_at(notice, "type"), text_at(notice, "DOI"), _day(notice))))


def _gravest(notices: list[Any]) -> dict[str, str]:
    for kind, word in _WORDS.items():
        for notice in notices:
            if text_at(notice, "type").lower().replace("-", "_").replace(" ", "_") == kind:
                label = text_at(notice, "label") or word
                title = f"{label}, {text_at(notice, 'DOI')}".removesuffix(", ")
                return {"register_word": word, "document_title": title[:300], "register_date": _day(notice)}
    return {}


def _day(notice: Any) -> str:
    """The notice's day; "" where the register gives no whole day."""
    parts = list_at(notice, "updated", "date-parts", 0)
    try:
        return date(*parts).isoformat()
    except (TypeError, ValueError):
        return ""
