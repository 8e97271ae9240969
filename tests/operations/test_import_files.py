"""A file of clinics from the upload to the record: checked, confirmed, written as a whole or not at all."""

import threading
from datetime import timedelta
from io import BufferedReader
from uuid import uuid4

import pytest
from django.db import connection

from clinics.models import Clinic, ClinicImport, Host, ImportPart, ImportRow, Job, Page
from clinics.operations import import_files, import_jobs, import_parts, import_reading, jobs
from clinics.operations.refusal import Refusal
from clinics.operations.sheet_writing import workbook
from clinics.published.spreadsheet import csv_pieces
from tests.build import NOW, a_clinic, a_user, later

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ["name", "website", "zip", "phone", "notes"]
KNEES = ["Knee House", "https://knee-house.example/", "33130", "305-555-0134", "Seen at a fair"]
HIPS = ["Hip House", "https://hip-house.example/", "78701", "", ""]


class Clock:
    """A clock that goes on by itself each time somebody looks at it."""

    def __init__(self, step=0):
        self.now, self.step = NOW, timedelta(seconds=step)

    def __call__(self):
        self.now += self.step
        return self.now


def hand_in(*rows, header=HEADER, name="clinics.csv", listed=False):
    if name.endswith(".csv"):
        pieces = csv_pieces([header, *rows])
    else:
        with workbook([header, *rows]) as book:
            pieces = [book.read()]
    return import_files.take_in(name, pieces, listed=listed, by=a_user(), now=NOW)


def work(step=0):
    while jobs.work_one(Clock(step), uuid4()):
        continue


def checked(*rows, **more):
    file = hand_in(*rows, **more)
    work()
    return ClinicImport.objects.get(pk=file.pk)


def recorded(file):
    import_files.confirm(file, by=a_user())
    work()
    return ClinicImport.objects.get(pk=file.pk)


def faults(file):
    return {row.number: row.faults for row in file.rows.filter(kind="faulty")}


@pytest.mark.parametrize("name", ["clinics.csv", "clinics.xlsx"])
def test_a_file_is_checked_confirmed_and_recorded(name):
    file = checked(KNEES, HIPS, name=name)
    assert (file.stage, Clinic.objects.count()) == ("to confirm", 0)
    assert file.check_job.result == {"new": 2, "changed": 0, "unchanged": 0, "rows": 2, "faults": 0}
    assert not ImportPart.objects.exists()
    file = recorded(file)
    assert (file.stage, file.write_job.state) == ("recorded", "done")
    assert file.write_job.result == {"new": 2, "changed": 0, "unchanged": 0}
    assert (file.write_job.done, file.write_job.total) == (2, 2)
    assert set(file.rows.values_list("clinic__name", flat=True)) == {"Knee House", "Hip House"}
    assert Clinic.objects.get(name="Knee House").locations.get().phone == "(305) 555-0134"


def test_the_check_shows_what_would_change_in_each_clinic():
    recorded(checked(KNEES, HIPS))
    changed = [*KNEES[:3], "305-555-0135", "Seen twice"]
    file = checked(changed, HIPS, ["Back House", "https://back-house.example/", "", "", ""])
    assert {row.number: (row.kind, row.changes) for row in file.rows.all()} == {
        2: ("changed", [["notes", "Seen at a fair", "Seen twice"], ["phone", "(305) 555-0134", "(305) 555-0135"]]),
        3: ("unchanged", []),
        4: ("new", [["name", "", "Back House"], ["website", "", "https://back-house.example/"]]),
    }


def test_recording_the_same_file_again_changes_nothing():
    recorded(checked(KNEES, HIPS))
    rows = list(Clinic.objects.values()), list(Page.objects.values())
    file = recorded(checked(KNEES, HIPS))
    assert file.write_job.result == {"new": 0, "changed": 0, "unchanged": 2}
    assert rows == (list(Clinic.objects.values()), list(Page.objects.values()))


def test_drafts_are_listed_only_where_that_was_ticked():
    recorded(checked(KNEES))
    recorded(checked(HIPS, listed=True))
    assert dict(Clinic.objects.values_list("name", "status")) == {"Knee House": "draft", "Hip House": "listed"}


def test_the_history_says_who_imported():
    recorded(checked(KNEES))
    event = Clinic.pgh_event_model.objects.get()
    assert event.pgh_context.metadata["user"] == a_user().pk


def test_a_file_with_faults_is_told_all_of_them_and_never_recorded():
    file = checked(["", "ftp://a.example/", "1", "x", ""], KNEES, ["B", "https://b.example/", "2", "", ""])
    assert (file.stage, sorted(faults(file))) == ("has faults", [2, 4])
    assert {column for column, _, _ in faults(file)[2]} == {"name", "website", "zip", "phone"}
    with pytest.raises(Refusal, match="has no faults"):
        import_files.confirm(file, by=a_user())
    assert not Clinic.objects.exists()


def test_the_file_comes_back_with_its_faults_and_is_mended():
    header = [*HEADER[:2], "Zip ", *HEADER[3:]]
    file = checked(KNEES, ["=1+1", "https://hip-house.example/", "1", "", "+1"], header=header)
    back = list(import_files.with_errors(file))
    assert back[0] == [*header, "errors"]
    assert back[1] == [*KNEES, ""]
    assert back[2][:2] == ["=1+1", "https://hip-house.example/"]
    assert back[2][-1].startswith("zip: “1” is no US ZIP.")
    mended = [*back[2][:2], "78701", *back[2][3:]]
    again = checked(back[1], mended, header=back[0])
    assert (again.stage, again.check_job.result["new"]) == ("to confirm", 2)
    recorded(again)
    assert Clinic.objects.get(website__url="https://hip-house.example/").name == "=1+1"


def test_cells_beyond_the_header_come_back_behind_the_errors():
    file = checked(["A", "https://a.example/", "", "", "", "more"])
    assert list(import_files.with_errors(file))[1][5:] == [faults(file)[2][0][2], "more"]


def test_which_clinic_is_meant_is_a_fault_of_all_its_rows():
    for _ in range(2):
        a_clinic("Hip House", website=None)
    for clinic in Clinic.objects.all():
        clinic.website = None
        clinic.save()
        clinic.locations.create(zip="78701")
    file = checked(HIPS, [*HIPS[:2], "33130", "", ""], KNEES)
    assert set(faults(file)) == {2, 3}
    assert "Several recorded clinics" in faults(file)[2][0][2]
    assert "Row 2" in faults(file)[3][0][2]
    one, other = Clinic.objects.order_by("pk")
    other.name = "Hip Home"
    other.save()
    import_files.check_again(file, by=a_user())
    work()
    file.refresh_from_db()
    assert (file.stage, file.check_job.result["changed"]) == ("to confirm", 1)
    assert set(file.rows.filter(kind="changed").values_list("clinic", flat=True)) == {one.pk}


def test_what_was_confirmed_is_what_is_recorded_or_nothing():
    recorded(checked(KNEES))
    file = checked([*KNEES[:4], "Seen twice"], HIPS)
    Clinic.objects.update(notes="Seen by somebody else")
    file = recorded(file)
    assert (file.stage, file.write_job.state) == ("not recorded", "failed")
    assert "changed since this file was checked (row 2)" in file.write_job.message
    assert list(Clinic.objects.values_list("name", "notes")) == [("Knee House", "Seen by somebody else")]
    import_files.check_again(file, by=a_user())
    work()
    assert recorded(ClinicImport.objects.get(pk=file.pk)).stage == "recorded"
    assert Clinic.objects.get(name="Knee House").notes == "Seen twice"


def test_a_file_is_recorded_once_however_often_it_is_confirmed():
    file = checked(KNEES)
    import_files.confirm(file, by=a_user())
    with pytest.raises(Refusal, match="being recorded already"):
        import_files.confirm(file, by=a_user())
    work()
    with pytest.raises(Refusal, match="recorded already"):
        import_files.confirm(file, by=a_user())
    assert Job.objects.filter(kind="write_import").count() == 1


def many(number):
    return [[f"Clinic {n}", f"https://c{n}.example/", "33130", "", ""] for n in range(number)]


def test_a_long_check_passes_from_worker_to_worker(monkeypatch):
    monkeypatch.setattr(import_reading, "CHUNK", 7)
    monkeypatch.setattr("clinics.operations.import_rows.BATCH", 5)
    second = [["Clinic 3", "https://c3.example/", "78701", "", ""], ["Other", "https://c4.example/", "", "", ""]]
    rows = [*many(30), *second]
    file = hand_in(*rows)
    spells = 0
    while jobs.work_one(Clock(200), uuid4()):
        spells += 1
    file.refresh_from_db()
    assert spells > 2
    assert file.check_job.result == {"new": 30, "changed": 0, "unchanged": 0, "rows": 32, "faults": 1}
    assert (file.check_job.done, file.check_job.total) == (64, 64)
    assert list(faults(file)) == [33]


def test_a_check_that_was_stopped_leaves_nothing_to_confirm():
    file = hand_in(KNEES)
    import_files.stop(file, by=a_user(), now=NOW)
    assert not jobs.work_one(Clock(), uuid4())
    file.refresh_from_db()
    assert file.stage == "not checked"
    with pytest.raises(Refusal, match="was checked"):
        import_files.confirm(file, by=a_user())


def nothing_written():
    return not (Clinic.objects.exists() or Page.objects.exists() or Host.objects.exists())


def while_writing(monkeypatch, act):
    """Have this done once between two batches of the recording."""
    done = []
    monkeypatch.setattr("clinics.operations.import_rows.BATCH", 5)
    write = import_jobs.Writer.write

    def written(self, plans):
        write(self, plans)
        if not done:
            done.append(True)
            thread = threading.Thread(target=lambda: (act(), connection.close()))
            thread.start()
            thread.join()

    monkeypatch.setattr(import_jobs.Writer, "write", written)


def test_progress_is_seen_while_the_file_is_recorded_and_a_stop_undoes_all_of_it(monkeypatch):
    file = checked(*many(20))
    import_files.confirm(file, by=a_user())
    seen = []

    def stop():
        seen.append(Job.objects.get(kind="write_import"))
        import_files.stop(ClinicImport.objects.get(pk=file.pk), by=a_user(), now=NOW)

    while_writing(monkeypatch, stop)
    work()
    file.refresh_from_db()
    assert (seen[0].state, seen[0].total, Clinic.objects.count()) == ("running", 0, 0)
    assert (file.stage, file.write_job.state) == ("not recorded", "cancelled")
    assert file.write_job.message == "Stopped; nothing was written."
    assert nothing_written()
    monkeypatch.undo()
    assert recorded(file).stage == "recorded"


def test_a_worker_that_lost_its_lease_writes_nothing(monkeypatch):
    file = checked(*many(20))
    import_files.confirm(file, by=a_user())
    while_writing(monkeypatch, lambda: Job.objects.filter(kind="write_import").update(lease_token=uuid4()))
    assert jobs.work_one(Clock(), uuid4())
    assert nothing_written()
    assert Job.objects.get(kind="write_import").state == "running"


def test_a_worker_that_fails_half_way_writes_nothing(monkeypatch):
    file = checked(*many(20))
    import_files.confirm(file, by=a_user())

    def fail(self, plans):
        raise RuntimeError("the power went")

    monkeypatch.setattr("clinics.operations.import_rows.BATCH", 5)
    monkeypatch.setattr(import_jobs.Sound, "keep_clinics", fail)
    with pytest.raises(RuntimeError):
        jobs.work_one(Clock(), uuid4())
    assert nothing_written()
    monkeypatch.undo()
    Job.objects.filter(kind="write_import").update(leased_until=later(seconds=-1))
    work()
    assert Clinic.objects.count() == 20


def test_a_recording_that_takes_too_long_is_undone(monkeypatch):
    file = checked(*many(3))
    import_files.confirm(file, by=a_user())
    work(step=1000)
    file.refresh_from_db()
    assert (file.stage, nothing_written()) == ("not recorded", True)
    assert "Divide the file" in file.write_job.message


def test_what_was_written_is_not_written_again_after_a_crash():
    file = recorded(checked(KNEES))
    Job.objects.filter(pk=file.write_job_id).update(state="running", finished_at=None, leased_until=later(seconds=-1))
    Clinic.objects.update(notes="edited since")
    work()
    file.refresh_from_db()
    assert (file.write_job.state, Clinic.objects.get().notes) == ("done", "edited since")
    assert file.write_job.result == {"new": 1, "changed": 0, "unchanged": 0}


def test_two_people_who_import_the_same_file_at_once_make_no_doubles():
    files = [checked(KNEES, HIPS), checked(KNEES, HIPS)]
    for file in files:
        import_files.confirm(file, by=a_user())
    start = threading.Barrier(2)

    def run():
        start.wait()
        try:
            jobs.work_one(Clock(), uuid4())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ClinicImport.objects.get(pk=file.pk).stage for file in files) == ["not recorded", "recorded"]
    assert Clinic.objects.count() == 2


def test_a_file_that_is_too_large_or_empty_keeps_nothing(monkeypatch):
    monkeypatch.setattr(import_parts, "MOST_BYTES", 1000)
    for pieces, problem in (([b"x" * 600] * 2, "20 MB"), ([], "empty")):
        with pytest.raises(Refusal, match=problem):
            import_files.take_in("big.csv", pieces, listed=False, by=a_user(), now=NOW)
    assert not (ClinicImport.objects.exists() or ImportPart.objects.exists() or Job.objects.exists())


def test_a_file_with_too_many_rows_is_told_so(monkeypatch):
    monkeypatch.setattr(import_reading, "MOST_ROWS", 3)
    assert checked(*many(3)).stage == "to confirm"
    file = checked(*many(4))
    assert "more than 3 rows" in faults(file)[5][0][2]


def test_rows_of_old_files_go_and_what_they_recorded_stays():
    old = recorded(checked(KNEES))
    ClinicImport.objects.filter(pk=old.pk).update(uploaded_at=later(days=-31))
    checked(HIPS)
    assert set(ImportRow.objects.values_list("file", flat=True)) == {ClinicImport.objects.latest("pk").pk}
    assert Clinic.objects.count() == 1


def made_old(file):
    ClinicImport.objects.filter(pk=file.pk).update(uploaded_at=later(days=-31))
    return file


def test_a_file_whose_rows_are_gone_is_neither_recorded_nor_checked_again():
    old = made_old(checked(KNEES))
    checked(HIPS)
    for step in (import_files.confirm, import_files.check_again):
        with pytest.raises(Refusal, match="removed after 30 days: hand it in again"):
            step(old, by=a_user())
    old.refresh_from_db()
    assert (old.written_at, nothing_written()) == (None, True)


def test_a_file_whose_rows_went_before_its_second_check_came_to_an_end_is_handed_in_again():
    old = made_old(checked(KNEES))
    import_files.check_again(old, by=a_user())
    import_files.stop(ClinicImport.objects.get(pk=old.pk), by=a_user(), now=NOW)
    checked(HIPS)
    with pytest.raises(Refusal, match="hand it in again"):
        import_files.check_again(old, by=a_user())


def test_an_old_file_whose_rows_are_still_there_is_checked_again_and_recorded():
    old = made_old(checked(KNEES))
    import_files.check_again(old, by=a_user())
    work()
    old.refresh_from_db()
    assert (old.stage, old.check_job.result["new"]) == ("to confirm", 1)
    assert recorded(old).write_job.result["new"] == 1


def test_an_old_file_that_was_not_read_to_its_end_is_read_on():
    old = made_old(hand_in(KNEES))
    import_files.stop(old, by=a_user(), now=NOW)
    checked(HIPS)
    import_files.check_again(old, by=a_user())
    work()
    assert recorded(old).write_job.result["new"] == 1


def test_rows_of_an_old_file_that_waits_to_be_recorded_stay():
    old = made_old(checked(KNEES))
    hand_in(HIPS)
    assert recorded(old).write_job.result["new"] == 1
    assert Clinic.objects.get().name == "Knee House"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_kept_file_is_read_as_it_was_handed_in(size):
    data = bytes(range(256)) * 5
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    file = import_files.take_in("any.csv", pieces, listed=False, by=a_user(), now=NOW)
    stored = BufferedReader(import_parts.StoredFile(file))
    assert (file.size, stored.read()) == (len(data), data)
    assert stored.seek(-3, 2) == len(data) - 3
    assert (stored.read(2), stored.tell()) == (data[-3:-1], len(data) - 1)
    assert (stored.read(9), stored.read(9)) == (data[-1:], b"")
