"""Proposing pages of a clinic's site that nobody recorded: bounded, for staff to accept, never read by themselves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from clinics.domain.answer import Answer
from clinics.domain.extraction import decode
from clinics.domain.links import Candidate, links
from clinics.domain.no_page import is_platform
from clinics.domain.page_identity import host_of, site_of
from clinics.models import Clinic, Page, PageProposal, PageUse
from clinics.operations.flagging import lock_clinic
from clinics.operations.going_out import address_policy, user_agent
from clinics.operations.robots_cache import DatabaseRobots
from clinics.web.robots import RobotsRules

MOST_SHARING: Final = 10  # clinics; of a page or host that more of them share, nothing says whose its neighbours are
_ONE_MORE: Final = MOST_SHARING + 1


def proposes() -> bool:
    """Whether pages are proposed at all."""
    return bool(settings.PROPOSALS_PER_CLINIC > 0)


def propose_links(page: Page, answer: Answer, now: datetime) -> int:
    """Propose what a page links to, to each clinic whose own page it is; how many proposals were made.

    Call it where the page said something new: an unchanged page links to nothing new that would be worth the reading.
    """
    if not proposes() or is_platform(page.url) or answer.body.startswith(b"%PDF-"):
        return 0
    clinics = list(Clinic.objects.using_as_clinic_page(page).order_by("pk").values_list("pk", flat=True)[:_ONE_MORE])
    if not clinics or len(clinics) > MOST_SHARING:
        return 0
    sites = _sites_of(clinics)
    markup = decode(answer.body, answer.headers.get("content-type", ""))
    found = links(markup, answer.final_url, frozenset().union(*sites.values()), address_policy().judge)
    origin = {"source": PageProposal.Source.LINK, "found_on": page}
    of_clinic = ((pk, [each for each in found if site_of(each.url) in sites[pk]]) for pk in clinics)
    return sum(propose(pk, own, origin, now) for pk, own in of_clinic)


def clinics_on(host_id: int) -> Sequence[int]:
    """The ids of the clinics that have a page of their own on a host; none where too many share it."""
    uses = PageUse.objects.own_pages().filter(page__host=host_id)
    found = list(uses.order_by("clinic_id").values_list("clinic_id", flat=True).distinct()[:_ONE_MORE])
    return found if len(found) <= MOST_SHARING else []


def _sites_of(clinics: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The registered domains on which each clinic has pages of its own, without those that many strangers share."""
    uses = PageUse.objects.own_pages().filter(clinic__in=clinics)
    sites: dict[int, set[str]] = {pk: set() for pk in clinics}
    for pk, host in uses.order_by().values_list("clinic_id", "page__host__name").distinct():
        if not is_platform(address := f"https://{host}/"):
            sites[pk].add(site_of(address))
    return {pk: frozenset(own) for pk, own in sites.items()}


def propose(clinic_id: int, found: Sequence[Candidate], origin: Mapping[str, Any], now: datetime) -> int:
    """Propose these to the clinic's staff, as far as nobody recorded or decided on them; how many were made.

    What robots.txt asks not to read is not proposed: a person who wants it all the same records it with a reason.

    No more than `PROPOSALS_PER_CLINIC` wait at a time: the least likely ones give way, and may come again.
    """
    likeliest = sorted(_unknown(clinic_id, found), key=lambda each: -each.likelihood)
    fresh = _welcome(likeliest[: 2 * settings.PROPOSALS_PER_CLINIC])
    if not fresh:
        return 0
    with transaction.atomic():
        if lock_clinic(clinic_id).status == Clinic.Status.MERGED:
            return 0
        made = [
            PageProposal(
                clinic_id=clinic_id,
                url=each.url,
                identity=each.identity,
                anchor=each.anchor,
                likelihood=each.likelihood,
                first_seen_at=now,
                **origin,
            )
            for each in _unknown(clinic_id, fresh)
        ]
        return _write_likeliest(clinic_id, made)


def _unknown(clinic_id: int, found: Iterable[Candidate]) -> list[Candidate]:
    """Those that are neither recorded for the clinic nor were ever proposed to it."""
    of_identity = {each.identity: each for each in found}
    uses = PageUse.objects.filter(clinic=clinic_id, page__identity__in=of_identity)
    proposals = PageProposal.objects.filter(clinic=clinic_id, identity__in=of_identity)
    known = {*uses.values_list("page__identity", flat=True), *proposals.values_list("identity", flat=True)}
    return [each for identity, each in of_identity.items() if identity not in known]


def _welcome(found: Sequence[Candidate]) -> list[Candidate]:
    """Those that the robots.txt of their hosts allows to read, where it was read before.

    Ask it of few: the rules of a hostile file cost 28 ms for each address.
    """
    kept = {host: DatabaseRobots().get(host) for host in {host_of(each.url) for each in found}}
    rules = {
        host: RobotsRules(stored, user_agent()) for host, stored in kept.items() if stored and not stored.unreachable
    }
    return [each for each in found if _is_allowed(each.url, rules.get(host_of(each.url)))]


def _is_allowed(url: str, rules: RobotsRules | None) -> bool:
    return rules is None or rules.judge(url).allowed


def _write_likeliest(clinic_id: int, made: Sequence[PageProposal]) -> int:
    """Keep as many proposals as may wait, of the new and the old ones; among equals those that wait longer."""
    waiting = PageProposal.objects.filter(clinic=clinic_id).waiting()
    ranked = sorted([*waiting.likeliest_first(), *made], key=lambda proposal: -proposal.likelihood)
    kept = ranked[: settings.PROPOSALS_PER_CLINIC]
    waiting.exclude(pk__in=[proposal.pk for proposal in kept if proposal.pk is not None]).delete()
    return len(PageProposal.objects.bulk_create([proposal for proposal in kept if proposal.pk is None]))
