"""What staff decide on proposed pages: to record them, or never to be asked again."""

from datetime import datetime

from django.contrib.auth.models import User

from clinics.models import Page, PageProposal
from clinics.operations.recording import record_page
from clinics.operations.refusal import Refusal

DECIDED = "Somebody has decided on this proposal already."


def accept(proposal: PageProposal, *, by: User, now: datetime) -> Page:
    """Record the page as the clinic's own, due now; also one that was declined before.

    Raises Refusal where it was accepted already, and for an address that is not visited.
    """
    if PageProposal.objects.filter(pk=proposal.pk, state=PageProposal.State.ACCEPTED).exists():
        raise Refusal(DECIDED)
    return record_page(proposal.url, by=by, now=now, clinic=proposal.clinic)


def decline(proposal: PageProposal, *, by: User, now: datetime) -> None:
    """Never propose the page to this clinic's staff again. Raises Refusal where somebody has decided already."""
    waiting = PageProposal.objects.filter(pk=proposal.pk).waiting()
    if not waiting.update(state=PageProposal.State.DECLINED, decided_by=by, decided_at=now):
        raise Refusal(DECIDED)
