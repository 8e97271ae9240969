"""Synthetic clinics: searchable by every facet, the same every time, and sound as evidence."""

import pytest
from django.utils import timezone

from clinics.models import Check, Claim, Clinic, CredentialCheck, Flag, PageState, Sighting
from clinics.operations.reference import prepare
from clinics.operations.refusal import Refusal
from clinics.operations.seed_words import name_of, public_id_of, sentence_of
from clinics.operations.seeding import seed
from clinics.published.counts import facet_counts
from clinics.published.filters import ClinicFilter
from tests.build import NOW
from tests.operations.proof import verified

pytestmark = pytest.mark.django_db


def seeded(clinics: int = 120, flags: int = 250, checks: int = 500) -> list[str]:
    prepare(NOW)
    lines: list[str] = []
    seed(clinics, flags, checks, NOW, lines.append)
    return lines


def test_it_makes_as_many_rows_as_were_asked_for_and_says_how_far_it_is():
    lines = seeded()
    assert (Clinic.objects.listed().count(), Flag.objects.count(), Check.objects.count()) == (120, 250, 500)
    assert Sighting.objects.count() == 250
    assert lines == ["120 of 120 clinics", "500 of 500 checks"]


def test_every_facet_has_values():
    seeded()
    counts = facet_counts({})
    empty = [facet for facet, values in counts.items() if not any(values.values())]
    assert empty == ["official_action"]  # a document names its addressee: none is made up by the thousand


def test_the_same_number_is_the_same_clinic_found_by_its_name():
    seeded(30, 60, 0)
    clinic = Clinic.objects.order_by("pk")[7]
    assert (clinic.name, clinic.public_id) == (name_of(7), public_id_of(7))
    assert ClinicFilter({"q": clinic.name}).qs.get() == clinic
    sentences = set(Flag.objects.values_list("sentence", flat=True))
    assert sentences == {sentence_of((number + 1) * 1_000_000 + index) for number in range(30) for index in range(2)}


def test_a_second_call_adds_others():
    seeded(10, 0, 0)
    seeded(10, 5, 5)
    assert Clinic.objects.values("name").distinct().count() == 20
    assert CredentialCheck.objects.values("public_id").distinct().count() == CredentialCheck.objects.count()
    assert Claim.objects.values("public_id").distinct().count() == Claim.objects.count()


def test_what_is_proof_verifies():
    seeded()
    assert verified()[0] == []


def test_flags_are_spread_evenly_and_decided_ones_have_their_decisions():
    seeded(10, 25, 0)
    by_clinic = [clinic.flags.count() for clinic in Clinic.objects.all()]
    assert set(by_clinic) == {2, 3}
    for flag in Flag.objects.exclude(state="open"):
        assert flag.decisions.get().state == flag.state


def test_checks_lie_in_the_half_year_before():
    seeded(10, 0, 200)
    first, last = (Check.objects.order_by(order).first() for order in ("started_at", "-started_at"))
    assert (NOW - first.started_at).days == 180
    assert last.started_at < NOW
    assert PageState.objects.filter(due_at__lte=timezone.now()).count() == 0


def test_a_database_without_rules_is_refused():
    with pytest.raises(Refusal, match="prepare"):
        seed(1, 0, 0, NOW, print)


def test_checks_without_pages_are_refused():
    prepare(NOW)
    with pytest.raises(Refusal, match="seed clinics first"):
        seed(0, 0, 5, NOW, print)
