"""Two clinics' flags of one wording, joined into one when the clinics are merged."""

from typing import Any, Final

from clinics.domain.presence import Presence, overall
from clinics.models import Claim, Clinic, Finding, Flag, Sighting, Variant
from clinics.operations.journal import Journal

State = Flag.State
ORDER: Final = (State.OPEN, State.DEFERRED, State.CONFIRMED, State.DISMISSED)
"""What is not decided comes first, so that no wording loses its place in the queue; then what the clinic does say."""
DECISION: Final = ("state", "dismissed_as", "deferred_until", "decided_by_id", "decided_at", "reopened_because")
_NOT_COPIED: Final = ("id", "flag_id", "page_id", "first_seen_at")


def join_flags(merged: Clinic, survivor: Clinic, journal: Journal) -> None:
    """Move the flags of the merged clinic to the survivor; where both have one of a wording, join the two."""
    of_survivor = {flag.subject: flag for flag in Flag.objects.living().filter(clinic=survivor)}
    of_merged = Flag.objects.living().filter(clinic=merged)
    for flag in of_merged.filter(subject__in=of_survivor).order_by("pk"):
        _join(flag, of_survivor[flag.subject], journal)
    taken = Flag.objects.filter(clinic=survivor).values("subject")  # also by flags that were joined long ago
    journal.move(Flag.objects.living().exclude(subject__in=taken), {"clinic_id": merged.pk}, {"clinic_id": survivor.pk})


def _join(flag: Flag, into: Flag, journal: Journal) -> None:
    for sighting in flag.sightings.order_by("pk"):
        _join_sighting(sighting, into, journal)
    variants = Variant.objects.exclude(sentence_digest__in=into.variants.values("sentence_digest"))
    findings = Finding.objects.exclude(rule__in=into.findings.values("rule"))
    journal.move(variants, {"flag_id": flag.pk}, {"flag_id": into.pk})
    journal.move(findings, {"flag_id": flag.pk}, {"flag_id": into.pk})
    claims = Claim.objects.all()
    if into.claims.exclude(state=Claim.State.WITHDRAWN).exists():  # one living claim for a flag
        claims = claims.filter(state=Claim.State.WITHDRAWN)
    journal.move(claims, {"flag_id": flag.pk}, {"flag_id": into.pk})
    journal.move(Flag.objects.all(), {"joined_into_id": flag.pk}, {"joined_into_id": into.pk})
    journal.change(into, **_joined_columns(flag, into))
    journal.change(flag, joined_into_id=into.pk)


def first_of(one: Flag, other: Flag) -> Flag:
    """The one of two flags whose decision the joined flag has."""
    return min((one, other), key=lambda each: ORDER.index(State(each.state)))


def _joined_columns(flag: Flag, into: Flag) -> dict[str, Any]:
    first = first_of(into, flag)
    columns = {name: getattr(first, name) for name in DECISION}
    if first is flag and State(flag.state) is State.OPEN and State(into.state) is not State.OPEN:
        columns["reopened_because"] = "It waited at a clinic that was merged into this one."
    graver = max((into, flag), key=lambda each: each.severity)
    columns |= {name: getattr(graver, name) for name in ("severity", "category", "rule_id", "share")}
    older = min((into, flag), key=lambda each: each.raised_at)
    columns |= {name: getattr(older, name) for name in ("raised_at", "cause")}
    presence = overall(Presence(each) for each in into.sightings.values_list("presence", flat=True))
    if presence != into.presence:
        same = flag.presence == presence
        columns |= {"presence": presence, "presence_since": flag.presence_since if same else into.presence_since}
    return columns


def _join_sighting(sighting: Sighting, into: Flag, journal: Journal) -> None:
    """Move it; where the other flag was seen on the same page, keep the later reading and the earlier first sight."""
    place = {"page": sighting.page_id} if sighting.page_id else {"page": None, "snapshot": sighting.snapshot_id}
    other = into.sightings.filter(**place).first()
    if other is None:
        journal.move(Sighting.objects.filter(pk=sighting.pk), {"flag_id": sighting.flag_id}, {"flag_id": into.pk})
        return
    later = max((other, sighting), key=lambda each: each.last_seen_at)
    names = [f.attname for f in Sighting._meta.concrete_fields if f.attname not in _NOT_COPIED]
    columns = {name: getattr(later, name) for name in names}
    columns["first_seen_at"] = min(other.first_seen_at, sighting.first_seen_at)
    journal.set_aside(sighting)
    journal.change(other, **columns)
