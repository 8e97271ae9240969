"""What the page of a clinic shows, put together from published rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from clinics.published import freshness, statements, understanding
from clinics.published.clinics import laboratories_of
from clinics.published.entries import part_of_check
from clinics.published.freshness import Said
from clinics.published.sentences import labels
from clinics.published.vocabulary import load_vocabulary


@dataclass(frozen=True, slots=True)
class Sourced:
    """A sentence with its date and the address of its source, "" where there is none."""

    text: str
    source: str
    source_url: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """A credential check in words, and the name of its part of the clinic's page."""

    check: Any
    subject: str
    part: str
    sentence: str
    age: Said | None
    attempt: Said | None
    source_url: str

    @classmethod
    def of(cls, check: Any, now: datetime) -> Self:
        """A published check, aged by the day of `now`."""
        return cls(
            check,
            statements.subject_of(check),
            part_of_check(check),
            statements.outcome_sentence(check),
            freshness.age_of_check(check, now.date()),
            freshness.last_attempt(check),
            freshness.link_to(check.source),
        )


@dataclass(frozen=True, slots=True)
class StatementView:
    """A published statement in words."""

    claim: Any
    category: str
    quote: str
    remark: str
    context: str
    surface: str
    link: str
    dates: tuple[Said, ...]
    disputed: Said | None
    assessments: tuple[Sourced, ...]
    references: tuple[tuple[str, str], ...]
    replies: tuple[Any, ...]
    checks: tuple[CheckView, ...]

    @classmethod
    def of(cls, claim: Any, now: datetime) -> Self:
        """A published claim with everything that dates it."""
        return cls(
            claim,
            statements.category_label(claim),
            statements.quote_of(claim),
            statements.remark_on(claim),
            statements.context_of(claim),
            statements.surface_label(claim),
            freshness.link_to(claim.page),
            freshness.freshness(claim, now),
            freshness.said("claim", "disputed", date=claim.disputed_since) if claim.disputed_since else None,
            tuple(_assessment(one) for one in claim.assessments.all()),
            tuple((statements.reference_label(one), statements.reference_link(one)) for one in claim.references.all()),
            tuple(claim.public_replies),
            tuple(CheckView.of(check, now) for check in claim.public_checks),
        )


def _assessment(assessment: Any) -> Sourced:
    sentence = statements.assessment_sentence(assessment)
    return Sourced(sentence, assessment.source_name, freshness.link_to(assessment.source))


@dataclass(frozen=True, slots=True)
class ActionView:
    """An official action in words."""

    action: Any
    sentence: str
    matched: str
    link: str
    outcomes: tuple[Sourced, ...]

    @classmethod
    def of(cls, action: Any) -> Self:
        """A published official action with what became of it."""
        return cls(
            action,
            statements.action_sentence(action),
            statements.action_match(action),
            freshness.link_to(action.link),
            tuple(_outcome(one) for one in action.public_outcomes),
        )


def _outcome(outcome: Any) -> Sourced:
    return Sourced(statements.action_outcome(outcome), outcome.title, freshness.link_to(outcome.link))


@dataclass(frozen=True, slots=True)
class ClinicPage:
    """A clinic with its statements, checks, and what nobody has looked up."""

    clinic: Any
    status: Said | None
    website: str
    website_read: Said | None
    languages: tuple[str, ...]
    statements: tuple[StatementView, ...]
    withdrawn: tuple[tuple[str, str], ...]
    actions: tuple[ActionView, ...]
    withdrawn_actions: tuple[tuple[str, str], ...]
    checks: tuple[CheckView, ...]
    not_checked: tuple[str, ...]
    organisations: tuple[tuple[str, Any], ...]
    laboratories: tuple[Any, ...]
    people_looked_up: int
    state_heading: str

    @classmethod
    def of(cls, clinic: Any, now: datetime) -> Self:
        """Everything public about a clinic as `clinic_in_full` gave it."""
        vocabulary = load_vocabulary()
        checked = {check.kind.key for check in clinic.public_checks}
        relations = labels("relation")
        return cls(
            clinic,
            statements.status_of(clinic),
            freshness.link_to(clinic.website),
            freshness.reading(clinic.website, now) if clinic.website else None,
            tuple(vocabulary.label("language", key) for key in clinic.languages),
            tuple(StatementView.of(claim, now) for claim in clinic.public_claims),
            tuple((claim.public_id, statements.withdrawal(claim)) for claim in clinic.withdrawn_claims),
            tuple(ActionView.of(action) for action in clinic.public_actions),
            tuple((action.public_id, statements.action_withdrawal(action)) for action in clinic.withdrawn_actions),
            tuple(CheckView.of(check, now) for check in clinic.public_checks),
            tuple(label for key, label in vocabulary.options("credential") if key not in checked),
            tuple((relations[link.relation], link) for link in clinic.organisation_links.all()),
            tuple(laboratories_of(clinic, now.date())),
            _people_looked_up(clinic),
            understanding.state_heading(clinic.public_locations),
        )


def _people_looked_up(clinic: Any) -> int:
    """How many of the practitioners named have a published check."""
    named = {link.practitioner_id for link in clinic.public_affiliations}
    return len({check.practitioner_id for check in clinic.public_checks} & named)
