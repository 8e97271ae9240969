"""A clinic that answers, for tests: the form filled in, the mail with its code, the worker that has its turn."""

import re
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from clinics.models import AnswerPoint, Claim, Clinic, Correction, Host, Page, PageState
from clinics.operations import jobs
from tests.published import rows

STAMP = re.compile(r'name="stamp" value="([^"]+)"')
TOKEN = re.compile(r"<pre[^>]*><code>([\w-]{32})</code>")
CODE = re.compile(r"The code: ([A-Z0-9]{8})")


def a_clinic_at(host: str = "kneehouse.test", name: str = "Knee House", **more: Any) -> Clinic:
    """A listed clinic with a website at this host, and a telephone number."""
    known, _ = Host.objects.get_or_create(name=host)
    page = Page.objects.create(url=f"http://{host}/", typed=host, identity=f"{host}/", host=known)
    PageState.objects.create(page=page, due_at=timezone.now(), last_read_at=timezone.now(), outcome="ok")
    clinic = rows.a_clinic(name, website=page, **more)
    rows.a_location(clinic)
    return clinic


def send(client: Client, clinic: Clinic, *points: tuple[Claim, str, str], **more: str) -> HttpResponse:
    """Fill in the form and send it."""
    address = f"/clinics/{clinic.public_id}/answer/"
    facts = {"stamp": STAMP.findall(client.get(address).content.decode())[0], "more_about": "", "contact": ""}
    facts |= {"sender": "Ana Example, owner", "way": "mail", "local_part": "office"}
    for claim, kind, text in points:
        named = {"on": "on", "kind": kind, "text": text}
        facts |= {f"{claim.public_id}-{name}": value for name, value in named.items()}
    return client.post(address, {**facts, **more})


def a_case(client: Client, clinic: Clinic, *points: tuple[Claim, str, str], **more: str) -> Correction:
    """The case of what was sent."""
    answer = send(client, clinic, *points, **more)
    assert answer.status_code == 302, answer.content.decode()
    return Correction.objects.get(token=answer.headers["Location"].split("/")[-2])


def step(client: Client, case: Correction, name: str, **given: str) -> HttpResponse:
    """One step of the proof."""
    return client.post(f"/report/case/{case.token}/proof/{name}/", given)


def work() -> None:
    """A worker does all that waits."""
    while jobs.work_one(timezone.now, uuid4()):
        pass


def point_of(case: Correction, claim: Claim) -> AnswerPoint:
    """What the case says about the statement."""
    return case.points.get(claim=claim)
