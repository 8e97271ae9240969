"""A file of clinics at the desk: handed in, followed, mended, confirmed; and lists taken away as files."""

import csv
import io
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from clinics.models import Clinic, ClinicImport, ImportPart, Job
from clinics.operations import jobs
from clinics.operations.import_parts import MOST_BYTES
from tests.build import a_check, a_claim, a_clinic, a_flag

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "/admin/clinics/clinicimport/add/"
GOOD = b"name,website,zip\nKnee House,https://knees.example/,33130\n"
BAD = b"name,website,zip\nKnee House,https://knees.example/,1\n=1+1,ftp://x.example/,33130\n"


def hand_in(client, data, name="clinics.csv", **more):
    return client.post(ADD, {"file": SimpleUploadedFile(name, data), **more}, follow=True)


def work():
    while jobs.work_one(timezone.now, uuid4()):
        continue


def content(response):
    data = b"".join(response.streaming_content)
    response.close()
    return data


def page_of(client, data, query="", **more):
    """The page of a file that was handed in and checked."""
    hand_in(client, data, **more)
    work()
    return client.get(address(query)).content.decode()


def address(query=""):
    return reverse("admin:clinics_clinicimport_change", args=[ClinicImport.objects.latest("pk").pk]) + query


def step(client, name):
    file = ClinicImport.objects.latest("pk")
    return client.post(reverse("admin:clinics_clinicimport_step", args=[file.pk, name]), follow=True)


def test_the_page_that_asks_for_the_file_explains_the_columns(signed_in):
    text = signed_in("recorder").get(ADD).content.decode()
    assert "trade names and former names" in text
    assert 'type="file"' in text


def test_a_file_is_handed_in_followed_confirmed_and_recorded(signed_in):
    client = signed_in("recorder")
    assert "Nobody has begun yet." in hand_in(client, GOOD).content.decode()
    work()
    text = client.get(address()).content.decode()
    assert "1 new clinic<" in text
    assert "<ins>https://knees.example/</ins>" in text
    assert not Clinic.objects.exists()
    assert "as a whole, or not at all" in step(client, "confirm").content.decode()
    work()
    text = client.get(address()).content.decode()
    assert "What it changed" in text
    assert reverse("admin:clinics_clinic_change", args=[Clinic.objects.get().pk]) in text
    assert "being recorded already" not in text
    assert "recorded already" in step(client, "confirm").content.decode()


def test_faults_are_shown_at_once_and_the_file_comes_back_with_them(signed_in):
    client = signed_in("recorder")
    text = page_of(client, BAD)
    assert "is no US ZIP" in text
    assert "2 rows with faults" in text
    assert 'name="confirm"' not in text
    back = client.get(reverse("admin:clinics_clinicimport_errors", args=[ClinicImport.objects.get().pk, "csv"]))
    rows = list(csv.reader(io.StringIO(content(back).decode("utf-8-sig"))))
    assert rows[0] == ["name", "website", "zip", "errors"]
    assert rows[2][0] == "'=1+1"
    assert "http" in rows[2][3]
    assert "attachment" in back.headers["Content-Disposition"]


def test_a_workbook_comes_back_as_a_workbook(signed_in):
    client = signed_in("recorder")
    hand_in(client, BAD, name="Клиники 2026.XLSX")
    work()
    assert "errors.xlsx" in client.get(address()).content.decode()
    back = client.get(reverse("admin:clinics_clinicimport_errors", args=[ClinicImport.objects.get().pk, "xlsx"]))
    book = load_workbook(io.BytesIO(content(back)))
    assert [cell.data_type for cell in book.active[3]] == ["s"] * 4
    assert client.get(address("errors.exe/").replace("change/", "")).status_code == 404
    assert client.get(address("errors.xlsx").replace("change/", "")).status_code == 301


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"name,websiet\nA,https://a.example/\n", "Did you mean “website”?"),
        (b"name,website,name\nA,https://a.example/,B\n", "stands there twice"),
        (",".join(f"c{n}" for n in range(10_000)).encode(), "more than 200 columns"),
        ("name,website\nClínica,https://a.example/\n".encode("latin-1"), "not in UTF-8"),
        ("name,website\nA,https://a.example/\n".encode("utf-16"), "UTF-16"),
        (b"name,website\nA\x00,https://a.example/\n", "NUL"),
        (b'name,website\n"A,https://a.example/\n', "well-formed"),
        (b"PK\x03\x04 no workbook", "damaged"),
        (b"\n", "first line must name the columns"),
    ],
)
def test_what_is_no_table_of_clinics_is_refused_on_its_page(signed_in, data, told):
    client = signed_in("recorder")
    text = page_of(client, data)
    assert told in text
    assert "has faults" in text
    assert "only a file" in step(client, "confirm").content.decode().lower()
    assert not Clinic.objects.exists()


def test_a_file_of_100_mb_is_refused_at_its_field_and_nothing_is_kept(signed_in, tmp_path):
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(100_000_000)
    with big.open("rb") as file:
        text = signed_in("recorder").post(ADD, {"file": file}).content.decode()
    assert "more than 20 MB" in text
    assert MOST_BYTES == 20_000_000
    assert not (ClinicImport.objects.exists() or ImportPart.objects.exists() or Job.objects.exists())


def test_an_empty_or_missing_file_is_refused_at_its_field(signed_in):
    client = signed_in("recorder")
    assert "empty" in hand_in(client, b"").content.decode()
    assert "required" in client.post(ADD, {}).content.decode()
    assert not ClinicImport.objects.exists()


def test_script_and_formulae_in_a_file_are_text(signed_in):
    client = signed_in("recorder")
    evil = "<script>alert(1)</script>,https://a.example/,\"=cmd|' /C calc'!A1\",<img src=x onerror=alert(1)>\n"
    text = page_of(client, b"name,website,notes,other_names\n" + evil.encode(), name="<b>.csv")
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;" in text
    step(client, "confirm")
    work()
    assert Clinic.objects.get().name == "<script>alert(1)</script>"
    listed = client.get("/admin/clinics/clinic/").content.decode()
    assert "<script>alert" not in listed


def test_rows_are_shown_a_page_at_a_time(signed_in):
    client = signed_in("recorder")
    rows = "".join(f"Clinic {n},https://c{n}.example/\n" for n in range(120))
    text = page_of(client, f"name,website\n{rows}".encode())
    assert "page 1 of 3" in text
    assert "Clinic 119" in client.get(address("?rows=new&p=3")).content.decode()
    assert "None." in client.get(address("?rows=unchanged&p=x")).content.decode()


def test_a_check_is_stopped_and_begun_again(signed_in):
    client = signed_in("recorder")
    hand_in(client, GOOD)
    assert "nothing of the file is recorded" in step(client, "stop").content.decode()
    assert ClinicImport.objects.get().stage == "not checked"


def test_one_faulty_row_is_told_as_one(signed_in):
    text = page_of(signed_in("recorder"), b"name,website\nKnee House,ftp://x.example/\n")
    assert "1 row with faults</strong>" in text
    assert "1 row with faults." in text
    assert "1 rows" not in text


def test_a_file_of_column_names_alone_has_nothing_to_confirm(signed_in):
    client = signed_in("recorder")
    text = page_of(client, b"name,website\n")
    assert "has no rows" in text
    assert "step/confirm" not in text
    assert "has rows and has no faults" in step(client, "confirm").content.decode()


@pytest.mark.parametrize("data", [GOOD, BAD])
def test_a_file_whose_rows_are_gone_says_so_and_offers_no_step(signed_in, data):
    client = signed_in("recorder")
    page_of(client, data)
    ClinicImport.objects.get().rows.all().delete()
    text = client.get(address()).content.decode()
    assert "removed after 30 days: hand it in again" in text
    assert "What it would change" not in text
    for way in ("step/confirm", "step/check", "errors."):
        assert way not in text
    assert "removed after 30 days" in client.get("/admin/clinics/clinicimport/").content.decode()


@pytest.mark.parametrize("name", ["confirm", "check", "stop"])
def test_who_only_looks_takes_no_step(signed_in, name):
    page_of(signed_in("recorder"), GOOD)
    assert step(signed_in("auditor"), name).status_code == 403
    assert signed_in("auditor").post(ADD, {}).status_code == 403


LISTS = {
    "clinic": ("name", ["Hip House", "Knee House"]),
    "flag": ("clinic", ["Hip House", "Knee House"]),
    "claim": ("clinic", ["Hip House", "Knee House"]),
    "credentialcheck": ("clinic", ["Hip House", "Knee House"]),
}


@pytest.fixture
def two_of_each(db):
    for name in ("Knee House", "Hip House"):
        clinic = a_clinic(name)
        a_flag(clinic)
        a_check(clinic)
        a_claim(clinic)


def rows_of(response):
    return list(csv.DictReader(io.StringIO(content(response).decode("utf-8-sig"))))


@pytest.mark.parametrize("model", LISTS)
def test_a_list_is_taken_away_with_its_filters(signed_in, two_of_each, model):
    column, names = LISTS[model]
    client = signed_in("auditor")
    export = reverse(f"admin:clinics_{model}_export", args=["csv"])
    assert sorted({row[column] for row in rows_of(client.get(export))}) == names
    assert {row[column] for row in rows_of(client.get(f"{export}?q=Hip"))} == {"Hip House"}
    listed = client.get(reverse(f"admin:clinics_{model}_changelist") + "?q=Hip").content.decode()
    assert f"{export}?q=Hip" in listed
    book = client.get(reverse(f"admin:clinics_{model}_export", args=["xlsx"]))
    sheet = load_workbook(io.BytesIO(content(book))).active
    assert column in [cell.value for cell in sheet[1]]


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("action", ["export_as_csv", "export_as_workbook"])
def test_ticked_rows_are_taken_away(signed_in, two_of_each, model, action):
    pk = apps.get_model("clinics", model).objects.latest("pk").pk
    response = signed_in("auditor").post(
        reverse(f"admin:clinics_{model}_changelist"), {"action": action, "_selected_action": [pk]}
    )
    assert "attachment" in response.headers["Content-Disposition"]
    data = content(response)
    if action == "export_as_csv":
        assert len(list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))) == 2
    else:
        assert load_workbook(io.BytesIO(data)).active.max_row == 2


@pytest.mark.parametrize("model", LISTS)
def test_an_export_is_for_those_who_see_the_list(signed_in, two_of_each, model):
    export = reverse(f"admin:clinics_{model}_export", args=["csv"])
    assert signed_in().get(export).status_code == 403
    assert signed_in("auditor").get(f"{export}?nonsense=1").status_code == 302
    assert signed_in("auditor").get(reverse(f"admin:clinics_{model}_export", args=["exe"])).status_code == 404
    assert signed_in("auditor").post(export).status_code == 405


def test_a_workbook_that_cannot_be_made_says_why(signed_in, two_of_each, monkeypatch):
    monkeypatch.setattr("clinics.operations.sheet_writing.MOST_ROWS", 1)
    response = signed_in("auditor").get(reverse("admin:clinics_clinic_export", args=["xlsx"]), follow=True)
    assert "take CSV" in response.content.decode()


def test_only_who_may_import_is_shown_the_way(signed_in):
    assert ADD in signed_in("recorder").get("/admin/clinics/clinic/").content.decode()
    assert ADD not in signed_in("auditor").get("/admin/clinics/clinic/").content.decode()
