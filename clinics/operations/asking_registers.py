"""The worker's part of a look-up: the register is asked in its host's turn, and its answer kept as it came.

A published interface is an invitation to programs, so that robots.txt, which speaks to crawlers, is not asked; address
policy, turns, delays, caps and the user agent are those of the reader of pages.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from clinics.domain.answer import Answer
from clinics.domain.look_up import Question
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import host_of
from clinics.evidence.exchange import warc_record
from clinics.evidence.store import EvidenceFault
from clinics.models import Job, RegisterFile, RegisterLookUp
from clinics.operations.keeping import evidence_store
from clinics.operations.one_visit import ask_once
from clinics.operations.turns import Clock
from clinics.web.limits import Limits
from clinics.web.registries import REGISTRIES
from clinics.web.registries.registry import CannotAsk, NotUnderstood, Registry
from clinics.web.visiting import PageRequest

SECONDS: Final = 45.0
SECONDS_PER_MEGABYTE: Final = 1.0

State = RegisterLookUp.State


class NoAnswer(Exception):
    """No answer came that says anything; the text is for staff."""

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable  # whether it is the register that could not be reached


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer with its exchange in the store. `file` is set where it came from an edition that is kept."""

    answer: Answer
    exchange: str
    file: RegisterFile | None = None


def answer_look_up(job: Job, clock: Clock, pause: Callable[[float], None] = time.sleep) -> Generator[None, None, None]:
    """Ask what the job's look-up asks for, and set down what came. One that is answered already is left alone."""
    job.total = 1
    look_up = RegisterLookUp.objects.filter(pk=job.parameters["look_up"], state=State.WAITING).first()
    if look_up is not None:
        written = yield from _answered(look_up, clock, pause)
        RegisterLookUp.objects.filter(pk=look_up.pk, state=State.WAITING).update(**written, answered_at=clock())
        job.message = f"{look_up}: {State(written['state']).label}."[:300]
    job.done = 1
    yield


def _answered(
    look_up: RegisterLookUp, clock: Clock, pause: Callable[[float], None]
) -> Generator[None, None, dict[str, Any]]:
    """The look-up's columns as they are to be written."""
    registry = REGISTRIES[look_up.connector]
    question = Question.from_json(look_up.question)
    heard: Heard | None = None
    try:
        heard = yield from _hear(registry, registry.address(question), clock, pause)
        proposal = registry.read(question, heard.answer, clock().date())
        if registry.serves_days and heard.file is None:
            _keep_file(registry, heard, clock())
    except NoAnswer as fault:
        state = State.UNREACHABLE if fault.unreachable else State.FAILED
        return {"state": state, "reason": str(fault)[:300]}
    except (NotUnderstood, CannotAsk, EvidenceFault) as fault:
        return {"state": State.FAILED, "reason": str(fault)[:300], "answer": heard.exchange if heard else ""}
    return {"state": State.ANSWERED, "proposal": proposal.as_json(), "answer": heard.exchange}


def _hear(registry: Registry, url: str, clock: Clock, pause: Callable[[float], None]) -> Generator[None, None, Heard]:
    """The answer from this address, or from the edition that is kept. Raises NoAnswer, EvidenceFault."""
    kept = RegisterFile.objects.filter(connector=registry.key).first() if registry.serves_days else None
    if kept is not None and clock() - kept.fetched_at < timedelta(days=registry.serves_days):
        return _from(kept)
    request = PageRequest(
        url,
        key=registry.key,
        etag=kept.etag if kept else "",
        last_modified=kept.last_modified if kept else "",
        override_robots=True,
    )
    answer = yield from _fetched(request, registry, clock, pause)
    if answer.status == 304 and kept is not None:
        RegisterFile.objects.filter(pk=kept.pk).update(fetched_at=clock())
        return _from(kept)
    return Heard(answer, evidence_store().put(warc_record(answer, clock())))


def _from(kept: RegisterFile) -> Heard:
    headers = {"last-modified": kept.last_modified} if kept.last_modified else {}
    body = evidence_store().get(kept.body)
    return Heard(Answer(kept.url, kept.url, 200, headers, body), kept.exchange, kept)


def _keep_file(registry: Registry, heard: Heard, now: datetime) -> None:
    headers = heard.answer.headers
    RegisterFile.objects.update_or_create(
        connector=registry.key,
        body=evidence_store().put(heard.answer.body),
        defaults={
            "url": heard.answer.url,
            "exchange": heard.exchange,
            "etag": headers.get("etag", "")[:300],
            "last_modified": headers.get("last-modified", "")[:100],
            "fetched_at": now,
        },
    )


def _fetched(
    request: PageRequest, registry: Registry, clock: Clock, pause: Callable[[float], None]
) -> Generator[None, None, Answer]:
    """One request in the host's turn. Raises NoAnswer."""
    answer = yield from ask_once(request, _limits(registry), clock, pause)
    if answer is None:
        raise NoAnswer(f"{host_of(request.url)} is being read, or rests for a while: look again later.")
    return _usable(answer)


def _limits(registry: Registry) -> Limits:
    seconds = SECONDS + SECONDS_PER_MEGABYTE * registry.most_bytes / 1_000_000
    return Limits(page_seconds=seconds, max_bytes=registry.most_bytes)


def _usable(answer: Answer) -> Answer:
    """The answer, if the register gave one. Raises NoAnswer."""
    if answer.trouble is not None:
        raise NoAnswer(answer.reason, unreachable=answer.trouble is Outcome.ERROR)
    if answer.status == 429:
        raise NoAnswer("The register asks to be left alone for a while (status 429): look again later.")
    if answer.status >= 500:
        raise NoAnswer(f"The register answered with status {answer.status}.", unreachable=True)
    return answer
