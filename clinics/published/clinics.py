"""Which rows the public may see, as querysets. Everything public is read through this file."""

from collections.abc import Iterable
from datetime import date

from django.db.models import DateTimeField, Func, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from clinics.models import (
    ActionOutcome,
    Affiliation,
    Claim,
    ClaimReply,
    Clinic,
    CredentialCheck,
    Location,
    OfficialAction,
    OrganisationLink,
    PageUse,
    Question,
    RegisterLookUp,
    Treatment,
)

PRIVATE_KINDS = ("dea",)  # looked up where it matters, never published: the number is of use to forgers
SHOWN = (Clinic.Status.LISTED, Clinic.Status.CLOSED, Clinic.Status.NOT_OFFERING)
TREATMENT_TERMS = ("condition", "cell_source", "origin", "route", "posture", "evidence")


def listed() -> QuerySet[Clinic]:
    """Clinics of the directory: the only ones that a search may find."""
    return Clinic.objects.listed()


def shown() -> QuerySet[Clinic]:
    """Clinics whose facts are public: those of the directory, and those that closed or offer it no more."""
    return Clinic.objects.filter(status__in=SHOWN)


def with_public_page(*public_ids: str) -> QuerySet[Clinic]:
    """The clinics at these public addresses, where there is anything public."""
    return Clinic.objects.with_public_page().filter(public_id__in=public_ids)


def published_claims() -> QuerySet[Claim]:
    """Statements that people have put before the public."""
    return Claim.objects.published()


def published_checks() -> QuerySet[CredentialCheck]:
    """Credential checks that stand now: published, not superseded, and of a kind that is made public at all."""
    return CredentialCheck.objects.published().exclude(kind__in=[f"credential_kind:{key}" for key in PRIVATE_KINDS])


def present_affiliations(today: date) -> QuerySet[Affiliation]:
    """Practitioners whom clinics name on that day."""
    return Affiliation.objects.filter(Q(since=None) | Q(since__lte=today), Q(until=None) | Q(until__gte=today))


def clinic_pages() -> QuerySet[PageUse]:
    """Uses of pages as clinics' own pages."""
    return PageUse.objects.own_pages()


def with_last_read(clinics: QuerySet[Clinic]) -> QuerySet[Clinic]:
    """Clinics with `last_read_at`: when any of their own pages was last read, None if never."""
    reads = clinic_pages().filter(clinic=OuterRef("pk")).order_by().values("clinic")
    return clinics.annotate(last_read_at=Subquery(reads.annotate(at=Max("page__state__last_read_at")).values("at")))


def with_last_change(clinics: QuerySet[Clinic]) -> QuerySet[Clinic]:
    """Clinics with `changed_at`: when their statements, replies, look-ups or official documents last changed in public.

    None where nothing of theirs was ever public. The database's function is that of the search documents.
    """
    return clinics.annotate(changed_at=Func("pk", function="clinics_changed_at", output_field=DateTimeField()))


def for_cards(clinics: QuerySet[Clinic]) -> QuerySet[Clinic]:
    """Clinics with what a result card shows, in a fixed number of queries however many rows there are."""
    return (
        with_last_read(clinics)
        .select_related("website__state")
        .prefetch_related(
            Prefetch("locations", Location.objects.order_by("pk"), to_attr="public_locations"),
            Prefetch("treatments", _treatments(), to_attr="public_treatments"),
            Prefetch("claims", published_claims().only("pk", "clinic_id"), to_attr="public_claims"),
            Prefetch("credential_checks", published_checks().only("pk", "clinic_id"), to_attr="public_checks"),
            Prefetch(
                "official_actions",
                OfficialAction.objects.published().only("pk", "clinic_id").order_by(),
                to_attr="public_actions",
            ),
        )
    )


def published_answers() -> QuerySet[Question]:
    """Of each clinic and question the newest answer that people have put before the public."""
    newest = Question.objects.published().order_by("clinic_id", "key", "-looked_on", "-pk")
    return newest.distinct("clinic_id", "key").select_related("page__state", "snapshot")


def _treatments() -> QuerySet[Treatment]:
    return Treatment.objects.select_related(*TREATMENT_TERMS, "laboratory").order_by("pk")


def clinic_in_full(public_id: str, today: date) -> Clinic | None:
    """The clinic behind a public address with everything that its page shows, or None where nothing is public."""
    return in_full(with_public_page(public_id), today).first()


def in_full(clinics: QuerySet[Clinic], today: date) -> QuerySet[Clinic]:
    """Clinics with everything that is public about them, in a fixed number of queries however many rows there are."""
    return (
        with_last_read(clinics)
        .select_related("website__state")
        .prefetch_related(
            Prefetch("locations", Location.objects.order_by("pk"), to_attr="public_locations"),
            Prefetch("treatments", _treatments(), to_attr="public_treatments"),
            Prefetch("claims", claims_in_full(), to_attr="public_claims"),
            Prefetch("claims", withdrawn_claims(), to_attr="withdrawn_claims"),
            Prefetch("credential_checks", checks_in_full(), to_attr="public_checks"),
            Prefetch("questions", published_answers(), to_attr="public_answers"),
            Prefetch("official_actions", actions_in_full(), to_attr="public_actions"),
            Prefetch("official_actions", withdrawn_actions(), to_attr="withdrawn_actions"),
            Prefetch(
                "affiliations",
                present_affiliations(today).select_related("practitioner__provider"),
                to_attr="public_affiliations",
            ),
            "organisation_links__organisation",
        )
    )


def places_of(clinic: Clinic) -> tuple[str, ...]:
    """Each city of a clinic fetched for a card or in full, with its state, or its country where there is none; once."""
    named = (
        ", ".join(filter(None, (place.city, place.state or place.country)))
        for place in clinic.public_locations  # type: ignore[attr-defined]
    )
    return tuple(dict.fromkeys(place for place in named if place))


def laboratories_of(clinic: Clinic, today: date) -> list[OrganisationLink]:
    """The links of a clinic fetched in full to those who process its cells on that day: begun, and not ended yet."""
    return [
        link
        for link in clinic.organisation_links.all()
        if link.relation == OrganisationLink.Relation.PROCESSES_CELLS
        and (link.since is None or link.since <= today)
        and (link.until is None or link.until >= today)
    ]


def survivor_of(public_id: str) -> str | None:
    """The public id of the clinic into which this one was merged, where that has a public page; None otherwise."""
    living = Clinic.objects.with_public_page().filter(merged_records__public_id=public_id)
    return living.values_list("public_id", flat=True).first()


def claims_in_full() -> QuerySet[Claim]:
    """Published statements with their page, its state, presence, assessments and the checks that bear on them."""
    return (
        published_claims()
        .select_related("page__state", "snapshot", "presence")
        .prefetch_related(
            "assessments__source__state",
            "references__page__state",
            Prefetch("replies", ClaimReply.objects.published().order_by("received_on", "pk"), to_attr="public_replies"),
            Prefetch("credential_checks", checks_in_full(), to_attr="public_checks"),
        )
        .order_by("category", "first_seen_on", "pk")
    )


def claims_shown(ids: Iterable[int]) -> QuerySet[Claim]:
    """Those of these statements that everybody can read now."""
    return claims_in_full().filter(pk__in=ids, clinic__status__in=SHOWN)


def withdrawn_claims() -> QuerySet[Claim]:
    """Statements that were public once, with their dates and the reason and without their words."""
    return Claim.objects.withdrawn().only("public_id", "clinic_id", "published_at", "ended_at", "ended_because")


def checks_in_full() -> QuerySet[CredentialCheck]:
    """Published checks with their kind and source, in the order of the vocabulary."""
    return (
        published_checks()
        .select_related("kind", "source__state", "practitioner")
        .annotate(unreachable_at=_last_unreachable())
        .order_by("kind__position", "kind_id", "pk")
    )


def actions_in_full() -> QuerySet[OfficialAction]:
    """Published official actions with their document and what another person confirmed since, newest first."""
    confirmed = ActionOutcome.objects.filter(confirmed_at__isnull=False).select_related("link__state")
    return (
        OfficialAction.objects.published()
        .select_related("link__state", "practitioner", "organisation")
        .prefetch_related(Prefetch("outcomes", confirmed.order_by("dated", "pk"), to_attr="public_outcomes"))
        .order_by("-acted_on", "-pk")
    )


def withdrawn_actions() -> QuerySet[OfficialAction]:
    """Official actions that were public once, with their dates and the reason and nothing else."""
    kept = ("public_id", "clinic_id", "published_at", "ended_at", "ended_because")
    return OfficialAction.objects.withdrawn().only(*kept)


def action_in_full(clinic_id: str, action_id: str) -> OfficialAction | None:
    """A published official action of a clinic whose page is public; None otherwise."""
    actions = actions_in_full().filter(clinic__public_id=clinic_id, clinic__status__in=SHOWN, public_id=action_id)
    return actions.select_related("link__state", "practitioner", "organisation", "clinic").first()


def action_tombstone(clinic_id: str, action_id: str) -> OfficialAction | None:
    """An official action that was public and is withdrawn, of a clinic whose page is public; None otherwise."""
    kept = ("public_id", "published_at", "ended_at", "ended_because", "clinic__public_id", "clinic__name")
    actions = OfficialAction.objects.withdrawn().select_related("clinic").only(*kept)
    return actions.filter(clinic__in=with_public_page(clinic_id), public_id=action_id).first()


def _last_unreachable() -> Subquery:
    """When the register of a check was last tried in vain: an attempt is no outcome; it dates the one there is."""
    tried = RegisterLookUp.objects.filter(earlier=OuterRef("pk"), state=RegisterLookUp.State.UNREACHABLE)
    return Subquery(tried.order_by("-answered_at").values("answered_at")[:1])


def claim_in_full(clinic_id: str, claim_id: str) -> Claim | None:
    """A published statement of a clinic whose page is public; None otherwise."""
    claims = claims_in_full().filter(clinic__public_id=clinic_id, clinic__status__in=SHOWN, public_id=claim_id)
    return claims.select_related("page__state", "snapshot", "presence", "clinic").first()


def tombstone(clinic_id: str, claim_id: str) -> Claim | None:
    """A statement that was public and is withdrawn, of a clinic whose page is public; None otherwise."""
    return (
        withdrawn_claims()
        .select_related("clinic")
        .only("public_id", "published_at", "ended_at", "ended_because", "clinic__public_id", "clinic__name")
        .filter(clinic__in=with_public_page(clinic_id), public_id=claim_id)
        .first()
    )
