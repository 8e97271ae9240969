"""The steps of an official action: whose it is, two signatures, what became of it, and out of the public again."""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect

from clinics.admin.addresses import AddressField
from clinics.admin.steps import ReasonForm, Step
from clinics.models import ActionOutcome, Clinic, OfficialAction, Organisation, Practitioner
from clinics.operations import action_publication, official_actions
from clinics.operations.refusal import Refusal

State = OfficialAction.State
CHANGE: Final = "clinics.change_officialaction"
PUBLISH: Final = "clinics.publish_officialaction"


def _picker(name: str) -> AutocompleteSelect:
    return AutocompleteSelect(OfficialAction._meta.get_field(name), admin.site)


class MatchForm(forms.Form):
    """Which clinic the addressee is, and how one knows."""

    clinic = forms.ModelChoiceField(Clinic.objects.living(), widget=_picker("clinic"))
    how = forms.CharField(
        max_length=300,
        label="How one knows that the addressee is this clinic",
        help_text="Shown in public, such as “same name and street”.",
        widget=forms.TextInput(attrs={"size": 60}),
    )
    practitioner = forms.ModelChoiceField(
        Practitioner.objects.all(), required=False, widget=_picker("practitioner"), label="Practitioner it names"
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), required=False, widget=_picker("organisation"), label="Organisation it names"
    )


class AnotherForm(forms.Form):
    """A further clinic that the same document names."""

    clinic = forms.ModelChoiceField(Clinic.objects.living(), widget=_picker("clinic"))
    how = forms.CharField(
        max_length=300,
        label="How one knows that the document is about this clinic, too",
        widget=forms.TextInput(attrs={"size": 60}),
    )


class OutcomeForm(forms.Form):
    """What became of the action later."""

    kind = forms.ChoiceField(choices=ActionOutcome.Kind)
    dated = forms.DateField(label="Date", widget=AdminDateWidget)
    title = forms.CharField(max_length=300, required=False, label="Title of the later document")
    url = AddressField(required=False, label="Where it can be read")


def _waiting(action: OfficialAction) -> ActionOutcome | None:
    """The oldest outcome that nobody has confirmed."""
    return action.outcomes.filter(confirmed_at=None).order_by("pk").first()


def _confirm(action: OfficialAction, answers: dict[str, Any], by: Any, now: Any) -> object:
    outcome = _waiting(action)
    if outcome is None:
        raise Refusal("No outcome waits to be confirmed.")
    return action_publication.confirm_outcome(outcome, by=by, now=now)


STEPS: Final = (
    Step(
        name="match",
        label="Say which clinic the addressee is",
        perform=lambda action, answers, by, now: official_actions.match_action(
            action,
            answers["clinic"],
            how=answers["how"],
            practitioner=answers["practitioner"],
            organisation=answers["organisation"],
            by=by,
            now=now,
        ),
        offered=lambda action: action.state == State.DRAFT,
        done="Matched: the document now stands at this clinic, for two people to sign.",
        permission=CHANGE,
        form=MatchForm,
    ),
    Step(
        name="another",
        label="It names another clinic, too",
        perform=lambda action, answers, by, now: official_actions.match_another(action, by=by, now=now, **answers),
        offered=lambda action: action.clinic_id is not None and action.state != State.WITHDRAWN,
        done="Drafted for that clinic, too: it is signed there by itself.",
        permission=CHANGE,
        form=AnotherForm,
    ),
    Step(
        name="sign",
        label="Sign for publication",
        perform=lambda action, answers, by, now: action_publication.sign_action(action, by=by, now=now),
        offered=lambda action: action.state == State.DRAFT and not action_publication.missing(action),
        done="Signed: it waits for another person.",
        permission=PUBLISH,
    ),
    Step(
        name="second",
        label="Sign as the second person",
        perform=lambda action, answers, by, now: action_publication.sign_action(action, by=by, now=now),
        offered=lambda action: action.state == State.AWAITING_SECOND and action.public_from is None,
        done="Signed by a second person: public in a few minutes.",
        permission=PUBLISH,
    ),
    Step(
        name="take-back",
        label="Take the signature back",
        perform=lambda action, answers, by, now: action_publication.take_back_action(action, by=by, now=now),
        offered=lambda action: action.state == State.AWAITING_SECOND,
        done="The last signature is taken back.",
        permission=PUBLISH,
    ),
    Step(
        name="outcome",
        label="Record what became of it",
        perform=lambda action, answers, by, now: official_actions.record_outcome(action, by=by, now=now, **answers),
        offered=lambda action: action.state != State.WITHDRAWN,
        done="Recorded: it waits for another person's word.",
        permission=CHANGE,
        form=OutcomeForm,
    ),
    Step(
        name="confirm",
        label="Confirm the oldest outcome that waits",
        perform=_confirm,
        offered=lambda action: _waiting(action) is not None,
        done="Confirmed: a published action says so from now on.",
        permission=PUBLISH,
    ),
    Step(
        name="hold",
        label="Hold",
        perform=lambda action, answers, by, now: action_publication.hold_action(action, by=by, now=now, **answers),
        offered=lambda action: action.state == State.PUBLISHED,
        done="Held: no longer public.",
        permission=PUBLISH,
        form=ReasonForm,
    ),
    Step(
        name="release",
        label="Release from hold",
        perform=lambda action, answers, by, now: action_publication.release_action(action, by=by, now=now),
        offered=lambda action: action.state == State.HELD,
        done="Signed anew: it is public again once another person has signed, too.",
        permission=PUBLISH,
    ),
    Step(
        name="withdraw",
        label="Withdraw",
        perform=lambda action, answers, by, now: action_publication.withdraw_action(action, by=by, now=now, **answers),
        offered=lambda action: action.state != State.WITHDRAWN,
        done="Withdrawn: if it was public, its dates and the reason stay.",
        permission=PUBLISH,
        form=ReasonForm,
    ),
)
