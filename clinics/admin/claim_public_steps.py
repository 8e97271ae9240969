"""Steps of a claim beside signing: patients' names, counsel, and the clinic's reply."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib.admin.widgets import AdminDateWidget

from clinics.admin.steps import ReasonForm, Step
from clinics.models import Claim, ClaimReply
from clinics.operations import claim_counsel, claim_names, claim_replies
from clinics.operations.refusal import Refusal

State = Claim.State
CHANGE: Final = "clinics.change_claim"
REPLY: Final = "clinics.add_claimreply"
PUBLISH: Final = "clinics.publish_claim"


class NamesForm(forms.Form):
    """Which words are patients' names. What is proposed is only a proposal."""

    names = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 50}),
        label="Patients' names, one a line, as they stand in the words",
        help_text="The public reads [name] in place of each. What is filled in looks like a name; mend it.",
    )
    none = forms.BooleanField(required=False, label="There is no patient's name in these words")

    def clean(self) -> dict[str, Any]:
        """Either names, or the word that there are none."""
        answers: dict[str, Any] = super().clean() or {}
        names = [line.strip() for line in answers.get("names", "").splitlines() if line.strip()]
        if bool(names) == bool(answers.get("none")):
            raise forms.ValidationError("Leave the names that are to be taken out, or tick that there are none.")
        return {"names": names}


class CounselForm(forms.Form):
    """Who signed as counsel, and when."""

    name = forms.CharField(max_length=200, label="Counsel's name")
    signed_on = forms.DateField(label="Signed on", widget=AdminDateWidget)


class ReplyForm(forms.Form):
    """What the clinic answered, and how it proved to be the clinic."""

    text = forms.CharField(label="The clinic's words, unchanged", widget=forms.Textarea(attrs={"rows": 5, "cols": 60}))
    received_on = forms.DateField(label="Received on", widget=AdminDateWidget)
    sender = forms.CharField(max_length=200, label="Who answered (for staff only)")
    proved_by = forms.ChoiceField(label="How they proved to be the clinic", choices=ClaimReply.Proof)
    proof = forms.CharField(
        max_length=300, label="The address of the mail or token, or the number called (for staff only)"
    )


def _begin_names(claim: Claim) -> dict[str, Any]:
    known = claim.redacted_names or [likely.name for likely in claim_names.names_proposed(claim)]
    return {"names": "\n".join(known)}


def _waiting(claim: Claim) -> ClaimReply | None:
    """The oldest reply that nobody published or gave up."""
    return claim.replies.filter(published_at=None, ended_at=None).order_by("pk").first()


def _living(claim: Claim) -> ClaimReply | None:
    """The newest reply that was not taken away."""
    return claim.replies.filter(ended_at=None).order_by("-pk").first()


def _publish(claim: Claim, answers: dict[str, Any], by: Any, now: datetime) -> object:
    return claim_replies.publish_reply(_there(_waiting(claim)), by=by, now=now)


def _take_away(claim: Claim, answers: dict[str, Any], by: Any, now: datetime) -> object:
    return claim_replies.take_reply_away(_there(_living(claim)), reason=answers["reason"], by=by, now=now)


def _there(reply: ClaimReply | None) -> ClaimReply:
    if reply is None:
        raise Refusal("There is no such reply any more.")
    return reply


def _was_public(claim: Claim) -> bool:
    return claim.published_at is not None and claim.state != State.WITHDRAWN and not claim.is_on_its_way


def _names_step(name: str, judge: Any, offered: Callable[[Claim], bool], permission: str) -> Step:
    return Step(
        name=name,
        label="Look for patients' names",
        perform=lambda claim, answers, by, now: judge(claim, answers["names"], by=by, now=now),
        offered=offered,
        done="Kept: the public reads [name] for each; the words themselves stay with the claim.",
        permission=permission,
        form=NamesForm,
        begin=_begin_names,
    )


def _before_public(claim: Claim) -> bool:
    return claim.state in claim_counsel.BEFORE_PUBLIC and claim.public_from is None


PUBLIC_STEPS: Final = (
    _names_step("names", claim_names.judge_names, lambda claim: claim.may_be_reworded, CHANGE),
    _names_step("public-names", claim_names.judge_public_names, _was_public, PUBLISH),
    Step(
        name="ask-counsel",
        label="Ask for counsel's signature",
        perform=lambda claim, answers, by, now: claim_counsel.ask_counsel(claim, by=by, now=now),
        offered=lambda claim: _before_public(claim) and not claim.needs_counsel,
        done="It now waits for counsel, too.",
        permission=CHANGE,
    ),
    Step(
        name="counsel",
        label="Record counsel's signature",
        perform=lambda claim, answers, by, now: claim_counsel.record_counsel(claim, by=by, now=now, **answers),
        offered=lambda claim: _before_public(claim) and bool(claim_counsel.counsel_gap(claim)),
        done="Counsel's signature is recorded, for the words as they stand.",
        permission=PUBLISH,
        form=CounselForm,
    ),
    Step(
        name="no-counsel",
        label="Go on without counsel",
        perform=lambda claim, answers, by, now: claim_counsel.go_without_counsel(claim, by=by, now=now),
        offered=lambda claim: _before_public(claim) and claim.needs_counsel,
        done="It does not wait for counsel any more.",
        permission=PUBLISH,
    ),
    Step(
        name="reply",
        label="Record the clinic's reply",
        perform=lambda claim, answers, by, now: claim_replies.record_reply(claim, by=by, now=now, **answers),
        offered=lambda claim: claim.state != State.WITHDRAWN,
        done="Recorded: the public reads it once somebody publishes it.",
        permission=REPLY,
        form=ReplyForm,
    ),
    Step(
        name="publish-reply",
        label="Publish the reply",
        perform=_publish,
        offered=lambda claim: (
            claim.state != State.WITHDRAWN and not claim.is_on_its_way and _waiting(claim) is not None
        ),
        done="Published: it stands beside the claim as soon as that is public.",
        permission=PUBLISH,
    ),
    Step(
        name="reply-away",
        label="Take the newest reply away",
        perform=_take_away,
        offered=lambda claim: _living(claim) is not None,
        done="Taken away, with the reason.",
        permission=PUBLISH,
        form=ReasonForm,
    ),
)
