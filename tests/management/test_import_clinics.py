import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser

from clinics.management.commands.import_clinics import Command
from clinics.models import Clinic
from clinics.operations.import_columns import COLUMNS

pytestmark = pytest.mark.django_db
GOOD = "name,website\nKnee House,https://knees.example/\n"
BAD = "name,website,zip\nKnee House,knees.example,1\n"


def run(tmp_path, text, *options):
    file = tmp_path / "clinics.csv"
    file.write_text(text, encoding="utf-8")
    out, errors = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("import_clinics", str(file), *options, stdout=out, stderr=errors)
    except SystemExit as end:
        status = end.code
    return status, json.loads(out.getvalue()), errors.getvalue()


def test_a_sound_file_ends_with_a_summary_object(tmp_path):
    nothing = {"changed": 0, "unchanged": 0, "faults": []}
    assert run(tmp_path, GOOD) == (0, {"created": 1, "pages": 1, **nothing}, "")
    assert Clinic.objects.get().status == "draft"


@pytest.mark.parametrize(("options", "status"), [([], "draft"), (["--listed"], "listed")])
def test_clinics_are_drafts_unless_they_are_asked_to_be_listed(tmp_path, options, status):
    run(tmp_path, GOOD, *options)
    assert Clinic.objects.get().status == status


def test_a_dry_run_keeps_nothing(tmp_path):
    status, summary, _ = run(tmp_path, GOOD, "--dry-run")
    assert (status, summary["created"], Clinic.objects.count()) == (0, 1, 0)


def test_a_bad_row_ends_with_status_1_and_every_fault_in_both_places(tmp_path):
    status, summary, errors = run(tmp_path, BAD)
    assert (status, summary["created"], Clinic.objects.count()) == (1, 0, 0)
    assert [(fault["row"], fault["column"]) for fault in summary["faults"]] == [(2, "website"), (2, "zip")]
    assert "row 2, column website: This address does not begin with http" in errors
    assert "Nothing was written." in errors


def test_a_file_that_is_not_there_is_said_to_be(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_clinics", str(tmp_path / "none.csv"))


def test_the_help_names_every_column():
    parser = Command().create_parser("manage.py", "import_clinics")
    assert isinstance(parser, CommandParser)
    assert all(f"  {name} " in parser.format_help() for name in COLUMNS)
