"""What changed in public, newest first: of one clinic, of those that a search finds, or of all."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from clinics.models import Claim, ClaimReply, ClaimVersion, Clinic, CredentialCheck, OfficialAction
from clinics.published import statements
from clinics.published.clinics import SHOWN, published_checks, published_claims
from clinics.published.sentences import sentence

MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """Something that became public or stopped being so: when, of which clinic, in a sentence, and where it is read.

    `row` is the public id of what it is about; `quote` the clinic's exact words in it, `detail` what else is told.
    """

    at: datetime
    kind: str
    clinic: str
    clinic_id: str
    text: str
    path: str
    row: str
    quote: str = ""
    quote_language: str = ""
    detail: str = ""

    @property
    def key(self) -> str:
        """The same for the same change, for ever, and another one for any other; an address within our site.

        Nothing of it changes when the clinic is merged into another, nor with the language.
        """
        return f"/#{self.kind}-{self.row}-{self.at:%Y%m%dT%H%M%S}"


def changes(clinics: QuerySet[Clinic], limit: int) -> list[Change]:
    """The newest public changes of these clinics, at most `limit` (and `MOST`). Of what is withdrawn, no words."""
    most = min(limit, MOST)
    public = clinics.filter(status__in=(*SHOWN, Clinic.Status.DELISTED)).order_by().values("pk")
    shown = clinics.filter(status__in=SHOWN).order_by().values("pk")
    sources: list[Iterable[Change]] = [
        _statements(published_claims().filter(clinic__in=shown), most),
        _versions(published_claims().filter(clinic__in=shown), most),
        _withdrawn(Claim.objects.withdrawn().filter(clinic__in=shown), most),
        _replies(ClaimReply.objects.published().filter(claim__in=published_claims().filter(clinic__in=shown)), most),
        _checks(published_checks().filter(clinic__in=shown), most),
        _actions(OfficialAction.objects.published().filter(clinic__in=shown), most),
        _withdrawn_actions(OfficialAction.objects.withdrawn().filter(clinic__in=shown), most),
        _statuses(Clinic.objects.filter(pk__in=public), most),
    ]
    newest = heapq.nlargest(
        most, (change for source in sources for change in source), key=lambda one: (one.at, one.key)
    )
    return newest


def of_clinic(clinic: Clinic, limit: int = MOST) -> list[Change]:
    """The same of one clinic."""
    return changes(Clinic.objects.filter(pk=clinic.pk), limit)


def _change(at: datetime, kind: str, clinic: Clinic, text: str, path: str, row: str, **words: str) -> Change:
    return Change(at, kind, clinic.name, clinic.public_id, text, path, row, **words)


def _of_statement(at: datetime, kind: str, claim: Claim) -> Change:
    """A statement that became public, with its words as the public may read them now."""
    text = sentence("history", kind, what=statements.category_label(claim))
    words = {
        "quote": statements.quote_of(claim),
        "quote_language": claim.language,
        "detail": statements.remark_on(claim),
    }
    return _change(at, kind, claim.clinic, text, _statement_path(claim), claim.public_id, **words)


def _clinic_path(clinic: Clinic) -> str:
    return reverse("directory:clinic", args=[clinic.public_id])


def _statement_path(claim: Claim) -> str:
    return reverse("directory:statement", args=[claim.clinic.public_id, claim.public_id])


def _action_path(clinic: Clinic, action: OfficialAction) -> str:
    return reverse("directory:official_action", args=[clinic.public_id, action.public_id])


def _statements(claims: QuerySet[Claim], most: int) -> Iterator[Change]:
    for claim in claims.select_related("clinic", "page__state").order_by("-published_at", "-pk")[:most]:
        if claim.published_at is not None:
            yield _of_statement(claim.published_at, "statement", claim)


def _versions(claims: QuerySet[Claim], most: int) -> Iterator[Change]:
    again = ClaimVersion.objects.filter(claim__in=claims, number__gt=1)
    with_claims = again.select_related("claim__clinic", "claim__page__state")
    for version in with_claims.order_by("-published_at", "-pk")[:most]:
        yield _of_statement(version.published_at, "statement_changed", version.claim)


def _withdrawn(claims: QuerySet[Claim], most: int) -> Iterator[Change]:
    kept = ("public_id", "published_at", "ended_at", "ended_because", "clinic__public_id", "clinic__name")
    for claim in claims.select_related("clinic").only(*kept).order_by("-ended_at", "-pk")[:most]:
        if claim.ended_at is not None:
            text = statements.withdrawal(claim)
            yield _change(
                claim.ended_at, "statement_withdrawn", claim.clinic, text, _statement_path(claim), claim.public_id
            )


def _replies(replies: QuerySet[ClaimReply], most: int) -> Iterator[Change]:
    for reply in replies.select_related("claim__clinic").order_by("-published_at", "-pk")[:most]:
        if reply.published_at is not None:
            text = sentence("history", "reply", what=statements.category_label(reply.claim))
            yield _change(
                reply.published_at,
                "reply",
                reply.claim.clinic,
                text,
                _statement_path(reply.claim),
                reply.claim.public_id,
                quote=reply.text,
            )


def _checks(checks: QuerySet[CredentialCheck], most: int) -> Iterator[Change]:
    for check in checks.select_related("clinic", "kind").order_by("-published_at", "-pk")[:most]:
        if check.published_at is not None:
            what, path = statements.check_title(check), _clinic_path(check.clinic)
            text = sentence("history", "check", outcome=statements.outcome_in_short(check), what=what)
            detail = statements.outcome_sentence(check)
            yield _change(check.published_at, "check", check.clinic, text, path, check.public_id, detail=detail)


def _actions(actions: QuerySet[OfficialAction], most: int) -> Iterator[Change]:
    for action in actions.select_related("clinic").order_by("-published_at", "-pk")[:most]:
        if action.published_at is not None and action.clinic is not None:
            text, path = statements.action_sentence(action), _action_path(action.clinic, action)
            yield _change(action.published_at, "official_action", action.clinic, text, path, action.public_id)


def _withdrawn_actions(actions: QuerySet[OfficialAction], most: int) -> Iterator[Change]:
    kept = ("public_id", "published_at", "ended_at", "ended_because", "clinic__public_id", "clinic__name")
    for action in actions.select_related("clinic").only(*kept).order_by("-ended_at", "-pk")[:most]:
        if action.ended_at is not None and action.clinic is not None:
            text, path = statements.action_withdrawal(action), _action_path(action.clinic, action)
            yield _change(action.ended_at, "official_action_withdrawn", action.clinic, text, path, action.public_id)


def _statuses(clinics: QuerySet[Clinic], most: int) -> Iterator[Change]:
    ended = clinics.exclude(status=Clinic.Status.LISTED).exclude(status_since=None)
    for clinic in ended.order_by("-status_since", "-pk")[:most]:
        said = statements.status_of(clinic)
        if said is not None and clinic.status_since is not None:
            at = datetime.combine(clinic.status_since, time(), UTC)
            yield _change(at, "status", clinic, said.text, _clinic_path(clinic), clinic.public_id)
