"""Risky wording as data: edited here, tried out and saved by the operation."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, FloatField, QuerySet, TextField, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from clinics.admin.desk import DeskAdmin
from clinics.admin.refusals import RefusableForm
from clinics.admin.rule_precision import precision_facts
from clinics.admin.steps import Step
from clinics.domain.rule import Stance
from clinics.models import Job, Rule
from clinics.operations import jobs, rehearsal, rules
from clinics.operations.rule_decisions import decisions_by_rule, rules_to_review

NEEDED = frozenset({"patterns", "must", "must_not", "citation_url"})
"""What a rule about words must have, and the others need not."""


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"})

    def prepare_value(self, value: Any) -> str:
        """A list, as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The lines that say something."""
        text: str = super().to_python(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class HttpsField(forms.URLField):
    """A web address, taken for https where no scheme was typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "assume_scheme": "https"})


class RuleForm(RefusableForm):
    """A rule whose lists are typed one a line."""

    patterns = LinesField(required=False, help_text="RE2, one a line.")
    ideas = LinesField(
        required=False,
        help_text="RE2, one a line: each must also stand in the sentence, anywhere, or in the heading right over it.",
    )
    exemptions = LinesField(required=False, help_text="RE2, one a line: harmless where one of these matches.")
    must = LinesField(required=False, help_text="Sentences that it must flag, one a line.")
    must_not = LinesField(required=False, help_text="Sentences like them that it must not flag, one a line.")
    languages = SimpleArrayField(forms.CharField(max_length=8), initial=["en"], help_text="Keys with commas: en, es.")
    stances = forms.MultipleChoiceField(
        choices=[(stance.value, stance.value) for stance in (Stance.CLAIMED, Stance.HEDGED)],
        initial=[Stance.CLAIMED.value],
        widget=forms.CheckboxSelectMultiple,
        help_text="How a sentence must put the words to be flagged.",
    )

    class Meta:
        model = Rule
        field_classes = {"citation_url": HttpsField}
        fields = [
            "key",
            "active",
            "category",
            "severity",
            "languages",
            "stances",
            "patterns",
            "ideas",
            "exemptions",
            "must",
            "must_not",
            "explanation",
            "citation_title",
            "citation_url",
            "citation_date",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind == Rule.Kind.SENTENCE:
            for name in NEEDED & self.fields.keys():  # who only reads has no fields
                self.fields[name].required = True


def _step(name: str, label: str, perform: Any, done: str) -> Step:
    return Step(
        name=name,
        label=label,
        perform=perform,
        offered=lambda rule: rule.proposal is not None,
        done=done,
        permission="clinics.change_rule",
    )


class RehearsalAsked(Exception):
    """The form holds and was sent to be rehearsed, not saved; whoever catches it has nothing saved to undo."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        super().__init__("rehearse")
        self.parameters = parameters


class ReviewFilter(admin.SimpleListFilter):
    """Rules that people's decisions speak against."""

    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "proposed for review")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> QuerySet[Rule]:
        """All rules, or those proposed for review."""
        return queryset.filter(pk__in=rules_to_review()) if self.value() == "yes" else queryset


@admin.register(Rule)
class RuleAdmin(DeskAdmin):
    form = RuleForm
    list_display = ["key", "category", "severity", "version", "active", "precision", "has_proposal"]
    list_filter = [ReviewFilter, "active", "severity", "category", "kind"]
    search_fields = ["key", "explanation"]
    steps = (
        _step(
            "take",
            "Take the newer shipped form",
            lambda r, a, by, now: rules.take_proposal(r, by=by, now=now),
            "Taken.",
        ),
        _step("keep", "Keep our own form", lambda r, a, by, now: rules.drop_proposal(r, by=by, now=now), "Kept."),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        """The rules with their precision: one query over all decisions, its outcome handed to the database to sort."""
        decided = decisions_by_rule()
        told = [When(pk=pk, then=Value(str(decisions))) for pk, decisions in decided.items()]
        share = [When(pk=pk, then=Value(decisions.precision)) for pk, decisions in decided.items()]
        return (
            super()
            .get_queryset(request)
            .annotate(
                told_precision=Case(*told, default=Value("–"), output_field=TextField()),
                share_confirmed=Case(*share, default=None, output_field=FloatField()),
            )
        )

    @admin.display(description="precision", ordering=F("share_confirmed"))
    def precision(self, rule: Rule) -> str:
        """The share of confirmed flags among the decided ones, its 95 % interval, and the number of decisions."""
        return rule.told_precision

    @admin.display(description="newer form", boolean=True)
    def has_proposal(self, rule: Rule) -> bool:
        """Whether an upgrade brought a newer form that nobody has taken or dropped."""
        return rule.proposal is not None

    def get_readonly_fields(self, request: HttpRequest, obj: Rule | None = None) -> list[str]:
        """Its key names a rule for ever."""
        return ["key"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """The address that asks for stored texts to be read again, before the stock ones."""
        view = self.admin_site.admin_view(self.apply_view)
        return [path("apply/", view, name="clinics_rule_apply"), *super().get_urls()]

    def apply_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a job that reads the stored texts by the present rules."""
        if not self.has_change_permission(request) or request.method != "POST":
            raise PermissionDenied
        job = jobs.ask(Job.Kind.APPLY_RULES, {}, by=request.user)
        self.message_user(request, "Asked for. A worker begins within seconds.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:clinics_job_change", args=[job.pk]))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with what people decided on the rule's flags."""
        if kwargs.get("obj") is not None:
            context.update(precision_facts(kwargs["obj"]))
        return super().render_change_form(request, context, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The stock page; a form that holds is saved, or rehearsed where that was asked for."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except RehearsalAsked as asked:
            job = jobs.ask(Job.Kind.REHEARSE_RULE, asked.parameters, by=request.user)
        self.message_user(request, "Asked for; nothing is saved. A worker begins within seconds.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:clinics_job_change", args=[job.pk]))

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> Rule:
        """The rule as the operation saved it, after its examples were run. Raises RehearsalAsked."""
        facts = {**form.cleaned_data, "key": form.instance.key if change else form.cleaned_data["key"]}
        if "_rehearse" in request.POST:
            raise RehearsalAsked(rehearsal.proposal(**facts))
        return rules.save_rule(**facts, by=request.user, now=timezone.now())

    def save_model(self, request: HttpRequest, obj: Rule, form: forms.ModelForm, change: bool) -> None:
        """Nothing: the operation has saved it."""
