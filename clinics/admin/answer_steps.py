"""Steps of a case that is a clinic's answer: the call, and what two people make of its points."""

from typing import Final, cast

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone

from clinics.admin.steps import ReasonForm, Step
from clinics.models import AnswerCall, AnswerPoint, Correction
from clinics.operations import answer_cases, answer_proof

State = Correction.State
CHANGE: Final = "clinics.change_correction"
PUBLISH: Final = "clinics.publish_claim"


class CallForm(forms.Form):
    """What a call to the recorded number told."""

    number = forms.CharField(max_length=40, label="Number called", help_text="One that is recorded for the clinic.")
    person = forms.CharField(max_length=200, required=False, label="Who spoke, with the office")
    called_on = forms.DateField(label="Called on", widget=AdminDateWidget, initial=timezone.localdate)
    outcome = forms.ChoiceField(label="What the call told", choices=AnswerCall.Outcome)


class PointForm(forms.Form):
    """What is to come of a point, and why."""

    outcome = forms.ChoiceField(
        choices=AnswerPoint.Outcome,
        error_messages={"invalid_choice": "That cannot come of this point as its statement stands now."},
    )
    public_reason = forms.CharField(
        label="Reason for everybody",
        max_length=answer_cases.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Read by the clinic and in the public log; of a withdrawn statement also on its page. No names.",
    )


def leave_out_unfit(form: forms.Form, point: AnswerPoint) -> None:
    """Offer of the outcomes only those that can come of this point."""
    field = cast(forms.ChoiceField, form.fields["outcome"])
    field.choices = [(each, AnswerPoint.Outcome(each).label) for each in answer_cases.fitting_outcomes(point)]


def is_answer(case: Correction) -> bool:
    """Whether the case is an answer of a clinic."""
    return case.kind == Correction.Kind.ANSWER


ANSWER_STEPS: Final = (
    Step(
        name="call",
        label="Record a call to the clinic",
        perform=lambda case, answers, by, now: answer_proof.record_call(case, **answers, by=by, now=now),
        offered=lambda case: is_answer(case) and case.state == State.UNPROVED,
        done="The call is recorded.",
        permission=CHANGE,
        form=CallForm,
    ),
    Step(
        name="hand_on",
        label="All points are decided",
        perform=lambda case, answers, by, now: answer_cases.hand_on(case, reason=answers["reason"], by=by, now=now),
        offered=lambda case: is_answer(case) and case.state in answer_cases.TO_DECIDE,
        done="Another person has to agree before anything of it is done or told.",
        permission=CHANGE,
        form=ReasonForm,
    ),
    Step(
        name="agree",
        label="Agree as another person, and do it",
        perform=lambda case, answers, by, now: answer_cases.agree(case, by=by, now=now),
        offered=lambda case: is_answer(case) and case.state == State.DECIDED,
        done="Done and closed: everybody reads in the log what came of each point.",
        permission=PUBLISH,
    ),
)

POINT_STEPS: Final = (
    Step(
        name="decide",
        label="Decide on this point",
        perform=lambda point, answers, by, now: answer_cases.decide_point(point, **answers, by=by, now=now),
        offered=lambda point: point.case.state in answer_cases.TO_DECIDE and point.done_at is None,
        done="Decided; it is done once the whole case was handed on and another person agreed.",
        permission=CHANGE,
        form=PointForm,
        narrow=leave_out_unfit,
    ),
    Step(
        name="disputed",
        label="Show the statement as disputed",
        perform=lambda point, answers, by, now: answer_cases.show_as_disputed(point, by=by, now=now),
        offered=lambda point: (
            point.kind == AnswerPoint.Kind.DISPUTE
            and point.case.state in (*answer_cases.TO_DECIDE, State.DECIDED)
            and point.claim.disputed_since is None
        ),
        done="Everybody reads beside the statement since when it is disputed.",
        permission=PUBLISH,
    ),
    Step(
        name="read",
        label="Read the page again now",
        perform=lambda point, answers, by, now: answer_cases.read_now(point, by=by, now=now),
        offered=lambda point: point.claim.page_id is not None and point.case.state != State.UNPROVED,
        done="The page is due now; the next worker reads it.",
        permission=CHANGE,
    ),
)
