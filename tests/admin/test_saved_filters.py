"""Filters of a list under a name: kept, opened, renamed, deleted, shared or not, and told when they are out of date."""

import pytest
from django.urls import reverse

from clinics.models import SavedFilter
from tests.admin.conftest import SignedIn
from tests.build import a_flag, a_saved_filter, a_user

ADD = reverse("admin:clinics_savedfilter_add")
FLAGS = reverse("admin:clinics_flag_changelist")
LISTS = ("flag", "clinic", "claim", "credentialcheck", "page")


def opened(saved: SavedFilter) -> str:
    return reverse("admin:clinics_savedfilter_open", args=[saved.pk])


def changed(saved: SavedFilter) -> str:
    return reverse("admin:clinics_savedfilter_change", args=[saved.pk])


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_shows_its_saved_filters_and_no_others(signed_in: SignedIn, kind: str) -> None:
    client, me = signed_in("reviewer"), a_user("reviewer")
    for each in LISTS:
        a_saved_filter(each, "q=knee", name=f"Knees of {each}", by=me)
    a_saved_filter(kind, "q=hip", name="Nobody's business", by=a_user("other"))
    a_saved_filter(kind, "q=arm", name="Everybody's", by=a_user("other"), is_shared=True)
    shown = client.get(reverse(f"admin:clinics_{kind}_changelist")).context["saved_filters"]
    assert [str(saved) for saved in shown] == ["Everybody's", f"Knees of {kind}"]


def test_the_filters_of_a_list_are_kept_and_lead_back_to_it(signed_in: SignedIn) -> None:
    a_flag(severity=5)
    a_flag(sentence="A milder thing.", severity=2)
    client = signed_in("reviewer")
    page = client.get(f"{FLAGS}?severity__exact=5&p=1")
    form = client.get(page.context["save_url"])
    assert form.context["adminform"].form.initial == {"kind": "flag", "query": "severity__exact=5"}
    answer = client.post(ADD, {"name": "Gravest", "kind": "flag", "query": "severity__exact=5"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{FLAGS}?severity__exact=5"
    assert answer.context["cl"].result_count == 1
    saved = SavedFilter.objects.get()
    assert answer.context["opened"] == saved
    assert client.get(opened(saved)).headers["Location"] == f"{FLAGS}?severity__exact=5"


def test_a_list_without_filters_has_nothing_to_keep(signed_in: SignedIn) -> None:
    assert signed_in("reviewer").get(FLAGS).context["save_url"] == ""
    assert signed_in("auditor").get(f"{FLAGS}?severity__exact=5").context["save_url"] == ""


REFUSED = [
    ({"kind": "flag", "query": "colour=red"}, "does not know one of these filters"),
    ({"kind": "flag", "query": "clinic__recorded_by__password__startswith=p"}, "has no such filter"),
    ({"kind": "flag", "query": "severity__exact=grave"}, "or one of the values"),
    ({"kind": "flag", "query": "decision=perhaps"}, "has no choice “perhaps”"),
    ({"kind": "directory", "query": "colour=red"}, "The directory has no filter “colour”."),
    ({"kind": "directory", "query": "state=Nowhere"}, "is not a state that we know"),
    ({"kind": "flag", "query": "just words"}, "These are not the filters of a list"),
    ({"kind": "ghost", "query": "q=a"}, "Select a valid choice"),
    ({"kind": "flag", "query": "q=a", "name": " "}, "This field is required"),
]


@pytest.mark.parametrize(("answers", "told"), REFUSED)
def test_filters_that_the_list_does_not_understand_are_refused(
    signed_in: SignedIn, answers: dict[str, str], told: str
) -> None:
    text = signed_in("reviewer").post(ADD, {"name": "Mine", **answers}).content.decode()
    assert told in text
    assert not SavedFilter.objects.exists()


def test_a_name_is_given_once_by_a_person_for_a_list(signed_in: SignedIn) -> None:
    client = signed_in("reviewer")
    a_saved_filter(name="Mine", by=a_user("other"))
    answers = {"name": "Mine", "kind": "flag", "query": "severity__exact=5"}
    assert client.post(ADD, answers).status_code == 302
    assert "You keep filters of this list under this name already." in client.post(ADD, answers).content.decode()
    assert client.post(ADD, {**answers, "kind": "claim"}).status_code == 302
    assert SavedFilter.objects.count() == 3


def test_filters_that_are_out_of_date_are_told_when_they_are_opened(signed_in: SignedIn) -> None:
    saved = a_saved_filter(by=a_user("reviewer"))
    SavedFilter.objects.update(query="colour=red")
    answer = signed_in("reviewer").get(opened(saved), follow=True)
    assert answer.redirect_chain == [(FLAGS, 302)]
    assert "cannot be opened as it was saved: The list does not know one of these filters" in answer.content.decode()


def test_one_renames_and_deletes_ones_own(signed_in: SignedIn) -> None:
    client, saved = signed_in("reviewer"), a_saved_filter(by=a_user("reviewer"))
    name = saved.public_id
    answers = {"name": "Graver", "query": "/admin/clinics/flag/?severity__exact=5", "is_shared": "on"}
    assert client.post(changed(saved), answers).status_code == 302
    saved.refresh_from_db()
    assert (saved.name, saved.query, saved.is_shared, saved.public_id) == ("Graver", "severity__exact=5", True, name)
    assert [event.pgh_label for event in saved.events.order_by("pgh_id")] == ["insert", "update"]
    assert client.post(reverse("admin:clinics_savedfilter_delete", args=[saved.pk]), {"post": "yes"}).status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(("is_shared", "opens"), [(True, 302), (False, 404)])
def test_others_open_what_is_shared_and_change_nothing(signed_in: SignedIn, is_shared: bool, opens: int) -> None:
    client, saved = signed_in("administrator"), a_saved_filter(by=a_user("other"), is_shared=is_shared)
    assert client.get(opened(saved)).status_code == opens
    assert client.post(changed(saved), {"name": "Taken", "query": ""}).status_code in (302, 403)
    gone = reverse("admin:clinics_savedfilter_delete", args=[saved.pk])
    assert client.post(gone, {"post": "yes"}).status_code == 403
    saved.refresh_from_db()
    assert saved.name == "Grave ones"


def test_filters_of_the_directory_open_there(signed_in: SignedIn) -> None:
    saved = a_saved_filter("directory", "https://directory.example/?state=FL&page=2&clinic=x", by=a_user("reviewer"))
    assert signed_in("reviewer").get(opened(saved)).headers["Location"] == "/?state=FL"
