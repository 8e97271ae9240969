"""Each constraint of the database refuses what it names, beside the nearest row that it allows."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from clinics.models import (
    ActionOutcome,
    ActionVersion,
    Affiliation,
    AnswerCall,
    AnswerPoint,
    ApprovedProduct,
    Assessment,
    CheckDue,
    Claim,
    ClaimCredential,
    ClaimReference,
    ClaimReply,
    ClaimVersion,
    Clinic,
    ClinicAnswer,
    ClinicImport,
    CredentialCheck,
    Decision,
    Delivery,
    Digest,
    Finding,
    Flag,
    FlagComment,
    Host,
    IgnoreRule,
    Job,
    LegalHold,
    Location,
    MailedItem,
    MergeRecord,
    Organisation,
    OrganisationLink,
    Page,
    PageUse,
    Practitioner,
    RegisterFile,
    Rule,
    Screenshot,
    Seal,
    Sighting,
    Snapshot,
    StandingDecision,
    StateRegime,
    StoreMeasure,
    Stump,
    Term,
    ToldApart,
    Tombstone,
    Treatment,
    Variant,
    VisitorPost,
)
from tests.build import (
    NOW,
    a_check,
    a_claim,
    a_clinic,
    a_correction,
    a_flag,
    a_kind,
    a_look_up,
    a_page,
    a_proposal,
    a_published_claim,
    a_rule,
    a_saved_filter,
    a_snapshot,
    a_user,
    an_action,
    an_answer,
    an_answer_case,
    not_stated,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
BEFORE = TODAY - timedelta(days=1)


def a_product(**more):
    facts = {"key": "x", "title": "X", "kind": "cleared_device", "names": ["x kit"], "uses": ["blood"]}
    source = {"source_title": "FDA", "source_url": "https://agency.example/", "source_date": TODAY}
    return ApprovedProduct.objects.create(**{**facts, **source, "indication": "blood", **more})


def a_regime(**more):
    facts = {"state": "FL", "name": "Florida", "law": "Law", "source_url": "https://law.example/", "permits": "Much."}
    return StateRegime.objects.create(
        **{**facts, "verified": True, "verified_on": TODAY, "effective_on": TODAY, **more}
    )


def term(kind, key="x"):
    return Term.objects.get_or_create(
        id=f"{kind}:{key}", defaults={"kind": kind, "key": key, "english": key, "spanish": key}
    )[0]


def update(row, **changes):
    type(row).objects.filter(pk=row.pk).update(**changes)


def a_location(**facts):
    return Location.objects.create(clinic=Clinic.objects.first() or a_clinic(), **facts)


def a_link(**facts):
    organisation = Organisation.objects.get_or_create(name="Knees Inc")[0]
    clinic = Clinic.objects.first() or a_clinic()
    return OrganisationLink.objects.create(clinic=clinic, organisation=organisation, relation="operates", **facts)


def an_affiliation(**facts):
    person = Practitioner.objects.get_or_create(name="Dr. Ana Example")[0]
    return Affiliation.objects.create(clinic=Clinic.objects.first() or a_clinic(), practitioner=person, **facts)


def a_treatment(**facts):
    return Treatment.objects.create(clinic=Clinic.objects.first() or a_clinic(), name="Knee cells", **facts)


def a_term(**facts):
    return Term.objects.create(**{"kind": "route", "key": "iv", "english": "IV", "spanish": "IV", **facts})


def a_capture(**facts):
    kept = {"clinic": Clinic.objects.first() or a_clinic(), "captured_by": a_user(), "seen_on": TODAY, **facts}
    same = {"text_digest": "1", "packed_blocks": b"", "extractor_version": "1", "taken_at": NOW}
    return Snapshot.objects.create(origin="hand", **{**same, **kept})


def a_reading(**facts):
    same = {"text_digest": "1", "packed_blocks": b"", "extractor_version": "1", "taken_at": NOW}
    return Snapshot.objects.create(origin="read", **{**same, "page": a_page(), **facts})


def a_seal(number, **facts):
    same = {"day": TODAY + timedelta(days=number), "sealed_at": NOW, "trees": [], "root": "0" * 64}
    former = "" if number == 1 else str(number - 1)
    return Seal.objects.create(**{**same, "number": number, "former": former, "digest": str(number), **facts})


def stumps(first, second):
    seal = a_seal(1)
    for kind in (first, second):
        Stump.objects.create(seal=seal, kind=kind, start=0, height=0, digest="0" * 64)


def of_one_person():
    return {"decided_by": a_user("a"), "decided_at": NOW, "outcome": "stands", "reason": "Seen."}


def a_tombstone(reason):
    return Tombstone.objects.create(kind="record", subject="0" * 64, reason=reason, at=NOW)


def a_hold(**facts):
    clinic = Clinic.objects.first() or a_clinic()
    kept = {"reason": "Case 7", "placed_by": a_user(), "placed_at": NOW, **facts}
    return LegalHold.objects.create(clinic=clinic, **kept)


def a_measure(pk):
    return StoreMeasure.objects.create(pk=pk, bytes_kept=1, records=1, measured_at=NOW)


def a_finding(flag, rule):
    facts = {"rule_version": 1, "stance": "claimed", "severity": 4, "words": "x", "reason": "x", "found_at": NOW}
    return Finding.objects.create(flag=flag, rule=rule, **facts)


def a_sighting(flag, **place):
    facts = {"surface": "body", "digest": 1, "sentence": "x", "block": "x", "cause": "first_reading"}
    times = {"first_seen_at": NOW, "last_seen_at": NOW, "presence_since": NOW}
    return Sighting.objects.create(flag=flag, **facts, **times, **place)


def a_version(claim, number):
    who = {"published_at": NOW, "first_signed_by": a_user()}
    return ClaimVersion.objects.create(claim=claim, number=number, content={}, digest="0" * 64, **who)


def an_ignore_rule(**facts):
    kept = {"what": ".feed", "reason": "Others' posts.", "created_at": NOW, "created_by": a_user(), "page": a_page()}
    return IgnoreRule.objects.create(**{**kept, **facts})


def a_job(**facts):
    return Job.objects.create(kind="apply_rules", **facts)


def a_credential(**changes):
    check = a_check(outcome=changes.pop("outcome", "verified"), by=a_user("checker"))
    update(check, **changes)


def again(make):
    """Two of the same."""
    make()
    make()


def on(make, **changes):
    """A row, changed behind the operations' backs."""
    update(make(), **changes)


def a_comment(text):
    FlagComment.objects.create(flag=a_flag(), text=text, by=a_user(), at=NOW)


def a_standing_decision(**more):
    facts = {"subject": "1", "sentence": "We promise.", "category": "guarantee", "severity": 5, "reason": "Why."}
    dates = {"expires_on": TODAY, "at": NOW, "by": a_user("ada"), "dismissed_as": "trivial"}
    StandingDecision.objects.create(**{**facts, **dates, **more})


def a_digest(**more):
    return Digest.objects.create(**{"owner": a_user(), "scope": "mine", "due_at": NOW, **more})


def a_delivery(**more):
    digest = Digest.objects.first() or a_digest()
    return Delivery.objects.create(**{"digest": digest, "to": "ada@desk.example", "items": 1, "at": NOW, **more})


def mailed(*since):
    delivery = a_delivery()
    for moment in since:
        MailedItem.objects.create(digest=delivery.digest, delivery=delivery, kind="flag", row=1, since=moment)


def flags_of(first, second):
    """Two clinics, a flag of the first, and one with the same wording of the first or the second."""
    clinics = [a_clinic("Knee House"), a_clinic("Hip House")]
    a_flag(clinics[first])
    a_flag(clinics[second], page=a_page(clinics[second], "https://other.example/"))


def claims_on_a_flag(first_state):
    flag = a_flag()
    claim = a_claim(flag.clinic, flag=flag)
    ended = {"ended_at": NOW, "ended_because": "Why."}
    update(claim, state=first_state, **(ended if first_state == "withdrawn" else {}))
    a_claim(flag.clinic, flag=flag)


def sightings(**other):
    flag = a_flag()
    a_sighting(flag, page=other.get("page") or flag.clinic.website, snapshot=flag.sightings.get().snapshot)


def captures_of(same):
    flag = a_flag()
    shots = [a_capture(clinic=flag.clinic), a_capture(clinic=flag.clinic, text_digest="2")]
    a_sighting(flag, snapshot=shots[0])
    a_sighting(flag, snapshot=shots[0] if same else shots[1])


def findings(same):
    flag = a_flag()
    a_finding(flag, flag.rule if same else a_rule("promise"))


def variants(second):
    flag = a_flag()
    for digest in (1, second):
        Variant.objects.create(flag=flag, sentence="x", sentence_digest=digest, first_seen_at=NOW)


def links_of_a_check(number):
    claim = a_claim()
    check = a_check(claim.clinic)
    for _ in range(number):
        ClaimCredential.objects.create(claim=claim, credential_check=check)


def page_uses(second):
    clinic, page = a_clinic(), a_page(url="https://shared.example/")
    for purpose in ("clinic_page", second):
        PageUse.objects.create(clinic=clinic, page=page, purpose=purpose)


def an_assessment(key, source_name=""):
    Assessment.objects.create(claim=a_claim(), key=key, assessed_on=TODAY, source_name=source_name)


def versions(second):
    claim = a_claim()
    a_version(claim, 1)
    a_version(claim, second)


def a_decision(reason):
    Decision.objects.create(flag=a_flag(), state="open", reason=reason, sentence="x", by=a_user(), at=NOW)


def a_file(**more):
    return ClinicImport.objects.create(name="a.csv", size=1, uploaded_by=a_user(), uploaded_at=NOW, **more)


def a_picture(**facts):
    """A wanted picture of a flag's page; at a decision where one is given."""
    flag = Flag.objects.first() or a_flag()
    page = flag.sightings.first().page
    return Screenshot.objects.create(
        **{"flag": flag, "page": page, "occasion": "first_sighting", "wanted_at": NOW, **facts}
    )


def a_picture_at_a_decision(**facts):
    a_decision("Why.")
    return a_picture(**{"decision": Decision.objects.first(), "occasion": "decision", **facts})


def pictures_of_decisions(same):
    a_picture_at_a_decision()
    decision = Decision.objects.first()
    if not same:
        decision = Decision.objects.create(
            flag=decision.flag, state="open", reason="Why.", sentence="x", by=a_user(), at=NOW
        )
    a_picture(decision=decision, occasion="decision")


def people(first, second):
    return {"first_signed_by": first and a_user(first), "second_signed_by": second and a_user(second)}


def a_look_up_on_its_way(**facts):
    return a_look_up(Clinic.objects.first(), **{"state": "waiting", "answered_at": None, **facts})


def a_confirmed_look_up(drafted, **decided):
    clinic = a_clinic()
    check = a_check(clinic) if drafted else None
    return a_look_up(
        clinic, state="confirmed", drafted=check, **(decided or {"decided_by": a_user(), "decided_at": NOW})
    )


def a_register_file(body):
    RegisterFile.objects.create(
        connector="leie", url="https://register.example/", body=body, exchange="x", fetched_at=NOW
    )


def a_due_check(weight):
    CheckDue.objects.create(credential_check=a_check(), due_on=TODAY, weight=weight)


def a_reference(**facts):
    kept = {"kind": "pmid", "identifier": "123", "added_by": a_user(), "added_at": NOW, **facts}
    return ClaimReference.objects.create(claim=Claim.objects.first() or a_claim(), **kept)


def a_page_referred_to(**facts):
    return a_reference(**{"kind": "page", "identifier": "", "page": a_page(), **facts})


def a_reply(**facts):
    kept = {"text": "We answer.", "sender": "Ana Example", "proved_by": "mail", "proof": "office@knees.example"}
    dates = {"received_on": TODAY, "recorded_by": a_user(), "recorded_at": NOW}
    return ClaimReply.objects.create(claim=Claim.objects.first() or a_claim(), **{**kept, **dates, **facts})


def an_outcome(**facts):
    who = {"recorded_by": a_user("ada"), "recorded_at": NOW}
    return ActionOutcome.objects.create(action=an_action(), kind="appeal", dated=TODAY, **who, **facts)


def an_action_version(action, number, second="bob"):
    who = {"published_at": NOW, "first_signed_by": a_user("ada"), "second_signed_by": a_user(second)}
    return ActionVersion.objects.create(action=action, number=number, content={}, digest="0" * 64, **who)


def action_versions(second):
    action = an_action()
    for number in (1, second):
        an_action_version(action, number)


def two_actions(url):
    clinic = a_clinic()
    first, other = an_action(clinic), an_action(clinic, url="https://agency.example/other")
    update(other, link=first.link if url == "same" else other.link)


def public_answers(*keys):
    clinic = Clinic.objects.first() or a_clinic()
    for key in keys:
        update(not_stated(clinic, key), state="published", published_at=NOW, published_by=a_user())


def unlinked(**changes):
    return on(lambda: an_action(url=""), first_signed_by=a_user("ada"), **changes)


PUBLIC = {"state": "published", "published_at": NOW, "comment_waived_because": "Why."}


# constraint: (what it allows, what it refuses)
def named(name):
    return Clinic.objects.filter(name=name).first() or a_clinic(name)


def a_merged_clinic(into_itself=False):
    clinic = named("Knee House")
    survivor = clinic if into_itself else named("Hip House")
    Clinic.objects.filter(pk=clinic.pk).update(status="merged", status_since=TODAY, merged_into=survivor)


def joined_flags(into_itself):
    flag, other = a_flag(named("Knee House")), a_flag(named("Hip House"))
    Flag.objects.filter(pk=flag.pk).update(joined_into=flag if into_itself else other)


def a_merger(**more):
    survivor = more.get("merged") or named("Hip House")
    facts = {"merged": named("Knee House"), "survivor": survivor, "reason": "Same site.", "by": a_user(), "at": NOW}
    return MergeRecord.objects.create(**{**facts, **more})


def a_pair_apart(turned=False):
    first, second = named("Knee House"), named("Hip House")
    pair = (second, first) if turned else (first, second)
    return ToldApart.objects.create(first=pair[0], second=pair[1], by=a_user(), at=NOW)


def of_an_answer(**more):
    return ClinicAnswer.objects.filter(case=an_answer_case()).update(**more)


def answered_in_two_cases():
    claim = a_published_claim()
    return [an_answer_case(claim) for _ in "ab"]


def answered_twice():
    case = an_answer_case()
    return AnswerPoint.objects.create(case=case, claim=case.points.get().claim, kind="reply", text="Again.")


def decided_by_one():
    return {"decided_by": a_user("a"), "decided_at": NOW}


def of_a_point(kind="dispute", **more):
    return an_answer_case(kind=kind).points.update(**more)


def a_call(**more):
    facts = {"number": "305 555 0142", "called_on": NOW.date(), "by": a_user("a"), "at": NOW}
    return AnswerCall.objects.create(case=an_answer_case(), **facts, **more)


def a_mailed_code():
    facts = {"to": "office@knee.example", "items": 0, "state": "sent", "at": NOW, "ended_at": NOW}
    return Delivery.objects.create(answer=an_answer_case().answer, **facts)


CASES = {
    "a_decided_case_says_who_what_and_why": (
        lambda: a_correction(
            state="decided", decided_by=a_user("a"), decided_at=NOW, outcome="stands", reason="Seen.", public_note="x"
        ),
        lambda: a_correction(state="decided", decided_by=a_user("a"), decided_at=NOW, outcome="stands"),
    ),
    "a_case_is_closed_by_two": (
        lambda: a_correction(state="closed", **of_one_person(), confirmed_by=a_user("b"), closed_at=NOW),
        lambda: a_correction(state="closed", **of_one_person(), confirmed_by=a_user("a"), closed_at=NOW),
    ),
    "a_proved_answer_says_by_what": (
        lambda: an_answer_case(state="unproved"),
        lambda: ClinicAnswer.objects.filter(case=an_answer_case()).update(proof=""),
    ),
    "a_secret_runs_out": (
        lambda: of_an_answer(secret_hash="a" * 64, secret_until=NOW),
        lambda: of_an_answer(secret_hash="a" * 64),
    ),
    "a_statement_is_answered_once_in_a_case": (
        lambda: answered_in_two_cases(),
        lambda: answered_twice(),
    ),
    "a_decided_point_says_who_and_why": (
        lambda: of_a_point(outcome="stands", public_reason="It stands.", **decided_by_one()),
        lambda: of_a_point(outcome="stands", **decided_by_one()),
    ),
    "a_points_outcome_fits_its_kind": (
        lambda: of_a_point("reply", outcome="shown", public_reason="Shown.", **decided_by_one()),
        lambda: of_a_point("reply", outcome="stands", public_reason="It stands.", **decided_by_one()),
    ),
    "only_what_was_decided_is_carried_out": (
        lambda: of_a_point(outcome="withdrawn", public_reason="Wrong.", done_at=NOW, **decided_by_one()),
        lambda: of_a_point(done_at=NOW),
    ),
    "a_call_that_tells_something_names_who_spoke": (
        lambda: a_call(outcome="unreached"),
        lambda: a_call(outcome="confirmed"),
    ),
    "a_delivery_is_of_a_digest_or_a_code": (
        lambda: a_mailed_code(),
        lambda: Delivery.objects.filter(pk=a_mailed_code().pk).update(answer=None),
    ),
    "one_count_per_day_and_network": (
        lambda: [VisitorPost.objects.create(day=NOW.date(), network=mark, number=1) for mark in "ab"],
        lambda: [VisitorPost.objects.create(day=NOW.date(), network=mark, number=1) for mark in "aa"],
    ),
    "words_of_a_register_are_captured_by_hand": (
        lambda: a_capture(of_register=True),
        lambda: a_reading(of_register=True),
    ),
    "a_due_check_has_weight": (lambda: a_due_check(1), lambda: a_due_check(0)),
    "one_register_file_per_content": (
        lambda: (a_register_file("1"), a_register_file("2")),
        lambda: again(lambda: a_register_file("1")),
    ),
    "register_look_up_kind_is_a_credential_kind": (
        lambda: a_look_up(kind=a_kind("clia")),
        lambda: a_look_up(kind=term("route")),
    ),
    "an_answered_look_up_has_a_date": (a_look_up_on_its_way, lambda: a_look_up(answered_at=None)),
    "a_decided_look_up_has_a_person_and_a_date": (
        lambda: a_confirmed_look_up(True),
        lambda: a_confirmed_look_up(True, decided_by=a_user()),
    ),
    "a_confirmed_look_up_has_its_check": (lambda: a_confirmed_look_up(True), lambda: a_confirmed_look_up(False)),
    "a_look_up_without_a_check_says_why": (
        lambda: a_look_up(state="failed", reason="Time ran out."),
        lambda: a_look_up(state="failed"),
    ),
    "one_waiting_look_up_of_the_same": (
        lambda: (a_look_up_on_its_way(), a_look_up_on_its_way(identifier="1993999998")),
        lambda: again(a_look_up_on_its_way),
    ),
    "a_clinic_has_a_name": (lambda: a_clinic("K"), lambda: Clinic.objects.create(name="")),
    "a_public_status_has_a_date": (
        lambda: a_clinic(status="listed", status_since=TODAY),
        lambda: a_clinic(status="listed"),
    ),
    "a_removal_or_hold_has_a_reason": (
        lambda: a_clinic(status="held", status_since=TODAY, status_reason="Why."),
        lambda: a_clinic(status="held", status_since=TODAY),
    ),
    "coordinates_are_a_place_on_earth": (
        lambda: a_location(latitude=90, longitude=-180),
        lambda: a_location(latitude=91, longitude=0),
    ),
    "a_country_is_two_capitals": (lambda: a_location(country="MX"), lambda: a_location(country="mx")),
    "a_link_ends_after_it_began": (
        lambda: a_link(since=TODAY, until=TODAY),
        lambda: a_link(since=TODAY, until=BEFORE),
    ),
    "one_link_per_organisation_relation_and_start": (
        lambda: (a_link(), a_link(since=TODAY)),
        lambda: again(a_link),
    ),
    "an_npi_has_ten_digits": (
        lambda: Practitioner.objects.create(name="A", npi="1234567893"),
        lambda: Practitioner.objects.create(name="A", npi="123456789"),
    ),
    "one_practitioner_per_npi": (
        lambda: again(lambda: Practitioner.objects.create(name="A")),
        lambda: again(lambda: Practitioner.objects.create(name="A", npi="1234567893")),
    ),
    "practitioner_provider_is_a_provider": (
        lambda: Practitioner.objects.create(name="A", provider=term("provider")),
        lambda: Practitioner.objects.create(name="A", provider=term("route")),
    ),
    "one_affiliation_per_clinic_and_person": (an_affiliation, lambda: again(an_affiliation)),
    "an_affiliation_ends_after_it_began": (
        lambda: an_affiliation(since=BEFORE, until=TODAY),
        lambda: an_affiliation(since=TODAY, until=BEFORE),
    ),
    **{
        f"treatment_{kind}_is_a_{kind}": (
            lambda kind=kind: a_treatment(**{kind: term(kind)}),
            lambda kind=kind: a_treatment(**{kind: term("language")}),
        )
        for kind in ("condition", "cell_source", "origin", "route", "posture", "evidence")
    },
    "only_what_has_no_terms_is_not_stated_by_name": (
        lambda: a_treatment(not_stated=["laboratory"]),
        lambda: a_treatment(not_stated=["route"]),
    ),
    "what_is_recorded_is_stated": (
        lambda: a_treatment(not_stated=["laboratory", "price_stated"], product="Cells A"),
        lambda: a_treatment(not_stated=["product"], product="Cells A"),
    ),
    "a_term_is_named_by_kind_and_key": (lambda: a_term(id="route:iv"), lambda: a_term(id="route:other")),
    "a_page_is_not_read_without_pause": (
        lambda: a_page(check_every=timedelta(seconds=1)),
        lambda: a_page(check_every=timedelta(0)),
    ),
    "a_page_is_read_once_a_year_at_least": (
        lambda: a_page(check_every=timedelta(days=365)),
        lambda: a_page(check_every=timedelta(days=800)),
    ),
    "a_robots_override_has_person_and_reason": (
        lambda: a_page(robots_override_reason="Why.", robots_override_by=a_user()),
        lambda: a_page(robots_override_reason="Why."),
    ),
    "a_pages_usual_pause_lies_within_its_bounds": (
        lambda: a_page(check_fastest=timedelta(days=1), check_slowest=timedelta(days=28)),
        lambda: a_page(check_fastest=timedelta(days=8)),
    ),
    "a_pages_bounds_lie_within_second_and_year": (
        lambda: a_page(check_slowest=timedelta(days=366)),
        lambda: a_page(check_slowest=timedelta(days=800)),
    ),
    "an_accepted_text_has_a_person_and_a_date": (
        lambda: a_page(text_accepted_at=NOW, text_accepted_by=a_user()),
        lambda: a_page(text_accepted_at=NOW),
    ),
    "an_ignore_rule_has_one_place": (
        lambda: an_ignore_rule(),
        lambda: an_ignore_rule(clinic=Clinic.objects.first() or a_clinic()),
    ),
    "an_ended_ignore_rule_has_person_and_date": (
        lambda: an_ignore_rule(ended_at=NOW, ended_by=a_user()),
        lambda: an_ignore_rule(ended_at=NOW),
    ),
    "an_ignore_rule_has_a_reason": (lambda: an_ignore_rule(), lambda: an_ignore_rule(reason="")),
    "one_proposal_per_clinic_and_page": (
        lambda: (a_proposal(a_clinic("Hip House")), a_proposal(a_clinic("Knee House"))),
        lambda: again(lambda: a_proposal(Clinic.objects.first())),
    ),
    "a_proposal_says_where_it_was_found": (
        lambda: a_proposal(source="sitemap", sitemap="https://knee-house.example/sitemap.xml", found_on=None),
        lambda: a_proposal(source="sitemap"),
    ),
    "a_decided_proposal_has_a_person_and_a_date": (
        lambda: a_proposal(state="declined", decided_by=a_user(), decided_at=NOW),
        lambda: a_proposal(state="declined", decided_at=NOW),
    ),
    "one_use_per_page_clinic_and_purpose": (lambda: page_uses("evidence"), lambda: page_uses("clinic_page")),
    "a_lease_has_a_token_and_an_end": (
        lambda: Host.objects.create(name="a.example", lease_token=uuid4(), leased_until=NOW),
        lambda: Host.objects.create(name="a.example", lease_token=uuid4()),
    ),
    "a_delay_is_not_negative": (
        lambda: Host.objects.create(name="a.example", delay_seconds=0),
        lambda: Host.objects.create(name="a.example", delay_seconds=-1),
    ),
    "a_delay_is_at_most_an_hour": (
        lambda: Host.objects.create(name="a.example", delay_seconds=3600),
        lambda: Host.objects.create(name="a.example", delay_seconds=3601),
    ),
    "one_snapshot_per_page_and_text": (
        lambda: (a_reading(), a_reading(text_digest="2")),
        lambda: again(a_reading),
    ),
    "one_capture_per_clinic_text_and_day": (
        lambda: (a_capture(), a_capture(seen_on=BEFORE)),
        lambda: again(a_capture),
    ),
    "a_capture_by_hand_has_clinic_person_and_date": (a_capture, lambda: a_capture(captured_by=None)),
    "a_pruned_snapshot_has_no_words": (
        lambda: a_reading(pruned_at=NOW),
        lambda: a_reading(pruned_at=NOW, packed_blocks=b"x"),
    ),
    "a_seal_follows_another": (lambda: (a_seal(1), a_seal(2)), lambda: a_seal(2, former="")),
    "one_stump_per_place": (lambda: stumps("check", "decision"), lambda: stumps("check", "check")),
    "a_tombstone_has_a_reason": (lambda: a_tombstone("Old."), lambda: a_tombstone("")),
    "a_legal_hold_has_a_reason": (lambda: a_hold(), lambda: a_hold(reason="")),
    "a_release_has_a_person_a_date_and_a_reason": (
        lambda: a_hold(released_at=NOW, released_by=a_user(), released_because="Over."),
        lambda: a_hold(released_at=NOW, released_by=a_user()),
    ),
    "one_legal_hold_in_force_per_clinic": (
        lambda: (a_hold(released_at=NOW, released_by=a_user(), released_because="Over."), a_hold()),
        lambda: again(a_hold),
    ),
    "one_store_measure": (lambda: a_measure(1), lambda: a_measure(2)),
    "a_severity_is_one_to_five": (lambda: a_rule(severity=5), lambda: a_rule(severity=6)),
    "a_rule_explains_itself": (a_rule, lambda: a_rule(explanation="")),
    "an_approved_product_has_names_and_uses": (lambda: a_product(), lambda: a_product(uses=[])),
    "an_approved_product_has_a_source": (lambda: a_product(), lambda: a_product(source_url="")),
    "a_regime_names_its_state": (lambda: a_regime(), lambda: a_regime(state="fl")),
    "a_verified_regime_has_a_date": (lambda: a_regime(), lambda: a_regime(verified_on=None)),
    "a_prescribed_notice_is_verified_dated_and_has_parts": (
        lambda: a_regime(notice_required=True, notice_parts=["notice"]),
        lambda: a_regime(notice_required=True, notice_parts=[]),
    ),
    "one_flag_per_clinic_and_wording": (lambda: flags_of(0, 1), lambda: flags_of(0, 0)),
    "a_dismissal_says_as_what": (
        lambda: on(a_flag, state="dismissed", dismissed_as="denied", decided_by=a_user(), decided_at=NOW),
        lambda: on(a_flag, state="dismissed", decided_by=a_user(), decided_at=NOW),
    ),
    "a_deferral_has_a_date": (
        lambda: on(a_flag, state="deferred", deferred_until=NOW, decided_by=a_user(), decided_at=NOW),
        lambda: on(a_flag, state="deferred", decided_by=a_user(), decided_at=NOW),
    ),
    "a_decision_has_a_person_and_a_date": (
        lambda: on(a_flag, state="confirmed", decided_by=a_user(), decided_at=NOW),
        lambda: on(a_flag, state="confirmed", decided_at=NOW),
    ),
    "a_comment_says_something": (lambda: a_comment("Why."), lambda: a_comment("")),
    "a_standing_decision_has_a_reason": (a_standing_decision, lambda: a_standing_decision(reason="")),
    "a_second_person_is_another_one": (
        lambda: a_standing_decision(second_by=a_user("bob"), second_at=NOW),
        lambda: a_standing_decision(second_by=a_user("ada"), second_at=NOW),
    ),
    "an_ended_standing_decision_says_who_and_why": (
        lambda: a_standing_decision(ended_at=NOW, ended_by=a_user("bob"), ended_because="Why."),
        lambda: a_standing_decision(ended_at=NOW, ended_by=a_user("bob")),
    ),
    "one_standing_decision_per_wording": (
        lambda: (
            a_standing_decision(ended_at=NOW, ended_by=a_user("bob"), ended_because="Why."),
            a_standing_decision(),
        ),
        lambda: (a_standing_decision(), a_standing_decision()),
    ),
    "a_decision_has_a_reason": (lambda: a_decision("Why."), lambda: a_decision("")),
    "one_finding_per_flag_and_rule": (lambda: findings(False), lambda: findings(True)),
    "one_variant_per_wording": (lambda: variants(2), lambda: variants(1)),
    "one_sighting_per_flag_and_page": (
        lambda: sightings(page=a_page(url="https://other.example/")),
        sightings,
    ),
    "one_sighting_per_flag_and_capture": (lambda: captures_of(False), lambda: captures_of(True)),
    "a_claim_has_a_quote": (a_claim, lambda: on(a_claim, quote="")),
    "a_published_claim_has_a_person_and_a_date": (
        lambda: on(a_claim, **PUBLIC, **people("ada", None)),
        lambda: on(a_claim, **PUBLIC),
    ),
    "a_critical_claim_has_a_second_person": (
        lambda: on(a_claim, severity=5, **PUBLIC, **people("ada", "bob")),
        lambda: on(a_claim, severity=5, **PUBLIC, **people("ada", "ada")),
    ),
    "what_is_soon_public_is_signed": (
        lambda: on(a_claim, public_from=NOW, **people("ada", None)),
        lambda: on(a_claim, public_from=NOW),
    ),
    "the_clinic_was_asked_or_a_reason_is_recorded": (
        lambda: on(a_claim, state="awaiting_second", comment_invited_on=TODAY),
        lambda: on(a_claim, state="awaiting_second"),
    ),
    "an_ended_claim_has_a_date_and_a_reason": (
        lambda: on(a_claim, state="withdrawn", ended_at=NOW, ended_because="Why."),
        lambda: on(a_claim, state="withdrawn", ended_at=NOW),
    ),
    "one_living_claim_per_flag": (
        lambda: claims_on_a_flag("withdrawn"),
        lambda: claims_on_a_flag("draft"),
    ),
    "a_check_bears_on_a_claim_once": (lambda: links_of_a_check(1), lambda: links_of_a_check(2)),
    "an_assessment_has_a_source": (
        lambda: an_assessment("source_agrees", "State register"),
        lambda: an_assessment("source_agrees"),
    ),
    "versions_are_numbered": (lambda: versions(2), lambda: versions(1)),
    "credential_check_kind_is_a_credential_kind": (
        lambda: a_credential(kind=a_kind("clia")),
        lambda: a_credential(kind=term("route")),
    ),
    "a_published_check_has_a_person_and_a_date": (
        lambda: a_credential(state="published", published_by=a_user(), published_at=NOW),
        lambda: a_credential(state="published", published_at=NOW),
    ),
    "an_adverse_check_has_a_second_person": (
        lambda: a_credential(outcome="ended", state="published", published_by=a_user("bob"), published_at=NOW),
        lambda: a_credential(outcome="ended", state="published", published_by=a_user("checker"), published_at=NOW),
    ),
    "names_are_judged_by_a_person": (
        lambda: on(a_claim, redacted_names=["Ana B."], names_judged_for="x", names_judged_by=a_user()),
        lambda: on(a_claim, redacted_names=["Ana B."]),
    ),
    "counsels_signature_has_a_name": (
        lambda: on(a_claim, counsel_signed_on=TODAY, counsel_name="Ana Example", counsel_recorded_by=a_user()),
        lambda: on(a_claim, counsel_signed_on=TODAY),
    ),
    "counsel_signed_where_that_is_needed": (
        lambda: on(a_claim, needs_counsel=False, **PUBLIC, **people("ada", None)),
        lambda: on(a_claim, needs_counsel=True, **PUBLIC, **people("ada", None)),
    ),
    "a_reference_is_a_number_or_a_page": (
        lambda: (a_reference(), a_page_referred_to()),
        lambda: a_reference(page=a_page()),
    ),
    "a_number_is_referred_to_once_by_a_claim": (
        lambda: (a_reference(), a_reference(identifier="124")),
        lambda: again(a_reference),
    ),
    "a_page_is_referred_to_once_by_a_claim": (
        lambda: (a_page_referred_to(), a_page_referred_to(page=a_page(url="https://other.example/"))),
        lambda: again(a_page_referred_to),
    ),
    "a_reply_has_words_a_sender_and_a_proof": (a_reply, lambda: a_reply(proof="")),
    "a_published_reply_has_a_person_and_a_date": (
        lambda: a_reply(published_at=NOW, published_by=a_user()),
        lambda: a_reply(published_at=NOW),
    ),
    "a_reply_taken_away_has_a_reason": (
        lambda: a_reply(ended_at=NOW, ended_because="Why."),
        lambda: a_reply(ended_at=NOW),
    ),
    "an_action_says_who_to_whom_and_what": (an_action, lambda: on(an_action, addressee="")),
    "an_action_is_matched_by_a_person": (an_action, lambda: on(an_action, matched_by=None)),
    "a_signed_action_is_matched_and_linked": (
        lambda: on(an_action, state="awaiting_second", first_signed_by=a_user("ada")),
        lambda: unlinked(state="awaiting_second"),
    ),
    "an_action_is_published_by_two": (
        lambda: on(an_action, state="published", published_at=NOW, **people("ada", "bob")),
        lambda: on(an_action, state="published", published_at=NOW, **people("ada", "ada")),
    ),
    "an_action_soon_public_is_signed_twice": (
        lambda: on(an_action, state="awaiting_second", public_from=NOW, **people("ada", "bob")),
        lambda: on(an_action, state="awaiting_second", public_from=NOW, **people("ada", None)),
    ),
    "an_ended_action_has_a_date_and_a_reason": (
        lambda: on(an_action, state="withdrawn", ended_at=NOW, ended_because="Why."),
        lambda: on(an_action, state="withdrawn", ended_at=NOW),
    ),
    "one_living_action_per_document_and_clinic": (lambda: two_actions("other"), lambda: two_actions("same")),
    "an_outcome_is_confirmed_by_another_person": (
        lambda: an_outcome(confirmed_at=NOW, confirmed_by=a_user("bob")),
        lambda: an_outcome(confirmed_at=NOW, confirmed_by=a_user("ada")),
    ),
    "an_answer_is_quoted_from_a_text_or_not_stated": (
        lambda: (an_answer(), not_stated()),
        lambda: on(an_answer, snapshot=None),
    ),
    "a_published_answer_has_a_person_and_a_date": (
        lambda: on(an_answer, state="published", published_at=NOW, published_by=a_user()),
        lambda: on(an_answer, state="published", published_at=NOW),
    ),
    "an_answer_taken_away_has_a_date_and_a_reason": (
        lambda: on(an_answer, state="withdrawn", ended_at=NOW, ended_because="Why."),
        lambda: on(an_answer, state="withdrawn", ended_at=NOW),
    ),
    "one_public_answer_per_clinic_and_question": (
        lambda: public_answers("price", "route"),
        lambda: public_answers("price", "price"),
    ),
    "versions_of_an_action_are_numbered": (lambda: action_versions(2), lambda: action_versions(1)),
    "two_people_answer_for_an_action": (
        lambda: an_action_version(an_action(), 1),
        lambda: an_action_version(an_action(), 1, second="ada"),
    ),
    "one_picture_of_a_first_sighting": (
        lambda: (a_picture(), a_picture(page=a_page(url="https://other.example/"))),
        lambda: again(a_picture),
    ),
    "one_picture_per_decision": (lambda: pictures_of_decisions(False), lambda: pictures_of_decisions(True)),
    "a_picture_at_a_decision_names_it": (a_picture_at_a_decision, lambda: a_picture(occasion="decision")),
    "a_taken_picture_is_kept": (
        lambda: a_picture(taken_at=NOW, image="0" * 64),
        lambda: a_picture(taken_at=NOW),
    ),
    "a_picture_is_taken_after_it_is_wanted": (
        lambda: a_picture(taken_at=NOW, image="0" * 64),
        lambda: a_picture(taken_at=NOW - timedelta(seconds=1), image="0" * 64),
    ),
    "what_was_imported_was_confirmed": (
        lambda: a_file(written_at=NOW, write_job=a_job()),
        lambda: a_file(written_at=NOW),
    ),
    "one_piece_of_a_file_in_each_place": (
        lambda: [a_file().parts.create(number=number, data=b"x") for number in (0, 1)],
        lambda: [file.parts.create(number=0, data=b"x") for file in [a_file()] * 2],
    ),
    "one_row_of_a_file_with_each_number": (
        lambda: [a_file().rows.create(number=number, first=2) for number in (2, 3)],
        lambda: [file.rows.create(number=2, first=2) for file in [a_file()] * 2],
    ),
    "a_clinics_first_row_comes_first": (
        lambda: a_file().rows.create(number=3, first=2),
        lambda: a_file().rows.create(number=2, first=3),
    ),
    "a_job_does_no_more_than_its_total": (lambda: a_job(done=2, total=2), lambda: a_job(done=3, total=2)),
    "a_merged_clinic_names_its_survivor": (
        lambda: a_merged_clinic(),
        lambda: on(a_clinic, status="merged", status_since=TODAY),
    ),
    "no_clinic_is_its_own_survivor": (lambda: a_merged_clinic(), lambda: a_merged_clinic(into_itself=True)),
    "no_flag_is_joined_into_itself": (lambda: joined_flags(False), lambda: joined_flags(True)),
    "a_clinic_is_not_merged_into_itself": (a_merger, lambda: a_merger(merged=a_clinic("Hip House"))),
    "a_merger_has_a_reason": (a_merger, lambda: a_merger(reason="")),
    "an_undone_merger_has_a_person_a_date_and_a_reason": (
        lambda: a_merger(undone_at=NOW, undone_by=a_user(), undone_because="Two owners."),
        lambda: a_merger(undone_at=NOW, undone_by=a_user()),
    ),
    "a_clinic_is_merged_into_one": (
        lambda: (a_merger(undone_at=NOW, undone_by=a_user(), undone_because="Two owners."), a_merger()),
        lambda: (a_merger(), a_merger()),
    ),
    "the_older_record_stands_first": (lambda: a_pair_apart(), lambda: a_pair_apart(turned=True)),
    "a_pair_is_told_apart_once": (a_pair_apart, lambda: (a_pair_apart(), a_pair_apart())),
    "a_saved_filter_has_a_name": (a_saved_filter, lambda: on(a_saved_filter, name="")),
    "a_person_gives_a_filters_name_once": (
        lambda: (a_saved_filter("flag"), a_saved_filter("claim", "state__exact=draft")),
        lambda: (a_saved_filter("flag", name="One"), on(lambda: a_saved_filter("flag", name="Two"), name="One")),
    ),
    "a_digest_has_an_hour_of_the_day": (lambda: a_digest(hour=23), lambda: a_digest(hour=24)),
    "a_digest_by_a_filter_names_it": (
        lambda: a_digest(scope="saved", saved_filter=a_saved_filter()),
        lambda: a_digest(scope="saved"),
    ),
    "an_ended_digest_says_why": (
        lambda: a_digest(ended_at=NOW, ended_because="Unsubscribed."),
        lambda: a_digest(ended_at=NOW),
    ),
    "a_person_has_one_digest_about_the_same": (
        lambda: (a_digest(), a_digest(scope="everything"), a_digest(ended_at=NOW, ended_because="Enough.")),
        lambda: again(a_digest),
    ),
    "a_delivery_that_ended_has_a_date": (
        lambda: a_delivery(state="sent", ended_at=NOW),
        lambda: a_delivery(state="sent"),
    ),
    "a_failed_delivery_says_why": (
        lambda: a_delivery(state="failed", ended_at=NOW, reason="Refused."),
        lambda: a_delivery(state="failed", ended_at=NOW),
    ),
    "a_thing_is_mailed_once_as_new": (lambda: mailed(NOW, NOW + timedelta(1)), lambda: mailed(NOW, NOW)),
    "a_finished_job_has_a_date": (lambda: a_job(state="done", finished_at=NOW), lambda: a_job(state="done")),
}


def constraints():
    """The names of all constraints of the models; the history's own tables have none."""
    kept = (models.CheckConstraint, models.UniqueConstraint)
    found = {
        constraint.name
        for model in apps.get_app_config("clinics").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, kept)
    }
    return found


def test_every_constraint_has_its_case():
    assert set(CASES) == constraints()


@pytest.mark.parametrize("name", CASES)
def test_a_constraint_allows_what_is_sound(name):
    allowed, _ = CASES[name]
    allowed()


@pytest.mark.parametrize("name", CASES)
def test_a_constraint_refuses_what_it_names(name):
    _, refused = CASES[name]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        refused()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (a_clinic, "public_id"),
        (a_claim, "public_id"),
        (a_check, "public_id"),
        (an_action, "public_id"),
    ],
)
def test_public_names_are_given_once(make, field):
    first = make()
    other = type(first).objects.get(pk=first.pk)
    other.pk = None
    with pytest.raises(IntegrityError, match=field), transaction.atomic():
        other.save(force_insert=True)


def test_a_page_is_unique_by_identity_and_a_check_is_superseded_once():
    page = a_page()
    with pytest.raises(IntegrityError, match="identity"), transaction.atomic():
        Page.objects.create(url="https://x.example/", typed="x", identity=page.identity, host=page.host)
    old = a_check()
    facts = {"clinic": old.clinic, "kind": old.kind, "subject": "x", "outcome": "verified", "checked_by": a_user()}
    CredentialCheck.objects.create(checked_on=date(2026, 1, 1), supersedes=old, **facts)
    with pytest.raises(IntegrityError, match="supersedes"), transaction.atomic():
        CredentialCheck.objects.create(checked_on=date(2026, 1, 1), supersedes=old, **facts)


def test_what_is_referred_to_cannot_be_removed():
    claim = a_published_claim()
    snapshot = a_snapshot(claim.page)
    for row in (claim.clinic, claim.page, snapshot):
        with pytest.raises(models.ProtectedError):
            row.delete()
    assert Claim.objects.get() == claim
    assert Rule.objects.count() == 0
    assert Flag.objects.count() == 0
