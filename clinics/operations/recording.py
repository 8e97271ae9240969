"""Recording clinics, their addresses on the web, and where they stand in the directory."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.address import RefusedAddress
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import host_of, identity_key
from clinics.models import Cause, Clinic, Host, Organisation, Page, PageProposal, PageState, PageUse, Practitioner
from clinics.models.page import WEEKLY, YEARLY
from clinics.operations import rechecking
from clinics.operations.flagging import lock_living_clinic
from clinics.operations.going_out import address_policy, browser_enabled
from clinics.operations.placing import place, place_location
from clinics.operations.refusal import Refusal, check, required
from clinics.operations.standing import (
    back_to_draft,
    close_clinic,
    delist_clinic,
    hold_clinic,
    list_clinic,
    mark_not_offering,
)

__all__ = [
    "back_to_draft",
    "close_clinic",
    "delist_clinic",
    "hold_clinic",
    "judged",
    "list_clinic",
    "mark_not_offering",
    "place",
    "place_location",
    "read_again",
    "read_page_again",
    "record_by_name",
    "record_clinic",
    "record_page",
    "set_by_browser",
    "set_website",
]

Named = TypeVar("Named", Practitioner, Organisation)
SHORTEST_PAUSE = timedelta(seconds=1)
LONGEST_URL = 2000  # characters, as it is fetched


def judged(url: str) -> str:
    """The URL to fetch for an address as somebody typed it. Raises Refusal with the reason in a sentence."""
    try:
        fetched = address_policy().judge(url)
    except RefusedAddress as refused:
        raise Refusal(str(refused)) from None
    if max(map(len, (fetched, identity_key(fetched)))) > LONGEST_URL:
        raise Refusal(f"This address is longer than {LONGEST_URL} characters. Record the page's short address.")
    return fetched


@transaction.atomic
def record_page(
    url: str,
    *,
    by: User | None,
    now: datetime,
    clinic: Clinic | None = None,
    purpose: str = PageUse.Purpose.CLINIC_PAGE,
    check_every: timedelta | None = None,
) -> Page:
    """The page at this address, recorded once however it is typed; due now where it is new.

    With a clinic, the page is also recorded as used by it. A clinic's own page that was already read is held against
    the rules for it at once. Recording again changes nothing, except the pause between readings where one is given.
    Raises Refusal for an address that is not visited.
    """
    page = _page(url, by, now, check_every)
    if clinic is not None:
        _use(page, clinic, purpose, now)
        _settle_proposal(page, clinic, by, now)
    return page


def _page(url: str, by: User | None, now: datetime, check_every: timedelta | None) -> Page:
    if check_every is not None and check_every < SHORTEST_PAUSE:
        raise Refusal("A page is read at most once a second. Choose a longer time between two readings.")
    if check_every is not None and check_every > YEARLY:
        raise Refusal("A page is read once a year at least. Choose a shorter time between two readings.")
    fetched = judged(url)
    host, _ = Host.objects.get_or_create(name=host_of(fetched), defaults={"free_at": now})
    page, _ = Page.objects.get_or_create(
        identity=identity_key(fetched),
        defaults={
            "url": fetched,
            "typed": url[:2000],
            "host": host,
            "check_every": check_every or WEEKLY,
            "created_at": now,
            "created_by": by,
        },
    )
    PageState.objects.get_or_create(page=page, defaults={"due_at": now})
    if check_every is not None and page.check_every != check_every:
        page.check_every = check_every
        page.save(update_fields=["check_every"])
    return page


def _use(page: Page, clinic: Clinic, purpose: str, now: datetime) -> None:
    """Record the use; what the page already said is held against the rules for its new clinic."""
    if PageUse.objects.filter(page=page, clinic=clinic, purpose=purpose).exists():
        return
    # The host's row is what a reading of the page locks first: one that is being written either sees this use, or is
    # finished before the newest snapshot is looked up.
    Host.objects.select_for_update(no_key=True).get(pk=page.host_id)
    lock_living_clinic(clinic.pk)
    _, is_new = PageUse.objects.get_or_create(page=page, clinic=clinic, purpose=purpose, defaults={"created_at": now})
    state = PageState.objects.select_related("snapshot").get(page=page)
    if is_new and purpose == PageUse.Purpose.CLINIC_PAGE and state.snapshot is not None:
        rechecking.apply_snapshot(state.snapshot, clinic, Cause.FIRST_READING, now)


def _settle_proposal(page: Page, clinic: Clinic, by: User | None, now: datetime) -> None:
    """A page that is recorded for a clinic is proposed to it no more, whoever typed its address."""
    proposals = PageProposal.objects.filter(clinic=clinic, identity=page.identity)
    if by is None:
        proposals.waiting().delete()
    else:
        open_ones = proposals.exclude(state=PageProposal.State.ACCEPTED)
        open_ones.update(state=PageProposal.State.ACCEPTED, decided_by=by, decided_at=now)


def record_by_name(model: type[Named], name: str) -> Named:
    """A practitioner or organisation of this name, the eldest of several; made where there is none. Raises Refusal."""
    known = model._default_manager.filter(name__iexact=name).order_by("pk").first()
    if known is not None:
        return known
    row = model(name=required(name, "The name"))
    check(row)
    row.save()
    return row


@transaction.atomic
def record_clinic(name: str, website_url: str, *, by: User | None, now: datetime, **fields: Any) -> Clinic:
    """A new draft, with its website recorded as its own page. `fields` are other columns of Clinic.

    An empty `website_url` records a clinic without a website. Raises Refusal.
    """
    clinic = Clinic(name=required(name, "The clinic's name"), created_at=now, recorded_by=by, **fields)
    check(clinic)
    clinic.save()
    if website_url.strip():
        set_website(clinic, website_url, by=by, now=now)
    return clinic


@transaction.atomic
def set_website(clinic: Clinic, url: str, *, by: User | None, now: datetime) -> None:
    """Record the clinic's website as its own page; an empty address takes the website away, but not the page."""
    clinic.website = record_page(url, by=by, now=now, clinic=clinic) if url.strip() else None
    clinic.save(update_fields=["website"])


def read_again(clinic: Clinic, *, by: User | None, now: datetime) -> int:
    """Make the clinic's pages due now; the number of them. Raises Refusal where there are none."""
    pages = PageState.objects.filter(page__uses__clinic=clinic).update(due_at=now)
    if not pages:
        raise Refusal("No page is recorded for this clinic. Record one first.")
    return pages


def read_page_again(page: Page, *, by: User | None, now: datetime) -> None:
    """Make one page due now."""
    PageState.objects.filter(page=page).update(due_at=now)


def set_by_browser(page: Page, on: bool, *, now: datetime) -> None:
    """Have a page's scripts run before it is read, or not any longer; it is due now.

    Raises Refusal where no browser is enabled, since the page would not be read otherwise than before.
    """
    if on and not browser_enabled():
        raise Refusal("No browser is enabled in this installation (BROWSER_ENABLED), so nothing would change.")
    page.by_browser = on
    page.save(update_fields=["by_browser"])
    read_page_again(page, by=None, now=now)


def is_doubted(page: Page) -> bool:
    """Whether the last attempt found a text that may be another's, or an error's."""
    return page.state.outcome in (Outcome.PARTIAL, Outcome.PARKED)


@transaction.atomic
def accept_text(page: Page, *, by: User, now: datetime) -> None:
    """Keep a person's word that the page's changed text is the clinic's, and have it read now.

    Raises Refusal where the last attempt left nothing in doubt.
    """
    if not is_doubted(page):
        raise Refusal("The last attempt left no doubt whose text the page shows, so there is nothing to accept.")
    page.text_accepted_at, page.text_accepted_by = now, by
    page.save(update_fields=["text_accepted_at", "text_accepted_by"])
    read_page_again(page, by=by, now=now)
