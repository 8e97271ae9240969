"""The form by which a person decides on a flag, and what each answer does."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinics.models import Flag
from clinics.operations import triage
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


class DecisionForm(forms.Form):
    """One choice and its reason. `seen_state` tells whether someone else decided while the page was open."""

    decision = forms.ChoiceField(widget=forms.RadioSelect)
    until = forms.DateField(required=False, widget=AdminDateWidget, label="Later, on")
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}))
    seen_state = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, flag: Flag, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen_state": seen(flag)}, **kwargs)
        self.flag = flag
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
        return answers

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
        case ["dismiss", dismissed_as]:
            triage.dismiss(flag, dismissed_as=dismissed_as, reason=reason, by=by, now=now)
        case ["defer"]:
            until = datetime.combine(answers["until"], time(), tzinfo=now.tzinfo)
            triage.defer(flag, until=until, reason=reason, by=by, now=now)
        case _:
            triage.reopen(flag, reason=reason, by=by, now=now)


class DismissalForm(forms.Form):
    """One reason for many flags."""

    dismissed_as = forms.ChoiceField(choices=Flag.Dismissal.choices, label="Dismiss as")
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}))
