"""The steps of a claim from draft to the public, and out of it again."""

from typing import Final

from clinics.admin.steps import ReasonForm, Step
from clinics.models import Claim
from clinics.operations import claims

State = Claim.State
CHANGE: Final = "clinics.change_claim"
PUBLISH: Final = "clinics.publish_claim"
BEFORE_PUBLIC: Final = (State.DRAFT, State.COMMENT_INVITED)

CLAIM_STEPS: Final = (
    Step(
        name="invite",
        label="Record that the clinic was invited to comment",
        perform=lambda claim, answers, by, now: claims.invite_comment(claim, by=by, now=now),
        offered=lambda claim: claim.state == State.DRAFT,
        done="Invited: ten working days for the clinic, counted from today.",
        permission=CHANGE,
    ),
    Step(
        name="waive",
        label="Go on without inviting comment",
        perform=lambda claim, answers, by, now: claims.waive_comment(claim, reason=answers["reason"], by=by, now=now),
        offered=lambda claim: claim.state in BEFORE_PUBLIC and not claim.comment_waived_because,
        done="The reason for not inviting comment is recorded.",
        permission=CHANGE,
        form=ReasonForm,
    ),
    Step(
        name="sign",
        label="Sign for publication",
        perform=lambda claim, answers, by, now: claims.sign(claim, by=by, now=now),
        offered=lambda claim: claim.state in BEFORE_PUBLIC,
        done="Signed. A critical category now waits for another person; any other is public.",
        permission=PUBLISH,
    ),
    Step(
        name="second",
        label="Sign as the second person",
        perform=lambda claim, answers, by, now: claims.sign(claim, by=by, now=now),
        offered=lambda claim: claim.state == State.AWAITING_SECOND,
        done="Signed by a second person: public.",
        permission=PUBLISH,
    ),
    Step(
        name="hold",
        label="Hold",
        perform=lambda claim, answers, by, now: claims.hold(claim, reason=answers["reason"], by=by, now=now),
        offered=lambda claim: claim.state == State.PUBLISHED,
        done="Held: no longer public.",
        permission=PUBLISH,
        form=ReasonForm,
    ),
    Step(
        name="release",
        label="Release from hold",
        perform=lambda claim, answers, by, now: claims.release(claim, by=by, now=now),
        offered=lambda claim: claim.state == State.HELD,
        done="Released: public again.",
        permission=PUBLISH,
    ),
    Step(
        name="withdraw",
        label="Withdraw",
        perform=lambda claim, answers, by, now: claims.withdraw(claim, reason=answers["reason"], by=by, now=now),
        offered=lambda claim: claim.state != State.WITHDRAWN,
        done="Withdrawn: its dates and the reason stay, without its words.",
        permission=PUBLISH,
        form=ReasonForm,
    ),
)
