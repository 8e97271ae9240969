"""FDA's lists of letters: what may name a recorded clinic is drafted, once; nothing is matched by a machine."""

from io import BytesIO
from uuid import uuid4

import pytest

from clinics.models import Affiliation, Job, OfficialAction, Organisation, OrganisationLink, Page, Practitioner
from clinics.operations import jobs
from clinics.operations.official_lists import MOST_ROWS, hand_in
from clinics.operations.official_matching import likely_clinics
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_clinic, a_user

pytestmark = pytest.mark.django_db
LIST = "Posted Date,Letter Issue Date,Company Name,Issuing Office,Subject,Response Letter,Closeout Letter,Excerpt"
DASHBOARD = "FEI Number,Legal Name,Action Taken Date,Action Type,State,Product Type,Case/Injunction ID"
HOUSE = "03/10/2026,03/04/2026,Knee House LLC,Center for Biologics,Unlicensed Products,,,"
TOBACCO = "03/10/2026,03/04/2026,Quick Vape Corner,Center for Tobacco Products,Youth Access,,,"


def handed_in(*lines):
    return hand_in(BytesIO("\n".join(lines).encode()), by=a_user("importer"))


def imported(*lines):
    job = handed_in(*lines)
    assert jobs.work_one(lambda: NOW, uuid4())
    job.refresh_from_db()
    return job


def test_what_may_name_a_recorded_clinic_is_drafted_and_matched_by_nobody():
    clinic = a_clinic("Knee House")
    done = imported(LIST, HOUSE, TOBACCO)
    assert done.state == "done"
    assert done.result == {"rows": 2, "known": 0, "unlike": 1, "drafted": 1}
    action = OfficialAction.objects.get()
    assert (action.agency, action.kind, str(action.acted_on)) == (
        "FDA, Center for Biologics",
        "warning_letter",
        "2026-03-04",
    )
    assert (action.addressee, action.title) == ("Knee House LLC", "Unlicensed Products")
    assert (action.clinic, action.state, action.drafted_by.username) == (None, "draft", "importer")
    assert [likely.clinic for likely in likely_clinics(action)] == [clinic]


def test_importing_again_changes_nothing_and_finds_who_was_recorded_since():
    a_clinic("Knee House")
    imported(LIST, HOUSE, TOBACCO)
    before = list(OfficialAction.objects.values())
    again = imported(LIST, TOBACCO, HOUSE, HOUSE)
    assert (again.result["known"], again.result["drafted"]) == (1, 0)
    assert list(OfficialAction.objects.values()) == before
    a_clinic("Quick Vape Corner")
    assert imported(LIST, HOUSE, TOBACCO).result["drafted"] == 1
    assert set(OfficialAction.objects.values_list("addressee", flat=True)) == {"Knee House LLC", "Quick Vape Corner"}


def test_the_dashboards_compliance_actions_are_known_too():
    clinic = a_clinic("Hip House")
    company = Organisation.objects.create(name="Meadow Cells, Inc.")
    OrganisationLink.objects.create(clinic=clinic, organisation=company, relation="operates")
    doctor = Practitioner.objects.create(name="Dr. Ana Example")
    Affiliation.objects.create(clinic=clinic, practitioner=doctor)
    imported(
        DASHBOARD,
        "1,Meadow Cells Inc,2026-03-04,Injunction,FL,Biologics,123",
        '2,"Ana Example, M.D.",2026-04-04,Warning Letter,FL,Biologics,',
        "3,Nobody Known Ltd,2026-04-04,Warning Letter,FL,Biologics,",
    )
    told = OfficialAction.objects.order_by("acted_on").values_list("kind", "addressee_state", "notes", "title")
    assert list(told) == [
        ("injunction", "FL", "Case 123", "Injunction"),
        ("warning_letter", "FL", "", "Warning letter"),
    ]


def test_an_address_beside_the_letter_becomes_its_document():
    a_clinic("Knee House")
    header = "url,posted_date,letter_date,company,issuing_office,subject"
    imported(header, "https://agency.example/letter,2026-03-10,2026-03-04,Knee House LLC,CBER,Unlicensed Products")
    assert OfficialAction.objects.get().link == Page.objects.get(url="https://agency.example/letter")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["name,website", "Knee House,https://x.example"], "no column “Letter Issue Date”, “Company Name”"),
        (["Letter Issue Date,Company Name", "03/04/2026,Knee House"], "no column “Subject” or “Action Type”"),
        ([""], "no column"),
        ([LIST, HOUSE, HOUSE.replace("03/04/2026", "in March")], "Row 3: no date"),
        ([LIST, HOUSE, HOUSE.replace("Knee House LLC", " ")], "Row 3: no company"),
        ([LIST, HOUSE, HOUSE.replace("Knee House LLC", "Knee House " * 40)], "Row 3: addressee is longer"),
        ([LIST, *[TOBACCO] * (MOST_ROWS + 1)], "more than 10,000 rows"),
        ([LIST, f'"{HOUSE}'], "not a well-formed CSV"),
        ([LIST, HOUSE + "\x00"], "NUL"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_written(lines, why):
    a_clinic("Knee House")
    with pytest.raises(Refusal, match=why):
        handed_in(*lines)
    assert not Job.objects.exists()


def test_where_one_row_cannot_be_drafted_none_is_and_the_job_says_which():
    a_clinic("Knee House")
    job = imported(LIST, HOUSE, HOUSE.replace("03/04/2026", "03/04/2036"))
    assert job.state == "failed"
    assert job.message == "Row 3: The document bears a date to come. Look at it again. Nothing was imported."
    assert not OfficialAction.objects.exists()


def test_a_list_that_is_stopped_drafts_nothing():
    a_clinic("Knee House")
    job = handed_in(LIST, HOUSE)
    jobs.cancel(job, by=None, now=NOW)
    assert not jobs.work_one(lambda: NOW, uuid4())
    assert not OfficialAction.objects.exists()


def test_a_list_that_is_stopped_while_it_is_worked_on_drafts_nothing(monkeypatch):
    a_clinic("Knee House")
    job = handed_in(LIST, HOUSE)

    def stopped_meanwhile(addressees):
        Job.objects.update(cancel_asked_at=NOW)
        return {0}

    monkeypatch.setattr("clinics.operations.official_letters.like_any_clinic", stopped_meanwhile)
    assert jobs.work_one(lambda: NOW, uuid4())
    job.refresh_from_db()
    assert (job.state, OfficialAction.objects.count()) == ("cancelled", 0)


def test_a_formula_in_a_cell_is_only_text():
    a_clinic("Knee House")
    imported(LIST, HOUSE.replace("Unlicensed Products", '"=HYPERLINK(""https://x.example"")"'))
    assert OfficialAction.objects.get().title == '=HYPERLINK("https://x.example")'
