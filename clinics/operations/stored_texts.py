"""The stored texts that still count: the last one of each page, and all that was captured by hand."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from clinics.models import Clinic, PageState, PageUse, Snapshot

CAPTURED = Q(origin=Snapshot.Origin.HAND, of_register=False)  # a register's words are no clinic's


def newest_texts() -> QuerySet[Snapshot]:
    """Every text that counts, each once."""
    newest = Q(pk__in=PageState.objects.filter(snapshot__isnull=False).values("snapshot"))
    texts = Snapshot.objects.filter(newest | CAPTURED)
    return texts.select_related("page", "clinic", "leans_on").order_by("pk")


def speakers(snapshot: Snapshot) -> Iterator[Clinic]:
    """The clinics whose own words a text holds."""
    if snapshot.clinic is not None:
        yield snapshot.clinic
    elif snapshot.page is not None:
        uses = _own_pages().filter(page=snapshot.page).select_related("clinic")
        yield from (use.clinic for use in uses.order_by("clinic_id"))


def speaking_clinics() -> QuerySet[Clinic]:
    """The clinics of whose own words a text is stored."""
    return Clinic.objects.filter(
        Q(pk__in=_read_pages().values("clinic")) | Q(pk__in=_captures().values("clinic"))
    ).order_by("pk")


def texts_of(clinic: Clinic) -> QuerySet[Snapshot]:
    """The texts that hold this clinic's own words; the inverse of `speakers`."""
    newest = _read_pages().filter(clinic=clinic).values("page__state__snapshot")
    texts = Snapshot.objects.filter(Q(pk__in=newest, clinic=None) | (CAPTURED & Q(clinic=clinic)))
    return texts.select_related("page", "leans_on").order_by("pk")


def count_texts_by_clinic() -> int:
    """How many texts are read where each is read for each clinic whose words it holds."""
    return _read_pages().count() + _captures().count()


def _own_pages() -> QuerySet[PageUse]:
    return PageUse.objects.own_pages()


def _read_pages() -> QuerySet[PageUse]:
    return _own_pages().filter(page__state__snapshot__isnull=False)


def _captures() -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(CAPTURED)
