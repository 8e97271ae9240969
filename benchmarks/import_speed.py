"""How fast a file of clinics is checked and recorded by its jobs, and in how much memory.

    python3 run.py manage shell -c "exec(open('benchmarks/import_speed.py').read())"   # in an empty EMBEDDED_HOME

`ROWS` (50000) is the number of rows, each a new clinic with a place, a website and two more pages. The clinics are
fictional and stay in the database.
"""

import os
import resource
import time
from uuid import uuid4

from django.contrib.auth.models import User
from django.utils import timezone
from zipcodes import list_all

from clinics.models import Clinic, ClinicImport
from clinics.operations import import_files, jobs
from clinics.operations.exporting import clinic_rows
from clinics.operations.import_columns import COLUMNS
from clinics.published.spreadsheet import csv_pieces

ROWS = int(os.environ.get("ROWS", "50000"))
ZIPS = [place["zip_code"] for place in list_all() if place["state"] in ("AZ", "CA", "FL", "TX")]


def rows():
    yield list(COLUMNS)
    for number in range(ROWS):
        url = f"https://clinic-{number}.example/"
        row = {"name": f"Clinic {number}", "website": url, "pages": f"{url}knees {url}hips", "notes": "Seen at a fair"}
        row |= {"street": f"{number} Main St", "zip": ZIPS[number % len(ZIPS)], "phone": f"305-555-01{number % 100:02}"}
        yield [row.get(name, "") for name in COLUMNS]


def told(what, begun, number):
    taken, peak = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what}: {taken:.1f} s, {number / taken:.0f} rows a second, at most {peak} MB", flush=True)


def worked(what, file):
    begun = time.monotonic()
    while jobs.work_one(timezone.now, uuid4()):
        continue
    told(what, begun, ROWS)
    file = ClinicImport.objects.get(pk=file.pk)
    print("  ", file.stage, file.job.message, flush=True)
    return file


def handed_in(name, table):
    begun = time.monotonic()
    file = import_files.take_in(name, csv_pieces(table), listed=False, by=user, now=timezone.now())
    told(f"{name}, {file.size:,} bytes, made and kept", begun, ROWS)
    return file


user, _ = User.objects.get_or_create(username="benchmark")
told("before anything", time.monotonic() - 1, 0)
new = worked("checked, all new", handed_in("new.csv", rows()))
import_files.confirm(new, by=user)
worked("recorded", new)
worked("checked again, all unchanged", handed_in("export.csv", clinic_rows(Clinic.objects.all())))
