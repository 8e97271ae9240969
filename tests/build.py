"""Small builders of rows: each says only what matters to the test that calls it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group, User

from clinics.domain.block import Block, Surface
from clinics.domain.identity import digest, subject_key, text_digest
from clinics.domain.packing import packed
from clinics.domain.page_identity import host_of, identity_key
from clinics.domain.sentences import split
from clinics.models import (
    AnswerPoint,
    Cause,
    Claim,
    Clinic,
    ClinicAnswer,
    Correction,
    CredentialCheck,
    Delivery,
    Digest,
    Finding,
    Flag,
    Host,
    OfficialAction,
    Page,
    PageProposal,
    PageState,
    PageUse,
    Question,
    RegisterLookUp,
    Rule,
    SavedFilter,
    Sighting,
    Snapshot,
    Term,
)
from clinics.models.snapshot import written
from clinics.operations import (
    action_publication,
    claims,
    credentials,
    official_actions,
    publication,
    questions,
    saved_filters,
)
from clinics.operations.roles import ensure_roles

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PROMISE = "We guarantee lasting relief for every knee."


def later(**more: float) -> datetime:
    """A time after NOW."""
    return NOW + timedelta(**more)


def a_user(name: str = "ada", *groups: str, **more: Any) -> User:
    """A member of staff in these groups (recorder, reviewer, publisher, auditor, administrator)."""
    user, is_new = User.objects.get_or_create(username=name, defaults={"is_staff": True, **more})
    if is_new:
        user.set_unusable_password()  # hashing one takes half a second; tests sign in by force_login
        user.save()
    if groups:
        ensure_roles()
        user.groups.add(*Group.objects.filter(name__in=groups))
    return user


def a_page(clinic: Clinic | None = None, url: str = "https://knees.example/", **more: Any) -> Page:
    """A page, used by the clinic as its own where one is given."""
    host, _ = Host.objects.get_or_create(name=host_of(url), defaults={"free_at": NOW})
    facts = {"url": url, "typed": url, "host": host, **more}
    page, _ = Page.objects.get_or_create(identity=identity_key(url), defaults=facts)
    PageState.objects.get_or_create(page=page, defaults={"due_at": NOW})
    if clinic is not None:
        PageUse.objects.get_or_create(page=page, clinic=clinic)
    return page


def a_proposal(clinic: Clinic | None = None, url: str = "https://knee-house.example/faq", **more: Any) -> PageProposal:
    """A page of the clinic's site to which its website links, and which waits for a person."""
    clinic = clinic or a_clinic()
    facts = {"identity": identity_key(url), "source": "link", "found_on": clinic.website, "likelihood": 4}
    return PageProposal.objects.create(clinic=clinic, url=url, **{**facts, "first_seen_at": NOW, **more})


def a_clinic(name: str = "Knee House", **more: Any) -> Clinic:
    """A draft with a website of its own name."""
    website = f"https://{name.lower().replace(' ', '-')}.example/"
    clinic = Clinic.objects.create(name=name, **more)
    if clinic.website_id is None:
        clinic.website = a_page(clinic, website)
        clinic.save(update_fields=["website"])
    return clinic


def a_listed_clinic(name: str = "Knee House", **more: Any) -> Clinic:
    """A clinic that the public sees."""
    return a_clinic(name, status=Clinic.Status.LISTED, status_since=NOW.date(), **more)


def a_rule(key: str = "guarantee", **more: Any) -> Rule:
    """A rule that finds the word of its key; made once."""
    facts: dict[str, Any] = {
        "category": "guarantee",
        "severity": 4,
        "languages": ["en"],
        "patterns": [rf"\b{key}"],
        "stances": ["claimed"],
        "explanation": "No treatment works for everyone.",
        "citation_title": "Guide",
        "citation_url": "https://rules.example/",
        "citation_date": date(2026, 1, 1),
        "must": [PROMISE],
        "must_not": [],
    }
    rule, _ = Rule.objects.get_or_create(key=key, defaults={**facts, **more})
    return rule


def a_snapshot(page: Page, *texts: str, at: datetime = NOW) -> Snapshot:
    """What a page said at its last reading, a block for each text."""
    blocks = [Block(text, Surface.BODY) for text in texts or (PROMISE,)]
    snapshot, _ = Snapshot.objects.get_or_create(
        page=page,
        text_digest=text_digest(blocks),
        origin=Snapshot.Origin.READ,
        defaults={"packed_blocks": packed(written(blocks)), "extractor_version": "1", "taken_at": at},
    )
    PageState.objects.filter(page=page).update(
        snapshot=snapshot, text_digest=snapshot.text_digest, outcome="ok", last_read_at=at, last_tried_at=at
    )
    return snapshot


def a_flag(
    clinic: Clinic | None = None,
    sentence: str = PROMISE,
    *,
    severity: int = 4,
    category: str = "guarantee",
    page: Page | None = None,
    at: datetime = NOW,
    **more: Any,
) -> Flag:
    """An open flag that was seen once, on the clinic's website unless another page is given."""
    clinic = clinic or a_clinic()
    page = page or clinic.website or a_page(clinic)
    snapshot = a_snapshot(page, sentence, at=at)
    rule = a_rule()
    facts = {"category": category, "severity": severity, "rule": rule, "cause": Cause.FIRST_READING}
    flag = Flag.objects.create(
        clinic=clinic,
        subject=subject_key(sentence),
        sentence=sentence,
        raised_at=at,
        presence_since=at,
        **{**facts, **more},
    )
    Finding.objects.create(
        flag=flag,
        rule=rule,
        rule_version=rule.version,
        stance="claimed",
        severity=severity,
        words=sentence.split()[1],
        reason="Said of the clinic itself.",
        found_at=at,
    )
    _sighting(flag, page, snapshot, at)
    return flag


def _sighting(flag: Flag, page: Page, snapshot: Snapshot, at: datetime) -> Sighting:
    return Sighting.objects.create(
        flag=flag,
        page=page,
        snapshot=snapshot,
        surface=Surface.BODY,
        digest=digest(split(snapshot.blocks)[0]),
        sentence=flag.sentence,
        block=flag.sentence,
        cause=Cause.FIRST_READING,
        first_seen_at=at,
        last_seen_at=at,
        presence_since=at,
    )


def a_claim(clinic: Clinic | None = None, quote: str = PROMISE, *, page: Page | None = None, **more: Any) -> Claim:
    """A draft of a claim, quoted from the clinic's website unless another page is given."""
    clinic = clinic or a_clinic()
    page = page or clinic.website or a_page(clinic)
    facts = {"category": "guarantee", "severity": 4, "by": a_user("drafter"), "now": NOW, **more}
    category = facts.pop("category")
    return claims.draft_claim(clinic, quote, category, page=page, snapshot=a_snapshot(page, quote), **facts)


def a_published_claim(clinic: Clinic | None = None, quote: str = PROMISE, **more: Any) -> Claim:
    """A claim that went through all that publishing asks for."""
    claim = a_claim(clinic or a_listed_clinic(), quote, **more)
    claims.waive_comment(claim, reason="The statement is public.", by=a_user("first"), now=NOW)
    publication.sign(claim, by=a_user("first"), now=NOW)
    if claim.is_critical:
        publication.sign(claim, by=a_user("second"), now=NOW)
    claim.refresh_from_db()
    return claim


def an_action(clinic: Clinic | None = None, **more: Any) -> OfficialAction:
    """A draft of a letter that a person matched with the clinic."""
    facts: dict[str, Any] = {
        "agency": "FDA, Center for Biologics",
        "kind": "untitled_letter",
        "acted_on": date(2026, 3, 4),
        "title": "Letter on unlicensed products",
        "addressee": "Knee House LLC",
        "url": "https://agency.example/letter",
        "by": a_user("drafter"),
        "now": NOW,
        **more,
    }
    action = official_actions.draft_action(**facts)
    clinic = clinic or a_clinic()
    official_actions.match_action(action, clinic, how="Same name and street", by=a_user("drafter"), now=NOW)
    return action


def a_published_action(clinic: Clinic | None = None, **more: Any) -> OfficialAction:
    """An official action that two people signed."""
    action = an_action(clinic or a_listed_clinic(), **more)
    for name in ("first", "second"):
        action_publication.sign_action(action, by=a_user(name), now=NOW)
    return action


def a_kind(key: str = "npi") -> Term:
    """A kind of credential."""
    kind = Term.Kind.CREDENTIAL_KIND
    facts = {"kind": kind, "key": key, "english": key, "spanish": key}
    term, _ = Term.objects.get_or_create(id=f"{kind}:{key}", defaults=facts)
    return term


def a_check(clinic: Clinic | None = None, outcome: str = "verified", **more: Any) -> CredentialCheck:
    """A draft of a credential check that has all that any outcome's sentence needs."""
    facts: dict[str, Any] = {
        "kind": a_kind("state_licence"),
        "subject": "Dr. Ana Example",
        "checked_on": NOW.date(),
        "register": "State register",
        "identifier": "ME 000000",
        "register_word": "Clear",
        "search_terms": "Example, Ana",
        "document_title": "Consent order",
        "register_date": date(2026, 10, 1),
        "matched_by": "licence number, birth year",
        "source_url": "https://register.example/entry",
        "by": a_user("checker"),
        "now": NOW,
        **more,
    }
    return credentials.draft_check(clinic or a_clinic(), outcome=outcome, **facts)


def a_look_up(clinic: Clinic | None = None, outcome: str = "verified", **more: Any) -> RegisterLookUp:
    """A register's answer that waits for a person."""
    facts: dict[str, Any] = {
        "kind": a_kind("npi"),
        "subject": "Dr. Ana Example",
        "identifier": "1234567893",
        "connector": "nppes",
        "register": "NPPES NPI Registry",
        "proposal": {"outcome": outcome, "remark": "All the same.", "facts": {"register_word": "Active"}},
        "state": RegisterLookUp.State.ANSWERED,
        "asked_by": a_user("asker"),
        "asked_at": NOW,
        "answered_at": NOW,
        **more,
    }
    return RegisterLookUp.objects.create(clinic=clinic or a_clinic(), **facts)


def a_published_credential(clinic: Clinic | None = None, outcome: str = "verified", **more: Any) -> CredentialCheck:
    """A credential check that another person put before the public."""
    made = a_check(clinic or a_listed_clinic(), outcome, **more)
    return credentials.publish_check(made, by=a_user("second"), now=NOW)


ANSWER = "Each batch is made at Bay Cell Works, Tampa."


def an_answer(clinic: Clinic | None = None, quote: str = ANSWER, **more: Any) -> Question:
    """A draft of an answer about the laboratory, quoted from the clinic's website."""
    clinic = clinic or a_clinic()
    a_snapshot(clinic.website or a_page(clinic), PROMISE, quote)
    clinic.website.state.refresh_from_db()
    facts = {"key": "laboratory", "page_url": clinic.website.url, "by": a_user("recorder"), "now": NOW, **more}
    return questions.draft_answer(clinic, facts.pop("key"), quote=quote, **facts)


def not_stated(clinic: Clinic | None = None, key: str = "price", **more: Any) -> Question:
    """A draft that says that a person looked, and found no answer."""
    facts = {"looked_on": NOW.date(), "by": a_user("recorder"), "now": NOW, **more}
    return questions.draft_answer(clinic or a_clinic(), key, finding=Question.Finding.NOT_STATED, **facts)


def a_published_answer(clinic: Clinic | None = None, quote: str = ANSWER, **more: Any) -> Question:
    """An answer that a person put before the public."""
    return questions.publish_answer(an_answer(clinic or a_listed_clinic(), quote, **more), by=a_user("second"), now=NOW)


def a_saved_filter(kind: str = "flag", query: str = "severity__exact=4", **more: Any) -> SavedFilter:
    """Filters that a person keeps, for oneself unless it says otherwise."""
    facts = {"name": "Grave ones", "is_shared": False, "by": a_user(), **more}
    return saved_filters.save_filter(facts.pop("name"), kind, query, **facts)


def a_digest(by: User | None = None, **more: Any) -> Digest:
    """A wish to be mailed about everything, due now."""
    facts = {"scope": Digest.Scope.EVERYTHING, "due_at": NOW, "created_at": NOW, **more}
    return Digest.objects.create(owner=by or a_user("reader", "reviewer", email="reader@desk.example"), **facts)


def a_delivery(by: User | None = None, **more: Any) -> Delivery:
    """An attempt to mail a digest that succeeded."""
    facts = {"to": "reader@desk.example", "items": 1, "state": "sent", "at": NOW, "ended_at": NOW, **more}
    return Delivery.objects.create(digest=a_digest(by), **facts)


def a_correction(**more: Any) -> Correction:
    """A visitor's report of an error."""
    facts = {"once": uuid4(), "kind": "error", "text": "The date is wrong.", "received_at": NOW}
    return Correction.objects.create(**{**facts, "due_on": NOW.date() + timedelta(days=14), **more})


def an_answer_case(claim: Claim | None = None, *, kind: str = "dispute", **more: Any) -> Correction:
    """A clinic's answer about a published statement, proved by a call, with one point."""
    claim = claim or a_published_claim()
    facts = {"kind": "answer", "text": "", "about": f"/clinics/{claim.clinic.public_id}/", **more}
    case = a_correction(**facts)
    proved = {"proved_at": NOW, "proof": "305 555 0142"} if facts.get("state") not in ("unproved", "expired") else {}
    ClinicAnswer.objects.create(
        case=case, clinic=claim.clinic, sender="Ana Example", way="call", expires_at=later(days=14), **proved
    )
    AnswerPoint.objects.create(case=case, claim=claim, kind=kind, text="We say otherwise.")
    return case
