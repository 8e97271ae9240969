"""Rows for tests of the desk, made plainly: each builder says only what matters."""

from datetime import UTC, date, datetime

from django.contrib.auth.models import Group, User

from clinics.domain.block import Block, Surface
from clinics.domain.identity import subject_key, text_digest
from clinics.models import Claim, Clinic, Finding, Flag, Host, Page, PageState, PageUse, Rule, Sighting, Snapshot
from clinics.models.snapshot import pack_blocks
from clinics.operations.roles import ensure_roles

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PROMISE = "We guarantee that your knee will heal."


def a_user(name: str, *roles: str) -> User:
    """Somebody on the staff, with these roles."""
    ensure_roles()
    user = User.objects.create(username=name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def a_page(url: str = "https://knees.example/") -> Page:
    """A recorded page that nobody has read."""
    host, _ = Host.objects.get_or_create(name="knees.example")
    page = Page.objects.create(url=url, typed=url, identity=url.removeprefix("https://").rstrip("/"), host=host)
    PageState.objects.create(page=page, due_at=MONDAY)
    return page


def a_clinic(name: str = "Knees and More", **more: object) -> Clinic:
    """A draft without pages."""
    return Clinic.objects.create(name=name, **more)


def a_clinic_with_a_page(name: str = "Knees and More", url: str = "https://knees.example/") -> Clinic:
    """A draft with a website."""
    clinic = a_clinic(name, website=a_page(url))
    PageUse.objects.create(clinic=clinic, page=clinic.website)
    return clinic


def a_rule(key: str = "guarantee-of-healing", severity: int = 4) -> Rule:
    """A rule on promises."""
    rule, _ = Rule.objects.get_or_create(
        key=key,
        defaults={
            "category": "guarantee",
            "severity": severity,
            "languages": ["en"],
            "patterns": [r"\bguarantee\b"],
            "stances": ["claimed"],
            "explanation": "Nobody can promise an outcome.",
            "citation_title": "A regulator's guidance",
            "citation_url": "https://regulator.example/guidance",
            "citation_date": date(2026, 1, 5),
            "must": [PROMISE],
            "must_not": ["We cannot guarantee an outcome."],
        },
    )
    return rule


def a_snapshot(page: Page, *texts: str, at: datetime = MONDAY) -> Snapshot:
    """A text that the page carried."""
    blocks = tuple(Block(text, Surface.BODY) for text in texts)
    return Snapshot.objects.create(
        page=page,
        text_digest=text_digest(blocks),
        packed_blocks=pack_blocks(blocks),
        extractor_version="1",
        taken_at=at,
    )


def a_flag(
    clinic: Clinic,
    sentence: str = PROMISE,
    *,
    severity: int = 4,
    around: str = "Welcome. {} Call us.",
    at: datetime = MONDAY,
) -> Flag:
    """An open flag, seen on the clinic's website."""
    rule = a_rule()
    flag = Flag.objects.create(
        clinic=clinic,
        subject=subject_key(sentence),
        sentence=sentence,
        category=rule.category,
        severity=severity,
        rule=rule,
        cause="page_changed",
        raised_at=at,
        presence_since=at,
    )
    Finding.objects.create(
        flag=flag,
        rule=rule,
        rule_version=1,
        stance="claimed",
        severity=4,
        words="guarantee",
        reason="Said outright.",
        found_at=at,
    )
    block = around.format(sentence)
    Sighting.objects.create(
        flag=flag,
        page=clinic.website,
        snapshot=a_snapshot(clinic.website, block, at=at),
        surface="body",
        digest=1,
        sentence=sentence,
        block=block,
        governors=["What we promise"],
        cause="page_changed",
        first_seen_at=at,
        last_seen_at=at,
        presence_since=at,
    )
    return flag


def a_claim(clinic: Clinic, by: User, *, severity: int = 3, **more: object) -> Claim:
    """A draft claim quoted from the clinic's website."""
    return Claim.objects.create(
        clinic=clinic,
        page=clinic.website,
        snapshot=a_snapshot(clinic.website, PROMISE),
        category="guarantee",
        severity=severity,
        quote=PROMISE,
        first_seen_on=MONDAY.date(),
        drafted_by=by,
        drafted_at=MONDAY,
        **more,
    )
