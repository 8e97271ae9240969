"""One request that a job makes of a stranger, in the host's turn, by the reader's own policy and name."""

from collections.abc import Callable, Generator
from typing import Final

from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import host_of
from clinics.operations.going_out import address_policy, user_agent
from clinics.operations.robots_cache import DatabaseRobots
from clinics.operations.turns import Clock, DatabaseTurns, default_delay
from clinics.web.limits import Limits
from clinics.web.visiting import HostVisit, PageRequest, visit

TRIES_FOR_A_TURN: Final = 60  # a second apart


def ask_once(
    request: PageRequest, limits: Limits, clock: Clock, pause: Callable[[float], None]
) -> Generator[None, None, Answer | None]:
    """The answer to one request; None where the host's turn did not come. Yields while it waits for that."""
    turns, host = DatabaseTurns(clock), host_of(request.url)
    for _ in range(TRIES_FOR_A_TURN):
        if turns.take(host):
            break
        pause(1.0)
        yield
    else:
        return None
    answers: list[Answer] = []
    try:
        visit(
            [HostVisit(host, [request], default_delay())],
            on_answer=lambda _, answer: answers.append(answer),
            turns=turns,
            robots=DatabaseRobots(),
            policy=address_policy(),
            limits=limits,
            user_agent=user_agent(),
            stop=lambda: False,
        )
    finally:
        given = answers[0] if answers else None
        trouble = given.reason if given is not None and given.trouble is Outcome.ERROR else ""
        turns.give_back(host, retry_after=given.retry_after if given else None, trouble=trouble)
    return answers[0]
