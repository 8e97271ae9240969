"""An official action at the desk: written down, proposed to nobody without reasons, matched, and signed by two."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from clinics.models import Job, OfficialAction
from clinics.operations import jobs, official_actions
from tests.build import NOW, a_clinic, a_published_action, a_user, an_action

FACTS = {
    "agency": "FDA",
    "kind": "untitled_letter",
    "acted_on": "2026-03-04",
    "title": "Letter on exosomes",
    "quote": "",
    "addressee": "Knee House LLC",
    "addressee_state": "FL",
    "url": "https://agency.example/letter",
    "notes": "",
}
LIST = b"Letter Issue Date,Company Name,Subject\n03/04/2026,Knee House LLC,Exosomes\n03/04/2026,Vape Corner,Sales\n"


def page_of(action):
    return reverse("admin:clinics_officialaction_change", args=[action.pk])


def step(client, action, taken, **answers):
    address = reverse("admin:clinics_officialaction_step", args=[action.pk, taken])
    return client.post(address, answers, follow=True).content.decode()


def test_from_a_document_to_the_public_by_two_people(signed_in):
    clinic, client = a_clinic("Knee House"), signed_in("publisher")
    client.post(reverse("admin:clinics_officialaction_add"), FACTS)
    action = OfficialAction.objects.get()
    shown = client.get(page_of(action)).content.decode()
    assert "Say which clinic the addressee is." in shown
    assert "names alike" in shown or "same name" in shown
    assert "Matched" in step(client, action, "match", clinic=clinic.pk, how="Same name and street")
    step(client, action, "sign")
    assert "signature of another person" in step(client, action, "second")
    step(signed_in("publisher", "reviewer"), action, "second")
    action.refresh_from_db()
    assert (action.state, action.clinic, action.matched_by.username) == ("published", clinic, "publisher")
    assert "Letter on exosomes" in client.get(page_of(action)).content.decode()
    assert "Knee House LLC" in client.get(reverse("admin:clinics_clinic_change", args=[clinic.pk])).content.decode()


def test_a_match_says_how_one_knows(signed_in):
    clinic, client = a_clinic("Knee House"), signed_in("reviewer")
    client.post(reverse("admin:clinics_officialaction_add"), FACTS)
    action = OfficialAction.objects.get()
    assert "This field is required" in step(client, action, "match", clinic=clinic.pk, how="")
    action.refresh_from_db()
    assert action.clinic is None


def test_a_draft_is_mended_and_a_published_one_keeps_its_words(signed_in):
    client, draft = signed_in("publisher"), an_action()
    managed = {f"{name}-{which}_FORMS": 0 for name in ("outcomes", "versions") for which in ("TOTAL", "INITIAL")}
    client.post(page_of(draft), {**FACTS, **managed, "title": "Another title"})
    draft.refresh_from_db()
    assert draft.title == "Another title"
    public = a_published_action(a_clinic("Hip House"), url="https://agency.example/2")
    client.post(page_of(public), {**FACTS, **managed, "title": "Another title", "notes": "Seen."})
    public.refresh_from_db()
    assert (public.title, public.notes) == ("Letter on unlicensed products", "Seen.")


def test_an_outcome_is_recorded_by_one_and_confirmed_by_another(signed_in):
    action, client = a_published_action(), signed_in("publisher")
    step(client, action, "outcome", kind="close_out_letter", dated="2026-09-01", title="Closed", url="")
    assert "word of another person" in step(client, action, "confirm")
    official_actions.record_outcome(action, "appeal", NOW.date(), by=a_user("first"), now=NOW)
    step(signed_in("publisher", "reviewer"), action, "confirm")
    assert [one.confirmed_by and one.confirmed_by.username for one in action.outcomes.order_by("pk")] == [
        "publisher-reviewer",
        None,
    ]


def test_a_list_of_letters_is_handed_in(signed_in):
    a_clinic("Knee House")
    address = reverse("admin:clinics_officialaction_letters")
    client = signed_in("recorder")
    told = client.post(address, {"file": SimpleUploadedFile("letters.csv", LIST)}, follow=True).content.decode()
    assert "2 rows read. A worker drafts those that may name a recorded clinic" in told
    assert "Knee House LLC" not in told  # what was handed in stands nowhere but in the drafts
    assert jobs.work_one(timezone.now, uuid4())
    job = client.get(reverse("admin:clinics_job_change", args=[Job.objects.get().pk])).content.decode()
    assert "2 rows read: 1 drafted for somebody to match, 0 known from before, 1 left out" in job
    drafts = f"{reverse('admin:clinics_officialaction_changelist')}?matched=no"
    assert f'<a href="{drafts}">' in job
    assert "Knee House LLC" in client.get(drafts).content.decode()
    wrong = client.post(address, {"file": SimpleUploadedFile("a.csv", b"name\nx\n")}).content.decode()
    assert "no column" in wrong
    assert signed_in("auditor").get(address).status_code == 403
