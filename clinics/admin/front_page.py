"""The first page of the desk: what waits, in numbers that are links, and what a newcomer may try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from clinics.admin.paginator import MOST_COUNTED
from clinics.domain.outcome import Outcome
from clinics.models import (
    Claim,
    Clinic,
    Correction,
    CredentialCheck,
    Flag,
    Host,
    Job,
    Page,
    PageProposal,
    RegisterLookUp,
    StandingDecision,
)
from clinics.operations import store_room
from clinics.operations.clusters import number_of_clusters
from clinics.operations.dossiers import number_of_dossiers
from clinics.operations.my_clinics import count_of
from clinics.operations.queue_age import queue_age
from clinics.operations.rule_decisions import rules_to_review

OLDEST_FIRST = 6  # the place of the day it was raised among the columns of the list of flags
SOON = "within a month"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number of rows that wait for somebody, and the list that shows them."""

    what: str
    number: str
    url: str


class CountOf(Subquery):
    """How many rows a queryset has, so that several are counted by one query."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def counted(request: HttpRequest, lists: Sequence[QuerySet]) -> list[int]:
    """Count the rows of each list as far as anybody needs to know, all in one query."""
    counts = [CountOf(rows.order_by()[: MOST_COUNTED + 1].values("pk")) for rows in lists]
    me = User.objects.filter(pk=request.user.pk)
    return list(me.values_list(*counts).get()) if counts else []


def told(count: int) -> str:
    """A count, as far as anybody needs to know."""
    return f"more than {MOST_COUNTED:,}" if count > MOST_COUNTED else str(count)


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that wait for the same sort of attention."""

    title: str
    entries: list[Waiting]


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows to count, with the list that shows exactly these."""

    model: str
    what: str
    rows: QuerySet
    filters: Mapping[str, str] = field(default_factory=dict)

    def waiting(self, count: int) -> Waiting:
        """The count, as far as anybody needs to know, with the list that it counts."""
        query = f"?{urlencode(self.filters)}" if self.filters else ""
        return Waiting(self.what, told(count), reverse(f"admin:clinics_{self.model}_changelist") + query)


def what_waits(request: HttpRequest, now: datetime) -> list[Group]:
    """The numbers that this person may look into: one's own first, then everybody's, the late, and the reading."""
    may = request.user.has_perm
    groups = {
        "For me": for_me(request, now),
        "To decide": to_decide(now),
        "Overdue, or soon at its end": overdue(now),
        "Reading and work": reading(),
    }
    seen = {title: [asked for asked in found if may(f"clinics.view_{asked.model}")] for title, found in groups.items()}
    counts = iter(counted(request, [asked.rows for found in seen.values() for asked in found]))
    entries = {title: [asked.waiting(next(counts)) for asked in found] for title, found in seen.items()}
    if may("clinics.view_clinic"):
        entries["For me"][:0] = _mine(request)
    if may("clinics.view_flag"):
        entries["To decide"] += _shared(now)
    return [Group(title, found) for title, found in entries.items() if found]


def for_me(request: HttpRequest, now: datetime) -> list[Asked]:
    """What waits for this person and for nobody else."""
    mine = Flag.objects.to_decide(now).filter(assigned_to=request.user.pk)
    found = [Asked("flag", "flags that I look after", mine, {"decision": "mine"})]
    if request.user.has_perm("clinics.publish_claim"):
        to_sign = Claim.objects.for_signature_of(request.user.pk)
        found.append(Asked("claim", "claims that I may sign as the second", to_sign, {"signature": "mine"}))
    if request.user.has_perm("clinics.change_flag"):
        others = StandingDecision.objects.awaiting_second(now).exclude(by=request.user.pk)
        found.append(Asked("standingdecision", "dismissals everywhere that I may agree to", others, {"second": "me"}))
    return found


def to_decide(now: datetime) -> list[Asked]:
    """What anybody with the right to it may decide."""
    state, claims, waiting = Claim.State, Claim.objects, Flag.objects.to_decide(now)
    reports = Correction.objects.all()
    drafts = CredentialCheck.objects.filter(state=CredentialCheck.State.DRAFT)
    clinics = Clinic.objects.filter(status=Clinic.Status.DRAFT)
    second, agreed = claims.filter(state=state.AWAITING_SECOND), StandingDecision.objects.awaiting_second(now)
    return [
        Asked("flag", "flags to decide", waiting.by_rules()),
        Asked("flag", "suggestions of the second reader", waiting.suggested(), {"decision": "suggested"}),
        Asked("claim", "claims that await a second person", second, {"state__exact": state.AWAITING_SECOND}),
        Asked("standingdecision", "dismissals everywhere that await a second person", agreed, {"second": "awaited"}),
        Asked("correction", "visitors’ reports to look at", reports.open(), {"waits": "open"}),
        Asked("correction", "clinics to call back about their answer", reports.to_call(), {"waits": "call"}),
        Asked("claim", "claims in draft", claims.filter(state=state.DRAFT), {"state__exact": state.DRAFT}),
        Asked("credentialcheck", "credential checks in draft", drafts, {"state__exact": "draft"}),
        Asked("registerlookup", "answers of registers to confirm", RegisterLookUp.objects.to_confirm()),
        Asked("clinic", "clinics in draft", clinics, {"status__exact": Clinic.Status.DRAFT}),
        Asked("pageproposal", "pages proposed", PageProposal.objects.waiting()),
        Asked("rule", "rules proposed for review", rules_to_review(), {"review": "yes"}),
    ]


def overdue(now: datetime) -> list[Asked]:
    """What has waited too long, and what soon will have."""
    checks, today, reports = CredentialCheck.objects, now.date(), Correction.objects.all()
    late = Flag.objects.by_rules().overdue(now)
    return [
        Asked("correction", "visitors’ reports past ten working days", reports.late(now), {"waits": "late"}),
        Asked("flag", "flags overdue", late, {"decision": "overdue"}),
        Asked("credentialcheck", "credential checks due", checks.due(today), {"due": "yes"}),
        Asked("credentialcheck", f"credential checks due {SOON}", checks.due_soon(today), {"due": "soon"}),
    ]


def reading() -> list[Asked]:
    """What stands in the way of reading, and what workers do at present."""
    blocked, scripts = Page.objects.blocked(), Page.objects.only_by_script()
    only_scripts = {"state__outcome__exact": Outcome.JS_ONLY.value, "by_browser__exact": "0"}
    at_work = [Job.State.QUEUED, Job.State.RUNNING]
    return [
        Asked("host", "failing hosts", Host.objects.failing(), {"failing": "yes"}),
        Asked("page", "pages behind a wall", blocked, {"state__outcome__exact": Outcome.BLOCKED.value}),
        Asked("page", "pages that only a browser can read", scripts, only_scripts),
        Asked("job", "jobs at work", Job.objects.filter(state__in=at_work), {"state__in": ",".join(at_work)}),
    ]


def age_of_queue(request: HttpRequest, now: datetime) -> dict[str, str] | None:
    """For how long flags have waited, with the list that begins with the oldest; None where none waits."""
    age = queue_age(now) if request.user.has_perm("clinics.view_flag") else None
    if age is None:
        return None
    url = f"{reverse('admin:clinics_flag_changelist')}?o={OLDEST_FIRST}"
    others = "half of them" if age.is_half else f"{age.others:,} of them"
    later = in_days(age.later) if age.later >= timedelta(days=1) else ""
    return {"oldest": in_days(age.oldest), "later": later, "others": others, "url": url}


def in_days(waited: timedelta) -> str:
    """A time in the unit that says enough."""
    if waited < timedelta(days=1):
        return "less than a day"
    return "1 day" if waited.days == 1 else f"{waited.days:,} days"


def _mine(request: HttpRequest) -> list[Waiting]:
    """The clinics that this person recorded or looks after."""
    count = str(count_of(request.user))  # type: ignore[arg-type]
    return [Waiting("my clinics today", count, reverse("admin:clinics_clinic_mine"))]


def _shared(now: datetime) -> list[Waiting]:
    """What can be decided together: wordings of several clinics, and first readings of one."""
    together = told(number_of_clusters(MOST_COUNTED))
    files = told(number_of_dossiers(now, MOST_COUNTED))
    return [
        Waiting("wordings of several clinics", together, reverse("admin:clinics_flag_clusters")),
        Waiting("clinics whose first readings wait", files, reverse("admin:clinics_flag_dossiers")),
    ]


def front_page(request: HttpRequest) -> HttpResponse:
    """The stock index, with what waits above it."""
    now = timezone.now()
    context = {"groups": what_waits(request, now), "age": age_of_queue(request, now), "alarm": store_room.alarm()}
    return admin.site.index(request, context)
