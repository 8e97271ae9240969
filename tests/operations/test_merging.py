"""Two records of one clinic become one, and can be parted again with every row where it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinics.models import (
    Affiliation,
    Claim,
    Clinic,
    CredentialCheck,
    Flag,
    IgnoreRule,
    LegalHold,
    MergeRecord,
    Organisation,
    OrganisationLink,
    PageProposal,
    PageUse,
    Practitioner,
    Snapshot,
)
from clinics.operations import capturing, claims, legal_holds, publication, standing, triage
from clinics.operations.merging import merge
from clinics.operations.parting import undo_merge
from clinics.operations.recording import place_location, record_page
from clinics.operations.refusal import Refusal
from clinics.operations.sealing import seal_days
from tests.build import (
    NOW,
    PROMISE,
    a_check,
    a_claim,
    a_clinic,
    a_flag,
    a_listed_clinic,
    a_look_up,
    a_page,
    a_proposal,
    a_published_action,
    a_published_answer,
    a_published_claim,
    a_published_credential,
    a_user,
    an_action,
    later,
    not_stated,
)
from tests.operations.proof import Proof, verified
from tests.operations.reading import a_rule

pytestmark = pytest.mark.django_db
NOT_COMPARED = ("MergeRecord",)


@pytest.fixture
def ada():
    return a_user("ada")


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


def every_row() -> dict[str, list[tuple]]:
    """All rows of all tables but those of the mergers themselves and of the triggers' history."""
    models = [m for m in apps.get_app_config("clinics").get_models() if not m.__name__.endswith("Event")]
    return {
        model.__name__: sorted(model._default_manager.order_by().values_list(), key=repr)
        for model in models
        if model.__name__ not in NOT_COMPARED
    }


def merged(one: Clinic, other: Clinic, **more) -> MergeRecord:
    return merge(one, other, **{"reason": "Same telephone.", "by": a_user("ada"), "now": NOW, **more})


def parted(record: MergeRecord, **more) -> MergeRecord:
    return undo_merge(record, **{"reason": "Two owners.", "by": a_user("ada"), "now": later(hours=1), **more})


def a_full_clinic(name: str) -> Clinic:
    """A clinic with a row of everything that can belong to one."""
    clinic, by = a_listed_clinic(name), a_user("ada")
    place_location(clinic, street="1 Main St", zip="33130", phone="305-555-0101")
    clinic.treatments.create(name="Knee injection")
    person, _ = Practitioner.objects.get_or_create(name="Ada Example")
    company, _ = Organisation.objects.get_or_create(name="Cells Inc")
    Affiliation.objects.create(clinic=clinic, practitioner=person)
    OrganisationLink.objects.create(clinic=clinic, organisation=company, relation="operates")
    a_page(clinic, f"https://{clinic.website.host.name}/team")
    a_flag(clinic, sentence=f"{name} cures every knee.")
    a_published_claim(clinic, f"{name} guarantees it.")
    a_claim(clinic, f"{name} never fails.")
    a_check(clinic)
    a_published_credential(clinic)
    a_published_action(clinic, url=f"https://agency.example/{name.replace(' ', '')}")
    an_action(clinic, url=f"https://agency.example/draft/{name.replace(' ', '')}")
    a_published_answer(clinic)
    not_stated(clinic)
    a_look_up(clinic)
    a_look_up(clinic, state="waiting", answered_at=None)
    a_proposal(clinic, f"https://{clinic.website.host.name}/faq")
    capturing.capture_text(clinic, "We care.", described_as="Brochure", seen_on=NOW.date(), by=by, now=NOW)
    legal_holds.place_hold(clinic, "Case 7", by=by, now=NOW)
    IgnoreRule.objects.create(clinic=clinic, what=".feed", reason="Posts.", created_at=NOW, created_by=by)
    return clinic


def test_everything_of_the_merged_clinic_goes_to_the_survivor():
    one, other = a_full_clinic("Knee House"), a_full_clinic("Hip House")
    merged(one, other)
    one.refresh_from_db()
    assert (one.status, one.merged_into) == (Clinic.Status.MERGED, other)
    left = {
        relation.name: relation.related_model.objects.filter(**{relation.field.name: one}).count()
        for relation in Clinic._meta.related_objects
        if relation.name in BELONGS
    }
    assert left == dict.fromkeys(left, 0)
    assert other.claims.published().count() == 2
    assert other.credential_checks.published().count() == 2
    assert other.official_actions.published().count() == 2
    assert {snapshot.clinic for snapshot in Snapshot.objects.filter(origin="hand")} == {other}
    assert LegalHold.objects.in_force().filter(clinic=other).count() == 2
    assert IgnoreRule.objects.filter(clinic=other).count() == 2
    other.refresh_from_db()
    assert other.other_names == "Knee House"


BELONGS = {
    "locations", "treatments", "affiliations", "organisation_links", "page_uses", "page_proposals", "flags", "claims",
    "credential_checks", "captures", "legal_holds", "ignore_rules",
    "register_look_ups", "official_actions", "questions", "answers",
}  # fmt: skip
STAYS = {"mergers", "merged_by", "merged_records", "told_apart_from_later", "told_apart_from_earlier"}


def test_every_relation_to_a_clinic_is_either_moved_or_known_to_stay():
    """A table that is added later has to say which it is."""
    related = {
        relation.name
        for relation in Clinic._meta.related_objects
        if not relation.related_model.__name__.endswith("Event") and not relation.hidden
    }
    assert related == BELONGS | STAYS


def test_merging_and_undoing_leaves_every_row_as_it_was():
    one, other = a_full_clinic("Knee House"), a_full_clinic("Hip House")
    a_page(other, one.website.url)
    a_flag(one, state="dismissed", dismissed_as="true", decided_by=a_user("bo"), decided_at=NOW)
    a_flag(other, severity=2)
    before = every_row()
    record = merged(one, other)
    assert every_row() != before
    parted(record)
    assert every_row() == before


shapes = st.fixed_dictionaries(
    {
        "states": st.lists(
            st.tuples(st.sampled_from(Flag.State.values), st.sampled_from([*Flag.State.values, ""])), max_size=3
        ),
        "shared_page": st.booleans(),
        "shared_person": st.booleans(),
        "proposals": st.tuples(
            st.sampled_from(["proposed", "declined", ""]), st.sampled_from(["proposed", "declined", ""])
        ),
        "claims": st.tuples(st.booleans(), st.booleans()),
        "holds": st.tuples(st.booleans(), st.booleans()),
        "captures": st.tuples(st.booleans(), st.booleans()),
        "credentials": st.tuples(st.sampled_from(["", "draft", "published"]), st.sampled_from(["", "published"])),
        "names": st.tuples(st.text("ab, ", max_size=6), st.text("ab, ", max_size=6)),
    }
)


@contextmanager
def forgotten() -> Iterator[None]:
    """A try of which nothing stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def a_decided_flag(clinic: Clinic, sentence: str, state: str, page) -> Flag:
    facts = {} if state == "open" else {"decided_by": a_user("bo"), "decided_at": NOW}
    if state == "dismissed":
        facts["dismissed_as"] = "true"
    if state == "deferred":
        facts["deferred_until"] = later(days=9)
    return a_flag(clinic, sentence, state=state, page=page, **facts)


def a_pair(shape) -> tuple[Clinic, Clinic]:
    pair = (
        a_listed_clinic("Knee House", other_names=shape["names"][0]),
        a_listed_clinic("Hip House", other_names=shape["names"][1]),
    )
    by = a_user("ada")
    shared = a_page(None, "https://both.example/")
    for n, states in enumerate(shape["states"]):
        for clinic, state in zip(pair, states, strict=True):
            if state:
                page = shared if shape["shared_page"] and n else clinic.website
                a_decided_flag(clinic, f"We guarantee number {'abc'[n]}.", state, page)
    person = Practitioner.objects.create(name="Ada Example") if shape["shared_person"] else None
    for index, clinic in enumerate(pair):
        if shape["shared_page"]:
            PageUse.objects.create(page=shared, clinic=clinic)
        if person:
            Affiliation.objects.create(clinic=clinic, practitioner=person, role=f"{index}")
        if state := shape["proposals"][index]:
            facts = {} if state == "proposed" else {"decided_by": by, "decided_at": NOW}
            a_proposal(clinic, "https://both.example/faq", state=state, **facts)
        if shape["claims"][index]:
            a_published_claim(clinic, "We promise.")
        if shape["holds"][index]:
            legal_holds.place_hold(clinic, "Case", by=by, now=NOW)
        if shape["captures"][index]:
            capturing.capture_text(clinic, "We care.", described_as="Slide", seen_on=NOW.date(), by=by, now=NOW)
        if state := shape["credentials"][index]:
            (a_published_credential if state == "published" else a_check)(clinic)
    return pair


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=shapes)
def test_whatever_two_clinics_have_undoing_restores_it_exactly(shape):
    with forgotten():
        one, other = a_pair(shape)
        before = every_row()
        parted(merged(one, other))
        assert every_row() == before


@pytest.mark.parametrize(
    ("mine", "theirs", "joined"),
    [
        ("open", "dismissed", "open"),
        ("dismissed", "open", "open"),
        ("confirmed", "dismissed", "confirmed"),
        ("dismissed", "confirmed", "confirmed"),
        ("confirmed", "open", "open"),
        ("deferred", "confirmed", "deferred"),
        ("dismissed", "dismissed", "dismissed"),
    ],
)
def test_flags_of_one_wording_are_joined_open_before_confirmed_before_dismissed(mine, theirs, joined):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    lost = a_decided_flag(one, PROMISE, theirs, one.website)
    kept = a_decided_flag(other, PROMISE, mine, other.website)
    merged(one, other)
    kept.refresh_from_db()
    lost.refresh_from_db()
    assert kept.state == joined
    assert lost.joined_into == kept
    assert {sighting.page for sighting in kept.sightings.all()} == {one.website, other.website}
    assert Flag.objects.to_decide(NOW).filter(pk=lost.pk).count() == 0


def test_a_flag_that_only_the_merged_clinic_has_keeps_its_decision(ada):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    flag = triage.dismiss(a_flag(one), dismissed_as="true", reason="So it is.", by=ada, now=NOW)
    merged(one, other)
    flag.refresh_from_db()
    assert (flag.clinic, flag.state) == (other, "dismissed")
    assert flag.decisions.get().reason == "So it is."


def test_a_joined_flag_is_decided_at_the_survivor_only(ada):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    lost, kept = a_flag(one), a_flag(other)
    merged(one, other)
    with pytest.raises(Refusal, match="this joined with that of Hip House"):
        triage.dismiss(lost, dismissed_as="true", reason="So it is.", by=ada, now=NOW)
    kept.refresh_from_db()
    assert triage.dismiss(kept, dismissed_as="true", reason="So it is.", by=ada, now=NOW).state == "dismissed"


def test_the_same_page_seen_for_both_is_one_sighting_from_the_first_day_on():
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    shared = a_page(one, "https://both.example/")
    a_page(other, "https://both.example/")
    lost = a_flag(one, page=shared, at=NOW - timedelta(days=9))
    kept = a_flag(other, page=shared)
    merged(one, other)
    sighting = kept.sightings.get()
    assert (sighting.first_seen_at, sighting.last_seen_at) == (NOW - timedelta(days=9), NOW)
    assert not lost.sightings.exists()


def test_proof_still_verifies_after_merging_and_after_undoing():
    proof = Proof()
    seal_days(proof.next_morning)
    one, other = proof.clinic, a_clinic("Hip House")
    record = merged(one, other, now=proof.clock.now)
    other.refresh_from_db()
    assert (
        other.claims.published().count() == other.credential_checks.published().count() == other.captures.count() == 1
    )
    assert verified()[0] == []
    parted(record, now=proof.clock.now)
    assert one.claims.published().count() == 1
    assert verified()[0] == []


def refused_by_the_database(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        return True
    return False


def test_without_a_merger_the_database_moves_no_proof():
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    check, claim = a_published_credential(one), a_published_claim(one)
    capture = capturing.capture_text(one, "We care.", described_as="Slide", seen_on=NOW.date(), by=a_user(), now=NOW)
    moves = {
        "check": lambda: CredentialCheck.objects.filter(pk=check.pk).update(clinic=other, merged_from=one),
        "claim": lambda: Claim.objects.filter(pk=claim.pk).update(clinic=other),
        "capture": lambda: Snapshot.objects.filter(pk=capture.pk).update(clinic=other, merged_from=one),
    }
    assert {name for name, move in moves.items() if refused_by_the_database(move)} == set(moves)
    Clinic.objects.filter(pk=one.pk).update(status="merged", merged_into=other)
    assert not any(refused_by_the_database(move) for move in moves.values())


def test_a_merger_moves_no_proof_otherwise_than_it_was_recorded():
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    check = a_published_credential(one)
    Clinic.objects.filter(pk=one.pk).update(status="merged", merged_into=other)
    rows = CredentialCheck.objects.filter(pk=check.pk)
    assert refused_by_the_database(lambda: rows.update(clinic=other))  # forgets for whom it was recorded
    assert refused_by_the_database(lambda: rows.update(clinic=other, merged_from=one, outcome="expired"))
    assert refused_by_the_database(rows.delete)


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        ("listed", "draft", "out of public sight"),
        ("held", "listed", "“Held”"),
        ("listed", "held", "“Held”"),
        ("delisted", "listed", "“Removed by us”"),
        ("draft", "held", ""),
        ("draft", "listed", ""),
        ("closed", "listed", ""),
        ("held", "held", ""),
    ],
)
def test_merging_takes_nothing_into_or_out_of_public_sight(one, other, because):
    facts = {"status_since": NOW.date(), "status_reason": "Complaint"}
    pair = a_clinic("Knee House", status=one, **facts), a_clinic("Hip House", status=other, **facts)
    if because:
        with pytest.raises(Refusal, match=because):
            merged(*pair)
    else:
        assert merged(*pair).survivor == pair[1]


def test_a_clinic_is_merged_once_and_not_into_itself():
    one, other, third = a_clinic("Knee House"), a_clinic("Hip House"), a_clinic("Back House")
    with pytest.raises(Refusal, match="one record already"):
        merged(one, one)
    merged(one, other)
    with pytest.raises(Refusal, match="merged into Hip House already"):
        merged(one, third)
    with pytest.raises(Refusal, match="reason"):
        merged(other, third, reason=" ")


def test_a_chain_of_mergers_leads_to_the_last_and_is_undone_from_its_end():
    one, other, third = a_full_clinic("Knee House"), a_full_clinic("Hip House"), a_full_clinic("Back House")
    before = every_row()
    first, second = merged(one, other), merged(other, third)
    one.refresh_from_db()
    assert one.merged_into == third
    with pytest.raises(Refusal, match="itself been merged into Back House"):
        parted(first)
    parted(second)
    parted(first)
    assert every_row() == before


def test_of_two_mergers_into_one_the_later_is_undone_first():
    one, other, third = a_clinic("Knee House"), a_clinic("Hip House"), a_clinic("Back House")
    first, second = merged(one, third), merged(other, third)
    with pytest.raises(Refusal, match="Hip House has been merged into Back House since"):
        parted(first)
    parted(second)
    assert parted(first).undone_because == "Two owners."
    with pytest.raises(Refusal, match="undone before"):
        parted(first)


def test_nothing_is_recorded_for_a_merged_clinic(ada):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    merged(one, other)
    one.refresh_from_db()
    attempts = [
        lambda: record_page("https://new.example/", by=ada, now=NOW, clinic=one),
        lambda: a_check(one),
        lambda: a_claim(one),
        lambda: legal_holds.place_hold(one, "Case", by=ada, now=NOW),
        lambda: capturing.capture_text(one, "Hello.", described_as="Slide", seen_on=NOW.date(), by=ada, now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal, match="merged into Hip House"):
            attempt()


# -- undoing later, after the world went on --


def taken_out_of_sight(survivor: Clinic, how: str) -> None:
    """What people may have done with the survivor since."""
    facts = {"by": a_user("ada"), "now": later(minutes=5)}
    if how == "delisted":
        standing.delist_clinic(survivor, "By order of the court.", **facts)
        return
    standing.hold_clinic(survivor, "Complaint.", **facts)
    if how == "draft":
        standing.back_to_draft(survivor, **facts)


@pytest.mark.parametrize("how", ["held", "delisted", "draft"])
def test_undoing_brings_nothing_back_into_public_sight_while_the_survivor_is_out_of_it(how):
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    claim = a_published_claim(one)
    record = merged(one, other)
    taken_out_of_sight(other, how)
    parted(record, now=later(days=3))
    one.refresh_from_db()
    assert one.claims.get() == claim
    assert (one.status, one.status_since) == ("held", later(days=3).date())
    assert one.status_reason.startswith("Hip House was “")
    other.refresh_from_db()
    assert other.status == how


@pytest.mark.parametrize("how", ["close_clinic", "mark_not_offering"])
def test_what_the_public_sees_of_the_survivor_it_sees_again_of_both(how):
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    record = merged(one, other)
    getattr(standing, how)(other, by=a_user("ada"), now=later(minutes=5))
    parted(record)
    one.refresh_from_db()
    assert (one.status, one.status_since) == ("listed", NOW.date())


@pytest.mark.parametrize("before", ["draft", "held", "delisted"])
def test_a_record_that_was_not_in_public_sight_comes_back_as_it_was(before):
    reason = "" if before == "draft" else "Own reason."
    since = None if before == "draft" else NOW.date()
    one = a_clinic("Knee House", status=before, status_since=since, status_reason=reason)
    other = a_clinic("Hip House", status=before, status_since=since, status_reason=reason)
    parted(merged(one, other))
    one.refresh_from_db()
    assert (one.status, one.status_since, one.status_reason) == (before, since, reason)


@pytest.fixture
def a_wording():
    return a_rule("promise", r"\bguarantee")


def test_readings_since_go_with_their_page(site, clock, a_wording):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    site.says(one.website.url, "Welcome.")
    site.says(other.website.url, "Welcome.")
    site.read(one.website, other.website)
    record = merged(one, other, now=clock())
    clock.days(8)
    site.says(one.website.url, "Welcome.", "We guarantee a new knee.")
    site.says(other.website.url, "Welcome.", "We guarantee a new hip.")
    site.read(one.website, other.website)
    assert {flag.clinic for flag in Flag.objects.all()} == {other}
    parted(record, now=clock())
    assert {flag.sentence: flag.clinic for flag in Flag.objects.all()} == {
        "We guarantee a new knee.": one,
        "We guarantee a new hip.": other,
    }
    clock.days(8)
    assert not any(
        effects.new for written in site.read(one.website, other.website) for effects in written.effects.values()
    )


def test_a_reading_that_raises_nothing_does_not_stand_in_the_way(site, clock, a_wording):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    for clinic in (one, other):
        site.says(clinic.website.url, "We guarantee a new knee.")
    site.read(one.website, other.website)
    lost, kept = one.flags.get(), other.flags.get()
    record = merged(one, other, now=clock())
    clock.days(8)
    site.read(one.website, other.website)
    parted(record, now=clock())
    lost.refresh_from_db()
    assert lost.joined_into is None
    assert lost.sightings.get().page == one.website
    assert kept.sightings.get().page == other.website


def test_what_was_decided_for_both_keeps_them_together(ada):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    a_flag(one)
    kept = a_flag(other)
    record = merged(one, other)
    kept.refresh_from_db()
    triage.dismiss(kept, dismissed_as="true", reason="So it is.", by=ada, now=later(minutes=5))
    with pytest.raises(Refusal, match="decided on 2026-11-02 for both clinics together"):
        parted(record)
    assert Clinic.objects.get(pk=one.pk).status == Clinic.Status.MERGED


def test_a_decision_on_the_merged_clinics_own_flag_goes_back_with_it(ada):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    flag = a_flag(one)
    record = merged(one, other)
    flag.refresh_from_db()
    triage.dismiss(flag, dismissed_as="true", reason="So it is.", by=ada, now=later(minutes=5))
    parted(record)
    flag.refresh_from_db()
    assert (flag.clinic, flag.state) == (one, "dismissed")


def test_a_claim_that_was_signed_as_the_survivors_keeps_them_together():
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    claim = a_claim(one)
    record = merged(one, other)
    claim.refresh_from_db()
    claims.waive_comment(claim, reason="Public.", by=a_user("first"), now=NOW)
    publication.sign(claim, by=a_user("first"), now=NOW)
    if claim.is_critical:
        publication.sign(claim, by=a_user("second"), now=NOW)
    with pytest.raises(Refusal, match="was published since both were merged, as Hip House's"):
        parted(record)


def test_a_check_that_was_published_as_the_survivors_keeps_them_together():
    from clinics.operations import credentials

    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    check = a_check(one)
    record = merged(one, other)
    check.refresh_from_db()
    credentials.publish_check(check, by=a_user("second"), now=NOW)
    with pytest.raises(Refusal, match="published since both were merged"):
        parted(record)


def test_what_was_edited_or_recorded_since_stays(ada):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    place = place_location(one, zip="33130")
    gone = place_location(one, zip="33131")
    record = merged(one, other)
    place.refresh_from_db()
    place.street = "9 New St"
    place.save(update_fields=["street"])
    gone.delete()
    new = record_page("https://new.example/", by=ada, now=NOW, clinic=other)
    Clinic.objects.filter(pk=other.pk).update(other_names="Somebody's edit")
    parted(record)
    place.refresh_from_db()
    assert (place.clinic, place.street) == (one, "9 New St")
    assert one.locations.count() == 1
    assert [use.clinic for use in new.uses.all()] == [other]
    other.refresh_from_db()
    assert other.other_names == "Somebody's edit"


def test_a_page_of_both_is_used_by_both_again():
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    shared = a_page(one, "https://both.example/")
    a_page(other, "https://both.example/")
    record = merged(one, other)
    assert shared.uses.count() == 1
    parted(record)
    assert {use.clinic for use in shared.uses.all()} == {one, other}


@pytest.mark.parametrize(("mine", "theirs", "kept"), [
    ("proposed", "declined", "declined"),
    ("declined", "proposed", "declined"),
    ("proposed", "proposed", "proposed"),
])  # fmt: skip
def test_a_declined_page_is_not_proposed_again(ada, mine, theirs, kept):
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    for clinic, state in ((one, theirs), (other, mine)):
        facts = {} if state == "proposed" else {"decided_by": ada, "decided_at": NOW}
        a_proposal(clinic, "https://both.example/faq", state=state, **facts)
    merged(one, other)
    assert PageProposal.objects.get().state == kept


def test_a_page_that_the_merged_clinic_recorded_is_proposed_no_more():
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    a_page(one, "https://both.example/faq")
    a_proposal(other, "https://both.example/faq")
    merged(one, other)
    assert not PageProposal.objects.exists()


def test_merging_locks_hosts_before_clinics_and_clinics_in_ascending_id():
    one, other = a_clinic("Knee House"), a_clinic("Hip House")
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        merged(other, one)
    locks = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert ['"clinics_host"' in sql.split("FROM")[1] for sql in locks] == [True, False, False]
    assert [int(sql.split('"clinics_clinic"."id" = ')[1].split()[0]) for sql in locks[1:]] == sorted([one.pk, other.pk])
