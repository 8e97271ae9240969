"""What is known of a clinic, in a few bounded tables with links."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from clinics.admin.paginator import MOST_COUNTED
from clinics.domain.outcome import Outcome
from clinics.domain.questions import patient_questions
from clinics.models import Claim, Clinic, PageUse, Question

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Shelf:
    """The newest rows of one kind, with the address of them all and of a new one."""

    title: str
    rows: list[Any]
    more: bool
    all_url: str
    add_url: str


def shelf(title: str, rows: QuerySet, model: str, clinic: Clinic, may_add: bool) -> Shelf:
    """Fill a shelf with at most `SHOWN` rows."""
    found = list(rows[: SHOWN + 1])
    add = f"{reverse(f'admin:clinics_{model}_add')}?{urlencode({'clinic': clinic.pk})}" if may_add else ""
    every = f"{reverse(f'admin:clinics_{model}_changelist')}?{urlencode({'clinic__id__exact': clinic.pk})}"
    return Shelf(title, found[:SHOWN], len(found) > SHOWN, every, add)


def claims_of(clinic: Clinic, may_add: bool) -> Shelf:
    """Its claims, newest first."""
    rows = clinic.claims.order_by("-pk")
    return shelf("Claims", rows, "claim", clinic, may_add)


def actions_of(clinic: Clinic, may_add: bool) -> Shelf:
    """Its official actions, newest first."""
    rows = clinic.official_actions.order_by("-acted_on", "-pk")
    return shelf("Official actions", rows, "officialaction", clinic, may_add)


def questions_of(clinic: Clinic, may_add: bool) -> Shelf:
    """Answers to patients' questions that are drafts or public, newest first."""
    rows = clinic.questions.exclude(state=Question.State.WITHDRAWN).order_by("-pk")
    return shelf("Answers to patients' questions", rows, "question", clinic, may_add)


def unanswered(answers: Shelf) -> list[tuple[str, str]]:
    """The patients' questions without a draft or a public answer on the shelf: their keys and words."""
    begun = {answer.key for answer in answers.rows}
    return [(one.key, one.text["en"]) for one in patient_questions().values() if one.key not in begun]


def credentials_of(clinic: Clinic, may_add: bool) -> Shelf:
    """Its credential checks, newest first, without those that a correction replaced."""
    rows = clinic.credential_checks.filter(superseded_by__isnull=True).select_related("kind")
    return shelf("Credential checks", rows.order_by("-checked_on", "-pk"), "credentialcheck", clinic, may_add)


def pages_of(clinic: Clinic) -> Shelf:
    """Its pages, those with trouble first."""
    uses = PageUse.objects.filter(clinic=clinic).select_related("page__state")
    ordered = uses.order_by("-page__state__failures", "purpose", "pk")
    found = list(ordered[: SHOWN + 1])
    every = f"{reverse('admin:clinics_page_changelist')}?{urlencode({'uses__clinic__id__exact': clinic.pk})}"
    return Shelf("Pages", found[:SHOWN], len(found) > SHOWN, every, "")


def proposals_of(clinic: Clinic) -> Shelf:
    """Pages of its site that nobody recorded, those first that probably speak of treatments."""
    waiting = clinic.page_proposals.waiting().likeliest_first().select_related("found_on")
    return shelf("Pages proposed", waiting, "pageproposal", clinic, may_add=False)


def flags_of(clinic: Clinic, now: datetime) -> Shelf:
    """Its wording that waits for a decision, gravest first."""
    rows = list(clinic.flags.to_decide(now).by_rules().by_rank()[: SHOWN + 1])
    every = f"{reverse('admin:clinics_flag_changelist')}?{urlencode({'clinic__id__exact': clinic.pk})}"
    return Shelf("Flags to decide", rows[:SHOWN], len(rows) > SHOWN, every, "")


def counts_of(clinic: Clinic, now: datetime) -> list[tuple[str, int]]:
    """A line of numbers: what waits, what is public, what could not be read."""
    pages = clinic.page_uses
    return [
        ("flags to decide", _counted(clinic.flags.to_decide(now).by_rules())),
        ("suggestions of the second reader", _counted(clinic.flags.to_decide(now).suggested())),
        ("claims published", _counted(clinic.claims.filter(state=Claim.State.PUBLISHED))),
        ("credential checks published", _counted(clinic.credential_checks.published())),
        ("pages", _counted(pages.all())),
        ("pages blocked", _counted(pages.filter(page__state__outcome=Outcome.BLOCKED))),
    ]


def _counted(rows: QuerySet) -> int:
    return rows.order_by()[:MOST_COUNTED].count()
