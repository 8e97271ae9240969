"""The steps of a claim from draft to the public, and out of it again."""

from typing import Final

from clinics.admin.steps import ReasonForm, Step
from clinics.models import Claim
from clinics.operations import claims, publication

State = Claim.State
CHANGE: Final = "clinics.change_claim"
PUBLISH: Final = "clinics.publish_claim"
BEFORE_PUBLIC: Final = (State.DRAFT, State.COMMENT_INVITED)

CLAIM_STEPS: Final = (
    Step(
        name="invite",
        label="Record that the clinic was invited to comment",
        perform=lambda claim, answers, by, now: claims.invite_comment(claim, by=by, now=now),
        offered=lambda claim: claim.state == State.DRAFT and claim.public_from is None,
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
        perform=lambda claim, answers, by, now: publication.sign(claim, by=by, now=now),
        offered=lambda claim: claim.state in BEFORE_PUBLIC and claim.public_from is None,
        done="Signed. A critical category now waits for another person; any other is public in a few minutes.",
        permission=PUBLISH,
    ),
    Step(
        name="second",
        label="Sign as the second person",
        perform=lambda claim, answers, by, now: publication.sign(claim, by=by, now=now),
        offered=lambda claim: claim.state == State.AWAITING_SECOND and claim.public_from is None,
        done="Signed by a second person: public in a few minutes.",
        permission=PUBLISH,
    ),
    Step(
        name="take-back",
        label="Take the signature back",
        perform=lambda claim, answers, by, now: publication.take_back(claim, by=by, now=now),
        offered=lambda claim: claim.public_from is not None or claim.state == State.AWAITING_SECOND,
        done="The last signature is taken back.",
        permission=PUBLISH,
    ),
    Step(
        name="hold",
        label="Hold",
        perform=lambda claim, answers, by, now: publication.hold(claim, reason=answers["reason"], by=by, now=now),
        offered=lambda claim: claim.state == State.PUBLISHED,
        done="Held: no longer public.",
        permission=PUBLISH,
        form=ReasonForm,
    ),
    Step(
        name="release",
        label="Release from hold",
        perform=lambda claim, answers, by, now: publication.release(claim, by=by, now=now),
        offered=lambda claim: claim.state == State.HELD and claim.public_from is None,
        done="Released: a critical claim needs two signatures anew, any other is public again in a few minutes.",
        permission=PUBLISH,
    ),
    Step(
        name="withdraw",
        label="Withdraw",
        perform=lambda claim, answers, by, now: publication.withdraw(claim, reason=answers["reason"], by=by, now=now),
        offered=lambda claim: claim.state != State.WITHDRAWN,
        done="Withdrawn: its dates and the reason stay, without its words.",
        permission=PUBLISH,
        form=ReasonForm,
    ),
)
