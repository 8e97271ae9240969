"""What is said in public about statements, credential checks and clinics: fixed sentences, their facts filled in."""

from clinics.domain.references import address_of
from clinics.models import ActionOutcome, Assessment, Claim, ClaimReference, Clinic, CredentialCheck, OfficialAction
from clinics.published import freshness
from clinics.published.freshness import Said, said, state_of
from clinics.published.sentences import as_typed, filled_in, labels, sentence

MISSING_NOTICE = "missing_notice"


def category_label(claim: Claim) -> str:
    """The neutral name of a statement's category."""
    return labels("claim_category")[claim.public_category]


def surface_label(claim: Claim) -> str:
    """Where on the page the words stand."""
    return labels("surface").get(claim.surface, claim.surface)


def quote_of(claim: Claim) -> str:
    """The clinic's exact words; "" for a notice that was not found, where there are no words to quote."""
    return "" if claim.category == MISSING_NOTICE else claim.quote_in_public


def context_of(claim: Claim) -> str:
    """The passage around the words; "" where there are no words to quote."""
    return "" if claim.category == MISSING_NOTICE else claim.context_in_public


def reference_label(reference: ClaimReference) -> str:
    """A reference by its title and number, or by its page's title or address."""
    number = f"{reference.kind.upper()} {reference.identifier}" if reference.identifier else ""
    shown = freshness.link_to(reference.page)
    return " · ".join(part for part in (reference.title, number) if part) or shown


def reference_link(reference: ClaimReference) -> str:
    """Where the reference can be read; "" where its page leads elsewhere now."""
    return address_of(reference.kind, reference.identifier) or freshness.link_to(reference.page)


def remark_on(claim: Claim) -> str:
    """The fixed sentence about a notice that was not found; "" for every other statement."""
    if claim.category != MISSING_NOTICE:
        return ""
    state = state_of(claim.page)
    read = state.last_read_at if state and state.last_read_at else claim.first_seen_on
    return sentence("claim", "missing_notice", date=read)


def assessment_sentence(assessment: Assessment) -> str:
    """What a source says, or that nobody has assessed the statement."""
    return sentence(
        "assessment",
        assessment.key,
        source=as_typed(assessment.source_name),
        date=assessment.assessed_on,
        source_date=assessment.source_date or assessment.assessed_on,
        detail=as_typed(assessment.detail),
    )


def outcome_sentence(check: CredentialCheck) -> str:
    """What the register showed."""
    when = check.register_date or check.checked_on
    return sentence(
        "credential_outcome",
        check.outcome,
        word=as_typed(check.register_word),
        terms=as_typed(check.search_terms),
        title=as_typed(check.document_title),
        date=when,
        register=as_typed(check.register),
        matched_by=as_typed(check.matched_by),
        edition=when,
    )


def subject_of(check: CredentialCheck) -> str:
    """Who or what was looked up, as somebody typed it; a person's name is in no language."""
    return check.subject if check.practitioner_id else as_typed(check.subject)


def check_title(check: CredentialCheck) -> str:
    """What was looked up of whom."""
    return filled_in("{kind}, {subject}", kind=str(check.kind), subject=subject_of(check))


def check_in_words(check: CredentialCheck) -> str:
    """What was looked up of whom, and what came of it."""
    return filled_in("{title}: {outcome}", title=check_title(check), outcome=outcome_sentence(check))


def outcome_in_short(check: CredentialCheck) -> str:
    """The same in a few words, as they stand within a sentence."""
    label = labels("credential_outcome")[check.outcome]
    return label[:1].lower() + label[1:]


def action_sentence(action: OfficialAction) -> str:
    """What was done, by whom, to whom and when, as the document says."""
    return sentence(
        "official_action",
        "action",
        agency=as_typed(action.agency),
        kind=labels("official_action")[action.kind],
        date=action.acted_on,
        title=as_typed(action.title),
        addressee=action.addressee,
    )


def action_match(action: OfficialAction) -> str:
    """How staff connected the addressee with this clinic."""
    return sentence("official_action", "matched", how=as_typed(action.matched_how))


def action_outcome(outcome: ActionOutcome) -> str:
    """What became of the action later."""
    kind = labels("action_outcome")[outcome.kind]
    if not outcome.title:
        return sentence("official_action", "outcome", kind=kind, date=outcome.dated)
    return sentence("official_action", "outcome_titled", kind=kind, date=outcome.dated, title=as_typed(outcome.title))


def action_withdrawal(action: OfficialAction) -> str:
    """The tombstone of a withdrawn official action: its dates and the reason, without the rest."""
    return sentence(
        "official_action",
        "withdrawn",
        published=action.published_at,
        date=action.ended_at,
        reason=as_typed(action.ended_because),
    )


def status_of(clinic: Clinic) -> Said | None:
    """What became of a clinic that is no longer listed; None while it is."""
    if clinic.status == Clinic.Status.LISTED:
        return None
    return said("clinic_status", clinic.status, date=clinic.status_since, reason=as_typed(clinic.status_reason))


def shows_facts(clinic: Clinic) -> bool:
    """Whether more than its status is public."""
    return clinic.status != Clinic.Status.DELISTED


def withdrawal(claim: Claim) -> str:
    """The tombstone of a withdrawn statement: its dates and the reason, without its words."""
    reason = as_typed(claim.ended_because)
    return sentence("claim", "withdrawn", published=claim.published_at, date=claim.ended_at, reason=reason)
