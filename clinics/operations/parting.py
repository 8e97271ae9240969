"""A merger taken back: each row where it was, or a refusal that says why that is no longer safe."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef

from clinics.models import (
    ActionVersion,
    Claim,
    ClaimVersion,
    Clinic,
    CredentialCheck,
    Flag,
    MergeRecord,
    OfficialAction,
    PageUse,
    Question,
    Sighting,
)
from clinics.operations.flagging import settle
from clinics.operations.joining import DECISION
from clinics.operations.journal import Journal
from clinics.operations.merging import lock_both
from clinics.operations.refusal import Refusal, required
from clinics.published.clinics import SHOWN


@transaction.atomic
def undo_merge(record: MergeRecord, *, reason: str, by: User, now: datetime) -> MergeRecord:
    """Part the two clinics again. What was edited since stays edited, what was recorded since stays with the survivor.

    Nothing comes back into public sight while the survivor is out of it: the other is held then until a person decides.
    Raises Refusal where somebody has decided, signed or merged since as if both were one.
    """
    given = required(reason, "The reason")
    lock_both(record.merged_id, record.survivor_id)
    record = MergeRecord.objects.select_for_update(of=("self",)).select_related("merged", "survivor").get(pk=record.pk)
    _refuse_out_of_turn(record)
    journal = Journal(record.journal["entries"])
    _refuse_signed_since(record, journal)
    _refuse_answered_since(record, journal)
    pairs = _joined_pairs(record, journal)
    pages = _Pages.of(record, journal)
    _part_flags(record, journal, pairs, pages, now)
    journal.take_back()
    _keep_out_of_sight(record, now)
    for flag in Flag.objects.filter(pk__in=[*pairs, *pairs.values()]):
        settle(flag, now)
    record.undone_at, record.undone_by, record.undone_because = now, by, given
    record.save(update_fields=["undone_at", "undone_by", "undone_because"])
    return record


def _refuse_out_of_turn(record: MergeRecord) -> None:
    if record.undone_at is not None:
        raise Refusal("This merger was undone before.")
    if record.survivor.merged_into is not None:
        into = record.survivor.merged_into
        raise Refusal(f"{record.survivor} has itself been merged into {into} since. Undo that merger first.")
    later = MergeRecord.objects.standing().filter(survivor=record.survivor, pk__gt=record.pk).first()
    if later is not None:
        raise Refusal(f"{later.merged} has been merged into {record.survivor} since. Undo that merger first.")


def _refuse_signed_since(record: MergeRecord, journal: Journal) -> None:
    """What people have signed as the survivor's cannot be handed to another clinic behind their backs."""
    since = f"since both were merged, as {record.survivor}'s"
    moved = journal.keys_moved(Claim, clinic_id=record.merged_id)
    signed = ClaimVersion.objects.filter(claim__in=moved, content__clinic=record.survivor.public_id)
    for version in signed.select_related("claim")[:1]:
        raise Refusal(f"The claim “{version.claim}” was published {since}. It cannot go back to {record.merged}.")
    acts = journal.keys_moved(OfficialAction, clinic_id=record.merged_id)
    signed_acts = ActionVersion.objects.filter(action__in=acts, content__clinic=record.survivor.public_id)
    for act in signed_acts.select_related("action")[:1]:
        raise Refusal(f"The official action “{act.action}” was published {since}. It cannot go back.")
    checks = journal.keys_moved(CredentialCheck, clinic_id=record.merged_id)
    sealed = CredentialCheck.objects.filter(pk__in=checks, merged_from=None, state=CredentialCheck.State.PUBLISHED)
    for check in sealed.select_related("kind")[:1]:
        raise Refusal(f"The credential check “{check}” was published {since}. It cannot go back to {record.merged}.")
    corrected = CredentialCheck.objects.filter(supersedes__in=checks).exclude(pk__in=checks)
    for check in corrected.select_related("kind")[:1]:
        raise Refusal(f"The credential check “{check}” was corrected {since}. It cannot go back to {record.merged}.")


def _refuse_answered_since(record: MergeRecord, journal: Journal) -> None:
    """An answer that was published for both is neither clinic's alone, nor is one whose place it took."""
    since = f"since both were merged, as {record.survivor}'s. It cannot go back to {record.merged}."
    moved = journal.keys_moved(Question, clinic_id=record.merged_id)
    published = Question.objects.filter(pk__in=moved, merged_from=None, published_at__isnull=False)
    for answer in published[:1]:
        raise Refusal(f"The answer “{answer}” was published {since}")
    same = {"clinic": record.survivor, "key": OuterRef("key"), "published_at": OuterRef("ended_at")}
    newer = Question.objects.filter(**same).exclude(pk__in=moved)  # ended in the moment in which that was published
    for answer in Question.objects.filter(Exists(newer), pk__in=moved)[:1]:
        raise Refusal(f"The answer “{answer}” was replaced by a newer one {since}")


def _joined_pairs(record: MergeRecord, journal: Journal) -> dict[int, int]:
    """Each flag of the merged clinic with the survivor's flag that it was joined into; refused if that was decided."""
    pairs = {key: after["joined_into_id"] for key, _, after in journal.changes_of(Flag) if "joined_into_id" in after}
    for key, _, after in journal.changes_of(Flag):
        if key not in pairs.values() or "state" not in after:
            continue
        flag = Flag.objects.get(pk=key)
        if any(getattr(flag, name) != after[name] for name in DECISION):
            raise Refusal(
                f"“{flag}” was decided on {flag.decided_at:%Y-%m-%d} for both clinics together. Reopening it does not "
                f"say what was decided for {record.merged} alone, so the merger stays."
                if flag.decided_at
                else f"“{flag}” was reopened for both clinics together, so the merger stays."
            )
    return pairs


class _Pages:
    """Which pages go back with the merged clinic, and which stay with the survivor."""

    def __init__(self, go: Collection[int], stay: Collection[int]) -> None:
        self.go, self.stay = set(go), set(stay)

    @classmethod
    def of(cls, record: MergeRecord, journal: Journal) -> "_Pages":
        """As they will be once the merger is undone."""
        moved = journal.keys_moved(PageUse, clinic_id=record.merged_id)
        own = PageUse.objects.own_pages()
        go = own.filter(pk__in=moved, clinic=record.survivor).values_list("page_id", flat=True)
        shared = {values["page_id"] for values in journal.set_aside_of(PageUse)}
        stay = own.filter(clinic=record.survivor).exclude(pk__in=moved).values_list("page_id", flat=True)
        return cls({*go, *shared}, stay)


def _part_flags(record: MergeRecord, journal: Journal, pairs: dict[int, int], pages: _Pages, now: datetime) -> None:
    """Let what was first seen since go to where its page goes."""
    back = set(journal.keys_moved(Flag, clinic_id=record.merged_id))
    joined = {into: flag for flag, into in pairs.items()}
    new = Sighting.objects.filter(
        flag__clinic=record.survivor, page__isnull=False, pk__gt=record.journal["last_sighting"]
    )
    going: dict[int, Flag] = {}
    for sighting in new.select_related("flag").order_by("pk"):
        flag, goes, stays = sighting.flag, sighting.page_id in pages.go, sighting.page_id in pages.stay
        if flag.pk in joined:
            if goes and not stays:
                Sighting.objects.filter(pk=sighting.pk).update(flag=joined[flag.pk])
        elif flag.pk in back:
            if stays and not goes:
                raise Refusal(_of_both(flag))
        elif goes and not stays:
            going[flag.pk] = flag
    for flag in going.values():
        _let_go(flag, record.merged, pages)


def _let_go(flag: Flag, to: Clinic, pages: _Pages) -> None:
    """A flag that was raised since on pages that go back goes with them."""
    if flag.sightings.exclude(page__in=pages.go).exists():
        raise Refusal(_of_both(flag))
    if flag.claims.exists():
        raise Refusal(f"A claim was drafted since from “{flag}”, which stands on a page of {to}. Withdraw it first.")
    Flag.objects.filter(pk=flag.pk).update(clinic=to)


def _of_both(flag: Flag) -> str:
    return f"“{flag}” was seen since on pages of both clinics as one statement, so that the merger stays."


def _keep_out_of_sight(record: MergeRecord, now: datetime) -> None:
    """Hold the clinic that came back where it would be in public sight and the survivor is not."""
    survivor = record.survivor
    if survivor.status not in SHOWN:
        was = f"{survivor} was “{survivor.get_status_display()}” when their merger was undone."
        reason = f"{was} Decide whether the public may see this clinic."
        back = Clinic.objects.filter(pk=record.merged_id, status__in=SHOWN)
        back.update(status=Clinic.Status.HELD, status_since=now.date(), status_reason=reason)
