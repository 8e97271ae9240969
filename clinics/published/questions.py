"""What patients may ask, with what a clinic's pages answer: recorded answers, and facts that are published anyway."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from clinics.domain.questions import PatientQuestion, patient_questions
from clinics.models import OfficialAction, Question
from clinics.published import freshness, statements, understanding
from clinics.published.clinics import laboratories_of
from clinics.published.freshness import Said, said, state_of
from clinics.published.offers import stated
from clinics.published.recorded import recorded_on
from clinics.published.sentences import as_typed, filled_in, labels, language

TERMS: Final = ("cell_source", "origin", "posture", "evidence", "route")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person found: the clinic's words with their page, or that they are not there. Dated either way."""

    quote: str
    language: str
    dates: tuple[Said, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is published about the clinic and bears on the question."""

    text: str
    quote: str
    language: str
    dates: tuple[Said, ...]
    link: str
    statement: str = ""
    """The public id of the statement that it is; "" for other facts."""
    document: str = ""
    """The public id of the official document that it is; "" for other facts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is printed; for a clinic, with its answer and what is published."""

    key: str
    text: str
    why: str
    page: understanding.Link
    answer: Answer | None
    facts: tuple[Fact, ...]


def in_general() -> list[Asked]:
    """Every question, for any clinic."""
    return [_asked(question, None, ()) for question in patient_questions().values()]


def of_clinic(clinic: Any, now: datetime) -> list[Asked]:
    """Every question with what is published of a clinic that was fetched in full."""
    answers = {answer.key: answer for answer in clinic.public_answers}
    facts = _Facts(clinic, now)
    return [
        _asked(question, _answer(answers.get(question.key)), tuple(facts.bearing_on(question)))
        for question in patient_questions().values()
    ]


def other_documents(clinic: Any) -> list[Fact]:
    """The official documents of a clinic fetched in full that bear on none of the questions."""
    questions = patient_questions().values()
    return [
        _document(action)
        for action in clinic.public_actions
        if not any(_bears_on(action, question) for question in questions)
    ]


def _asked(question: PatientQuestion, answer: Answer | None, facts: tuple[Fact, ...]) -> Asked:
    tongue = language()
    page = understanding.link_of(question.page)
    return Asked(question.key, question.text[tongue], question.why[tongue], page, answer, facts)


def _answer(row: Question | None) -> Answer | None:
    if row is None:
        return None
    if row.finding == Question.Finding.NOT_STATED:
        return Answer("", "", (said("question", "not_stated", date=row.looked_on),), "")
    return Answer(row.quote, row.language, tuple(_dates(row)), freshness.link_to(row.page))


def _dates(row: Question) -> Iterator[Said]:
    if row.snapshot is not None and row.snapshot.described_as:
        yield said("freshness", "captured", date=row.looked_on, what=as_typed(row.snapshot.described_as))
        return
    yield said("question", "stated", date=row.looked_on)
    state = state_of(row.page)
    if state is not None and state.snapshot_id is not None and state.snapshot_id != row.snapshot_id:
        yield said("question", "text_changed")


class _Facts:
    """What is published of a clinic, asked for by question."""

    def __init__(self, clinic: Any, now: datetime) -> None:
        self._clinic, self._now = clinic, now
        self._offers: Sequence[Any] = clinic.public_treatments
        self._offered_on = recorded_on(self._offers)
        self._named_on = recorded_on(clinic.public_affiliations)

    def bearing_on(self, question: PatientQuestion) -> Iterator[Fact]:
        """The facts, then the statements, then the look-ups, then the official documents that bear on a question."""
        for kind in question.facts:
            yield from self._people() if kind == "people" else self._offered(kind)
        for claim in self._clinic.public_claims:
            if claim.public_category in question.statements:
                yield self._statement(claim)
        for check in self._clinic.public_checks:
            if check.kind.key in question.checks:
                yield self._check(check)
        for action in self._clinic.public_actions:
            if _bears_on(action, question):
                yield _document(action)

    def _offered(self, kind: str) -> Iterator[Fact]:
        """One fact for each value, with the offers that have it, and since when the newest of them is recorded."""
        by_value: dict[str, list[Any]] = {}
        for offer in self._offers:
            if value := _value(offer, kind):
                by_value.setdefault(value, []).append(offer)
        for value, offers in by_value.items():
            names = ", ".join(dict.fromkeys(offer.name for offer in offers))
            text = filled_in("{value} ({names})", value=_shown(value, kind), names=as_typed(names))
            yield _fact(text, self._recorded(self._offered_on, offers))
        if kind == "laboratory":
            yield from self._laboratories()

    def _laboratories(self) -> Iterator[Fact]:
        label = labels("relation")["processes_cells"]
        for link in laboratories_of(self._clinic, self._now.date()):
            dates = (said("question", "since", date=link.since),) if link.since else ()
            yield _fact(f"{label}: {link.organisation.name}", dates)

    def _people(self) -> Iterator[Fact]:
        for link in self._clinic.public_affiliations:
            who = link.practitioner
            parts = {"name": who.name, "provider": str(who.provider or ""), "role": as_typed(link.role)}
            template = ", ".join(f"{{{name}}}" for name, part in parts.items() if part)
            yield _fact(filled_in(template, **parts), self._recorded(self._named_on, [link]))

    def _recorded(self, days: Mapping[Any, Any], rows: Sequence[Any]) -> tuple[Said, ...]:
        known = [days[row.pk] for row in rows if row.pk in days]
        return (said("question", "recorded", date=max(known)),) if known else ()

    def _statement(self, claim: Any) -> Fact:
        text = statements.remark_on(claim) or statements.category_label(claim)
        dates = freshness.freshness(claim, self._now)
        link = freshness.link_to(claim.page)
        return Fact(text, statements.quote_of(claim), claim.language, dates, link, claim.public_id)

    def _check(self, check: Any) -> Fact:
        looked = said("question", "looked_up", date=check.checked_on)
        dates = tuple(filter(None, (looked, freshness.age_of_check(check, self._now.date()))))
        return Fact(statements.check_in_words(check), "", "", dates, freshness.link_to(check.source))


def _value(offer: Any, kind: str) -> str:
    if kind in TERMS:
        return str(getattr(offer, kind) or "")
    return stated(offer, "price_stated" if kind == "price" else kind)


def _shown(value: str, kind: str) -> str:
    """The value, marked where somebody typed it; terms are in the visitor's language, and laboratories are names."""
    return as_typed(value) if kind in ("product", "price") else value


def _fact(text: str, dates: tuple[Said, ...]) -> Fact:
    return Fact(text, "", "", dates, "")


def _bears_on(action: OfficialAction, question: PatientQuestion) -> bool:
    """Whether a document is about what is asked: by its kind, or because it is about somebody who treats there."""
    return action.kind in question.documents or ("people" in question.facts and action.practitioner_id is not None)


def _document(action: Any) -> Fact:
    later = tuple(Said("outcome", statements.action_outcome(one)) for one in action.public_outcomes)
    return Fact(statements.action_sentence(action), action.quote, "", later, "", document=action.public_id)
