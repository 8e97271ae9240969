"""Pages that a clinic's own pages or its site's sitemaps name, for a person to record or to decline."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import Truncator

from clinics.admin.desk import ReadOnlyAdmin
from clinics.admin.proposal_decisions import CHANGE, decide
from clinics.admin.steps import Step
from clinics.models import PageProposal
from clinics.operations import proposals

ACCEPT = Step(
    name="accept",
    label="Record this page",
    perform=lambda proposal, answers, by, now: proposals.accept(proposal, by=by, now=now),
    offered=lambda proposal: proposal.state != PageProposal.State.ACCEPTED,
    done="Recorded as the clinic's own page; a worker reads it within a minute or two.",
    permission=CHANGE,
)
DECLINE = Step(
    name="decline",
    label="Decline",
    perform=lambda proposal, answers, by, now: proposals.decline(proposal, by=by, now=now),
    offered=lambda proposal: proposal.state == PageProposal.State.PROPOSED,
    done="Declined: it will not be proposed again.",
    permission=CHANGE,
)

CHANCES = ((4, "likely"), (0, "perhaps"), (-100, "unlikely"))  # from how many points on


class WaitingFilter(admin.SimpleListFilter):
    """What waits is shown unless another state is asked for."""

    title = "decision"
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        states = PageProposal.State
        return [(states.ACCEPTED.value, "accepted"), (states.DECLINED.value, "declined"), ("all", "all")]

    def choices(self, changelist: Any) -> Any:
        """The stock choices, with what waits in the place of “All”."""
        for index, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "to decide"} if index == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The proposals that wait, or those of the state that was asked for."""
        if self.value() is None:
            return queryset.waiting()
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


@admin.register(PageProposal)
class PageProposalAdmin(ReadOnlyAdmin):
    list_display = ["address", "words", "clinic", "chance", "found", "seen"]
    list_filter = [WaitingFilter, "source"]
    list_select_related = ["clinic", "found_on"]
    search_fields = ["url", "anchor", "clinic__name"]
    ordering = ["-likelihood", "first_seen_at", "pk"]
    actions = ["accept_selected", "decline_selected"]
    steps = (ACCEPT, DECLINE)
    fields = [
        "link",
        "clinic",
        "anchor",
        "likelihood",
        "source",
        "found_on",
        "sitemap",
        "first_seen_at",
        "state",
        "decided_by",
        "decided_at",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[PageProposal]:
        """With all that its page names."""
        return super().get_queryset(request).select_related("clinic", "found_on", "decided_by")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether this person may accept and decline."""
        return request.user.has_perm(CHANGE)

    @admin.action(description="Record the chosen pages", permissions=["decide"])
    def accept_selected(self, request: HttpRequest, queryset: QuerySet[PageProposal]) -> None:
        """Record each as its clinic's own page."""
        decide(request, queryset, "accept")

    @admin.action(description="Decline the chosen pages", permissions=["decide"])
    def decline_selected(self, request: HttpRequest, queryset: QuerySet[PageProposal]) -> None:
        """Never propose them again."""
        decide(request, queryset, "decline")

    @admin.display(description="URL", ordering="url")
    def address(self, proposal: PageProposal) -> str:
        """The address, shortened."""
        return Truncator(proposal.url).chars(100)

    @admin.display(description="words of the link")
    def words(self, proposal: PageProposal) -> str:
        """What the site calls the page."""
        return Truncator(proposal.anchor).chars(80) or "–"

    @admin.display(description="treatments?", ordering="-likelihood")
    def chance(self, proposal: PageProposal) -> str:
        """Whether it probably speaks of treatments, in a word."""
        return next(word for least, word in CHANCES if proposal.likelihood >= least)

    @admin.display(description="found on")
    def found(self, proposal: PageProposal) -> str:
        """The page or the sitemap that names it."""
        return Truncator(str(proposal.found_on or proposal.sitemap)).chars(80)

    @admin.display(description="first seen", ordering="first_seen_at")
    def seen(self, proposal: PageProposal) -> str:
        """The day on which we first read its address."""
        return f"{proposal.first_seen_at:%Y-%m-%d}"

    @admin.display(description="URL")
    def link(self, proposal: PageProposal) -> str:
        """The address, to look at before one decides."""
        opened = '<a href="{0}" rel="noopener noreferrer external" target="_blank">{0}</a> (opens their page)'
        return format_html(opened, proposal.url)
