"""What stands beside a claim, and what keeps it from being signed: references, replies, patients' names, counsel."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from clinics.domain.outcome import Outcome
from clinics.models import Claim
from clinics.operations import claim_counsel, claim_names, claim_readiness, claim_replies, claims, publication
from clinics.operations.claim_references import add_reference
from clinics.operations.placing import place_location
from clinics.operations.quotes import follow_quotes
from clinics.operations.refusal import Refusal
from clinics.operations.statements import Text
from tests.build import NOW, PROMISE, a_claim, a_listed_clinic, a_published_claim, a_snapshot, a_user, later
from tests.operations.proof import whats

pytestmark = pytest.mark.django_db
STORY = "I dance again after one visit, says Zelda Q., Tampa."


def ready(claim):
    claims.waive_comment(claim, reason="Public.", by=a_user("first"), now=NOW)
    return claim


def signed(claim):
    publication.sign(claim, by=a_user("first"), now=NOW)
    if claim.state == "awaiting_second":
        publication.sign(claim, by=a_user("second"), now=NOW)
    return claim


def everywhere(claim):
    """Every public answer in which a claim may stand."""
    home = f"/clinics/{claim.clinic.public_id}/"
    pages = [home, f"/es{home}", f"{home}statements/{claim.public_id}/", f"/es{home}statements/{claim.public_id}/"]
    pages += [f"/api/v1{home}", "/api/v1/clinics/", "/api/v1/facets/", "/", "/?claim_category=outcome_promise"]
    return {page: Client().get(page).content.decode() for page in pages}


def test_a_reference_is_shown_and_frozen():
    claim = a_published_claim()
    add_reference(claim, "pmid", identifier="PMID 123", title="Knees", by=a_user(), now=NOW)
    add_reference(claim, "page", url="https://agency.example/guidance", title="Guidance", by=a_user(), now=NOW)
    told = everywhere(claim)[f"/clinics/{claim.clinic.public_id}/statements/{claim.public_id}/"]
    assert '<a href="https://pubmed.ncbi.nlm.nih.gov/123/" rel="nofollow noopener">Knees · PMID 123</a>' in told
    assert "https://agency.example/guidance" in told
    kinds = [one["kind"] for one in claim.versions.latest("number").content["references"]]
    assert (kinds, claim.versions.count()) == (["pmid", "page"], 3)
    api = Client().get(f"/api/v1/clinics/{claim.clinic.public_id}/").json()
    assert [one["identifier"] for one in api["claims"][0]["references"]] == ["123", ""]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"kind": "pmid", "identifier": "none"}, "no PMID"),
        ({"kind": "page", "url": ""}, "address"),
        ({"kind": "book", "identifier": "1"}, "no kind"),
    ],
)
def test_a_reference_that_cannot_be_one_is_refused(facts, why):
    with pytest.raises(Refusal, match=why):
        add_reference(a_claim(), by=a_user(), now=NOW, **facts)


def test_a_critical_claim_that_is_public_gets_no_reference_that_one_person_chose():
    with pytest.raises(Refusal, match="hold it"):
        add_reference(a_published_claim(severity=5), "pmid", identifier="123", by=a_user(), now=NOW)


PROVED = {"proved_by": "mail", "proof": "office@knee-house.example", "sender": "Ana Example, owner"}


def a_reply(claim, **facts):
    given = {"text": "We stand by our words.", "received_on": NOW.date(), **PROVED, **facts}
    return claim_replies.record_reply(claim, by=a_user(), now=NOW, **given)


@pytest.fixture
def published():
    clinic = a_listed_clinic()
    place_location(clinic, zip="33602", phone="813 555 0142")
    return a_published_claim(clinic)


def test_a_reply_is_public_once_a_person_publishes_it_and_its_proof_never(published):
    reply = a_reply(published)
    assert not any("We stand by our words" in text for text in everywhere(published).values())
    claim_replies.publish_reply(reply, by=a_user("second"), now=NOW)
    told = everywhere(published)
    assert sum("We stand by our words" in text for text in told.values()) == 5
    assert not any("Ana Example" in text or "office@" in text for text in told.values())
    assert published.versions.latest("number").content["replies"][0]["text"] == "We stand by our words."
    with pytest.raises(DatabaseError), transaction.atomic():
        type(reply).objects.filter(pk=reply.pk).update(text="We were wrong.")
    claim_replies.take_reply_away(reply, reason="At the clinic's wish", by=a_user("second"), now=NOW)
    assert not any("We stand by our words" in text for text in everywhere(published).values())


@pytest.mark.parametrize(
    ("proved_by", "proof", "holds"),
    [
        ("mail", "office@SITE", True),
        ("mail", "office@mail.SITE", True),
        ("mail", "office@elsewhere.example", False),
        ("mail", "office@SITE.elsewhere.example", False),
        ("mail", "SITE", False),
        ("token", "https://SITE/token.txt", True),
        ("token", "https://elsewhere.example/token.txt", False),
        ("token", "SITE", False),
        ("call", "+1 (813) 555-0142", True),
        ("call", "813 555 0143", False),
        ("call", "no number", False),
    ],
)
def test_the_proof_leads_to_the_clinic_as_it_is_recorded(published, proved_by, proof, holds):
    proof = proof.replace("SITE", published.clinic.website.host.name)
    if holds:
        assert a_reply(published, proved_by=proved_by, proof=proof).proof == proof
    else:
        with pytest.raises(Refusal, match=r"not at the clinic|not recorded"):
            a_reply(published, proved_by=proved_by, proof=proof)


def test_what_may_be_a_patients_name_keeps_a_claim_from_being_signed():
    claim = ready(a_claim(a_listed_clinic(), STORY))
    assert [likely.name for likely in claim_names.names_to_judge(claim)] == ["Zelda Q."]
    with pytest.raises(Refusal, match="Zelda"):
        publication.sign(claim, by=a_user("first"), now=NOW)
    claim_names.judge_names(claim, [], by=a_user("first"), now=NOW)
    assert signed(claim).quote_in_public == STORY


def test_a_name_that_was_taken_out_is_nowhere_public_and_its_words_are_still_found_on_the_page():
    claim = ready(a_claim(a_listed_clinic(), STORY, context=f"{STORY} Zelda Q. is one of many."))
    claim_names.judge_names(claim, ["Zelda Q."], by=a_user("first"), now=NOW)
    signed(claim)
    assert claim.quote == STORY
    told = everywhere(claim)
    assert not [page for page, text in told.items() if "Zelda" in text]
    assert sum("[name], Tampa" in text for text in told.values()) == 5
    assert "Zelda" not in str(claim.versions.get().content)
    for words, found in (("Zelda", 0), ("Tampa", 0)):
        assert Client().get("/api/v1/clinics/", {"q": words}).json()["count"] == found
    follow_quotes(claim.page, Outcome.OK, Text.of(a_snapshot(claim.page, STORY).blocks), later(days=1))
    claim.presence.refresh_from_db()
    assert (claim.presence.state, claim.presence.last_exact_at) == ("exact", later(days=1))
    assert "A published claim does not say what was signed." not in whats()


def test_a_judgement_holds_for_the_words_that_were_read():
    claim = ready(a_claim(quote=PROMISE))
    claim_names.judge_names(claim, [], by=a_user("first"), now=NOW)
    Claim.objects.filter(pk=claim.pk).update(context=f"{PROMISE} — Zelda Q.")
    with pytest.raises(Refusal, match="patient's name"):
        publication.sign(claim, by=a_user("first"), now=NOW)


def judged(claim, *names):
    """A claim that is public, of whose words somebody said which are names."""
    claim_names.judge_names(ready(claim), names, by=a_user("first"), now=NOW)
    return signed(claim)


def test_once_public_names_are_taken_out_but_not_put_back():
    claim = judged(a_claim(a_listed_clinic(), STORY), "Zelda Q.")
    with pytest.raises(Refusal, match="stays out"):
        claim_names.judge_public_names(claim, [], by=a_user("first"), now=NOW)
    claim_names.judge_public_names(claim, ["Zelda Q.", "Tampa"], by=a_user("eve"), now=NOW)
    last = claim.versions.latest("number")
    assert last.content["quote"] == "I dance again after one visit, says [name], [name]."
    assert (last.number, last.first_signed_by) == (2, a_user("eve"))


@pytest.mark.parametrize("state", ["published", "held"])
def test_what_was_public_once_is_not_judged_as_a_draft_is(state):
    claim = judged(a_claim(a_listed_clinic(), STORY))
    if state == "held":
        publication.hold(claim, reason="A complaint.", by=a_user("first"), now=NOW)
    with pytest.raises(Refusal, match="was public once"):
        claim_names.judge_names(claim, ["Zelda Q."], by=a_user(), now=NOW)
    assert claim_names.judge_public_names(claim, ["Zelda Q."], by=a_user(), now=NOW).state == state
    assert claim.redacted_names == ["Zelda Q."]
    with pytest.raises(Refusal, match="not been public"):
        claim_names.judge_public_names(a_claim(quote=STORY), ["Zelda Q."], by=a_user(), now=NOW)


DENIAL = "We do not cure arthritis, says Zelda de la Cruz, and maria agrees."


@pytest.mark.parametrize("word", ["not", "do not cure", "maria"])
def test_out_of_what_was_public_no_words_in_small_letters_are_taken(word):
    claim = judged(a_claim(a_listed_clinic(), DENIAL))
    with pytest.raises(Refusal, match="small letters"):
        claim_names.judge_public_names(claim, ["Zelda de la Cruz", word], by=a_user(), now=NOW)
    claim.refresh_from_db()
    assert (claim.quote_in_public, claim.versions.count()) == (DENIAL, 1)
    claim_names.judge_public_names(claim, ["Zelda de la Cruz"], by=a_user(), now=NOW)
    assert claim.quote_in_public == "We do not cure arthritis, says [name], and maria agrees."


def test_before_anybody_signed_a_name_in_small_letters_is_taken_out():
    claim = judged(a_claim(a_listed_clinic(), DENIAL), "Zelda de la Cruz", "maria")
    assert claim.quote_in_public == "We do not cure arthritis, says [name], and [name] agrees."
    claim_names.judge_public_names(claim, claim.redacted_names, by=a_user(), now=NOW)  # those were taken out before


@pytest.mark.parametrize("name", ["Nobody", "—"])
def test_what_is_no_name_in_these_words_is_refused(name):
    with pytest.raises(Refusal, match="no"):
        claim_names.judge_names(a_claim(quote=STORY), [name], by=a_user(), now=NOW)


def test_where_counsel_is_asked_for_counsel_signs_first_and_for_these_words():
    claim = ready(a_claim(a_listed_clinic()))
    claim_counsel.ask_counsel(claim, by=a_user(), now=NOW)
    with pytest.raises(Refusal, match="Counsel has to sign"):
        publication.sign(claim, by=a_user("first"), now=NOW)
    claim_counsel.record_counsel(claim, name="Ada Counsel", signed_on=NOW.date(), by=a_user(), now=NOW)
    Claim.objects.filter(pk=claim.pk).update(context="Other words.")
    claim.refresh_from_db()
    assert claim_readiness.missing(claim, NOW) == [
        "The words have changed since counsel signed them: let counsel sign again."
    ]
    claim_counsel.record_counsel(claim, name="Ada Counsel", signed_on=NOW.date(), by=a_user(), now=NOW)
    assert signed(claim).state == "published"


@pytest.mark.parametrize("asked", [True, False])
def test_every_new_claim_waits_for_counsel_where_that_is_set(settings, asked):
    settings.CLAIMS_NEED_COUNSEL = asked
    assert a_claim().needs_counsel is asked


def test_one_hold_takes_a_claim_from_every_public_address_at_once():
    claim = a_published_claim(a_listed_clinic(), "We promise zqxwords to every knee.")
    a_reply_text = "Our zqxreply."
    add_reference(claim, "pmid", identifier="123", title="A zqxpaper", by=a_user(), now=NOW)
    claim_replies.publish_reply(
        a_reply(claim, text=a_reply_text, proof=f"office@{claim.clinic.website.host.name}"), by=a_user(), now=NOW
    )
    before = everywhere(claim)
    assert sum("zqx" in text for text in before.values()) == 5
    assert Client().get("/api/v1/clinics/", {"claim_category": "outcome_promise"}).json()["count"] == 1
    publication.hold(claim, reason="A complaint", by=a_user("first"), now=NOW)
    assert not [page for page, text in everywhere(claim).items() if "zqx" in text]
    assert Client().get("/api/v1/clinics/", {"claim_category": "outcome_promise"}).json()["count"] == 0
    assert Client().get("/api/v1/clinics/", {"q": "zqxwords"}).json()["count"] == 0
    address = f"/clinics/{claim.clinic.public_id}/statements/{claim.public_id}/"
    assert Client().get(address).status_code == 404
