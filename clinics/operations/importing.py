"""Clinics from a table: all faults told at once, nothing written while there is one, and no change the second time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from clinics.models import Clinic, Location, Page, PageState, PageUse
from clinics.operations.import_table import Fault, Row, read_table
from clinics.operations.placing import place
from clinics.operations.recording import record_clinic, record_page, set_website
from clinics.operations.refusal import Refusal
from clinics.operations.standing import list_clinic

DUE_IN_A_MINUTE = 500  # new pages of one import
ADVISORY_LOCK = 7_205_312  # two imports at once would each make the clinics of the other
PLAIN = ("name", "other_names", "notes", "languages")


@dataclass(slots=True)
class Summary:
    """What an import did, or would do; with faults, nothing was written."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    pages: int = 0  # pages newly recorded for a clinic
    faults: list[Fault] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The summary as plain data."""
        return asdict(self)


def import_clinics(data: bytes, *, dry_run: bool, listed: bool, by: User | None, now: datetime) -> Summary:
    """Record the clinics of a CSV file (UTF-8, a header line, one location of a clinic a row).

    A clinic is matched by its website's identity, else by name and ZIP; an empty cell erases nothing. New clinics are
    drafts; with `listed`, drafts of the file are put into the directory. With `dry_run` nothing is kept.
    """
    rows, faults = read_table(data)
    summary = Summary(faults=faults)
    if faults:
        return summary
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        _record(_by_clinic(rows), listed, by, now, summary)
        _spread(now)
        if dry_run or summary.faults:
            transaction.set_rollback(True)
    return summary if not summary.faults else Summary(faults=summary.faults)


def _spread(now: datetime) -> None:
    """Let no more than so many of the new pages be due in one minute, first come first."""
    fresh = PageState.objects.filter(due_at=now, last_tried_at__isnull=True)
    new = list(fresh.order_by("pk").values_list("pk", flat=True))
    for minute, first in enumerate(range(0, len(new), DUE_IN_A_MINUTE)):
        later = new[first : first + DUE_IN_A_MINUTE]
        PageState.objects.filter(pk__in=later).update(due_at=now + timedelta(minutes=minute))


def _by_clinic(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each clinic: those with the same website are its locations."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.identity].append(row)
    return list(groups.values())


def _record(groups: list[list[Row]], listed: bool, by: User | None, now: datetime, summary: Summary) -> None:
    for rows in groups:
        try:
            with transaction.atomic():
                _record_clinic(rows, listed, by, now, summary)
        except Refusal as refusal:
            first = rows[0]
            summary.faults.append(Fault(first.number, "", first.values["name"], str(refusal)))


def _record_clinic(rows: list[Row], listed: bool, by: User | None, now: datetime, summary: Summary) -> None:
    first = rows[0]
    clinic = _match(first)
    is_new = clinic is None
    before = 0 if clinic is None else clinic.page_uses.count()
    if clinic is None:
        clinic = record_clinic(first.values["name"], first.values["website"], by=by, now=now)
    changes = [
        _goes_by(clinic, first) and _update(clinic, first, by, now),
        _place_all(clinic, rows),
        _record_pages(clinic, rows, by, now),
    ]
    if listed and clinic.status == Clinic.Status.DRAFT:
        list_clinic(clinic, by=by, now=now)
        changes.append(True)
    summary.pages += clinic.page_uses.count() - before
    if is_new:
        summary.created += 1
    elif any(changes):
        summary.changed += 1
    else:
        summary.unchanged += 1


def _match(row: Row) -> Clinic | None:
    """The clinic that the row means. Raises Refusal where several could be meant."""
    name = row.values["name"]
    same_site = Clinic.objects.living().filter(website__identity=row.identity)
    found = list(same_site)
    if len(found) > 1:
        found = list(same_site.filter(name__iexact=name))
    if not found and row.zip:
        here = Clinic.objects.living().filter(name__iexact=name, locations__zip__startswith=row.zip[:5])
        found = list(here.distinct())
    if not found:
        found = list(Clinic.objects.filter(merged_records__website__identity=row.identity).distinct())
    if len(found) > 1:
        raise Refusal(f"Several recorded clinics could be meant ({len(found)}). Change this one in the admin.")
    return found[0] if found else None


def _goes_by(clinic: Clinic, row: Row) -> bool:
    """Whether the row speaks of the clinic under its own name and site, and not of a record merged into it."""
    return not Clinic.objects.filter(merged_into=clinic, website__identity=row.identity).exists() or (
        clinic.website is not None and clinic.website.identity == row.identity
    )


def _update(clinic: Clinic, row: Row, by: User | None, now: datetime) -> bool:
    """Take over what the row says of the clinic itself; whether anything changed."""
    new = {name: row.values[name] for name in PLAIN if row.values.get(name)}
    changed = {name: value for name, value in new.items() if getattr(clinic, name) != value}
    for name, value in changed.items():
        setattr(clinic, name, value)
    if changed:
        clinic.save(update_fields=list(changed))
    if clinic.website is not None and clinic.website.identity == row.identity:
        return bool(changed)
    set_website(clinic, row.values["website"], by=by, now=now)
    return True


def _place_all(clinic: Clinic, rows: list[Row]) -> bool:
    """Record each row's location; whether anything changed."""
    changes = [_place(clinic, row, alone=len(rows) == 1) for row in rows if row.has_place]
    return any(changes)


def _place(clinic: Clinic, row: Row, *, alone: bool) -> bool:
    wanted = row.location
    known = list(clinic.locations.all())
    location = next((each for each in known if _is_same_place(each, wanted)), None)
    if location is None and alone and len(known) == 1:
        location = known[0]
    if location is None:
        wanted.clinic = clinic
        place(wanted)
        return True
    changed = [name for name in row.place_columns if getattr(location, name) != getattr(wanted, name)]
    for name in changed:
        setattr(location, name, getattr(wanted, name))
    if changed:
        place(location)
    return bool(changed)


def _is_same_place(one: Location, other: Location) -> bool:
    return (one.zip, one.street.casefold()) == (other.zip, other.street.casefold()) and (
        bool(one.zip) or one.city.casefold() == other.city.casefold()
    )


def _record_pages(clinic: Clinic, rows: list[Row], by: User | None, now: datetime) -> bool:
    """Record each address as the clinic's own page; whether any is new to it."""
    purpose = PageUse.Purpose.CLINIC_PAGE
    known = set(Page.objects.filter(uses__clinic=clinic, uses__purpose=purpose).values_list("identity", flat=True))
    new = [page for row in rows for page in row.pages if page.identity not in known]
    for page in new:
        record_page(page.url, by=by, now=now, clinic=clinic)
    return bool(new)
