"""What staff decided, as labelled wording from which the second reader learns."""

from collections.abc import Iterator
from typing import Final

from clinics.domain.block import alone
from clinics.models import Flag
from clinics.models.flag import newest_of
from clinics.operations.labelled import Labelled

BATCH: Final = "decisions"
_HARMLESS: Final = (
    Flag.Dismissal.DENIED,
    Flag.Dismissal.QUESTION,
    Flag.Dismissal.REPORTED,
    Flag.Dismissal.TRUE,
    Flag.Dismissal.OTHER_MEANING,
)


def decided() -> Iterator[Labelled]:
    """Confirmed wording as risky, dismissed wording as harmless where the reason lies in the words themselves.

    Dismissals as misread, duplicate, trivial or of another clinic teach nothing about wording and are left out.
    """
    flags = Flag.objects.living().of_sentences().prefetch_related("sightings").order_by("pk")
    confirmed = flags.filter(state=Flag.State.CONFIRMED)
    dismissed = flags.filter(state=Flag.State.DISMISSED, dismissed_as__in=_HARMLESS)
    for flag in [*confirmed, *dismissed]:
        yield _labelled(flag)


def _labelled(flag: Flag) -> Labelled:
    newest = newest_of(flag.sightings.all())
    governors = tuple(newest.governors) if newest else ()
    risky = flag.state == Flag.State.CONFIRMED
    return Labelled(
        f"flag {flag.pk}", alone(flag.sentence, governors), risky, (flag.category,) if risky else (), BATCH, BATCH
    )
