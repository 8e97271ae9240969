"""What is recorded as tables: clinics so that importing them again changes nothing, and the staff's lists."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from clinics.models import Claim, Clinic, CredentialCheck, Flag, Location, PageUse
from clinics.operations.exporting import claim_rows, clinic_rows, credential_rows, flag_rows
from clinics.operations.import_columns import COLUMNS
from clinics.operations.importing import import_clinics
from clinics.operations.placing import place_location
from clinics.operations.recording import record_clinic, record_page
from clinics.operations.sheet_writing import workbook
from clinics.published.spreadsheet import csv_pieces
from tests.build import NOW, a_check, a_claim, a_clinic, a_flag, a_user

pytestmark = pytest.mark.django_db


def as_csv(rows):
    return b"".join(csv_pieces(rows))


def as_workbook(rows):
    with workbook(rows) as book:
        return book.read()


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Clinic, Location, PageUse)]


def import_again(write=as_csv):
    """Import the export of all clinics; the summary's numbers, and whether any row of the database changed."""
    before = everything()
    summary = import_clinics(write(clinic_rows(Clinic.objects.all())), dry_run=False, listed=False, by=None, now=NOW)
    assert summary.faults == []
    return summary.created, summary.changed, summary.unchanged, summary.pages, everything() == before


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_importing_an_export_changes_nothing(write):
    knees = record_clinic(
        "=Knee House", "https://knees.example/", by=None, now=NOW, other_names="+Knees, -Co", languages=["en", "es"]
    )
    for number in range(700):
        record_page(f"https://knees.example/{'long-' * 10}{number}", by=None, now=NOW, clinic=knees)
    place_location(knees, street="1 Main St", zip="33130", phone="305-555-0134")
    place_location(knees, street="2 Main St", zip="33130", phone="305-555-0135 ext. 7")
    place_location(knees, city="Tijuana", country="MX", phone="+52 664 555 0101")
    record_clinic("Knee House", "https://knees.example/", by=None, now=NOW, notes="Two lines\r\nof “notes”, '=1")
    record_clinic("No Site House", "", by=None, now=NOW, notes="@home")
    record_clinic("No Site House", "", by=None, now=NOW)
    assert import_again(write) == (0, 0, 4, 0, True)


def test_places_that_are_hard_to_tell_apart_change_nothing():
    clinic = a_clinic()
    for phone in ("", "(305) 555-0134", "(305) 555-0135"):
        Location.objects.create(clinic=clinic, zip="33130", city="Coral Way", state="FL", phone=phone)
    Location.objects.create(clinic=clinic)
    a_clinic("Hip House").locations.create(country="MX", zip="ABC 123", city="  Cancún ", state="Q.R.")
    assert import_again() == (0, 0, 2, 0, True)


TEXT = some.text(some.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
HARD = TEXT | some.sampled_from(["=1+1", "'=1", "-", "'", "@x", "a,b", 'a"b', "a\r\nb", "\ta", " a ", "_x000A_", "x_x"])
PLACES = some.sampled_from(
    [
        {"street": "1 Main St", "zip": "33130", "phone": "305-555-0134"},
        {"street": "=1", "zip": "33130"},
        {"zip": "78701-1234"},
        {"country": "MX", "city": "Tijuana", "phone": "+52 664 555 0101"},
        {"state": "TX", "city": "Austin"},
        {},
    ]
)


class RoundTrip(TestCase):
    """Whatever staff record, its export is no change."""

    @effort(max_examples=40)
    @given(
        some.lists(
            some.tuples(
                HARD.filter(str.strip), HARD, HARD, some.sampled_from(["", "a", "b"]), some.lists(PLACES, max_size=3)
            ),
            max_size=4,
        ),
        some.sampled_from([as_csv, as_workbook]),
    )
    def test_an_export_is_no_change(self, clinics, write):
        for name, other_names, notes, site, places in clinics:
            url = f"https://{site}.example/" if site else ""
            clinic = record_clinic(name, url, by=None, now=NOW, other_names=other_names, notes=notes)
            if site:
                record_page(f"{url}{len(places)}", by=None, now=NOW, clinic=clinic)
            for place in places:
                place_location(clinic, **place)
        assert import_again(write) == (0, 0, len(clinics), 0, True)


def test_an_edited_export_changes_what_was_edited():
    clinic = record_clinic("=Knee House", "https://knees.example/", by=None, now=NOW, notes="old")
    place_location(clinic, street="1 Main St", zip="33130")
    table = as_csv(clinic_rows(Clinic.objects.all())).decode().replace("old", "new").replace("1 Main", "2 Main")
    summary = import_clinics(table.encode(), dry_run=False, listed=False, by=None, now=NOW)
    assert (summary.faults, summary.created, summary.changed) == ([], 0, 1)
    clinic.refresh_from_db()
    assert (clinic.name, clinic.notes, clinic.locations.get().street) == ("=Knee House", "new", "2 Main St")


def table(rows):
    return list(csv.DictReader(io.StringIO(as_csv(rows).decode("utf-8-sig"))))


def test_the_export_of_clinics_has_the_columns_of_the_import():
    assert list(clinic_rows(Clinic.objects.none())) == [list(COLUMNS)]


def test_flags_claims_and_checks_are_told_in_full_and_nothing_in_them_is_computed():
    clinic = a_clinic("@Knee House")
    a_flag(clinic, '=HYPERLINK( "https://evil.example/")')
    a_claim(clinic)
    a_check(clinic, subject="+Ada", checked_on=date(2026, 1, 2))
    [flag] = table(flag_rows(Flag.objects.all()))
    [check] = table(credential_rows(CredentialCheck.objects.all()))
    claims = table(claim_rows(Claim.objects.all()))
    assert (flag["clinic"], flag["wording"][:6], flag["decision"]) == ("'@Knee House", "'=HYPE", "open")
    assert (check["subject"], check["checked"], check["state"]) == ("'+Ada", "2026-01-02", "draft")
    assert claims[-1]["quote"] == Claim.objects.latest("pk").quote


@pytest.mark.parametrize("rows", [clinic_rows, flag_rows, claim_rows, credential_rows])
def test_a_list_is_told_in_few_queries(rows, django_assert_max_num_queries):
    model = {clinic_rows: Clinic, flag_rows: Flag, claim_rows: Claim, credential_rows: CredentialCheck}[rows]
    for number in range(5):
        clinic = a_clinic(f"House {number}")
        place_location(clinic, zip="33130")
        a_flag(clinic)
        a_claim(clinic)
        a_check(clinic)
    with django_assert_max_num_queries(4):
        assert len(list(rows(model.objects.all()))) == 1 + model.objects.count()


def test_who_decided_is_named():
    flag = a_flag()
    Flag.objects.update(state="dismissed", dismissed_as="true", decided_by=a_user("rowan"), decided_at=NOW)
    [told] = table(flag_rows(Flag.objects.filter(pk=flag.pk)))
    assert (told["decided by"], told["dismissed as"], told["decided"]) == ("rowan", "true", "2026-11-02 09:00:00")
