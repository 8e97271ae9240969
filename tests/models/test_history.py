"""What the database itself keeps and refuses, whoever writes to it and however."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.sql import SQL, Identifier

from clinics.models import Check, Claim, Clinic, CredentialCheck, Decision, PageState
from clinics.operations import publication, triage
from tests.build import (
    NOW,
    a_check,
    a_claim,
    a_clinic,
    a_flag,
    a_page,
    a_published_claim,
    a_published_credential,
    a_user,
)

pytestmark = pytest.mark.django_db
REFUSED = "pgtrigger: Cannot"


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def events(row):
    """The labels of a row's events, in order."""
    return list(row.events.order_by("pgh_id").values_list("pgh_label", flat=True))


WAYS = {
    "ORM": lambda clinic: (setattr(clinic, "name", "Knee Home"), clinic.save()),
    "bulk": lambda clinic: Clinic.objects.filter(pk=clinic.pk).update(name="Knee Home"),
    "bulk of rows": lambda clinic: (
        setattr(clinic, "name", "Knee Home"),
        Clinic.objects.bulk_update([clinic], ["name"]),
    ),
    "SQL": lambda clinic: sql("UPDATE clinics_clinic SET name = %s WHERE id = %s", "Knee Home", clinic.pk),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_edit_leaves_an_event_whichever_way_it_comes(way):
    clinic = Clinic.objects.create(name="Knee House")
    WAYS[way](clinic)
    assert events(clinic) == ["insert", "update"]
    assert clinic.events.latest("pgh_id").name == "Knee Home"
    assert clinic.events.earliest("pgh_id").name == "Knee House"


@pytest.mark.parametrize("way", ["ORM", "SQL"])
def test_a_removal_leaves_an_event(way):
    clinic = Clinic.objects.create(name="Knee House")
    kept, key = clinic.events.model, clinic.pk
    if way == "ORM":
        clinic.delete()
    else:
        sql("DELETE FROM clinics_clinic WHERE id = %s", key)
    assert kept.objects.filter(pgh_obj_id=key).latest("pgh_id").pgh_label == "delete"


def test_rows_made_in_bulk_leave_events():
    [clinic] = Clinic.objects.bulk_create([Clinic(name="Knee House")])
    assert events(clinic) == ["insert"]


def test_a_re_check_is_no_edit_of_the_page():
    page = a_page()
    before = events(page)
    PageState.objects.filter(page=page).update(last_tried_at=NOW)
    assert events(page) == before


def test_an_event_itself_is_never_changed_or_removed():
    kept = a_clinic().events.model.objects
    for change in (lambda: kept.update(name="Other"), lambda: kept.all().delete()):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            change()


def a_reading():
    return Check.objects.create(id=uuid4(), started_at=NOW, page=a_page(), outcome="ok")


def a_decision():
    triage.dismiss(a_flag(), dismissed_as="true", reason="So it is.", by=a_user(), now=NOW)
    return Decision.objects.get()


def a_version():
    return a_published_claim().versions.get()


APPEND_ONLY = {
    "check": (a_reading, {"outcome": "gone"}),
    "decision": (a_decision, {"reason": "Another."}),
    "version": (a_version, {"digest": "0" * 64}),
    "published check": (a_published_credential, {"register_word": "Other"}),
}


@pytest.mark.parametrize("kind", APPEND_ONLY)
@pytest.mark.parametrize("way", ["update", "delete", "SQL update", "SQL delete"])
def test_what_is_append_only_is_neither_changed_nor_removed(kind, way):
    make, change = APPEND_ONLY[kind]
    row = make()
    rows, [(name, value)] = type(row).objects.filter(pk=row.pk), change.items()
    table = row._meta.db_table
    does = {
        "update": lambda: rows.update(**change),
        "delete": lambda: rows._raw_delete(using="default"),
        "SQL update": lambda: sql(SQL("UPDATE {} SET {} = %s").format(Identifier(table), Identifier(name)), value),
        "SQL delete": lambda: sql(SQL("DELETE FROM {}").format(Identifier(table))),
    }[way]
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        does()
    row.refresh_from_db()
    assert getattr(row, name) != value


def test_a_draft_of_a_check_may_still_be_changed_and_removed():
    check = a_check()
    CredentialCheck.objects.filter(pk=check.pk).update(register_word="Other")
    assert CredentialCheck.objects.filter(pk=check.pk).delete()[0] == 1


@pytest.mark.parametrize("change", [{"quote": "Other words."}, {"category": "no_risk"}])
def test_the_words_of_a_claim_stay_once_it_is_public_and_not_before(change):
    draft = a_claim(a_clinic("Hip House"))
    assert Claim.objects.filter(pk=draft.pk).update(**change) == 1
    public = a_published_claim()
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        Claim.objects.filter(pk=public.pk).update(**change)
    assert Claim.objects.filter(pk=public.pk).update(notes="Internal.") == 1


def test_a_claim_that_was_public_is_never_removed_and_a_draft_may_be():
    draft = a_claim(a_clinic("Hip House"))
    Claim.objects.filter(pk=draft.pk).delete()
    public = a_published_claim()
    publication.withdraw(public, reason="A mistake.", by=a_user(), now=NOW)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        sql("DELETE FROM clinics_claim WHERE id = %s", public.pk)
