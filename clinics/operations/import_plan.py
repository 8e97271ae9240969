"""What the rows of a table would change in what is recorded, worked out for many clinics with a few look-ups."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from django.db.models.functions import Left

from clinics.models import Clinic, Location, PageUse
from clinics.operations.import_columns import Fault
from clinics.operations.import_table import Address, Row, Together

PLAIN: Final = ("name", "other_names", "notes", "languages")
FOLLOWING: Final = ("city", "state", "latitude", "longitude")  # from the ZIP
Change = list[str]  # column, recorded value, new value


@dataclass(slots=True)
class Plan:
    """One clinic of the table: which recorded one is meant, and what would become of it."""

    rows: list[Row]
    clinic: Clinic  # not saved where it is new
    fields: dict[str, Any] = field(default_factory=dict)
    website: Address | None = None  # where it is another than the recorded one
    places: list[tuple[Location, dict[str, Any]]] = field(default_factory=list)  # recorded ones, what they become
    new_places: list[Location] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)  # that become its own pages
    lists: bool = False
    changes: list[Change] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.clinic.pk is None

    @property
    def kind(self) -> str:
        """As in `ImportRow.Kind`: new, changed or unchanged."""
        return "new" if self.is_new else "changed" if self.changes else "unchanged"


class Planner:
    """Plans a table in batches of clinics. What earlier batches meant is remembered: no two clinics of it are one."""

    def __init__(self, together: Together, *, listed: bool) -> None:
        self._together, self._listed = together, listed
        self._meant: dict[int, int] = {}  # recorded clinic, and the row that means it

    def recall(self, clinic: int, row: int) -> None:
        """Take up which clinic a row of an earlier batch means."""
        self._meant[clinic] = row

    def plan(self, groups: Sequence[list[Row]], *, lock: bool = False) -> tuple[list[Plan], list[Fault]]:
        """The plan of each clinic's rows; with `lock`, nobody else changes the recorded ones until the commit."""
        known = _Known(groups, self._together, lock=lock)
        plans, faults = [], []
        for rows in groups:
            found = known.meant_by(rows[0])
            fault = self._fault(rows[0], found) if not known.was_merged(rows[0]) else None
            if fault is not None:
                faults.append(fault)
                continue
            plan = _planned(rows, found[0] if found else None, known)
            plan.lists = self._listed and plan.clinic.status == Clinic.Status.DRAFT
            if plan.lists:
                plan.changes.append(["status", "" if plan.is_new else "Draft", "Listed"])
            if plan.lists and plan.clinic.website_id is None and plan.website is None:
                faults.append(
                    Fault(rows[0].number, "website", "", "Without a website it cannot be listed. Fill it in.")
                )
            plans.append(plan)
        return plans, faults

    def _fault(self, row: Row, found: list[Clinic]) -> Fault | None:
        """Why it is not clear which clinic the row means."""
        if row.public_id and not found:
            problem = f"There is no clinic with the id “{row.public_id}”. Leave the id empty to record a new one."
            return Fault(row.number, "id", row.public_id, problem)
        if len(found) > 1:
            ids = ", ".join(clinic.public_id for clinic in found[:5])
            problem = f"Several recorded clinics could be meant ({len(found)}: {ids}). Give the id of the right one."
            return Fault(row.number, "", row.name, problem)
        if not found:
            return None
        other = self._meant.setdefault(found[0].pk, row.number)
        if other == row.number:
            return None
        problem = f"Row {other} means the same recorded clinic ({found[0].public_id}). Give both rows its id."
        return Fault(row.number, "", row.name, problem)


class _Known:
    """What is recorded about the clinics that these rows could mean."""

    def __init__(self, groups: Sequence[list[Row]], together: Together, *, lock: bool) -> None:
        self._together = together
        firsts = [rows[0] for rows in groups]
        self._clinics = self._load(firsts, lock)
        self._by_id = {clinic.public_id: clinic for clinic in self._clinics.values()}
        self._by_website: dict[str, list[Clinic]] = defaultdict(list)
        for clinic in self._clinics.values():
            if clinic.website is not None and clinic.status != Clinic.Status.MERGED:
                self._by_website[clinic.website.identity].append(clinic)
        self.pages = self._own_pages(groups)

    def _load(self, firsts: Sequence[Row], lock: bool) -> dict[int, Clinic]:
        ids = [row.public_id for row in firsts if row.public_id]
        identities = [row.website.identity for row in firsts if row.website]
        found = set(Clinic.objects.filter(public_id__in=ids).values_list("pk", flat=True))
        found |= set(Clinic.objects.filter(website__identity__in=identities).values_list("pk", flat=True))
        self._by_name = _candidates(firsts)
        found |= {pk for pks in self._by_name.values() for pk in pks}
        self._survivors = _survivors(ids, identities)
        found |= {clinic.pk for clinic in self._survivors.values()}
        clinics = Clinic.objects.filter(pk__in=found).select_related("website").prefetch_related("locations")
        if lock:
            clinics = clinics.select_for_update(no_key=True, of=("self",))
        return {clinic.pk: clinic for clinic in clinics.order_by("pk")}

    def meant_by(self, row: Row) -> list[Clinic]:
        """The clinics that the row could mean: by id, else by website, else by name and ZIP.

        A record that was merged into another means that one.
        """
        if self.was_merged(row):
            return [self._clinics[self._survivor(row).pk]]
        if row.public_id:
            return [self._by_id[row.public_id]] if row.public_id in self._by_id else []
        same_site = self._by_website.get(row.website.identity if row.website else "", [])
        if len(same_site) > 1:
            return [clinic for clinic in same_site if clinic.name.upper() == row.name.upper()] or same_site
        if same_site or not row.location.zip:
            return same_site
        near = [self._clinics[pk] for pk in self._by_name.get((row.location.zip[:5], row.name.upper()), ())]
        return [clinic for clinic in near if not self._together.means(clinic)]

    def was_merged(self, row: Row) -> bool:
        """Whether the row speaks of a record that was merged into another, and of no living one."""
        website = row.website.identity if row.website else ""
        living = not row.public_id and self._by_website.get(website)
        return not living and (row.public_id or website) in self._survivors

    def _survivor(self, row: Row) -> Clinic:
        return self._survivors[row.public_id or (row.website.identity if row.website else "")]

    @staticmethod
    def _own_pages(groups: Sequence[list[Row]]) -> set[tuple[int, str]]:
        """Which of the addresses are recorded as whose own page."""
        identities = {address.identity for rows in groups for row in rows for address in _addresses(row)}
        uses = PageUse.objects.own_pages().filter(page__identity__in=identities)
        return set(uses.values_list("clinic_id", "page__identity"))


def _candidates(rows: Iterable[Row]) -> dict[tuple[str, str], set[int]]:
    """Recorded clinics by ZIP and name, of those ZIPs and names that the rows have."""
    wanted = {(row.location.zip[:5], row.name.upper()) for row in rows if row.location.zip}
    living = Location.objects.exclude(clinic__status=Clinic.Status.MERGED)
    near = living.alias(area=Left("zip", 5)).filter(area__in={area for area, _ in wanted})
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for zip_code, name, clinic in near.order_by().values_list("zip", "clinic__name", "clinic_id"):
        if (zip_code[:5], name.upper()) in wanted:
            found[zip_code[:5], name.upper()].add(clinic)
    return found


def _survivors(ids: Sequence[str], identities: Sequence[str]) -> dict[str, Clinic]:
    """By id or website's identity of merged records: the clinics into which they were merged."""
    meant = Q(public_id__in=ids) | Q(website__identity__in=identities)
    merged = Clinic.objects.filter(meant, status=Clinic.Status.MERGED).select_related("website", "merged_into")
    found: dict[str, Clinic] = {}
    for record in merged:
        if record.merged_into is not None:
            found[record.public_id] = record.merged_into
            if record.website is not None:
                found[record.website.identity] = record.merged_into
    return found


def _addresses(row: Row) -> list[Address]:
    return [*([row.website] if row.website else []), *row.pages]


def _planned(rows: list[Row], clinic: Clinic | None, known: _Known) -> Plan:
    plan = Plan(rows, clinic if clinic is not None else Clinic(name=rows[0].name))
    if known.was_merged(rows[0]):  # what a merged record was called and where it was is known of its survivor
        _plan_pages(plan, known.pages)
        return plan
    _plan_fields(plan)
    _plan_website(plan)
    _plan_places(plan)
    _plan_pages(plan, known.pages)
    return plan


def _plan_fields(plan: Plan) -> None:
    """What the first row that says something says of the clinic itself."""
    for name in PLAIN:
        new = next((row.values[name] for row in plan.rows if row.values.get(name)), None)
        old = getattr(plan.clinic, name)
        if new is not None and (plan.is_new or not _same(old, new)):
            plan.fields[name] = new
            plan.changes.append([name, "" if plan.is_new else _told(old), _told(new)])


def _same(old: Any, new: Any) -> bool:
    """Whether two values are the same but for white space around them, and for how lines end."""
    return _told(old).replace("\r\n", "\n").strip() == _told(new).replace("\r\n", "\n").strip()


def _told(value: Any) -> str:
    """A value as a cell shows it."""
    return " ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _plan_website(plan: Plan) -> None:
    website = next((row.website for row in plan.rows if row.website), None)
    recorded = plan.clinic.website
    if website is not None and (recorded is None or recorded.identity != website.identity):
        plan.website = website
        plan.changes.append(["website", recorded.url if recorded else "", website.url])


def _plan_places(plan: Plan) -> None:
    """Each row's place is one recorded location, each at most once, or a new one."""
    known = [] if plan.is_new else list(plan.clinic.locations.all())
    rows = [row for row in plan.rows if row.place]
    for row, location in _paired(rows, known, alone=len(plan.rows) == 1):
        if location is None:
            plan.new_places.append(row.location)
            plan.changes.append(["location", "", str(row.location)])
            plan.changes += [["phone", "", row.location.phone]] if row.location.phone else []
        elif changed := _changed(row, location):
            plan.places.append((location, changed))
            shown = [name for name in changed if name not in ("latitude", "longitude", "phone_typed")]
            plan.changes += [[name, _told(getattr(location, name)), _told(changed[name])] for name in shown]


def _paired(rows: list[Row], known: list[Location], *, alone: bool) -> list[tuple[Row, Location | None]]:
    """The recorded location that each row means: first those that say the very same, the most telling rows before."""
    free, found = list(known), {}
    for meant in (_says, _is_same_place):
        for row in sorted(rows, key=lambda row: -len(row.place)):
            location = next((each for each in free if row.number not in found and meant(row, each)), None)
            if location is not None:
                found[row.number] = location
                free.remove(location)
    if alone and rows and not found and len(known) == 1:
        found[rows[0].number] = known[0]
    return [(row, found.get(row.number)) for row in rows]


def _says(row: Row, location: Location) -> bool:
    return all(_same(getattr(location, name), value) for name, value in row.place.items())


def _is_same_place(row: Row, location: Location) -> bool:
    one = row.location
    return (one.zip, one.street.casefold()) == (location.zip, location.street.casefold()) and (
        bool(one.zip) or one.city.casefold() == location.city.casefold()
    )


def _changed(row: Row, location: Location) -> dict[str, Any]:
    """What the row says otherwise of the location; with another ZIP, what follows from it as well."""
    wanted = row.location
    given = [name for name, typed in row.place.items() if not _same(getattr(location, name), typed)]
    new = {name: getattr(wanted, name) for name in given if getattr(location, name) != getattr(wanted, name)}
    if "phone" in new:
        new["phone_typed"] = wanted.phone_typed
    if "zip" in new:
        new |= {name: getattr(wanted, name) for name in FOLLOWING if getattr(location, name) != getattr(wanted, name)}
    return new


def _plan_pages(plan: Plan, own: set[tuple[int, str]]) -> None:
    seen: set[str] = set()
    for address in [address for row in plan.rows for address in _addresses(row)]:
        is_own = plan.clinic.pk is not None and (plan.clinic.pk, address.identity) in own
        if not is_own and address.identity not in seen:
            plan.addresses.append(address)
            if plan.website is None or address.identity != plan.website.identity:
                plan.changes.append(["pages", "", address.url])
        seen.add(address.identity)
