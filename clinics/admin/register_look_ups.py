"""Registers asked by a worker: what they answered beside what we know, for a person to confirm or to decline."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinics.admin.credential_steps import FOUND, NewLookForm
from clinics.admin.desk import DeskAdmin
from clinics.admin.refusals import RefusableForm
from clinics.admin.steps import ReasonForm, Step
from clinics.admin.terms import fill_selects
from clinics.domain.likeness import place_in_words
from clinics.domain.look_up import Question
from clinics.models import CredentialCheck, RegisterLookUp, Term
from clinics.operations import look_ups
from clinics.operations.connectors import switched_on

State = RegisterLookUp.State
CHANGE = "clinics.change_registerlookup"
OF_THE_ANSWER = [name for name in FOUND if name not in ("checked_on", "register")]
FACTS = [
    "state",
    "reason",
    "clinic",
    "practitioner",
    "kind",
    "subject",
    "identifier",
    "register",
    "earlier",
    "drafted",
    "asked_by",
    "asked_at",
    "answered_at",
    "decided_by",
    "decided_at",
    "answer",
]
ConfirmForm = type(
    "ConfirmForm", (NewLookForm,), forms.fields_for_model(CredentialCheck, fields=["subject", *OF_THE_ANSWER])
)


def _begin(look_up: RegisterLookUp) -> dict[str, Any]:
    """What the answer seems to say, for a person to compare and to change."""
    proposal = look_up.proposal
    known = {"subject": look_up.subject, "identifier": look_up.identifier}
    return {
        **known,
        **proposal.get("facts", {}),
        "outcome": proposal.get("outcome", ""),
        "source_url": proposal.get("entry", ""),
    }


STEPS = (
    Step(
        name="confirm",
        label="Confirm into a draft check",
        perform=lambda look_up, answers, by, now: look_ups.confirm(look_up, by=by, now=now, **answers),
        offered=lambda look_up: look_up.state == State.ANSWERED,
        done="Drafted, with the register's answer as its evidence. Nothing is public before somebody publishes it.",
        permission=CHANGE,
        form=ConfirmForm,
        begin=_begin,
    ),
    Step(
        name="decline",
        label="Decline",
        perform=lambda look_up, answers, by, now: look_ups.decline(look_up, by=by, now=now, **answers),
        offered=lambda look_up: look_up.state == State.ANSWERED,
        done="Declined: nothing was made of this answer.",
        permission=CHANGE,
        form=ReasonForm,
    ),
)


def _asked(look_up: RegisterLookUp) -> list[tuple[str, str]]:
    """What we knew when we asked, in words."""
    question = Question.from_json({"kind": look_up.kind.key, "subject": look_up.subject, **look_up.question})
    told = [
        ("Subject", question.subject),
        ("Number", question.identifier),
        ("Other names", "; ".join(question.names)),
        ("Places", "; ".join(map(place_in_words, question.places))),
        ("NPI", question.npi),
        ("Day of birth", f"{question.born or ''}"),
    ]
    return [(name, text) for name, text in told if text]


class LookUpForm(RefusableForm):
    """Whom or what to ask about."""

    born = forms.DateField(
        required=False,
        label="Day of birth",
        help_text="Only for lists of exclusions, to tell people of one name apart. Never public.",
    )

    class Meta:
        model = RegisterLookUp
        fields = ["clinic", "practitioner", "kind", "subject", "identifier"]


class StateFilter(admin.SimpleListFilter):
    """What waits for a person is shown unless another state is asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [*((value, label) for value, label in State.choices if value != State.ANSWERED), ("all", "all")]

    def choices(self, changelist: Any) -> Any:
        """The stock choices, with what waits for a person in the place of “All”."""
        for index, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "to confirm"} if index == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The answers that wait, or the look-ups of the state that was asked for."""
        if self.value() is None:
            return queryset.to_confirm()
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


@admin.register(RegisterLookUp)
class RegisterLookUpAdmin(DeskAdmin):
    form = LookUpForm
    change_form_template = "admin/clinics/registerlookup/change_form.html"
    list_display = ["subject", "kind", "register", "clinic", "seems", "state", "asked_at"]
    list_filter = [StateFilter, "connector"]
    list_select_related = ["clinic", "kind"]
    search_fields = ["subject", "identifier", "clinic__name"]
    autocomplete_fields = ["clinic", "practitioner"]
    steps = STEPS

    class Media:
        js = ("clinics/autocomplete_names.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegisterLookUp]:
        """With the rows that each names."""
        named = ("clinic", "practitioner", "kind", "earlier__kind", "drafted__kind", "asked_by", "decided_by")
        return super().get_queryset(request).select_related(*named)

    def get_fields(self, request: HttpRequest, obj: RegisterLookUp | None = None) -> list[str]:
        """A new one asks whom or what about; a known one shows all that came of it."""
        return [*LookUpForm.Meta.fields, "born"] if obj is None else FACTS

    def get_readonly_fields(self, request: HttpRequest, obj: RegisterLookUp | None = None) -> list[str]:
        """An attempt is as it was."""
        return [] if obj is None else FACTS

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form, with the vocabulary of kinds."""
        form = super().get_form(request, obj, change, **kwargs)
        fill_selects(form.base_fields, {"kind": Term.Kind.CREDENTIAL_KIND})
        return form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with the answer beside what we know."""
        look_up = kwargs.get("obj")
        context["connectors"] = switched_on()
        if look_up is not None:
            context["proposal"] = look_up.proposal
            context["seems"] = self.seems(look_up)
            context["at_work"] = look_up.state == State.WAITING
            context["asked"] = _asked(look_up)
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description="answer seems to say")
    def seems(self, look_up: RegisterLookUp) -> str:
        """The proposed outcome in a word."""
        if not look_up.proposal:
            return "–"
        outcome = look_up.proposal.get("outcome", "")
        return CredentialCheck.Outcome(outcome).label if outcome else "look yourself"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Steps change it, nobody types into it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> RegisterLookUp:
        """Asked for by the operation."""
        return look_ups.ask(**form.cleaned_data, by=request.user, now=timezone.now())

    def save_model(self, request: HttpRequest, obj: RegisterLookUp, form: forms.ModelForm, change: bool) -> None:
        """The operation has saved it."""
