"""The form by which a person decides on a flag, and what each answer does."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinics.models import Flag, Rule
from clinics.operations import triage
from clinics.operations.everywhere import dismiss_everywhere
from clinics.operations.refusal import Refusal

CONFIRM, DEFER, REOPEN = "confirm", "defer", "reopen"
DISMISSALS = [(f"dismiss:{key}", f"Dismiss: {label}") for key, label in Flag.Dismissal.choices]
TO_DECIDE = [
    (CONFIRM, "Confirm: the clinic makes this statement"),
    *DISMISSALS,
    (DEFER, "Decide later, on the date below"),
]
DECIDED = [(REOPEN, "Reopen: it has to be decided again"), *TO_DECIDE[:-1]]


def seen(flag: Flag) -> str:
    """A mark of the state in which a person saw the flag."""
    return f"{flag.state} {flag.decided_at.isoformat() if flag.decided_at else ''}".strip()


HERE, EVERYWHERE = "here", "everywhere"
SCOPES = [(HERE, "this wording of this clinic"), (EVERYWHERE, "this wording of every clinic, until the date below")]


class DecisionForm(forms.Form):
    """One choice and its reason. `seen_state` tells whether someone else decided while the page was open."""

    decision = forms.ChoiceField(widget=forms.RadioSelect)
    until = forms.DateField(required=False, widget=AdminDateWidget, label="Later, on")
    scope = forms.ChoiceField(choices=SCOPES, widget=forms.RadioSelect, required=False, label="A dismissal holds for")
    expires_on = forms.DateField(required=False, widget=AdminDateWidget, label="Everywhere until")
    reason = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Left empty, the choice above stands for it.",
    )
    seen_state = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, flag: Flag, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen_state": seen(flag), "scope": HERE}, **kwargs)
        self.flag = flag
        if flag.rule.kind == Rule.Kind.PAGE:
            del self.fields["scope"], self.fields["expires_on"]
        waits = flag.state in (Flag.State.OPEN, Flag.State.DEFERRED)
        self.fields["decision"].choices = TO_DECIDE if waits else DECIDED

    def clean(self) -> dict[str, Any] | None:
        """A date for later must lie ahead; a flag that changed under the reader's eyes is to be read again."""
        answers = super().clean() or {}
        if answers.get("seen_state") not in (None, seen(self.flag)):
            state = self.flag.get_state_display()
            raise ValidationError(f"Someone else decided meanwhile: this flag is now “{state}”. Look again, please.")
        if answers.get("decision") == DEFER:
            until = answers.get("until")
            if until is None:
                self.add_error("until", "Say on which day it should come back.")
            elif until <= timezone.now().date():
                self.add_error("until", "This day must lie ahead.")
        if answers.get("scope") == EVERYWHERE:
            self._judge_scope(answers)
        answers["reason"] = answers.get("reason", "").strip() or self._words_of(answers.get("decision", ""))
        return answers

    def _judge_scope(self, answers: dict[str, Any]) -> None:
        if not str(answers.get("decision", "")).startswith("dismiss:"):
            self.add_error("scope", "Only a dismissal can hold for every clinic.")
        elif answers.get("expires_on") is None:
            self.add_error("expires_on", "Say until when it holds everywhere.")

    def _words_of(self, decision: str) -> str:
        """What the choice says, for a decision that needs no more words."""
        return str(dict(self.fields["decision"].choices).get(decision, ""))

    def decide(self, by: Any, now: datetime) -> bool:
        """Carry the decision out; False, with the refusal on the form, where the operation refused."""
        try:
            _carry_out(self.flag, self.cleaned_data, by, now)
        except Refusal as refusal:
            self.add_error(None, str(refusal))
            return False
        return True


def _carry_out(flag: Flag, answers: dict[str, Any], by: Any, now: datetime) -> None:
    reason = answers["reason"]
    match answers["decision"].split(":"):
        case ["confirm"]:
            triage.confirm(flag, reason=reason, by=by, now=now)
        case ["dismiss", dismissed_as] if answers.get("scope") == EVERYWHERE:
            expires_on = answers["expires_on"]
            dismiss_everywhere(flag, dismissed_as=dismissed_as, reason=reason, expires_on=expires_on, by=by, now=now)
        case ["dismiss", dismissed_as]:
            triage.dismiss(flag, dismissed_as=dismissed_as, reason=reason, by=by, now=now)
        case ["defer"]:
            until = datetime.combine(answers["until"], time(), tzinfo=now.tzinfo)
            triage.defer(flag, until=until, reason=reason, by=by, now=now)
        case _:
            triage.reopen(flag, reason=reason, by=by, now=now)


class DismissalForm(forms.Form):
    """One reason for many flags."""

    dismissed_as = forms.ChoiceField(choices=[("", "–"), *Flag.Dismissal.choices], label="Dismiss as")
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}))
