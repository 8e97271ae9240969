import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from clinics.models import Clinic, Flag, Location, Page, PageProposal, PageState
from clinics.operations.importing import import_clinics
from clinics.operations.sheet_writing import workbook
from clinics.operations.standing import hold_clinic
from tests.build import NOW, PROMISE, a_clinic, a_page, a_proposal, a_rule, a_snapshot

pytestmark = pytest.mark.django_db
HEADER = "name,website,street,city,state,zip,country,phone,pages,other_names,languages,notes"
KNEES = (
    "Knee House,https://knees.example/,1 Main St,Miami,FL,33130,US,305-555-0134,"
    "https://knees.example/a https://knees.example/b,Knees Inc,en es,Seen at a fair"
)
HIPS = "Hip House,https://hips.example/,,,,78701,,,,,,"


def table(*rows, header=HEADER):
    return "\n".join([header, *rows]).encode()


def bring_in(data, *, dry_run=False, listed=False):
    return import_clinics(data, dry_run=dry_run, listed=listed, by=None, now=NOW)


def counts(summary):
    assert summary.faults == []
    return summary.created, summary.changed, summary.unchanged, summary.pages


def test_clinics_arrive_as_drafts_with_place_and_pages():
    assert counts(bring_in(table(KNEES, HIPS))) == (2, 0, 0, 4)
    clinic = Clinic.objects.get(name="Knee House")
    location = clinic.locations.get()
    assert (clinic.status, clinic.other_names, clinic.languages) == ("draft", "Knees Inc", ["en", "es"])
    assert (location.street, location.state, location.phone) == ("1 Main St", "FL", "(305) 555-0134")
    assert Clinic.objects.get(name="Hip House").locations.get().city == "Austin"
    assert {use.purpose for use in clinic.page_uses.all()} == {"clinic_page"}


@pytest.mark.parametrize("listed", [False, True])
def test_importing_again_changes_nothing(listed):
    bring_in(table(KNEES, HIPS), listed=listed)
    rows = list(Clinic.objects.values()), list(Location.objects.values()), list(Page.objects.values())
    assert counts(bring_in(table(KNEES, HIPS), listed=listed)) == (0, 0, 2, 0)
    assert rows == (list(Clinic.objects.values()), list(Location.objects.values()), list(Page.objects.values()))


def test_name_and_website_are_enough():
    assert counts(bring_in(table("Knee House,https://knees.example/", header="name,website"))) == (1, 0, 0, 1)
    assert not Location.objects.exists()


def test_a_clinic_is_known_by_its_website_however_it_is_typed():
    bring_in(table(HIPS))
    changed = HIPS.replace("https://hips.example/", "http://www.hips.example").replace("Hip House", "Hip Home")
    assert counts(bring_in(table(changed))) == (0, 1, 0, 0)
    assert Clinic.objects.get().name == "Hip Home"


def test_a_clinic_with_a_new_website_is_known_by_name_and_zip():
    bring_in(table(HIPS))
    assert counts(bring_in(table(HIPS.replace("hips.example", "new-hips.example")))) == (0, 1, 0, 1)
    assert Clinic.objects.get().website.url == "https://new-hips.example/"


def test_the_same_name_elsewhere_is_another_clinic():
    bring_in(table(HIPS))
    elsewhere = HIPS.replace("hips.example", "other-hips.example").replace("78701", "33130")
    assert counts(bring_in(table(elsewhere))) == (1, 0, 0, 1)


def test_where_several_clinics_could_be_meant_nothing_is_guessed():
    for _ in range(2):
        a_clinic("Hip House").locations.create(zip="78701")
    summary = bring_in(table(HIPS))
    assert "Several recorded clinics" in summary.faults[0].problem
    assert Clinic.objects.count() == 2


def test_two_rows_are_never_one_clinic_by_name_and_zip():
    other = HIPS.replace("hips.example", "other-hips.example")
    for rows in ((HIPS, other), (other, HIPS)):
        assert counts(bring_in(table(*rows)))[3] in (0, 2)
    assert Clinic.objects.count() == 2


@pytest.mark.parametrize("first", [True, False])
def test_a_clinic_that_a_row_names_by_its_website_is_no_other_rows_by_name_and_zip(first):
    bring_in(table(HIPS))
    other = HIPS.replace("hips.example", "other-hips.example")
    assert counts(bring_in(table(*((HIPS, other) if first else (other, HIPS))))) == (1, 0, 1, 1)
    assert Clinic.objects.get(website__url="https://hips.example/").name == "Hip House"


def test_two_rows_that_mean_one_recorded_clinic_are_a_fault():
    clinic = a_clinic("Hip House")
    clinic.locations.create(zip="78701")
    rows = (HIPS, HIPS.replace("hips.example", "other-hips.example"))
    [fault] = bring_in(table(*rows)).faults
    assert (fault.row, "Row 2 means the same recorded clinic" in fault.problem) == (3, True)


def test_a_clinic_is_known_by_its_id_whatever_else_changed():
    bring_in(table(HIPS))
    clinic = Clinic.objects.get()
    moved = f"Hop House,https://hops.example/,{clinic.public_id}"
    assert counts(bring_in(table(moved, header="name,website,id"))) == (0, 1, 0, 1)
    clinic.refresh_from_db()
    assert (clinic.name, clinic.website.url) == ("Hop House", "https://hops.example/")
    assert counts(bring_in(table(f"Hop House,,{clinic.public_id}", header="name,website,id"))) == (0, 0, 1, 0)
    [fault] = bring_in(table("Hop House,,nobody", header="name,website,id")).faults
    assert (fault.column, "Leave the id empty" in fault.problem) == ("id", True)


def test_the_zip_alone_moves_nothing_and_another_zip_moves_what_follows_from_it():
    bring_in(table(HIPS))
    Location.objects.update(city="Rollingwood")
    assert counts(bring_in(table(HIPS))) == (0, 0, 1, 0)
    assert counts(bring_in(table(HIPS.replace("78701", "33130")))) == (0, 1, 0, 0)
    assert Location.objects.get().city == "Miami"


def test_a_row_for_a_page_that_was_read_already_raises_its_flags_at_once():
    a_rule()
    page = a_page(url="https://hips.example/")
    snapshot = a_snapshot(page, PROMISE)
    PageState.objects.filter(page=page).update(snapshot=snapshot)
    bring_in(table(HIPS))
    assert Flag.objects.get().clinic.name == "Hip House"


def test_a_page_that_was_proposed_is_proposed_no_more():
    clinic = a_clinic("Knee House")
    a_proposal(clinic, "https://knee-house.example/faq")
    bring_in(
        table("Knee House,https://knee-house.example/,https://knee-house.example/faq", header="name,website,pages")
    )
    assert not PageProposal.objects.exists()


def test_the_errors_of_a_file_that_was_handed_back_are_passed_over():
    row = "Hip House,https://hips.example/,zip: no ZIP"
    assert counts(bring_in(table(row, header="name,website,Errors"))) == (1, 0, 0, 1)


def test_a_workbook_is_imported_like_a_csv_file():
    with workbook([HEADER.split(","), HIPS.split(",")]) as book:
        assert counts(bring_in(book.read())) == (1, 0, 0, 1)


def test_many_clinics_take_few_queries(django_assert_max_num_queries):
    rows = [f"Clinic {n},https://c{n}.example/,{n} Main St,78701,https://c{n}.example/a" for n in range(150)]
    header = "name,website,street,zip,pages"
    for _ in range(2):
        with django_assert_max_num_queries(30):
            bring_in(table(*rows, header=header))


def test_rows_with_one_website_are_locations_of_one_clinic():
    second = HIPS.replace("78701", "33130")
    assert counts(bring_in(table(HIPS, second))) == (1, 0, 0, 1)
    assert {each.city for each in Location.objects.all()} == {"Austin", "Miami"}
    assert counts(bring_in(table(HIPS, second))) == (0, 0, 1, 0)


def test_a_changed_cell_is_a_change_and_an_empty_one_erases_nothing():
    bring_in(table(KNEES))
    assert counts(bring_in(table(KNEES.replace("0134", "0135")))) == (0, 1, 0, 0)
    assert Location.objects.get().phone == "(305) 555-0135"
    assert counts(bring_in(table("Knee House,https://knees.example/,,,,,,,,,,"))) == (0, 0, 1, 0)
    assert (Location.objects.get().street, Clinic.objects.get().notes) == ("1 Main St", "Seen at a fair")


def test_listing_lists_drafts_but_brings_no_held_clinic_back():
    bring_in(table(KNEES, HIPS))
    hold_listed = Clinic.objects.get(name="Knee House")
    bring_in(table(KNEES), listed=True)
    hold_listed.refresh_from_db()
    hold_clinic(hold_listed, "A complaint.", by=None, now=NOW)
    assert counts(bring_in(table(KNEES, HIPS), listed=True)) == (0, 1, 1, 0)
    assert dict(Clinic.objects.values_list("name", "status")) == {"Knee House": "held", "Hip House": "listed"}


def test_a_dry_run_says_what_would_be_done_and_keeps_nothing():
    assert counts(bring_in(table(KNEES, HIPS), dry_run=True)) == (2, 0, 0, 4)
    assert not Clinic.objects.exists()
    assert not Page.objects.exists()


@pytest.mark.parametrize("data", [table(KNEES), b"\xef\xbb\xbf" + table(KNEES), table(KNEES).replace(b"\n", b"\r\n")])
def test_utf8_with_or_without_a_mark_and_any_line_ends(data):
    assert counts(bring_in(data)) == (1, 0, 0, 3)


def test_letters_beyond_ascii_are_kept():
    bring_in(table(HIPS.replace("Hip House", "Clínica Niño")))
    assert Clinic.objects.get().name == "Clínica Niño"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (table(HIPS.replace("Hip House", "Clínica")).decode().encode("latin-1"), "not in UTF-8"),
        (table(HIPS).decode().encode("utf-16"), "not in UTF-8"),
        (b"", "first line must name the columns"),
        (b"\n\n", "first line must name the columns"),
        (table(HIPS).replace(b",", b";"), "not divided by commas"),
        (b'name,website\n"Hip,https://hips.example/', "not a well-formed CSV"),
    ],
)
def test_what_is_no_table_is_refused_clearly(data, problem):
    [fault] = bring_in(data).faults
    assert problem in fault.problem
    assert not Clinic.objects.exists()


@pytest.mark.parametrize(
    ("header", "column", "problem"),
    [
        ("name,website,zipp", "zipp", "Did you mean “zip”?"),
        ("name,website,phne", "phne", "Did you mean “phone”?"),
        ("name,website,qqqqqqq", "qqqqqqq", "Known columns: name"),
        ("name,website,name", "name", "twice"),
        ("name,street", "website", "is missing"),
    ],
)
def test_an_unknown_or_missing_column_is_named_with_the_nearest(header, column, problem):
    faults = bring_in(table("Knee House,https://knees.example/,x", header=header)).faults
    fault = next(fault for fault in faults if fault.column == column)
    assert (fault.row, problem in fault.problem) == (1, True)
    assert not Clinic.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (",https://a.example/,,,,,,,,,,", "name", "missing"),
        ("A,,,,,,,,,,,", "website", "missing"),
        ("A,a.example,,,,,,,,,,", "website", "http:// or https://"),
        ("A,http://10.0.0.1/,,,,,,,,,,", "website", "public internet"),
        ("A,https://a.example/,,,,3313,,,,,,", "zip", "no US ZIP"),
        ("A,https://a.example/,,,TX,33130,,,,,,", "zip", "not in TX"),
        ("A,https://a.example/,,,Florida,,,,,,,", "state", "no US state"),
        ("A,https://a.example/,,,,,Mexico,,,,,", "country", "no country's code"),
        ("A,https://a.example/,,,,,,call,,,,", "phone", "no telephone number"),
        ("A,https://a.example/,,,,,,,https://a.example/b ftp://a.example/,,,", "pages", "not read"),
        ("A,https://a.example/,,,,,,,,,klingon,", "languages", "no known language"),
        ("A" * 201 + ",https://a.example/,,,,,,,,,,", "name", "200 characters"),
        ("A,https://a.example/," + "s" * 201 + ",,,,,,,,,", "street", "200 characters"),
        ("A, B,https://a.example/,,,,,,,,,,,more", "", "quotation marks"),
    ],
)
def test_a_bad_cell_is_told_with_its_row_its_column_and_what_to_do(row, column, problem):
    faults = bring_in(table(HIPS, row)).faults
    fault = next(fault for fault in faults if fault.column == column)
    assert (fault.row, problem in fault.problem) == (3, True)
    assert not Clinic.objects.exists()
    assert not Page.objects.exists()


def test_all_faults_are_told_at_once():
    summary = bring_in(table(KNEES, ",ftp://a.example/,,,TX,33130,,x,,,,", HIPS, "B,https://b.example/,,,,1,,,,,,"))
    assert {(fault.row, fault.column) for fault in summary.faults} >= {
        (3, "name"),
        (3, "website"),
        (3, "zip"),
        (3, "phone"),
        (5, "zip"),
    }
    assert (summary.created, Clinic.objects.count()) == (0, 0)


def test_one_website_under_two_names_is_a_contradiction():
    [fault] = bring_in(table(HIPS, HIPS.replace("Hip House", "Hip Home"))).faults
    assert (fault.row, fault.column) == (3, "name")
    assert "Row 2 has the same website" in fault.problem


def test_empty_lines_are_passed_over_and_still_counted():
    faults = bring_in(table(HIPS, ",,,,,,,,,,,", "", "A,bad,,,,,,,,,,")).faults
    assert [fault.row for fault in faults] == [5]


@pytest.mark.django_db(transaction=True)
def test_the_same_file_imported_twice_at_once_makes_each_clinic_once():
    start, made = threading.Barrier(2), []

    def run():
        start.wait()
        try:
            made.append(counts(bring_in(table(KNEES, HIPS))))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [(0, 0, 2, 0), (2, 0, 0, 4)]


def test_a_large_import_never_falls_due_in_one_minute():
    pages = " ".join(f"https://c{{0}}.example/{number}" for number in range(99))
    rows = [f"Clinic {number},https://c{number}.example/,{pages.format(number)}" for number in range(6)]
    bring_in(table(*rows, header="name,website,pages"))
    due = Counter(PageState.objects.values_list("due_at", flat=True))
    assert due == {NOW: 500, NOW + timedelta(minutes=1): 100}


def test_a_small_import_is_due_at_once_and_what_was_due_before_stays_so():
    bring_in(table(KNEES))
    bring_in(table(KNEES, HIPS))
    assert set(PageState.objects.values_list("due_at", flat=True)) == {NOW}
