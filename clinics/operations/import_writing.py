"""Writing what a table of clinics changes: for many clinics one statement a table, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction

from clinics.domain.page_identity import host_of
from clinics.models import Clinic, Host, Location, Page, PageProposal, PageState, PageUse
from clinics.models.many_rows import add_rows
from clinics.operations.import_plan import Plan
from clinics.operations.import_table import Address
from clinics.operations.recording import record_page
from clinics.operations.standing import list_drafts

DUE_IN_A_MINUTE: Final = 500  # new pages of one import


class Writer:
    """Writes plans batch by batch, and lets no more than so many of the new pages be due in one minute."""

    def __init__(self, *, by: User | None, now: datetime) -> None:
        self._by, self._now = by, now
        self._new_pages = 0

    def write(self, plans: Sequence[Plan]) -> None:
        """Write what the plans change. Their recorded clinics are locked; their new ones are saved afterwards.

        Raises Refusal where a page that is recorded already refuses its new use.
        """
        changing = [plan for plan in plans if plan.changes]
        before = self._recorded(changing)
        made = self._make_pages([address for plan in changing for address in plan.addresses], before)
        self._save_clinics(changing, before | made)
        self._save_places(changing)
        self._use_pages(changing, before, made)
        list_drafts([plan.clinic.pk for plan in changing if plan.lists], self._now)

    @staticmethod
    def _recorded(plans: Sequence[Plan]) -> dict[str, int]:
        """Pages of the addresses that are recorded already, by identity."""
        wanted = [address.identity for plan in plans for address in (*plan.addresses, plan.website) if address]
        return dict(Page.objects.filter(identity__in=wanted).values_list("identity", "pk"))

    def _make_pages(self, addresses: Sequence[Address], known: dict[str, int]) -> dict[str, int]:
        """Record the other addresses, with their hosts; the pages made, by identity.

        Pages that somebody else records at this moment are added to the known ones.
        """
        new = {each.identity: each for each in reversed(addresses) if each.identity not in known}
        fresh = list(reversed(new.values()))
        hosts = _hosts({host_of(address.url) for address in fresh}, self._now)
        pages = [
            Page(
                url=address.url,
                typed=address.typed[:2000],
                identity=address.identity,
                host_id=hosts[host_of(address.url)],
                created_at=self._now,
                created_by=self._by,
            )
            for address in fresh
        ]
        try:
            with transaction.atomic():
                add_rows(pages, given=["created_at"])
        except IntegrityError:  # somebody recorded one of them at this moment
            known.update({page.identity: page.pk for page in map(self._record, fresh)})
            return {}
        made = dict(Page.objects.filter(identity__in=new).values_list("identity", "pk"))
        add_rows([PageState(page_id=made[page.identity], due_at=self._due()) for page in pages])
        return made

    def _record(self, address: Address) -> Page:
        return record_page(address.typed, by=self._by, now=self._now)

    def _due(self) -> datetime:
        due = self._now + timedelta(minutes=self._new_pages // DUE_IN_A_MINUTE)
        self._new_pages += 1
        return due

    def _save_clinics(self, plans: Sequence[Plan], pages: dict[str, int]) -> None:
        for plan in plans:
            _set(plan.clinic, plan.fields)
            if plan.website is not None:
                plan.clinic.website_id = pages[plan.website.identity]
        new = [plan.clinic for plan in plans if plan.is_new]
        for clinic in new:
            clinic.created_at = self._now
        changed = [plan.clinic for plan in plans if not plan.is_new and (plan.fields or plan.website)]
        Clinic.objects.bulk_update(changed, ["name", "other_names", "notes", "languages", "website"])
        Clinic.objects.bulk_create(new)

    @staticmethod
    def _save_places(plans: Sequence[Plan]) -> None:
        new = [location for plan in plans for location in _placed(plan)]
        changed = [(location, values) for plan in plans for location, values in plan.places]
        for location, values in changed:
            _set(location, values)
        columns = sorted({name for _, values in changed for name in values})
        if columns:
            Location.objects.bulk_update([location for location, _ in changed], columns)
        add_rows(new)

    def _use_pages(self, plans: Sequence[Plan], before: dict[str, int], made: dict[str, int]) -> None:
        """Record whose own pages they are. A page that may have been read is held against the rules for its clinic."""
        pairs = [(plan.clinic, address) for plan in plans for address in plan.addresses]
        uses = [
            PageUse(page_id=made[a.identity], clinic=c, created_at=self._now) for c, a in pairs if a.identity in made
        ]
        add_rows(uses, given=["created_at"])
        proposed = _proposed([(clinic, address) for clinic, address in pairs if address.identity in made])
        for clinic, address in pairs:
            if address.identity in before or (clinic.pk, address.identity) in proposed:
                record_page(address.typed, by=self._by, now=self._now, clinic=clinic)


def _hosts(names: set[str], now: datetime) -> dict[str, int]:
    add_rows([Host(name=name, free_at=now) for name in sorted(names)], given=["free_at"], pass_over_known=True)
    return dict(Host.objects.filter(name__in=names).values_list("name", "pk"))


def _placed(plan: Plan) -> list[Location]:
    for location in plan.new_places:
        location.clinic = plan.clinic
    return plan.new_places


def _proposed(pairs: Sequence[tuple[Clinic, Address]]) -> set[tuple[int, str]]:
    """Which of the addresses were proposed to which of the clinics."""
    identities = {address.identity for _, address in pairs}
    proposals = PageProposal.objects.filter(identity__in=identities, clinic__in={clinic.pk for clinic, _ in pairs})
    return set(proposals.values_list("clinic_id", "identity"))


def _set(row: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
