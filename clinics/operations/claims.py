"""Claims as they are drafted: the words, the clinic's chance to comment, and what is set beside them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain import working_days
from clinics.domain.block import Block, Surface
from clinics.domain.category import PUBLIC_SLUGS
from clinics.domain.rule import Severity
from clinics.domain.sentences import split
from clinics.models import Assessment, Claim, Clinic, Flag, Page, PageUse, Snapshot
from clinics.operations.claim_versions import freeze
from clinics.operations.days import refuse_no_past_day
from clinics.operations.flagging import refuse_merged
from clinics.operations.recording import record_page
from clinics.operations.refusal import Refusal

LONGEST_QUOTE = 2  # sentences
WORKING_DAYS_TO_COMMENT = 10  # as the CQC gives providers to check a draft report

State = Claim.State
LIVING = tuple(state for state in State.values if state != State.WITHDRAWN)

# What each assessment's public sentence is filled with, so that none is published with a gap.
ASSESSMENT_NEEDS: dict[str, tuple[str, ...]] = {
    Assessment.Key.NOT_ASSESSED: (),
    Assessment.Key.SOURCE_AGREES: ("source_name",),
    Assessment.Key.SOURCE_DIFFERS: ("source_name", "detail"),
    Assessment.Key.NO_ENTRY: ("source_name", "detail"),
    Assessment.Key.STUDY_DESCRIBED: ("source_name", "detail"),
    Assessment.Key.NO_STUDY_FOUND: (),
    Assessment.Key.AGENCY_GUIDANCE: ("source_name", "source_date", "detail"),
    Assessment.Key.NOT_CHECKABLE: (),
}


@transaction.atomic
def draft_claim(
    clinic: Clinic,
    quote: str,
    category: str,
    *,
    by: User,
    now: datetime,
    snapshot: Snapshot,
    page: Page | None = None,
    flag: Flag | None = None,
    severity: int = Severity.MEDIUM,
    context: str = "",
    surface: str = Surface.BODY,
    document_page: int | None = None,
    first_seen_on: date | None = None,
    language: str = "en",
) -> Claim:
    """A draft of what the clinic, whose row the caller has locked, says; quoted exactly from a snapshot.

    Raises Refusal for a quote of more than two sentences, or one that does not stand in the snapshot as it is typed.
    """
    words = quote.strip()
    if category not in PUBLIC_SLUGS:
        raise Refusal(f"{category} is not a category of claims.")
    refuse_merged(clinic)
    refuse_words_of_others(clinic, snapshot)
    block = quotable(words, snapshot)
    return Claim.objects.create(
        clinic=clinic,
        flag=flag,
        page=page,
        snapshot=snapshot,
        category=category,
        severity=severity,
        quote=words,
        context=context or block.text,
        surface=surface,
        document_page=document_page,
        language=language,
        first_seen_on=first_seen_on or snapshot.seen_on or snapshot.taken_at.date(),
        needs_counsel=settings.CLAIMS_NEED_COUNSEL,
        drafted_by=by,
        drafted_at=now,
    )


def refuse_words_of_others(clinic: Clinic, snapshot: Snapshot) -> None:
    """A clinic is quoted from its own pages, and from what a person captured of it. Raises Refusal otherwise."""
    own = PageUse.objects.own_pages().filter(page=snapshot.page_id, clinic=clinic)
    is_own = snapshot.clinic_id == clinic.pk if snapshot.clinic_id else own.exists()
    if not is_own:
        raise Refusal(f"This text is not from a page of {clinic}'s own. Choose another, or record the page as its own.")


def refuse_said_already(clinic: Clinic, quote: str) -> None:
    """A clinic's words are one claim, whoever quotes them again. Raises Refusal; the caller has locked the clinic."""
    words = " ".join(quote.split())
    same = (claim for claim in clinic.claims.filter(state__in=LIVING) if " ".join(claim.quote.split()) == words)
    if (claim := next(same, None)) is not None:
        raise Refusal(
            f"These words are a claim of {clinic} already: it is “{claim.get_state_display()}”, and was drafted on "
            f"{claim.drafted_at:%Y-%m-%d} by {claim.drafted_by}. Go on with that one."
        )


def quotable(words: str, snapshot: Snapshot) -> Block:
    """The block in which the words stand; raises Refusal where they cannot be quoted."""
    if not words:
        raise Refusal("Quote the clinic's words.")
    if len(split([Block(words, Surface.BODY)])) > LONGEST_QUOTE:
        raise Refusal("Quote at most two sentences; the rest stays in the capture.")
    block = _block_with(words, snapshot)
    if block is None:
        raise Refusal("These words do not stand in the capture exactly as typed; copy them from its text.")
    return block


def _block_with(words: str, snapshot: Snapshot) -> Block | None:
    wanted = " ".join(words.split())
    return next((block for block in snapshot.blocks if wanted in " ".join(block.text.split())), None)


def locked_claim(claim: Claim, *allowed: str) -> Claim:
    """The claim's row, locked. Raises Refusal where it is in none of these states."""
    locked = Claim.objects.select_for_update(of=("self",)).select_related("clinic", "snapshot").get(pk=claim.pk)
    if locked.state not in allowed:
        raise Refusal(f"This claim is “{locked.get_state_display()}”; that cannot be done now.")
    return locked


def needed(reason: str) -> str:
    """The reason as it is kept. Raises Refusal where there is none."""
    if not reason.strip():
        raise Refusal("Give the reason; it is kept with the claim.")
    return reason.strip()


def refuse_if_signed(claim: Claim) -> None:
    """Refuse a step for which a claim that has all its signatures is too far on its way to the public."""
    if claim.public_from is not None:
        raise Refusal(f"This claim is signed and public from {claim.public_from:%H:%M} UTC; take that back first.")


def refuse_if_on_its_way(claim: Claim) -> None:
    """Refuse what would change a claim between its first signature and the public: all who sign it sign the same."""
    refuse_if_signed(claim)
    if claim.is_on_its_way:
        who = claim.first_signed_by
        raise Refusal(f"{who} has signed this claim as it stands, for another to sign; let {who} take that back first.")


def refuse_rewording(claim: Claim) -> None:
    """Refuse to change what is signed as a whole: the words, and the credential checks beside them. Locks the row."""
    locked = locked_claim(claim, *LIVING)
    refuse_if_on_its_way(locked)
    if not locked.may_be_reworded:
        raise Refusal("This claim was public once: its words, and the checks beside them, stay as they were signed.")


def hand_back(claim: Claim, locked: Claim) -> Claim:
    """Let the object in the caller's hand show what now stands in the database."""
    claim.refresh_from_db()
    return locked


@transaction.atomic
def invite_comment(claim: Claim, *, by: User, now: datetime) -> Claim:
    """Record that the clinic was invited to comment: it has ten working days."""
    locked = locked_claim(claim, State.DRAFT)
    refuse_if_signed(locked)
    locked.state, locked.comment_invited_on = State.COMMENT_INVITED, now.date()
    locked.save(update_fields=["state", "comment_invited_on"])
    return hand_back(claim, locked)


@transaction.atomic
def waive_comment(claim: Claim, *, reason: str, by: User, now: datetime) -> Claim:
    """Record why the clinic is not invited to comment, or not waited for."""
    locked = locked_claim(claim, State.DRAFT, State.COMMENT_INVITED)
    locked.comment_waived_because = needed(reason)
    locked.save(update_fields=["comment_waived_because"])
    return hand_back(claim, locked)


def may_publish_from(claim: Claim) -> date | None:
    """The first day on which the clinic's time to comment is over; None where neither invitation nor waiver stands."""
    if claim.comment_waived_because:
        return claim.drafted_at.date()
    if claim.comment_invited_on is None:
        return None
    return working_days.after(claim.comment_invited_on, WORKING_DAYS_TO_COMMENT) + timedelta(days=1)


@transaction.atomic
def add_assessment(
    claim: Claim,
    key: str,
    *,
    by: User,
    now: datetime,
    assessed_on: date | None = None,
    source_name: str = "",
    source_url: str = "",
    source_date: date | None = None,
    detail: str = "",
) -> Assessment:
    """Set a dated statement beside the claim. A published claim gets a new frozen version.

    Raises Refusal; also for a claim that somebody has signed and that is not public yet, and for a critical one that is
    public, since nobody else would sign the addition.
    """
    locked = locked_claim(claim, *LIVING)
    refuse_if_on_its_way(locked)
    if locked.is_critical and locked.state == State.PUBLISHED:
        raise Refusal("This claim is critical and public: hold it, assess it, and let two people sign it again.")
    _refuse_gaps(key, {"source_name": source_name, "source_date": source_date, "detail": detail})
    assessed_on = assessed_on or now.date()
    refuse_no_past_day(assessed_on, now, to_come="The day of the assessment has not come yet.")
    if source_date is not None:
        refuse_no_past_day(source_date, now, to_come="The source bears a date to come. Look at it again.")
    if key == Assessment.Key.NOT_ASSESSED and locked.assessments.exclude(key=key).exists():
        raise Refusal("This claim has been assessed; it cannot be called “not assessed” as well.")
    source = None
    if source_url:
        source = record_page(source_url, by=by, now=now, clinic=locked.clinic, purpose=PageUse.Purpose.EVIDENCE)
    locked.assessments.filter(key=Assessment.Key.NOT_ASSESSED).delete()
    made = Assessment.objects.create(
        claim=locked,
        key=key,
        assessed_on=assessed_on,
        source_name=source_name,
        source=source,
        source_date=source_date,
        detail=detail,
    )
    if locked.state == State.PUBLISHED:
        freeze(locked, now, by, None)
    return made


def _refuse_gaps(key: str, given: dict[str, Any]) -> None:
    """Refuse an assessment whose public sentence would have a gap."""
    if key not in ASSESSMENT_NEEDS:
        raise Refusal(f"{key} is not an assessment.")
    missing = [name for name in ASSESSMENT_NEEDS[key] if not str(given[name] or "").strip()]
    if missing:
        names = ", ".join(str(getattr(Assessment._meta.get_field(name), "verbose_name", name)) for name in missing)
        raise Refusal(f"This assessment cannot be shown without: {names}.")
