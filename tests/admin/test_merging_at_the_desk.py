"""Two records are compared, told apart or merged at the desk, and a merger is undone there."""

import pytest
from django.urls import reverse

from clinics.models import Clinic, MergeRecord, ToldApart
from clinics.operations.merging import merge
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_clinic, a_flag, a_listed_clinic, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return a_clinic("Knee House"), a_clinic("Knee-House")


def page(name: str, *args: object) -> str:
    return reverse(f"admin:clinics_{name}", args=args)


def merge_address(one: Clinic, other: Clinic, keep: str = "this") -> str:
    return f"{page('clinic_merge', one.pk)}?other={other.pk}&keep={keep}"


def test_pairs_are_listed_with_their_reasons(signed_in: SignedIn, pair):
    shown = signed_in("reviewer").get(page("clinic_duplicates")).content.decode()
    assert "names alike: “Knee House”, “Knee-House”" in shown
    assert merge_address(*pair).replace("&", "&amp;") in shown


def test_a_pair_is_told_apart_once_and_for_all(signed_in: SignedIn, pair):
    client = signed_in("recorder")
    client.post(page("clinic_apart"), {"first": pair[1].pk, "second": pair[0].pk})
    told = ToldApart.objects.get()
    assert (told.first, told.second, told.by.username) == (*pair, "recorder")
    assert b"Knee-House" not in client.get(page("clinic_duplicates")).content.partition(b'id="content-main"')[2]
    assert b"No two records" in client.get(page("clinic_likely", pair[0].pk)).content


@pytest.mark.parametrize(
    ("role", "status"), [("recorder", 403), ("auditor", 403), ("reviewer", 200), ("publisher", 200)]
)
def test_who_may_merge(signed_in: SignedIn, pair, role, status):
    client = signed_in(role)
    assert client.get(merge_address(*pair)).status_code == status
    if status == 403:
        assert client.post(merge_address(*pair), {"reason": "Same."}).status_code == 403
        assert not MergeRecord.objects.exists()


def test_an_auditor_tells_nothing_apart(signed_in: SignedIn, pair):
    assert (
        signed_in("auditor").post(page("clinic_apart"), {"first": pair[0].pk, "second": pair[1].pk}).status_code == 403
    )
    assert signed_in("recorder").get(page("clinic_apart")).status_code == 405


def test_what_merging_would_do_is_shown_before_it_is_done(signed_in: SignedIn, pair):
    one, other = pair
    a_flag(one, state="dismissed", dismissed_as="true", decided_by=a_user(), decided_at=NOW)
    a_flag(other)
    shown = signed_in("reviewer").get(merge_address(one, other)).content.decode()
    assert "Knee-House becomes part of Knee House" in shown
    row = shown.partition("Flags of the same wording")[2].partition("</tbody>")[0]
    assert "<td>open</td><td>dismissed</td><td>open</td>" in row
    assert not MergeRecord.objects.exists()


@pytest.mark.parametrize(("keep", "survivor"), [("this", 0), ("other", 1)])
def test_either_record_may_go_on(signed_in: SignedIn, pair, keep, survivor):
    answer = signed_in("reviewer").post(merge_address(*pair, keep), {"reason": "Same telephone."})
    assert answer.url == page("clinic_change", pair[survivor].pk)
    record = MergeRecord.objects.get()
    assert (record.survivor, record.by.username, record.reason) == (pair[survivor], "reviewer", "Same telephone.")


def test_a_refused_merger_says_why_and_keeps_what_was_typed(signed_in: SignedIn):
    listed, draft = a_listed_clinic("Knee House"), a_clinic("Hip House")
    shown = signed_in("reviewer").post(merge_address(draft, listed), {"reason": "Same telephone."}).content.decode()
    assert "Merge the other way, or list the survivor first." in shown
    assert 'value="Same telephone."' in shown
    assert b"This field is required" in signed_in("reviewer").post(merge_address(listed, draft), {"reason": ""}).content


def test_a_merged_record_is_looked_at_and_says_where_it_went(signed_in: SignedIn, pair):
    merge(*pair, reason="Same.", by=a_user(), now=NOW)
    client = signed_in("administrator")
    shown = client.get(page("clinic_change", pair[0].pk)).content.decode()
    assert f'Merged into <a href="{page("clinic_change", pair[1].pk)}">Knee-House</a>' in shown
    assert 'name="_save"' not in shown
    assert 'name="name"' not in shown
    assert client.post(page("clinic_change", pair[0].pk), {"name": "Other"}).status_code == 403
    assert b'class="steps"' not in client.get(page("clinic_change", pair[0].pk)).content


def test_a_merged_record_is_not_offered_for_choice(signed_in: SignedIn, pair):
    merge(*pair, reason="Same.", by=a_user(), now=NOW)
    asked = {"term": "Knee", "app_label": "clinics", "model_name": "claim", "field_name": "clinic"}
    found = signed_in("recorder").get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [each["text"] for each in found] == ["Knee-House"]


def test_a_merger_is_undone_with_a_reason(signed_in: SignedIn, pair):
    record = merge(*pair, reason="Same.", by=a_user(), now=NOW)
    client = signed_in("reviewer")
    undo = page("mergerecord_step", record.pk, "undo")
    assert b"This field is required" in client.post(undo, {"reason": ""}).content
    assert client.post(undo, {"reason": "Two owners."}).status_code == 302
    assert Clinic.objects.get(pk=pair[0].pk).status == Clinic.Status.DRAFT
    assert b'class="steps"' not in client.get(page("mergerecord_change", record.pk)).content


def test_the_history_of_a_merged_record_is_told_with_its_survivors(signed_in: SignedIn, pair):
    merge(*pair, reason="Same.", by=a_user(), now=NOW)
    shown = signed_in("auditor").get(page("clinic_history", pair[1].pk)).content.decode()
    assert f"clinic {pair[0].pk}" in shown
    assert f"clinic {pair[1].pk}" in shown


def test_a_joined_flag_shows_both_clinics_decisions(signed_in: SignedIn, pair):
    from clinics.operations import triage

    lost, kept = a_flag(pair[0]), a_flag(pair[1])
    triage.dismiss(lost, dismissed_as="true", reason="Decided at the first.", by=a_user(), now=NOW)
    merge(*pair, reason="Same.", by=a_user(), now=NOW)
    client = signed_in("reviewer")
    assert b"Decided at the first." in client.get(page("flag_change", kept.pk)).content
    listed = client.get(page("flag_changelist") + "?decision=all").content
    assert listed.count(b'class="field-wording"') == 1


def test_script_in_a_name_is_text(signed_in: SignedIn):
    one, other = a_clinic("<script>alert(1)</script>"), a_clinic("<Script>alert(1)</script>!")
    client = signed_in("reviewer")
    for address in (page("clinic_duplicates"), merge_address(one, other), page("clinic_likely", one.pk)):
        shown = client.get(address).content.lower()
        assert b"<script>alert" not in shown
        assert b"&lt;script&gt;alert" in shown


# -- asked before a new clinic is saved --

ROWS = ("page_uses", "locations", "treatments", "affiliations", "organisation_links")


def typed(**more: object) -> dict[str, object]:
    management = {f"{row}-{name}": "0" for row in ROWS for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {"name": "Knee Houses", "website_url": "", "serves_us_patients": "on", **management, **more}


def test_a_new_clinic_that_looks_like_a_recorded_one_is_asked_about_and_not_saved(signed_in: SignedIn):
    known = a_clinic("Knee House")
    place = {"locations-TOTAL_FORMS": "1", "locations-0-zip": "33130", "locations-0-country": "US"}
    known.locations.create(zip="33130", phone="(305) 555-0101")
    sent = typed(**place, **{"locations-0-phone": "305.555.0101"}, notes="Seen at the fair.")
    shown = signed_in("recorder").post(page("clinic_add"), sent).content.decode()
    assert "Is it one of these?" in shown
    assert "same telephone: (305) 555-0101; names alike: “Knee Houses”, “Knee House”" in shown
    assert "Seen at the fair." in shown  # nothing that was typed is lost
    assert f'name="not_duplicate" value="{known.pk}"' in shown
    assert Clinic.objects.get() == known


def test_a_persons_word_that_it_is_another_saves_it_and_is_kept(signed_in: SignedIn):
    known = a_clinic("Knee House")
    assert signed_in("recorder").post(page("clinic_add"), typed(not_duplicate=known.pk)).status_code == 302
    new = Clinic.objects.get(name="Knee Houses")
    told = ToldApart.objects.get()
    assert (told.first, told.second, told.by.username) == (known, new, "recorder")
    assert new.recorded_by.username == "recorder"


def test_a_word_about_one_is_no_word_about_another(signed_in: SignedIn):
    one, other = a_clinic("Knee House"), a_clinic("Knee Housed")
    shown = signed_in("recorder").post(page("clinic_add"), typed(not_duplicate=one.pk)).content.decode()
    asked = shown.partition("Is it one of these?")[2].partition("</fieldset>")[0]
    assert f'value="{other.pk}"' in asked
    assert Clinic.objects.count() == 2
    assert not ToldApart.objects.exists()


@pytest.mark.parametrize("sent", [{"name": "Spine Place"}, {"name": "Spine Place", "not_duplicate": "999"}])
def test_what_looks_like_nothing_is_saved_at_once(signed_in: SignedIn, sent):
    a_clinic("Knee House")
    assert signed_in("recorder").post(page("clinic_add"), typed(**sent)).status_code == 302
    assert not ToldApart.objects.exists()
