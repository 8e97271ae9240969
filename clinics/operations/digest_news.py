"""What a digest has to tell that it has not told yet, by clinic, decisions first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clinics.models import Claim, Clinic, CredentialCheck, Digest, Flag, MailedItem, PageState, PageUse, SavedFilter
from clinics.operations.flag_lists import any_flags
from clinics.operations.saved_rows import clinics_of, flags_of
from clinics.published.freshness import LASTING, LASTING_FAILURES

MOST: Final = 500  # new things of one kind in one mail: the rest comes with the next
Kind = MailedItem.Kind


@dataclass(frozen=True, slots=True)
class Item:
    """One new thing of a clinic: what it is, since when, and the row that its words are made from."""

    kind: MailedItem.Kind
    row: int
    since: datetime
    clinic: Clinic
    subject: Any


@dataclass(frozen=True, slots=True)
class OfClinic:
    """The new things of one clinic, decisions first."""

    clinic: Clinic
    flags: list[Flag] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    failing: list[PageState] = field(default_factory=list)
    recovered: list[PageState] = field(default_factory=list)
    checks: list[CredentialCheck] = field(default_factory=list)

    @property
    def decisions(self) -> int:
        """How many of them a person is to decide."""
        return len(self.flags) + len(self.claims)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a digest is about: which clinics, all of them if None, and which flags; whether of flags alone."""

    clinics: QuerySet[Clinic] | None
    flags: Any
    flags_alone: bool = False


def scope_of(digest: Digest, now: datetime) -> Scope:
    """Raises Refusal where its saved filter is out of date."""
    saved = digest.saved_filter
    if saved is not None and saved.kind == SavedFilter.Kind.FLAG:
        return Scope(None, flags_of(saved, digest.owner_id, now), flags_alone=True)
    if saved is not None:
        clinics = clinics_of(saved)
    elif digest.scope == Digest.Scope.MINE:
        clinics = Clinic.objects.of_person(digest.owner_id)
    else:
        return Scope(None, any_flags())
    return Scope(clinics, any_flags().filter(clinic__in=clinics.order_by().values("pk")))


def news_of(digest: Digest, now: datetime) -> list[Item]:
    """All that is new, at most `MOST` of each kind, in a fixed number of queries. Raises Refusal as `scope_of` does."""
    scope = scope_of(digest, now)
    items = list(_flags(digest, scope))
    if not scope.flags_alone:
        for find in (_claims, _failing, _recovered):
            items += find(digest, scope)
        items += _checks(digest, scope, now)
    return items


def waiting_in(digest: Digest, now: datetime) -> int:
    """How many flags wait for a decision in all, new or not; counted up to ten thousand."""
    waiting: int = scope_of(digest, now).flags.to_decide(now).by_rules().order_by()[:10_000].count()
    return waiting


def by_clinic(items: Iterable[Item]) -> list[OfClinic]:
    """The same by clinic: those with most to decide first, then by name."""
    found: dict[int, OfClinic] = {}
    place: dict[str, Callable[[OfClinic], list[Any]]] = {
        Kind.FLAG: lambda group: group.flags,
        Kind.CLAIM: lambda group: group.claims,
        Kind.FAILING: lambda group: group.failing,
        Kind.RECOVERED: lambda group: group.recovered,
        Kind.CHECK: lambda group: group.checks,
    }
    for item in items:
        group = found.setdefault(item.clinic.pk, OfClinic(item.clinic))
        place[item.kind](group).append(item.subject)
    return sorted(found.values(), key=lambda group: (-group.decisions, group.clinic.name, group.clinic.pk))


def _told(digest: Digest, kind: MailedItem.Kind, row: str, **more: Any) -> Exists:
    """Whether the digest has told this row already."""
    return Exists(MailedItem.objects.filter(digest=digest, kind=kind, row=OuterRef(row), **more))


def _flags(digest: Digest, scope: Scope) -> Iterable[Item]:
    """Open flags of rules: what was deferred or dismissed is never mailed."""
    open_ones = scope.flags.by_rules().filter(state=Flag.State.OPEN)
    # A flag that was decided and opened again is a new question, since its last decision.
    since = open_ones.annotate(since=Coalesce("decided_at", "raised_at"))
    new = since.exclude(_told(digest, Kind.FLAG, "pk", since__gte=OuterRef("since")))
    for flag in new.select_related("clinic").by_rank()[:MOST]:
        yield Item(Kind.FLAG, flag.pk, flag.since, flag.clinic, flag)


def _claims(digest: Digest, scope: Scope) -> Iterable[Item]:
    """Claims that await a second person, for whoever may sign as that."""
    owner: User = digest.owner
    if not owner.has_perm("clinics.publish_claim"):
        return
    waiting = _in_scope(Claim.objects.for_signature_of(owner.pk), scope).annotate(since=_waits_since())
    new = waiting.exclude(_told(digest, Kind.CLAIM, "pk", since__gte=OuterRef("since")))
    for claim in new.select_related("clinic").order_by("since", "pk")[:MOST]:
        yield Item(Kind.CLAIM, claim.pk, claim.since, claim.clinic, claim)


def _waits_since() -> Coalesce:
    """When a claim that awaits a second person last stood otherwise, as its history has it: each wait has its own."""
    events = Claim.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk"))  # type: ignore[attr-defined]
    otherwise = events.filter(~Q(state=Claim.State.AWAITING_SECOND) | Q(second_signed_by__isnull=False))
    return Coalesce(Subquery(otherwise.order_by("-pgh_id").values("pgh_created_at")[:1]), "drafted_at")


def _failing(digest: Digest, scope: Scope) -> Iterable[Item]:
    """Pages that fail as the public is told it: so many attempts in a row, over so long."""
    lasting = Q(page__state__failures__gte=LASTING_FAILURES) & Q(
        page__state__last_tried_at__gte=F("page__state__failing_since") + LASTING
    )
    since = OuterRef("page__state__failing_since")
    uses = _uses(scope).filter(lasting).exclude(_told(digest, Kind.FAILING, "page_id", since=since))
    for use in uses[:MOST]:
        state = use.page.state
        if state.failing_since is not None:
            yield Item(Kind.FAILING, use.page_id, state.failing_since, use.clinic, state)


def _recovered(digest: Digest, scope: Scope) -> Iterable[Item]:
    """Pages of which the digest told that they fail, and that were read since."""
    told = MailedItem.objects.filter(digest=digest, kind=Kind.FAILING, delivery__state__in=["sent", "unsure"])
    last = {item["row"]: item["since"] for item in told.order_by("since").values("row", "since")}
    back = set(MailedItem.objects.filter(digest=digest, kind=Kind.RECOVERED, row__in=last).values_list("row", "since"))
    rows = [row for row, since in last.items() if (row, since) not in back]
    for use in _uses(scope).filter(page__in=rows, page__state__failures=0)[:MOST]:
        yield Item(Kind.RECOVERED, use.page_id, last[use.page_id], use.clinic, use.page.state)


def _uses(scope: Scope) -> QuerySet[PageUse]:
    uses = _in_scope(PageUse.objects.own_pages(), scope).select_related("clinic", "page__state")
    ordered: QuerySet[PageUse] = uses.exclude(clinic__status=Clinic.Status.MERGED).order_by("page_id", "clinic_id")
    return ordered.defer("page__state__said")


def _checks(digest: Digest, scope: Scope, now: datetime) -> Iterable[Item]:
    """Credential checks that are due: once for each person, and not those of which others were told before."""
    due = _in_scope(CredentialCheck.objects.due(now.date()), scope)
    fresh = due.filter(Q(due__reminded_at=None) | Q(due__reminded_at__gte=digest.created_at))
    new = fresh.exclude(_told(digest, Kind.CHECK, "pk")).select_related("clinic", "kind", "due")
    for check in new.most_pressing_first()[:MOST]:
        yield Item(Kind.CHECK, check.pk, now, check.clinic, check)


def _in_scope(rows: Any, scope: Scope) -> Any:
    return rows if scope.clinics is None else rows.filter(clinic__in=scope.clinics.order_by().values("pk"))
