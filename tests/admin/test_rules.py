"""Rules are tried out before they are saved."""

from typing import Any

import pytest
from django.urls import reverse

from clinics.models import Job, Rule
from tests.admin.conftest import SignedIn

ADD = reverse("admin:clinics_rule_add")


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
