"""Answers to patients' questions, as people found them on a clinic's pages: drafted, published, replaced, withdrawn."""

from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.page_identity import identity_key
from clinics.domain.patient_names import likely_names
from clinics.domain.questions import patient_questions
from clinics.models import Clinic, Page, PageUse, Practitioner, Question, Snapshot
from clinics.models.sealed import next_number
from clinics.operations.claims import quotable, refuse_words_of_others
from clinics.operations.days import refuse_no_past_day
from clinics.operations.flagging import lock_living_clinic
from clinics.operations.refusal import Refusal, check, required

State = Question.State
Finding = Question.Finding
EDITABLE: Final = ("key", "finding", "quote", "page_url", "capture", "looked_on", "language", "notes")
REPLACED: Final = "A newer answer of {date} stands in its place."


@transaction.atomic
def draft_answer(
    clinic: Clinic,
    key: str,
    *,
    by: User,
    now: datetime,
    finding: str = Finding.STATED,
    quote: str = "",
    page_url: str = "",
    capture: Snapshot | None = None,
    looked_on: date | None = None,
    language: str = "en",
    notes: str = "",
) -> Question:
    """A draft of what the clinic's pages say to a question, or that a person looked and it is not stated there.

    Words are quoted from the newest text of one of the clinic's own pages, or from a capture by hand, and carry its
    day; `looked_on` is asked for where nothing is stated. Raises Refusal.
    """
    lock_living_clinic(clinic.pk)
    draft = Question(
        clinic=clinic, key=key, finding=finding, quote=quote.strip(), language=language, notes=notes,
        recorded_by=by, recorded_at=now,
    )  # fmt: skip
    return _saved(draft, page_url, capture, looked_on, now)


def _saved(draft: Question, page_url: str, capture: Snapshot | None, looked_on: date | None, now: datetime) -> Question:
    if draft.key not in patient_questions():
        raise Refusal(f"“{draft.key}” is not one of the patients' questions.")
    if draft.finding == Finding.STATED:
        _quote(draft, page_url, capture)
    else:
        _look(draft, page_url, capture, looked_on, now)
    check(draft)
    draft.save()
    return draft


def _quote(draft: Question, page_url: str, capture: Snapshot | None) -> None:
    """Set the text that the words stand in, and its day. Raises Refusal where they do not stand there."""
    if bool(page_url) == (capture is not None):
        raise Refusal("Say where the words stand: the address of a page of the clinic's, or a capture by hand.")
    page = _recorded_page(draft.clinic, page_url) if page_url else None
    snapshot = _newest_text(page) if page else capture
    if snapshot is None:
        raise Refusal("This page has not been read yet. Wait for its first reading, or capture it by hand.")
    refuse_words_of_others(draft.clinic, snapshot)
    quotable(draft.quote, snapshot)
    read_at = page.state.last_read_at if page else None
    draft.page, draft.snapshot = page or snapshot.page, snapshot
    draft.looked_on = read_at.date() if read_at else snapshot.seen_on or snapshot.taken_at.date()


def _recorded_page(clinic: Clinic, url: str) -> Page:
    own = PageUse.objects.own_pages().filter(clinic=clinic)
    pages = Page.objects.filter(identity=identity_key(url), uses__in=own).select_related("state__snapshot")
    page = pages.first()
    if page is None:
        raise Refusal(f"This page is not recorded as one of {clinic}'s own. Record it on the clinic's page first.")
    return page


def _newest_text(page: Page) -> Snapshot | None:
    return page.state.snapshot if page.state.last_read_at else None


def _look(draft: Question, page_url: str, capture: Snapshot | None, looked_on: date | None, now: datetime) -> None:
    """Set the day on which a person looked and found nothing. Raises Refusal."""
    if draft.quote or page_url or capture is not None:
        raise Refusal("What is not stated has no words and no page. Leave these empty, or choose “quoted”.")
    if looked_on is None:
        raise Refusal("Give the day on which you looked through the clinic's pages.")
    refuse_no_past_day(looked_on, now, to_come="The day on which you looked has not come yet.")
    if not PageUse.objects.own_pages().filter(clinic=draft.clinic).exists():
        raise Refusal("No page of this clinic's own is recorded, so that there was nothing to look through.")
    draft.page, draft.snapshot, draft.looked_on = None, None, looked_on


@transaction.atomic
def redraft_answer(question: Question, *, by: User, now: datetime, **changes: Any) -> Question:
    """Change a draft. Whoever changes what the public will read has recorded it. Raises Refusal."""
    if unknown := set(changes) - set(EDITABLE):
        raise Refusal(f"An answer's {', '.join(sorted(unknown))} stays as it is. Record an answer of its own.")
    draft = _locked(question, State.DRAFT)
    page_url = changes.pop("page_url", None)
    capture, looked_on = changes.pop("capture", None), changes.pop("looked_on", draft.looked_on)
    moved = page_url is not None or capture is not None or bool(set(changes) - {"notes"})
    for name, value in changes.items():
        setattr(draft, name, value.strip() if name == "quote" else value)
    if moved:
        draft.recorded_by, draft.recorded_at = by, now
    if draft.finding == Finding.STATED and capture is None and not page_url:
        page_url, capture = _where(draft)
    return _saved(draft, page_url or "", capture, looked_on, now)


def _where(draft: Question) -> tuple[str, Snapshot | None]:
    """Where a draft's words were taken from: a page's address, or a capture by hand."""
    by_hand = draft.snapshot is not None and draft.snapshot.origin == Snapshot.Origin.HAND
    if by_hand:
        return "", draft.snapshot
    return (draft.page.url if draft.page else ""), None


def _locked(question: Question, *allowed: str) -> Question:
    rows = Question.objects.select_for_update(of=("self",)).select_related("clinic", "page", "snapshot")
    locked = rows.get(pk=question.pk)
    if locked.state not in allowed:
        raise Refusal(f"This answer is “{locked.get_state_display()}”; that cannot be done now.")
    return locked


@transaction.atomic
def publish_answer(question: Question, *, by: User, now: datetime) -> Question:
    """Put the answer before the public; an earlier public answer to the same question is withdrawn for it.

    Raises Refusal for words that may hold a patient's name.
    """
    lock_living_clinic(question.clinic_id)
    locked = _locked(question, State.DRAFT)
    if names := _patients_named(locked):
        raise Refusal(f"These words may name a patient ({', '.join(names)}). Quote a part without the name.")
    for earlier in Question.objects.published().filter(clinic=locked.clinic, key=locked.key):
        _end(earlier, REPLACED.format(date=locked.looked_on.isoformat()), by, now)
    locked.state, locked.published_by, locked.published_at = State.PUBLISHED, by, now
    locked.sealing_number = next_number()  # drawn by the database
    locked.hashed().save()
    question.refresh_from_db()
    return locked


def _patients_named(question: Question) -> list[str]:
    """What looks like a name in the words, and is not that of somebody who treats there."""
    people = Practitioner.objects.filter(affiliations__clinic=question.clinic).values_list("name", flat=True)
    known = " ".join(people)
    return [likely.name for likely in likely_names(question.quote) if likely.name not in known]


@transaction.atomic
def withdraw_answer(question: Question, *, reason: str, by: User, now: datetime) -> Question:
    """Take the answer out of public sight, or give up a draft. Raises Refusal."""
    locked = _locked(question, State.DRAFT, State.PUBLISHED)
    _end(locked, required(reason, "The reason"), by, now)
    question.refresh_from_db()
    return locked


def _end(question: Question, reason: str, by: User, now: datetime) -> None:
    question.state, question.ended_by, question.ended_at, question.ended_because = State.WITHDRAWN, by, now, reason
    question.save(update_fields=["state", "ended_by", "ended_at", "ended_because"])
