"""Rules are tried out before they are saved."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from clinics.models import Flag, Job, Rule
from clinics.operations import jobs
from clinics.operations.rule_decisions import count_decisions
from tests.admin.conftest import SignedIn
from tests.build import NOW, PROMISE, a_clinic, a_flag, a_page, a_rule, a_snapshot, a_user

ADD = reverse("admin:clinics_rule_add")
LIST = reverse("admin:clinics_rule_changelist")


def _typed(**more: Any) -> dict[str, Any]:
    return {
        "key": "promise",
        "active": "on",
        "category": "guarantee",
        "severity": "4",
        "languages": "en",
        "stances": ["claimed"],
        "patterns": r"\bguarantee",
        "exemptions": "",
        "must": "We guarantee lasting relief.\nWe guarantee a cure.",
        "must_not": "Nobody knows.",
        "explanation": "No treatment works for everyone.",
        "citation_title": "Guide",
        "citation_url": "https://rules.example/",
        "citation_date": "2026-01-01",
        **more,
    }


def test_a_rule_is_saved_with_its_lists_one_a_line(signed_in: SignedIn) -> None:
    answer = signed_in("administrator").post(ADD, _typed())
    assert answer.status_code == 302, answer.content.decode()
    assert Rule.objects.get().must == ["We guarantee lasting relief.", "We guarantee a cure."]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"patterns": "(unclosed"}, "(unclosed"),
        ({"patterns": "(?=look)ahead"}, "(?=look)ahead"),
        ({"must": "This says nothing of the kind."}, "This says nothing of the kind."),
        ({"must_not": "We guarantee lasting relief."}, "We guarantee lasting relief."),
        ({"explanation": ""}, "This field is required"),
    ],
)
def test_a_rule_whose_examples_fail_is_refused_with_what_was_typed(
    signed_in: SignedIn, more: dict[str, str], told: str
) -> None:
    answer = signed_in("administrator").post(ADD, _typed(**more))
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
    assert told in answer.content.decode()
    assert not Rule.objects.exists()


def test_all_that_a_rule_lacks_is_told_at_once_beside_its_field(signed_in: SignedIn) -> None:
    lacks = ("patterns", "must", "must_not", "citation_url", "citation_title", "explanation")
    answer = signed_in("administrator").post(ADD, _typed(**dict.fromkeys(lacks, "")))
    assert set(answer.context["adminform"].form.errors) == set(lacks)
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("more", "version"),
    [({"explanation": "Told better."}, 1), ({"severity": "5"}, 2), ({"patterns": r"\bguarantee\w*"}, 2)],
)
def test_only_a_change_of_matching_or_severity_makes_a_new_version(
    signed_in: SignedIn, more: dict[str, str], version: int
) -> None:
    client = signed_in("administrator")
    client.post(ADD, _typed())
    change = reverse("admin:clinics_rule_change", args=[Rule.objects.get().pk])
    assert client.post(change, _typed(**more)).status_code == 302
    assert Rule.objects.get().version == version


@pytest.mark.parametrize(("role", "status", "jobs"), [("administrator", 302, 1), ("reviewer", 403, 0)])
def test_stored_texts_are_read_again_by_those_who_may(signed_in: SignedIn, role: str, status: int, jobs: int) -> None:
    assert signed_in(role).post(reverse("admin:clinics_rule_apply")).status_code == status
    assert Job.objects.count() == jobs


def _rehearsed(client: Client, address: str, **more: Any) -> HttpResponse:
    return client.post(address, _typed(_rehearse="Rehearse", **more))


def test_a_new_rule_is_rehearsed_and_not_saved(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    a_snapshot(clinic.website, PROMISE)
    client = signed_in("administrator")
    answer = _rehearsed(client, ADD)
    job = Job.objects.get()
    assert answer.headers["Location"] == reverse("admin:clinics_job_change", args=[job.pk])
    assert (job.kind, job.parameters["proposed"]["patterns"]) == ("rehearse_rule", [r"\bguarantee"])
    assert (Rule.objects.exists(), LogEntry.objects.exists()) == (False, False)
    waiting = client.get(answer.headers["Location"]).content.decode()
    assert "Nobody has begun yet." in waiting and "(not saved yet)" in waiting
    jobs.work_one(lambda: NOW, uuid4())
    page = client.get(answer.headers["Location"]).content.decode()
    assert PROMISE in page and clinic.website.url in page and "Texts read: 1. Wordings added: 1," in page
    assert (Rule.objects.exists(), Flag.objects.exists()) == (False, False)


def test_a_change_is_rehearsed_and_the_rule_stays_as_it_is(signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    client.post(ADD, _typed())
    rule = Rule.objects.get()
    page = reverse("admin:clinics_rule_change", args=[rule.pk])
    assert b'name="_rehearse"' in client.get(page).content
    answer = _rehearsed(client, page, severity="5", active="")
    assert answer.status_code == 302
    rule.refresh_from_db()
    assert (rule.severity, rule.active, rule.version) == (4, True, 1)
    assert "critical" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"patterns": "(unclosed"}, "(unclosed"),
        ({"must": "This says nothing of the kind."}, "This says nothing of the kind."),
        ({"explanation": ""}, "This field is required"),
        ({"active": ""}, "An inactive rule adds and removes nothing."),
    ],
)
def test_a_rehearsal_is_refused_as_saving_would_be(signed_in: SignedIn, more: dict[str, str], told: str) -> None:
    answer = _rehearsed(signed_in("administrator"), ADD, **more)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert (Rule.objects.exists(), Job.objects.exists()) == (False, False)


def test_only_those_who_may_change_a_rule_rehearse_it(signed_in: SignedIn) -> None:
    rule = a_rule()
    page = reverse("admin:clinics_rule_change", args=[rule.pk])
    assert b'name="_rehearse"' not in signed_in("reviewer").get(page).content
    assert _rehearsed(signed_in("reviewer"), page).status_code == 403
    assert not Job.objects.exists()


def _decided(number: int, as_what: str, key: str) -> None:
    """As many flags of a rule, dismissed so; straight into their rows."""
    clinic = a_clinic(f"House of {key} {as_what}")
    for place in range(number):
        page = a_page(clinic, f"{clinic.website.url}{place}")
        flag = a_flag(clinic, f"We {key} number {place} {as_what}.", page=page)
        flag.findings.update(rule=a_rule(key))
        decided = {"state": "dismissed" if as_what else "confirmed", "dismissed_as": as_what}
        Flag.objects.filter(pk=flag.pk).update(**decided, decided_by=a_user(), decided_at=NOW)


def test_the_list_tells_precision_and_what_is_proposed_for_review(
    signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for key, right, wrong in (("vow", 0, 11), ("swear", 3, 1), ("pledge", 12, 0)):
        _decided(right, "", key)
        _decided(wrong, "misread", key)
    count_decisions(NOW)
    client = signed_in("administrator")
    answer = client.get(LIST)
    shown, column = answer.content.decode(), answer.context["cl"].list_display.index("precision")
    assert "0.00 [0.00–0.26], n 11" in shown and "0.75 [0.30–0.95], n 4" in shown and "–" in shown
    ordered = client.get(LIST, {"o": str(column)}).context["cl"].result_list
    assert [rule.key for rule in ordered] == ["vow", "swear", "pledge", "guarantee"]
    weak = client.get(LIST, {"review": "yes"})
    assert [rule.key for rule in weak.context["cl"].result_list] == ["vow"]
    with django_assert_num_queries(7):  # session, user, two of permissions; decisions, count, rows
        client.get(LIST)
    for number in range(10):
        a_rule(f"more-{number}")
    with django_assert_num_queries(7):
        client.get(LIST)


def test_a_rules_page_counts_its_decisions_by_kind_and_leads_to_the_flags(signed_in: SignedIn) -> None:
    _decided(3, "", "vow")
    _decided(2, "misread", "vow")
    _decided(1, "true", "vow")
    _decided(4, "misread", "swear")
    client = signed_in("administrator")
    page = client.get(reverse("admin:clinics_rule_change", args=[a_rule("vow").pk]))
    assert "Precision: 0.60" in page.content.decode()
    kinds = {kind.label: kind for kind in page.context["kinds_of_decision"] if kind.number}
    assert sorted(kind.number for kind in kinds.values()) == [1, 2, 3]
    for kind in kinds.values():
        assert kind.url.replace("&", "&amp;") in page.content.decode()
        assert len(client.get(kind.url).context["cl"].result_list) == kind.number
        assert "found by the rule" in client.get(kind.url).content.decode()


@pytest.mark.parametrize("asked", ["x", "0", "99999999999999999999", "-1", "²"])
def test_a_rule_that_does_not_exist_found_no_flags(signed_in: SignedIn, asked: str) -> None:
    _decided(1, "misread", "vow")
    answer = signed_in("administrator").get(reverse("admin:clinics_flag_changelist"), {"found_by": asked})
    assert answer.status_code in (200, 302)
