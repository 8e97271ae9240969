"""How an answer is proved to be the clinic's: a code by mail, a token on its site, a call. Before that it is nobody's.

Codes and tokens are made at random and kept as keyed hashes that hold for one case alone.
"""

import secrets
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from clinics.domain import own_site, working_days
from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import site_of
from clinics.models import AnswerCall, ClaimReply, ClinicAnswer, Correction, Delivery, Job
from clinics.models.correction import LETTERS
from clinics.operations.answer_mail import mail_of
from clinics.operations.claim_replies import refuse_another_number
from clinics.operations.clinic_sites import mail_domain, token_site
from clinics.operations.corrections import WORKING_DAYS
from clinics.operations.job_lease import Clock
from clinics.operations.mailing import Handed, hand_over, mail_enabled
from clinics.operations.one_visit import ask_once
from clinics.operations.refusal import Refusal, required
from clinics.web.limits import Limits
from clinics.web.visiting import PageRequest

PROVED_WITHIN: Final = timedelta(days=14)
CODE_LASTS: Final = timedelta(hours=24)
CODE_LETTERS: Final = 8
TRIES: Final = 5
MOST_CODES: Final = 3  # mailed for one case
LIMITS: Final = Limits(page_seconds=20.0, max_bytes=1_000_000)

Way = ClaimReply.Proof
Found = ClinicAnswer.Found
State = Correction.State
Pause = Callable[[float], None]


def secret_hash(answer: ClinicAnswer, secret: str) -> str:
    """What is kept of a code or token. The same secret has another hash in every other case, and for another site."""
    about = f"clinic answer:{answer.case_id}:{answer.way}:{answer.site}"
    return salted_hmac(about, secret, algorithm="sha256").hexdigest()


def is_secret_of(answer: ClinicAnswer, given: str, now: datetime) -> bool:
    """Whether this is the code or token of the case, and it still holds; takes as long whether it is near or far."""
    holds = bool(answer.secret_hash) and answer.secret_until is not None and now <= answer.secret_until
    return constant_time_compare(secret_hash(answer, given), answer.secret_hash) and holds


def new_secret(answer: ClinicAnswer, secret: str, until: datetime) -> None:
    """Keep the hash of a new secret; the one before holds no longer."""
    answer.secret_hash, answer.secret_until, answer.tries_left = secret_hash(answer, secret), until, TRIES
    answer.save(update_fields=["secret_hash", "secret_until", "tries_left"])


def site_stands(answer: ClinicAnswer) -> bool:
    """Whether the site of the proof is still what is recorded for the clinic, as it may be merged or mended since."""
    site = mail_domain(answer.clinic) if answer.way == Way.MAIL else token_site(answer.clinic)
    return bool(site) and site == answer.site


def prove(answer: ClinicAnswer, proof: str, now: datetime) -> None:
    """From now on it is the clinic's answer, and the ten working days run."""
    answer.proved_at, answer.proof, answer.secret_hash, answer.secret_until = now, proof[:300], "", None
    answer.tries_left, answer.found = 0, ""
    answer.save()
    case = answer.case
    case.state, case.due_on = State.RECEIVED, working_days.after(now.date(), WORKING_DAYS)
    case.save(update_fields=["state", "due_on"])


def locked_answer(pk: int) -> ClinicAnswer | None:
    """The answer, locked with its case, while it waits for its proof; None once it does not."""
    case = ClinicAnswer.objects.filter(pk=pk).values("case")
    waiting = Correction.objects.select_for_update(of=("self",)).filter(pk__in=case, state=State.UNPROVED).first()
    if waiting is None:
        return None
    rows = ClinicAnswer.objects.select_for_update(of=("self",)).select_related("clinic__website")
    answer = rows.get(pk=pk)
    answer.case = waiting
    return answer


def send_code(job: Job, clock: Clock) -> Generator[None, None, None]:
    """Mail a new code to the address that the answer names at the clinic's domain. Each attempt is a Delivery."""
    job.total = 1
    attempt = _begin_mail(job.parameters["answer"], clock())
    if attempt is None:
        job.message = "No code is wanted any more."
    else:
        handed = hand_over(attempt.message)
        _record_mail(attempt.delivery, handed, clock())
        job.message = handed.reason or "The code is on its way."
    job.done = 1
    yield


@dataclass(frozen=True, slots=True)
class _Attempt:
    delivery: Delivery
    message: EmailMessage


@transaction.atomic
def _begin_mail(pk: int, now: datetime) -> _Attempt | None:
    """Make the code, and write down that it is being sent, before it is. Raises Refusal."""
    answer = locked_answer(pk)
    if answer is None or answer.way != Way.MAIL or answer.expires_at < now:
        return None
    if not mail_enabled():
        raise Refusal("No mail is sent: EMAIL_URL names no server.")
    if not site_stands(answer):
        ClinicAnswer.objects.filter(pk=pk).update(found=Found.CHANGED)
        return None
    if answer.deliveries.count() >= MOST_CODES:
        return None
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
    new_secret(answer, code, now + CODE_LASTS)
    delivery = Delivery.objects.create(answer=answer, to=answer.address, items=0, at=now)
    return _Attempt(delivery, mail_of(answer, delivery, code))


def _record_mail(delivery: Delivery, handed: Handed, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=handed.state, reason=handed.reason, ended_at=now)


def read_token(job: Job, clock: Clock, pause: Pause = time.sleep) -> Generator[None, None, None]:
    """Look for the token of an answer on the clinic's recorded site, in a file and in the head of the front page."""
    job.total = 2
    answer = ClinicAnswer.objects.unproved().select_related("clinic__website").filter(pk=job.parameters["answer"])
    waiting = answer.first()
    if waiting is not None and waiting.way == Way.TOKEN and waiting.secret_hash:
        seen = yield from _looked(waiting, job, clock, pause)
        _settle(waiting.pk, waiting.secret_hash, seen, clock())
        job.message = seen.proof or str(seen.found.label)
    job.done = 2
    yield


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look found: where the token stands, or why it proves nothing."""

    found: Found
    proof: str = ""


def _looked(answer: ClinicAnswer, job: Job, clock: Clock, pause: Pause) -> Generator[None, None, _Seen]:
    if not site_stands(answer) or answer.clinic.website is None:
        return _Seen(Found.CHANGED)
    seen = _Seen(Found.NOT_THERE)
    for url in own_site.token_addresses(answer.clinic.website.url):
        heard = yield from ask_once(PageRequest(url, key=url), LIMITS, clock, pause)
        seen = _judged(answer, url, heard, clock())
        if seen.proof:
            return seen
        job.done = 1
    return seen


def _judged(answer: ClinicAnswer, url: str, heard: Answer | None, now: datetime) -> _Seen:
    if heard is None or heard.trouble is Outcome.BUSY:
        return _Seen(Found.BUSY)
    if heard.trouble is Outcome.ROBOTS_DENIED:
        return _Seen(Found.ROBOTS)
    if heard.trouble is Outcome.MOVED or not own_site.is_same_host(url, heard.final_url):
        return _Seen(Found.ELSEWHERE)
    if heard.trouble is not None or heard.status >= 500:
        return _Seen(Found.UNREAD)
    is_file = url.endswith(own_site.FILE_PATH)
    if heard.status != 200 or (is_file and not heard.final_url.endswith(own_site.FILE_PATH)):
        return _Seen(Found.NOT_THERE)
    text = heard.body.decode("utf-8", "replace")
    words = own_site.tokens_in_file(text) if is_file else list(own_site.tokens_in_page(text))
    there = [word for word in words if is_secret_of(answer, word, now)]
    return _Seen(Found.NOT_THERE, heard.final_url if there else "")


@transaction.atomic
def _settle(pk: int, of: str, seen: _Seen, now: datetime) -> None:
    """Write down what was found, unless another token was made meanwhile or nobody waits any more."""
    answer = locked_answer(pk)
    if answer is None or answer.secret_hash != of:
        return
    answer.looked_at = now
    if seen.proof and site_stands(answer) and site_of(seen.proof) == answer.site:
        prove(answer, seen.proof, now)
        return
    answer.found = Found.CHANGED if seen.proof else seen.found
    answer.save(update_fields=["looked_at", "found"])


@transaction.atomic
def record_call(
    case: Correction, *, number: str, person: str, called_on: date, outcome: str, by: User, now: datetime
) -> AnswerCall:
    """Keep what a call to the recorded number told. Where the clinic says that it sent the answer, that is proved.

    Where it says that it did not, the case is over. Raises Refusal.
    """
    answer = locked_answer(case.answer.pk)
    if answer is None:
        raise Refusal("This answer does not wait for its proof any more.")
    if outcome not in AnswerCall.Outcome.values:
        raise Refusal("Say what the call told.")
    if called_on > now.date() or called_on < answer.case.received_at.date():
        raise Refusal("The call was made after the answer came, and not after today.")
    refuse_another_number(answer.clinic, number)
    spoke = person.strip() if outcome == AnswerCall.Outcome.UNREACHED else required(person, "Who spoke")
    facts = {"number": number.strip(), "person": spoke, "called_on": called_on, "outcome": outcome}
    call = AnswerCall.objects.create(case=answer.case, **facts, by=by, at=now)
    if outcome == AnswerCall.Outcome.CONFIRMED:
        answer.way = Way.CALL
        prove(answer, number.strip(), now)
    elif outcome == AnswerCall.Outcome.DENIED:
        answer.case.state = State.EXPIRED
        answer.case.save(update_fields=["state"])
    return call


def expire_unproved(now: datetime) -> int:
    """End the cases that nobody proved in time; how many."""
    late = Correction.objects.filter(state=State.UNPROVED, answer__expires_at__lt=now)
    return sum(_expired(pk) for pk in late.values_list("pk", flat=True))


@transaction.atomic
def _expired(pk: int) -> bool:
    case = Correction.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.UNPROVED).first()
    if case is None:
        return False
    case.state = State.EXPIRED
    case.save(update_fields=["state"])
    return True
