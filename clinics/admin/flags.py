"""The wording that waits for a person, gravest first, and the page on which a person decides."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from clinics.admin.desk import ReadOnlyAdmin
from clinics.admin.dossiers import WithDossiers
from clinics.admin.exports import WithExport
from clinics.admin.flag_clusters import WithClusters
from clinics.admin.flag_context import before, marked
from clinics.admin.flag_decision import DecisionForm, DismissalForm
from clinics.admin.flag_remarks import AssignForm, CommentForm, WithRemarks
from clinics.admin.saved_filters import WithSavedFilters
from clinics.domain.remedies import remedies
from clinics.models import Cause, Claim, Decision, Flag, FlagComment, Rule, Screenshot
from clinics.models.flag import newest_of
from clinics.operations import triage
from clinics.operations.clusters import cluster_of
from clinics.operations.everywhere import reach_of
from clinics.operations.exporting import flag_rows
from clinics.operations.flag_lists import by_decision, found_by
from clinics.operations.like_wording import like_wording
from clinics.operations.pace import minutes_left
from clinics.operations.refusal import Refusal
from clinics.operations.undoing import last_decision_of

AHEAD = 500  # flags of the list among which the next one is looked for
SCREENSHOTS = 20  # shown of one flag
TOGETHER = 200  # flags that one bulk dismissal may take
KEYS = Media(js=["clinics/triage.js"])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The flags after and before one in its list, and how many the list has (at most `AHEAD`)."""

    following: int | None
    former: int | None
    waiting: int


class QueueFilter(admin.SimpleListFilter):
    """The queue is what one comes for, so that it is shown unless another state is asked for."""

    title = "decision"
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        states = [(str(value), str(label)) for value, label in Flag.State.choices]
        apart = [
            ("changes", "to decide: later changes"),
            ("first", "to decide: first readings"),
            ("overdue", "overdue"),
            ("mine", "looked after by me"),
            ("suggested", "suggested by the second reader"),
        ]
        return [*apart, *states, ("all", "all")]

    def choices(self, changelist: Any) -> Any:
        """The stock choices, with the queue in the place of “All”."""
        for index, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "to decide"} if index == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The flags of rules to decide, the second reader's, or those of the state that was asked for."""
        return by_decision(queryset, self.value(), request.user.pk, timezone.now())


class FoundByFilter(admin.SimpleListFilter):
    """Flags that a rule's present version found; shown where a link from the rule asked for it."""

    title = "found by the rule"
    parameter_name = "found_by"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """The rule that was asked for: a hundred others would hide the rest of the filters."""
        asked = Rule.objects.filter(pk=_number(request.GET.get(self.parameter_name, "")))
        return [(str(rule.pk), rule.key) for rule in asked]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The flags with a finding of the rule."""
        return queryset if self.value() is None else found_by(queryset, _number(self.value() or ""))


@admin.register(Flag)
class FlagAdmin(WithExport, WithSavedFilters, WithDossiers, WithClusters, WithRemarks, ReadOnlyAdmin):
    export_rows = staticmethod(flag_rows)
    list_display = ["wording", "harm", "clinic", "matter", "situation", "due"]
    list_filter = [QueueFilter, FoundByFilter, "severity", "category", "presence", "cause"]
    list_select_related = ["clinic", "assigned_to"]
    search_fields = ["sentence", "evidence", "clinic__name"]
    ordering = ["-rank", "-share", "raised_at", "pk"]
    actions = ["dismiss_selected", *WithExport.actions]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deciding needs the right to change flags."""
        return request.user.has_perm("clinics.change_flag")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flag]:
        """Without those that a merger joined with another."""
        return super().get_queryset(request).living()

    @admin.display(description="wording", ordering="sentence")
    def wording(self, flag: Flag) -> str:
        """The sentence, shortened; for a rule about a whole site its key and the words that it found."""
        return Truncator(flag.wording).chars(140)

    @admin.display(description="severity", ordering="severity")
    def harm(self, flag: Flag) -> str:
        """How much the wording matters, in a word."""
        return flag.get_severity_display()

    @admin.display(description="category", ordering="category")
    def matter(self, flag: Flag) -> str:
        """Its category, in words that a narrow column can break."""
        return flag.get_category_display()

    @admin.display(description="situation")
    def situation(self, flag: Flag) -> str:
        """Whether it stands on the page, whose change made it appear, what was decided, and who looks after it."""
        decided = "" if flag.state == Flag.State.OPEN else f"; {flag.state}"
        owner = f"; with {flag.assigned_to}" if flag.assigned_to else ""
        return f"{flag.presence}; {flag.get_cause_display()}{decided}{owner}"

    @admin.display(description="raised, due", ordering="raised_at")
    def due(self, flag: Flag) -> str:
        """The day on which we first read it, and by when it should be decided."""
        raised = f"{flag.raised_at:%Y-%m-%d}"
        if flag.state != Flag.State.OPEN:
            return raised
        return f"{raised}, {'overdue since' if flag.due_at < timezone.now() else 'due'} {flag.due_at:%Y-%m-%d}"

    def history_reasons(self, row: Flag) -> dict[Any, str]:
        """What people said when they decided."""
        return dict(row.decisions.values_list("at", "reason"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The flag in its context; a decision leads to the next one of the list."""
        flag = (
            Flag.objects.select_related("clinic", "rule", "decided_by", "assigned_to")
            .filter(pk=_number(object_id))
            .first()
        )
        if flag is None:
            raise Http404
        if not self.has_view_or_change_permission(request, flag):
            raise PermissionDenied
        may_decide = self.has_change_permission(request, flag)
        form = DecisionForm(flag, request.POST or None)
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            following = self._neighbours(request, flag).following
            if form.is_valid() and form.decide(request.user, timezone.now()):
                self.message_user(request, f"Decided: {Truncator(flag.sentence).chars(80)}", messages.SUCCESS)
                return HttpResponseRedirect(self._address(request, following))
        return self._flag_page(request, flag, form if may_decide else None)

    def _flag_page(self, request: HttpRequest, flag: Flag, form: DecisionForm | None) -> HttpResponse:
        around = self._neighbours(request, flag)
        context = {
            **self.admin_site.each_context(request),
            **flag_facts(flag),
            "opts": self.opts,
            "original": flag,
            "title": "Flag",
            "form": form,
            "media": self.media + (form.media if form else DismissalForm().media) + KEYS,
            "following": self._address(request, around.following) if around.following else "",
            "former": self._address(request, around.former) if around.former else "",
            "waiting": around.waiting,
            "minutes": minutes_left(around.waiting, request.user),
            "undo": last_decision_of(request.user, timezone.now()) if form else None,
            "undo_url": self._with_filters(request, reverse("admin:clinics_flag_undo")),
            "assign": AssignForm(flag) if form else None,
            "assign_url": self._with_filters(request, reverse("admin:clinics_flag_assign", args=[flag.pk])),
            "comment": CommentForm() if form else None,
            "comment_url": self._with_filters(request, reverse("admin:clinics_flag_comment", args=[flag.pk])),
            "list_url": self._address(request, None),
            "has_view_permission": True,
        }
        return TemplateResponse(request, "admin/clinics/flag/change_form.html", context)

    def _neighbours(self, request: HttpRequest, flag: Flag) -> Neighbours:
        """The flags around this one in the list from which it was opened."""
        ids = list(self._listed(request).values_list("pk", flat=True)[:AHEAD])
        others = [pk for pk in ids if pk != flag.pk]
        at = ids.index(flag.pk) if flag.pk in ids else len(others)
        following = others[at] if at < len(others) else next(iter(others), None)
        return Neighbours(following, others[at - 1] if 0 < at <= len(others) and flag.pk in ids else None, len(ids))

    def _listed(self, request: HttpRequest) -> QuerySet[Flag]:
        """The rows of the list with the filters that were kept, or of the queue where those make no sense."""
        kept = QueryDict(request.GET.get("_changelist_filters", ""))
        asked = HttpRequest()
        asked.method, asked.GET, asked.user, asked.path = "GET", kept, request.user, request.path
        try:
            return self.get_changelist_instance(asked).queryset
        except IncorrectLookupParameters:
            return Flag.objects.to_decide(timezone.now()).by_rules().by_rank()

    def _address(self, request: HttpRequest, pk: int | None) -> str:
        if pk is None:
            kept = request.GET.get("_changelist_filters", "")
            return reverse("admin:clinics_flag_changelist") + (f"?{kept}" if kept else "")
        return self._with_filters(request, reverse("admin:clinics_flag_change", args=[pk]))

    @admin.action(description="Dismiss the chosen flags …", permissions=["change"])
    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet[Flag]) -> HttpResponse | None:
        """Ask for one reason, then dismiss each flag as if it had been opened."""
        flags = list(queryset.select_related("clinic")[: TOGETHER + 1])
        if len(flags) > TOGETHER:
            self.message_user(request, f"At most {TOGETHER} at a time: choose fewer.", messages.ERROR)
            return None
        form = DismissalForm(request.POST if "apply" in request.POST else None)
        if form.is_valid() and self._dismissed(request, flags, form):
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Dismiss {len(flags)} flags",
            "flags": flags,
            "form": form,
            "checkbox": ACTION_CHECKBOX_NAME,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/clinics/flag/dismiss.html", context)

    def _dismissed(self, request: HttpRequest, flags: list[Flag], form: DismissalForm) -> bool:
        """All of them, or none and the refusal on the form."""
        try:
            with transaction.atomic():
                for flag in sorted(flags, key=lambda flag: (flag.clinic_id, flag.pk)):
                    triage.dismiss(flag, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return False
        self.message_user(request, f"{len(flags)} flags dismissed.", messages.SUCCESS)
        return True


def _number(text: str) -> int:
    """The id in an address; one that cannot exist where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def flag_facts(flag: Flag) -> dict[str, Any]:
    """All that the page of a flag shows, in a fixed number of queries."""
    joined = flag.joined_keys
    findings = list(flag.findings.select_related("rule"))
    sightings = list(flag.sightings.select_related("page", "snapshot").defer("snapshot__packed_blocks"))
    newest = newest_of(sightings)
    credentials = flag.clinic.credential_checks.filter(superseded_by__isnull=True).select_related("kind")
    return {
        "findings": findings,
        "remedy": remedies().get(flag.category, ""),
        "sightings": sightings,
        "newest": newest,
        "parts": marked(newest.block, newest.sentence, [finding.words for finding in findings]) if newest else [],
        "before": before(flag, newest, list(flag.variants.all())),
        "comments": list(FlagComment.objects.filter(flag__in=joined).select_related("by")),
        "like": like_wording(flag),
        "reach": reach_of(flag.subject, timezone.now()) if flag.rule.kind != Rule.Kind.PAGE else None,
        "dossier": flag.clinic_id if flag.cause == Cause.FIRST_READING and flag.waits(timezone.now()) else None,
        "decisions": list(Decision.objects.filter(flag__in=joined).select_related("by")),
        "claims": list(Claim.objects.filter(flag__in=joined)),
        "cluster": cluster_of(flag.subject, timezone.now()) if flag.rule.kind != Rule.Kind.PAGE else None,
        "screenshots": list(
            Screenshot.objects.filter(flag__in=joined).select_related("page").order_by("wanted_at", "pk")[:SCREENSHOTS]
        ),
        "credentials": list(credentials.order_by("-checked_on")[:10]),
    }
