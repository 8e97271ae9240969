"""Ten thousand flags that nobody confirmed, and clinics that nobody listed: none of it is at any public address."""

from datetime import datetime
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pgtrigger
import pytest
from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from clinics.models import Claim, Clinic, CredentialCheck, Decision, Finding, Flag, FlagComment, Rule, Sighting, Variant
from clinics.models.bulk_copy import copy_rows
from clinics.operations.dumping import make_dump
from clinics.operations.reference import prepare
from clinics.operations.seeding import seed
from tests.build import a_correction, a_published_action
from tests.directory.test_leaks import MARK, NO_LANGUAGE, Seeded, addresses, body
from tests.published import rows

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

FLAGS: Final = 10_000
CLINICS: Final = 60
UNLISTED: Final = 30
OF_CLINIC: Final = ("/clinics/{}/", "/clinics/{}/questions/", "/clinics/{}/feed/", "/api/v1/clinics/{}/")


@pytest.fixture
def many() -> Seeded:
    """Sixty clinics, of which half are not public, and flags that wait or were dismissed, all with the mark."""
    now = timezone.now()
    prepare(now)
    seed(CLINICS, FLAGS, 0, now, lambda told: None)
    hidden = Clinic.objects.filter(pk__in=Clinic.objects.order_by("pk").values("pk")[:UNLISTED])
    with pgtrigger.ignore():
        _undecided(now)
        _marked_flags()
        _marked(Claim.objects.filter(clinic__in=hidden), "quote", "context", "notes")
        _marked(Claim.objects.all(), "notes")
        _marked(CredentialCheck.objects.filter(clinic__in=hidden), "subject", "notes")
    _hide(hidden)
    return _public_rows()


def _undecided(now: datetime) -> None:
    """No flag is confirmed: two of three wait, the others were dismissed."""
    Flag.objects.filter(state__in=("confirmed", "deferred")).update(
        state="dismissed", dismissed_as="denied", deferred_until=None, decided_at=now
    )


def _marked_flags() -> None:
    person = rows.a_person("ada")
    flags, now = list(Flag.objects.all()), timezone.now()
    copy_rows([FlagComment(flag=flag, text="c", by=person, at=now) for flag in flags])
    copy_rows([Variant(flag=flag, sentence="v", sentence_digest=flag.pk, first_seen_at=now) for flag in flags])
    _marked(Flag.objects.all(), "sentence", "evidence", "reopened_because")
    _marked(Finding.objects.all(), "words", "reason")
    _marked(Sighting.objects.all(), "sentence", "block")
    _marked(Variant.objects.all(), "sentence")
    _marked(Decision.objects.all(), "sentence", "reason")
    _marked(FlagComment.objects.all(), "text")
    _marked(Rule.objects.all(), "explanation")


def _marked(found: QuerySet[Model], *fields: str) -> None:
    """Each of these fields holds the mark, its row's number and its own name, and nothing else."""
    number = Cast(F("pk"), CharField())
    found.update(**{field: Concat(Value(f"{MARK}-"), number, Value(f"-{field}")) for field in fields})


def _hide(hidden: QuerySet[Clinic]) -> None:
    """Half of them are drafts, half are held; their names hold the mark, and so do everybody's notes."""
    keys = list(hidden.values_list("pk", flat=True))
    _marked(Clinic.objects.all(), "notes")
    _marked(Clinic.objects.filter(pk__in=keys), "name", "other_names")
    Clinic.objects.filter(pk__in=keys[::2]).update(status="draft", status_since=None)
    Clinic.objects.filter(pk__in=keys[1::2]).update(status="held", status_reason=f"{MARK}-reason")


def _public_rows() -> Seeded:
    """What the addresses are made of."""
    clinic = Clinic.objects.listed().order_by("pk").filter(claims__state="published").first()
    assert clinic is not None
    hidden = Clinic.objects.filter(status__in=("draft", "held"))
    return Seeded(
        clinic.public_id,
        clinic.claims.filter(state="published")[0].public_id,
        rows.a_claim(clinic, f"{MARK}-withdrawn.", state="withdrawn").public_id,
        rows.a_clinic("Removed Clinic", "delisted", notes=f"{MARK}-note").public_id,
        tuple(hidden.values_list("public_id", flat=True)),
        tuple(Claim.objects.filter(clinic__in=hidden).values_list("public_id", flat=True)),
        (a_published_action(clinic, notes=f"{MARK}-note").public_id,),
        (),
        (a_correction(text=f"{MARK}-text").token,),
    )


def test_nothing_public_tells_of_ten_thousand_flags(
    many: Seeded, client: Client, settings: Settings, tmp_path: Path
) -> None:
    assert Flag.objects.filter(sentence__startswith=MARK).exclude(state="confirmed").count() == FLAGS
    listed = list(Clinic.objects.listed())
    _addresses_tell_nothing(many, listed, client)
    _maps_name_the_listed_alone(many, listed, client)
    _unlisted_ones_have_no_address(many, client)
    settings.DUMP_FOLDER = tmp_path
    assert make_dump(timezone.now())["clinics.jsonl"] == len(listed) == CLINICS - UNLISTED
    with ZipFile(tmp_path / "directory.zip") as archive:
        assert [name for name in archive.namelist() if MARK in archive.read(name).decode()] == []


def _addresses_tell_nothing(many: Seeded, listed: list[Clinic], client: Client) -> None:
    everywhere = [address for found in addresses(many).values() for address in found]
    everywhere += [f"/es{address}" for address in everywhere if not address.startswith((*NO_LANGUAGE, "/data/"))]
    everywhere += [form.format(clinic.public_id) for clinic in listed for form in OF_CLINIC]
    for address in [*everywhere, "/?page=2"]:
        answer = client.get(address)
        assert answer.status_code in (200, 400), address
        assert MARK not in f"{answer.headers} {body(answer)}", address


def _maps_name_the_listed_alone(many: Seeded, listed: list[Clinic], client: Client) -> None:
    assert client.get("/api/v1/clinics/").json()["count"] == len(listed)
    maps = "".join(body(client.get(f"/sitemap-clinics-{tongue}.xml")) for tongue in ("en", "es"))
    assert [one.public_id for one in listed if one.public_id not in maps] == []
    assert [public_id for public_id in many.hidden_clinics if public_id in maps] == []


def _unlisted_ones_have_no_address(many: Seeded, client: Client) -> None:
    assert len(many.hidden_clinics) == UNLISTED
    for address in [form.format(public_id) for public_id in many.hidden_clinics for form in OF_CLINIC]:
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert MARK not in body(answer), address
