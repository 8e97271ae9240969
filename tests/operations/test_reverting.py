"""Setting a row back to an earlier version: only what people typed, as a new change, and never over somebody's head."""

import pytest

from clinics.models import Claim, Clinic, CredentialCheck, Flag, Location, Practitioner, Term, Treatment
from clinics.models.claim import ClaimVersion
from clinics.operations import merging
from clinics.operations.refusal import Refusal
from clinics.operations.reverting import PLAIN, newest_version, set_back
from tests.build import NOW, a_clinic, a_flag, a_published_claim, a_user

pytestmark = pytest.mark.django_db


def first_version(row):
    return row.events.earliest("pgh_id")


def back(row, event=None, **more):
    event = event or first_version(row)
    facts = {"seen": newest_version(event), "reason": "Typed into the wrong row.", "by": a_user(), **more}
    return set_back(event, **facts)


def test_what_was_typed_is_set_back_as_a_change_with_person_and_reason():
    clinic = a_clinic("Knee House", notes="Calm.")
    Clinic.objects.filter(pk=clinic.pk).update(name="Hip House", notes="Loud.")
    back(clinic)
    clinic.refresh_from_db()
    assert (clinic.name, clinic.notes) == ("Knee House", "Calm.")
    newest = clinic.events.select_related("pgh_context").latest("pgh_id")
    assert newest.pgh_context.metadata == {"user": a_user().pk, "reason": "Typed into the wrong row."}


def test_a_state_stays_as_it_is_whatever_the_version_says():
    clinic = a_clinic("Knee House")
    Clinic.objects.filter(pk=clinic.pk).update(name="Hip House", status="listed", status_since=NOW.date())
    back(clinic)
    clinic.refresh_from_db()
    assert (clinic.name, clinic.status, clinic.website_id is None) == ("Knee House", "listed", False)


def test_a_place_is_set_back_with_its_coordinates():
    place = a_clinic().locations.create(city="Miami", state="FL", latitude=25.8, longitude=-80.2)
    Location.objects.filter(pk=place.pk).update(city="Reno", state="NV", latitude=39.5, longitude=-119.8)
    back(place)
    place.refresh_from_db()
    assert (place.city, place.state, place.latitude, place.longitude) == ("Miami", "FL", 25.8, -80.2)


def test_published_words_and_states_of_a_claim_are_never_set_back_and_its_notes_are():
    claim = a_published_claim()
    Claim.objects.filter(pk=claim.pk).update(notes="Internal.")
    back(claim)
    kept = Claim.objects.get(pk=claim.pk)
    assert (kept.notes, kept.state, kept.quote) == ("", claim.state, claim.quote)


@pytest.mark.parametrize("kind", [Flag, CredentialCheck, ClaimVersion])
def test_kinds_that_only_their_steps_change_are_not_in_the_list(kind):
    assert kind not in PLAIN


def test_no_list_of_plain_fields_names_a_column_that_people_do_not_type():
    steered = {"status", "status_since", "status_reason", "public_id", "merged_into", "website", "clinic", "quote"}
    made = {"phone_typed"}  # written along with the telephone by its form
    for model, names in PLAIN.items():
        assert not steered & set(names), model
        assert model is Location or "state" not in names, model  # a place's state is Florida, not a stage
        fields = [model._meta.get_field(name) for name in names if name not in made]
        assert all(field.editable for field in fields), model


CHANGED_SINCE = "changed this since"


@pytest.mark.parametrize(
    ("spoil", "more", "why"),
    [
        (lambda clinic: None, {"reason": " "}, "Give a reason"),
        (lambda clinic: None, {"seen": 1}, CHANGED_SINCE),
        (lambda clinic: Clinic.objects.filter(pk=clinic.pk).update(name="Knee House"), {}, "holds the same now"),
    ],
    ids=["no reason", "somebody changed it since", "nothing to change"],
)
def test_it_is_refused_with_the_reason_and_nothing_is_written(spoil, more, why):
    clinic = a_clinic("Knee House")
    Clinic.objects.filter(pk=clinic.pk).update(name="Hip House")
    spoil(clinic)
    before = clinic.events.count()
    with pytest.raises(Refusal, match=why):
        back(clinic, **more)
    assert clinic.events.count() == before


def test_who_looked_before_somebody_else_changed_it_is_told():
    clinic = a_clinic("Knee House")
    Clinic.objects.filter(pk=clinic.pk).update(name="Hip House")
    seen = newest_version(first_version(clinic))
    Clinic.objects.filter(pk=clinic.pk).update(notes="A third person's.")
    with pytest.raises(Refusal, match=CHANGED_SINCE):
        back(clinic, seen=seen)


def test_a_flag_is_refused():
    with pytest.raises(Refusal, match="its own steps"):
        back(a_flag())


def test_a_row_that_was_removed_is_refused():
    treatment = Treatment.objects.create(clinic=a_clinic(), name="Knee shot")
    event = first_version(treatment)
    treatment.delete()
    with pytest.raises(Refusal, match="removed"):
        back(treatment, event)


def test_a_clinic_that_was_merged_is_refused():
    clinic, other = a_clinic("Knee House"), a_clinic("Hip House")
    Clinic.objects.filter(pk=clinic.pk).update(notes="Later.")
    merging.merge(clinic, other, reason="Same.", by=a_user(), now=NOW)
    with pytest.raises(Refusal, match="undo the merger first"):
        back(clinic)


def test_values_that_are_not_allowed_any_more_are_refused():
    practitioner = Practitioner.objects.create(name="Ada Example", npi="1234567893")
    Practitioner.objects.filter(pk=practitioner.pk).update(npi="")
    Practitioner.objects.create(name="Bo Example", npi="1234567893")
    with pytest.raises(Refusal, match="not allowed any more"):
        back(practitioner)
    practitioner.refresh_from_db()
    assert practitioner.npi == ""


def test_what_a_treatment_is_for_is_set_back_with_its_name():
    knee, hip = (a_term(Term.Kind.CONDITION, key) for key in ("knee", "hip"))
    treatment = Treatment.objects.create(clinic=a_clinic(), name="Shot", condition=knee)
    Treatment.objects.filter(pk=treatment.pk).update(name="Other", condition=hip)
    back(treatment)
    treatment.refresh_from_db()
    assert (treatment.name, treatment.condition) == ("Shot", knee)


def a_term(kind: str, key: str) -> Term:
    facts = {"kind": kind, "key": key, "english": key, "spanish": key}
    return Term.objects.get_or_create(id=f"{kind}:{key}", defaults=facts)[0]
