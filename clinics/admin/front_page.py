"""The first page of the desk: what waits, in numbers that are links, and what a newcomer may try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from clinics.admin.paginator import MOST_COUNTED
from clinics.domain.outcome import Outcome
from clinics.models import Claim, Clinic, CredentialCheck, Flag, Host, Job, Page, PageProposal, RegisterLookUp
from clinics.operations import store_room
from clinics.operations.clusters import clusters
from clinics.operations.dossiers import dossiers
from clinics.operations.my_clinics import count_of
from clinics.operations.rule_decisions import rules_to_review


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


def waiting(model: str, what: str, count: int, **filters: str) -> Waiting:
    """A count, as far as anybody needs to know, with the list that it counts."""
    number = f"more than {MOST_COUNTED:,}" if count > MOST_COUNTED else str(count)
    query = f"?{urlencode(filters)}" if filters else ""
    return Waiting(what, number, reverse(f"admin:clinics_{model}_changelist") + query)


def what_waits(request: HttpRequest, now: datetime) -> list[Waiting]:
    """The numbers that this person may look into."""
    state, claims = Claim.State, Claim.objects
    drafts = Clinic.objects.filter(status=Clinic.Status.DRAFT)
    second = claims.filter(state=state.AWAITING_SECOND)
    checks = CredentialCheck.objects.filter(state=CredentialCheck.State.DRAFT)
    jobs = Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    found = [
        ("flag", "flags to decide", Flag.objects.to_decide(now).by_rules(), {}),
        ("flag", "flags overdue", Flag.objects.by_rules().overdue(now), {"decision": "overdue"}),
        (
            "flag",
            "suggestions of the second reader",
            Flag.objects.to_decide(now).suggested(),
            {"decision": "suggested"},
        ),
        ("claim", "claims that await a second person", second, {"state__exact": state.AWAITING_SECOND}),
        ("claim", "claims in draft", claims.filter(state=state.DRAFT), {"state__exact": state.DRAFT}),
        ("credentialcheck", "credential checks in draft", checks, {"state__exact": "draft"}),
        ("credentialcheck", "credential checks due", CredentialCheck.objects.due(now.date()), {"due": "yes"}),
        ("registerlookup", "answers of registers to confirm", RegisterLookUp.objects.to_confirm(), {}),
        ("clinic", "clinics in draft", drafts, {"status__exact": Clinic.Status.DRAFT}),
        ("page", "pages behind a wall", Page.objects.blocked(), {"state__outcome__exact": Outcome.BLOCKED.value}),
        ("pageproposal", "pages proposed", PageProposal.objects.waiting(), {}),
        (
            "page",
            "pages that only a browser can read",
            Page.objects.only_by_script(),
            {"state__outcome__exact": Outcome.JS_ONLY.value, "by_browser__exact": "0"},
        ),
        ("host", "failing hosts", Host.objects.failing(), {"failing": "yes"}),
        ("rule", "rules proposed for review", rules_to_review(), {"review": "yes"}),
        ("job", "jobs at work", jobs, {}),
    ]
    seen = [entry for entry in found if request.user.has_perm(f"clinics.view_{entry[0]}")]
    counts = counted(request, [rows for _, _, rows, _ in seen])
    lists = [
        waiting(model, what, count, **filters) for (model, what, _, filters), count in zip(seen, counts, strict=True)
    ]
    if request.user.has_perm("clinics.view_clinic"):
        lists = [*_mine(request), *lists]
    return [*lists, *_shared(now)] if request.user.has_perm("clinics.view_flag") else lists


def _mine(request: HttpRequest) -> list[Waiting]:
    """The clinics that this person recorded or looks after."""
    count = str(count_of(request.user))  # type: ignore[arg-type]
    return [Waiting("my clinics today", count, reverse("admin:clinics_clinic_mine"))]


def _shared(now: datetime) -> list[Waiting]:
    """What can be decided together: wordings of several clinics, and first readings of one."""
    together = str(clusters(now)[: MOST_COUNTED + 1].count())
    files = str(dossiers(now)[: MOST_COUNTED + 1].count())
    return [
        Waiting("wordings of several clinics", together, reverse("admin:clinics_flag_clusters")),
        Waiting("clinics whose first readings wait", files, reverse("admin:clinics_flag_dossiers")),
    ]


def front_page(request: HttpRequest) -> HttpResponse:
    """The stock index, with what waits above it."""
    return admin.site.index(request, {"waiting": what_waits(request, timezone.now()), "alarm": store_room.alarm()})
