"""Tables from strangers: what is read of them, and what is refused before it can do harm."""

import io
import os
import tracemalloc
import zipfile
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook

from clinics.domain.formulae import as_meant, harmless
from clinics.operations.refusal import Refusal
from clinics.operations.sheet_writing import workbook
from clinics.operations.sheets import MOST_COLUMNS, Unreadable, read_lines
from clinics.published.spreadsheet import csv_pieces

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BEGINS = '<?xml version="1.0"?>'


def read(data, **more):
    return [line.cells for line in read_lines(io.BytesIO(data), **more)]


def refused(data, **more):
    with pytest.raises(Unreadable) as refusal:
        read(data, **more)
    return refusal.value.problem


def a_book(*rows, fill=None):
    book = Workbook()
    for row in rows or [["name", "website"], ["A", "https://a.example/"]]:
        book.active.append(row)
    if fill:
        fill(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(data, name, text):
    """The workbook with this part in the place of its own, or beside the others."""
    old, new = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in old.infolist():
            if part.filename != name:
                archive.writestr(part, old.read(part))
        archive.writestr(name, text)
    return new.getvalue()


def a_sheet(rows, *, before="", after=""):
    return f"{BEGINS}{before}<worksheet {NAMESPACE}><sheetData>{rows}</sheetData>{after}</worksheet>"


def test_values_of_a_workbook_are_read_as_a_person_reads_them():
    row = ["Knee House", 33130, 33130.0, 1.5, True, datetime(2026, 1, 2), None, "x_x000A_y"]
    assert read(a_book(row)) == [["Knee House", "33130", "33130", "1.5", "TRUE", "2026-01-02", "", "x\ny"]]


def test_a_formula_is_not_computed_and_what_it_last_showed_is_read():
    cell = '<c r="A1" t="str"><f>HYPERLINK("https://evil.example/","A")</f><v>A</v></c>'
    assert read(with_part(a_book(), SHEET, a_sheet(f'<row r="1">{cell}</row>'))) == [["A"]]
    assert read(a_book(["=1+1", "x"])) == [["", "x"]]


def test_rows_that_are_missing_are_counted():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="4"><c r="A4"><v>4</v></c></row>'
    assert read(with_part(a_book(), SHEET, a_sheet(rows))) == [["1"], [], [], ["4"]]


def test_what_a_sheet_says_of_its_own_size_counts_for_nothing():
    text = a_sheet('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    assert read(with_part(a_book(), SHEET, text), most_rows=10) == [["1"]]


def test_another_sheet_is_refused_unless_it_is_empty():
    assert len(read(a_book(fill=lambda book: book.create_sheet("Sheet2")))) == 2
    problem = refused(a_book(fill=lambda book: book.create_sheet("Old list").append(["B"])))
    assert "more than one sheet (Old list)" in problem


def a_swelling_part():
    return with_part(a_book(), "xl/media/a.bin", bytes(50_000_000))


def beside_noise(data):
    """The workbook with so much noise beside it that it does not swell as a whole."""
    return with_part(data, "xl/media/noise.bin", os.urandom(1_000_000))


def billion_laughs(name, text):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    return with_part(a_book(), name, text.replace(BEGINS, f"{BEGINS}<!DOCTYPE x [{laughs}]>"))


LAUGHING_SHEET = a_sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&l11;</t></is></c></row>')
HARM = {
    "macros": (lambda: with_part(a_book(), "xl/vbaProject.bin", b"x"), "macros"),
    "an old Excel file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "old Excel file"),
    "no archive": (lambda: b"PK\x03\x04" + b"x" * 100, "damaged"),
    "an archive of something else": (lambda: with_part(a_book(), "[Content_Types].xml", "<a/>"), "damaged"),
    "half a workbook": (lambda: a_book()[:1500], "damaged"),
    "a part that swells": (a_swelling_part, "unpacks to too much"),
    "endless cells in a row": (
        lambda: beside_noise(with_part(a_book(), SHEET, a_sheet(f"<row>{'<c/>' * 400_000}</row>"))),
        "unpacks to too much",
    ),
    "endless cells in a part that is no sheet by its name": (
        lambda: beside_noise(with_part(a_book(), "xl/media/a.png", a_sheet(f"<row>{'<c/>' * 800_000}</row>"))),
        "unpacks to too much",
    ),
    "cells behind the rows": (
        lambda: beside_noise(with_part(a_book(), SHEET, a_sheet("<row/>", after=f"<row>{'<c/>' * 400_000}</row>"))),
        "unpacks to too much",
    ),
    "endless rows": (
        lambda: beside_noise(with_part(a_book(), SHEET, a_sheet('<row r="1"/>' * 1_100_000))),
        "unpacks to too much",
    ),
    "endless texts": (
        lambda: beside_noise(with_part(a_book(), "xl/sharedStrings.xml", f"<sst>{'<si/>' * 4_100_000}</sst>")),
        "unpacks to too much",
    ),
    "endless styles": (
        lambda: beside_noise(with_part(a_book(), "xl/styles.xml", "<a>" * 4_000_000)),
        "unpacks to too much",
    ),
    "entities in the sheet": (lambda: billion_laughs(SHEET, LAUGHING_SHEET), "defines entities"),
    "entities in the list of sheets": (
        lambda: billion_laughs("xl/workbook.xml", f"{BEGINS}<workbook>&l11;</workbook>"),
        "defines entities",
    ),
    "entities behind a long comment": (
        lambda: billion_laughs(SHEET, LAUGHING_SHEET.replace(BEGINS, f"{BEGINS}<!--{'x' * 9000}-->")),
        "defines entities",
    ),
    "a file outside as an entity": (
        lambda: with_part(
            a_book(),
            SHEET,
            LAUGHING_SHEET.replace(BEGINS, f'{BEGINS}<!DOCTYPE x [<!ENTITY l11 SYSTEM "file:///etc">]>'),
        ),
        "defines entities",
    ),
    "markup in another encoding": (
        lambda: with_part(
            a_book(),
            SHEET,
            LAUGHING_SHEET.replace(BEGINS, f'{BEGINS}<!DOCTYPE x [<!ENTITY l11 "ha">]>').encode("utf-16"),
        ),
        "defines entities",
    ),
    "markup that does not close": (lambda: with_part(a_book(), SHEET, a_sheet("<row><c>")[:-30]), "damaged"),
    "ten thousand columns": (lambda: a_book([f"c{n}" for n in range(10_000)]), f"more than {MOST_COLUMNS} columns"),
}


@pytest.mark.parametrize("name", HARM)
def test_a_workbook_that_could_do_harm_is_refused_with_the_reason_and_in_little_memory(name):
    make, problem = HARM[name]
    data = make()
    tracemalloc.start()
    try:
        assert problem in refused(data)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_a_workbook_with_many_links_and_merged_cells_behind_its_rows_is_read():
    links = "".join(f'<hyperlink ref="A{n}" display="https://c{n}.example/a/long/address"/>' for n in range(40_000))
    rows = "".join(f'<row r="{n + 1}"><c r="A{n + 1}"><v>{n}</v></c></row>' for n in range(2000))
    data = beside_noise(with_part(a_book(), SHEET, a_sheet(rows, after=f"<hyperlinks>{links}</hyperlinks>")))
    assert len(read(data)) == 2000


def test_a_damaged_workbook_is_refused_and_never_breaks_the_reader():
    whole = a_book(*[[f"A{n}", "https://a.example/"] for n in range(5)])

    @settings(max_examples=150)
    @given(some.integers(0, len(whole) - 1), some.binary(min_size=1, max_size=40))
    def damaged(at, noise):
        try:
            read(whole[:at] + noise + whole[at + len(noise) :])
        except Unreadable as refusal:
            assert refusal.problem

    damaged()


@pytest.mark.parametrize(
    ("data", "row", "problem"),
    [
        ("name\nClínica\n".encode("latin-1"), 2, "not in UTF-8"),
        ("name\n“Clínica”\n".encode("cp1252"), 2, "not in UTF-8"),
        ("name\nA\n".encode("utf-16"), 1, "UTF-16"),
        ("name\nA\n".encode("utf-16-le"), 1, "NUL"),
        (b"name\nA\x00B\n", 2, "NUL"),
        (b'name\nA\n"B\nC', 3, "well-formed"),
        (b'name\nA\n"B"C\n', 3, "well-formed"),
        (b"name\n" + b"x" * 200_000, 2, "well-formed"),
        (b",".join([b"c"] * 10_000), 1, "columns"),
    ],
)
def test_what_is_no_table_is_refused_with_its_row(data, row, problem):
    with pytest.raises(Unreadable) as refusal:
        read(data)
    assert (refusal.value.row, problem in refusal.value.problem) == (row, True)


def test_lines_may_end_in_any_way_and_cells_hold_lines():
    assert read(b'a,b\r\n"1\n2","3\r4"\r5,6\n') == [["a", "b"], ["1\n2", "3\r4"], ["5", "6"]]


TEXTS = some.text(some.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
CELLS = TEXTS | some.from_regex(r"'*[=+\-@\t\r＝]{1,3}[a-z(]*", fullmatch=True)


@given(CELLS)
def test_a_harmless_cell_begins_no_formula_and_is_read_as_it_was_meant(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_meant(harmless(text)) == text


@settings(max_examples=60)
@given(some.lists(some.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4))
def test_what_is_written_is_read_as_it_was(rows):
    wanted = [["a", "b"], *rows]
    assert read(b"".join(csv_pieces(wanted))) == wanted
    with workbook(wanted) as book:
        found = read(book.read())
    assert [cells + [""] * (2 - len(cells)) for cells in found] == wanted


def test_a_workbook_that_cannot_hold_the_rows_is_refused(monkeypatch):
    with pytest.raises(Refusal, match="Take CSV"):
        workbook([["a"], ["x" * 32_768]])
    monkeypatch.setattr("clinics.operations.sheet_writing.MOST_ROWS", 2)
    workbook([["a"]] * 3).close()
    with pytest.raises(Refusal, match="take CSV"):
        workbook([["a"]] * 4)
