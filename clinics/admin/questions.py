"""Answers to patients' questions: recorded from a clinic's pages, published by a person, withdrawn with a reason."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinics.admin.addresses import AddressField
from clinics.admin.desk import DeskAdmin, known
from clinics.admin.languages import LANGUAGES
from clinics.admin.refusals import RefusableForm
from clinics.admin.steps import ReasonForm, Step
from clinics.domain.questions import patient_questions
from clinics.models import CredentialCheck, Question, Snapshot
from clinics.operations import questions

State = Question.State
PUBLISH: Final = "clinics.publish_question"
ASKED: Final = ["clinic", "key", "finding", "quote", "page_url", "capture", "looked_on", "language", "notes"]
TEXT: Final = ["key", "finding", "quote", "looked_on", "language"]
FACTS: Final = [
    "state",
    "page",
    "snapshot",
    "recorded_by",
    "recorded_at",
    "published_by",
    "published_at",
    "ended_by",
    "ended_at",
    "ended_because",
]


class QuestionForm(RefusableForm):
    """An answer, with the page as an address and the question chosen from the list."""

    key = forms.ChoiceField(label="Question")
    page_url = AddressField(
        label="Page",
        required=False,
        help_text="One of the clinic's own pages, as it is recorded: the words are looked for in its newest text.",
    )
    capture = forms.ModelChoiceField(
        Snapshot.objects.filter(origin=Snapshot.Origin.HAND),
        required=False,
        widget=AutocompleteSelect(CredentialCheck._meta.get_field("capture"), admin.site),  # offers captures by hand
        help_text="Or a capture by hand.",
    )
    looked_on = forms.DateField(
        required=False,
        label="Looked on",
        widget=AdminDateWidget,
        help_text="For “not stated” alone: the day on which you looked through the pages. Quoted words have theirs.",
    )

    language = forms.ChoiceField(choices=LANGUAGES, initial="en", help_text="Of the words quoted.")

    class Meta:
        model = Question
        fields = ["clinic", "key", "finding", "quote", "looked_on", "language", "notes"]
        widgets = {"quote": forms.Textarea(attrs={"rows": 3, "cols": 80})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            choices = [(one.key, one.text["en"]) for one in patient_questions().values()]
            self.fields["key"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


STEPS: Final = (
    Step(
        name="publish",
        label="Publish",
        perform=lambda question, answers, by, now: questions.publish_answer(question, by=by, now=now),
        offered=lambda question: question.state == State.DRAFT,
        done="Published: it stands on the clinic's page of questions.",
        permission=PUBLISH,
    ),
    Step(
        name="withdraw",
        label="Withdraw",
        perform=lambda question, answers, by, now: questions.withdraw_answer(question, by=by, now=now, **answers),
        offered=lambda question: question.state != State.WITHDRAWN,
        done="Withdrawn: no longer public. The row and its history stay.",
        permission=PUBLISH,
        form=ReasonForm,
    ),
)


@admin.register(Question)
class QuestionAdmin(DeskAdmin):
    form = QuestionForm
    list_display = ["key", "clinic", "finding", "looked_on", "state"]
    list_filter = ["state", "finding"]
    list_select_related = ["clinic"]
    search_fields = ["clinic__name", "quote"]
    autocomplete_fields = ["clinic"]
    steps = STEPS

    class Media:
        js = ("clinics/autocomplete_names.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """With the rows that its page names."""
        return super().get_queryset(request).select_related("clinic", "page", "snapshot__page", "recorded_by")

    def get_fields(self, request: HttpRequest, obj: Question | None = None) -> list[str]:
        """A draft asks for where the words stand; a published answer shows it."""
        if obj is None:
            return list(ASKED)
        facts = known(obj, FACTS)
        return [*facts, *ASKED] if self.has_change_permission(request, obj) else ["clinic", *TEXT, *facts, "notes"]

    def get_readonly_fields(self, request: HttpRequest, obj: Question | None = None) -> list[str]:
        """Whose answer it is does not change."""
        return [] if obj is None else [*FACTS, "clinic"]

    def has_change_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        """What was published is replaced by a new answer, not edited."""
        return (obj is None or obj.state == State.DRAFT) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> Question:
        """Drafted, or changed as a draft, by the operation."""
        now = timezone.now()
        if change:
            typed = {name: form.cleaned_data[name] for name in form.changed_data}
            kept = Question.objects.get(pk=form.instance.pk)
            return questions.redraft_answer(kept, by=request.user, now=now, **typed)
        return questions.draft_answer(**form.cleaned_data, by=request.user, now=now)

    def save_model(self, request: HttpRequest, obj: Question, form: forms.ModelForm, change: bool) -> None:
        """The operation has saved it."""
