"""Accepting or declining several proposed pages with one press, each by itself: a refusal undoes no other."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinics.models import PageProposal
from clinics.operations import proposals
from clinics.operations.refusal import Refusal

CHANGE: Final = "clinics.change_pageproposal"
TOGETHER: Final = 200  # proposals of one press
WAYS: Final[dict[str, tuple[Callable[..., Any], str]]] = {
    "accept": (proposals.accept, "recorded; workers read them within a minute or two"),
    "decline": (proposals.decline, "declined; they will not be proposed again"),
}


def decide(request: HttpRequest, chosen: QuerySet[PageProposal], way: str) -> None:
    """Decide on each of the chosen proposals, and tell the person what was done and what was refused."""
    rows = list(chosen.select_related("clinic").order_by("pk")[: TOGETHER + 1])
    if len(rows) > TOGETHER:
        messages.error(request, f"At most {TOGETHER} at a time: choose fewer.")
    elif not rows:
        messages.warning(request, "No page was chosen.")
    else:
        _tell(request, len(rows), _refusals(request, rows, way), WAYS[way][1])


def _refusals(request: HttpRequest, rows: Iterable[PageProposal], way: str) -> list[str]:
    found = []
    for proposal in rows:
        try:
            WAYS[way][0](proposal, by=request.user, now=timezone.now())
        except Refusal as refusal:
            found.append(f"{proposal.url}: {refusal}")
    return found


def _tell(request: HttpRequest, number: int, refusals: list[str], done: str) -> None:
    if number > len(refusals):
        messages.success(request, f"Pages {done}: {number - len(refusals)}.")
    for refusal in refusals:
        messages.error(request, refusal)
