"""Two records of one clinic made one. The merged record stays, empty, and leads to the survivor for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Max

from clinics.models import (
    Affiliation,
    Claim,
    Clinic,
    ClinicAnswer,
    CredentialCheck,
    Flag,
    Host,
    IgnoreRule,
    LegalHold,
    Location,
    MergeRecord,
    OfficialAction,
    OrganisationLink,
    PageProposal,
    PageUse,
    Question,
    RegisterLookUp,
    Sighting,
    Snapshot,
    Treatment,
)
from clinics.operations.flagging import lock_clinic
from clinics.operations.joining import first_of, join_flags
from clinics.operations.journal import Journal
from clinics.operations.refusal import Refusal, required

Status = Clinic.Status
OUT_OF_SIGHT: Final = (Status.HELD, Status.DELISTED)
MOVED: Final[tuple[type[models.Model], ...]] = (Location, Treatment, IgnoreRule, ClinicAnswer)
"""Rows that go to the survivor as they are."""
FOLDED: Final[dict[type[models.Model], tuple[str, ...]]] = {
    PageUse: ("page_id", "purpose"),
    Affiliation: ("practitioner_id",),
    OrganisationLink: ("organisation_id", "relation", "since"),
}
"""Rows of which the survivor may have the same already: what makes them the same."""
COUNTED: Final = {
    "page_uses": "pages",
    "locations": "locations",
    "treatments": "treatments",
    "affiliations": "practitioners",
    "organisation_links": "organisations",
    "flags": "flags",
    "claims": "claims",
    "credential_checks": "credential checks",
    "official_actions": "official actions",
    "questions": "answers to patients' questions",
    "answers": "answers of the clinic",
    "register_look_ups": "look-ups in registers",
    "captures": "captures by hand",
    "page_proposals": "pages proposed",
    "ignore_rules": "parts of pages left unread",
    "legal_holds": "legal holds",
}
MOST_JOINED_SHOWN: Final = 20
SEALED: Final = (Snapshot, CredentialCheck, Question, LegalHold)
"""Rows that remember for which clinic they were recorded."""


@transaction.atomic
def merge(merged: Clinic, survivor: Clinic, *, reason: str, by: User, now: datetime) -> MergeRecord:
    """Make `merged` and `survivor` one clinic, under the survivor's name and address. Raises Refusal.

    Everything of the merged record goes to the survivor: pages, locations, flags with their decisions, claims,
    credential checks, captures, holds, proposals. Flags of one wording are joined.
    """
    given = required(reason, "The reason (how one knows that both are the same clinic)")
    if merged.pk == survivor.pk:
        raise Refusal("This is one record already. Choose another clinic.")
    clinics = lock_both(merged.pk, survivor.pk)
    merged, survivor = clinics[merged.pk], clinics[survivor.pk]
    refuse_to_merge(merged, survivor)
    journal = Journal()
    # First of all, since the database lets proof move only where a merger leads.
    journal.change(merged, status=Status.MERGED, status_since=now.date(), status_reason="", merged_into_id=survivor.pk)
    journal.move(Clinic.objects.all(), {"merged_into_id": merged.pk}, {"merged_into_id": survivor.pk})
    _complete(survivor, merged, journal)
    _move_rows(merged, survivor, journal)
    join_flags(merged, survivor, journal)
    journal.move(Claim.objects.all(), {"clinic_id": merged.pk}, {"clinic_id": survivor.pk})
    last = Sighting.objects.aggregate(last=Max("pk"))["last"] or 0
    notes = {"entries": journal.entries, "last_sighting": last}
    return MergeRecord.objects.create(survivor=survivor, merged=merged, reason=given, by=by, at=now, journal=notes)


def lock_both(*clinic_ids: int) -> dict[int, Clinic]:
    """The clinics, locked in ascending id, after the hosts of their pages, as readings lock them."""
    hosts = Host.objects.filter(pages__uses__clinic__in=clinic_ids).values("pk")
    list(Host.objects.select_for_update(no_key=True).filter(pk__in=hosts).order_by("pk").values_list("pk"))
    return {pk: lock_clinic(pk) for pk in sorted(clinic_ids)}


def refuse_to_merge(merged: Clinic, survivor: Clinic) -> None:
    """Raise Refusal where merging would bring out of public sight, or into it, what a person did not decide on."""
    for clinic in (merged, survivor):
        if clinic.status == Status.MERGED:
            raise Refusal(f"{clinic} has been merged into {clinic.merged_into} already. Choose that one.")
    if merged.status == survivor.status or merged.status == Status.DRAFT:
        return
    for clinic in (merged, survivor):
        if clinic.status in OUT_OF_SIGHT:
            raise Refusal(
                f"{clinic} is “{clinic.get_status_display()}”. Decide on that first: merging would change it."
            )
    if survivor.status == Status.DRAFT:
        raise Refusal(
            f"{merged} is “{merged.get_status_display()}” and {survivor} is a draft, so that merging would take it out "
            "of public sight. Merge the other way, or list the survivor first."
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What merging would do: rows of each kind of both, and the flags that would be joined with their states."""

    counts: tuple[tuple[str, int, int], ...]
    joined: tuple[tuple[str, str, str, str], ...]


def preview(merged: Clinic, survivor: Clinic) -> Preview:
    """What a person looks at before merging; the first `MOST_JOINED_SHOWN` of the flags that would be joined."""
    pair = (merged, survivor)
    counts = [(label, *(getattr(clinic, name).count() for clinic in pair)) for name, label in COUNTED.items()]
    mine = Flag.objects.living().filter(clinic=merged)
    theirs = {f.subject: f for f in Flag.objects.living().filter(clinic=survivor, subject__in=mine.values("subject"))}
    both = mine.filter(subject__in=theirs).order_by("-severity", "pk")[:MOST_JOINED_SHOWN]
    joined = [
        (flag.wording, flag.state, theirs[flag.subject].state, first_of(flag, theirs[flag.subject]).state)
        for flag in both
    ]
    return Preview(tuple(counts), tuple(joined))


def _complete(survivor: Clinic, merged: Clinic, journal: Journal) -> None:
    """What the survivor's own row takes over: the other's names and languages, and a website where it has none."""
    known = [name.strip() for name in survivor.other_names.split(",") if name.strip()]
    names = [merged.name, *(name.strip() for name in merged.other_names.split(","))]
    seen = {name.casefold() for name in (survivor.name, *known)}
    for name in names:
        if name and name.casefold() not in seen and len(", ".join([*known, name])) <= 400:
            seen.add(name.casefold())
            known.append(name)
    journal.change(
        survivor,
        other_names=", ".join(known),
        languages=[*survivor.languages, *(key for key in merged.languages if key not in survivor.languages)],
        website_id=survivor.website_id or merged.website_id,
    )


def _move_rows(merged: Clinic, survivor: Clinic, journal: Journal) -> None:
    here, there = {"clinic_id": merged.pk}, {"clinic_id": survivor.pk}
    for model in MOVED:
        journal.move(model._default_manager.all(), here, there)
    for model, same in FOLDED.items():
        _fold(model, same, merged, survivor, journal)
    _fold_proposals(merged, survivor, journal)
    _fold_look_ups(merged, survivor, journal)
    _fold_actions(merged, survivor, journal)
    journal.move(CredentialCheck.objects.filter(state=CredentialCheck.State.DRAFT), here, there)
    journal.move(Question.objects.filter(published_at=None), here, there)
    for kept in SEALED:
        rows = kept._default_manager.all()
        journal.move(rows.filter(merged_from__isnull=False), here, there)
        journal.move(rows, {**here, "merged_from_id": None}, {**there, "merged_from_id": merged.pk})


def _fold(model: type[models.Model], same: tuple[str, ...], merged: Clinic, survivor: Clinic, journal: Journal) -> None:
    rows = model._default_manager
    known = set(rows.filter(clinic=survivor).values_list(*same))
    for row in rows.filter(clinic=merged).order_by("pk"):
        if tuple(getattr(row, name) for name in same) in known:
            journal.set_aside(row)
    journal.move(rows.all(), {"clinic_id": merged.pk}, {"clinic_id": survivor.pk})


def _fold_look_ups(merged: Clinic, survivor: Clinic, journal: Journal) -> None:
    """A question that waits at both is asked once."""
    same = ("kind_id", "subject", "identifier", "connector")
    waiting = RegisterLookUp.objects.filter(state=RegisterLookUp.State.WAITING)
    known = set(waiting.filter(clinic=survivor).values_list(*same))
    for look_up in waiting.filter(clinic=merged).order_by("pk"):
        if tuple(getattr(look_up, name) for name in same) in known:
            journal.set_aside(look_up)
    journal.move(RegisterLookUp.objects.all(), {"clinic_id": merged.pk}, {"clinic_id": survivor.pk})


def _fold_actions(merged: Clinic, survivor: Clinic, journal: Journal) -> None:
    """One record of a document: a draft gives way. Raises Refusal where both are more than drafts."""
    living = OfficialAction.objects.exclude(state=OfficialAction.State.WITHDRAWN).filter(link__isnull=False)
    known = {action.link_id: action for action in living.filter(clinic=survivor)}
    for action in living.filter(clinic=merged, link__in=known).order_by("pk"):
        drafts = [each for each in (action, known[action.link_id]) if _is_bare_draft(each)]
        if not drafts:
            raise Refusal(f"Both have the official action “{action}”. Withdraw one of the two first.")
        journal.set_aside(drafts[0])
    journal.move(OfficialAction.objects.all(), {"clinic_id": merged.pk}, {"clinic_id": survivor.pk})


def _is_bare_draft(action: OfficialAction) -> bool:
    is_draft = action.state == OfficialAction.State.DRAFT and action.published_at is None
    return is_draft and not action.outcomes.exists()


def _fold_proposals(merged: Clinic, survivor: Clinic, journal: Journal) -> None:
    """One proposal for an address, a decided one before one that waits; none for a page that is recorded."""
    known = {proposal.identity: proposal for proposal in PageProposal.objects.filter(clinic=survivor)}
    for proposal in PageProposal.objects.filter(clinic=merged, identity__in=known).order_by("pk"):
        other = known[proposal.identity]
        decided = other.state == PageProposal.State.PROPOSED != proposal.state
        journal.set_aside(other if decided else proposal)
    journal.move(PageProposal.objects.all(), {"clinic_id": merged.pk}, {"clinic_id": survivor.pk})
    recorded = PageUse.objects.filter(clinic=survivor).values("page__identity")
    for proposal in PageProposal.objects.filter(clinic=survivor, identity__in=recorded).waiting().order_by("pk"):
        journal.set_aside(proposal)
