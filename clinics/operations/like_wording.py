"""What people decided on wording that is like a flag's, to be seen before it is decided."""

from typing import Final

from rapidfuzz import fuzz

from clinics.models import Flag

LOOKED_AT: Final = 300  # decided flags of the same category, the latest first
SHOWN: Final = 5
LIKENESS: Final = 70.0  # of 100: share of words that two sentences have in common, in any order


def like_wording(flag: Flag) -> list[Flag]:
    """Decided flags of the same category whose words are most like this one's, the likest first; none that is unlike.

    The same wording is left out: it has its own place, as a cluster.
    """
    decided = Flag.objects.filter(category=flag.category, decided_at__isnull=False).exclude(subject=flag.subject)
    chosen = decided.filter(state__in=[Flag.State.CONFIRMED, Flag.State.DISMISSED]).select_related(
        "clinic", "decided_by"
    )
    latest = list(chosen.order_by("-decided_at")[:LOOKED_AT])
    rated = [(fuzz.token_sort_ratio(flag.sentence, other.sentence), other) for other in latest]
    near = sorted((pair for pair in rated if pair[0] >= LIKENESS), key=lambda pair: -pair[0])
    return [other for _, other in near[:SHOWN]]
