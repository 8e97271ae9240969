"""The demonstration's answers to patients' questions, recorded and published as staff would, from its data file."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Clinic, Question
from clinics.operations.demonstration_clinics import Told
from clinics.operations.questions import draft_answer, publish_answer
from clinics.operations.turns import Clock


@transaction.atomic
def record_told_answers(
    clinic: Clinic, answers: Sequence[Told], *, recorder: User, publisher: User, clock: Clock
) -> None:
    """Each answer that the data file names, and that nobody ever recorded: a quote, or that it is not stated."""
    begun = set(clinic.questions.values_list("key", flat=True))
    for answer in answers:
        if answer["key"] not in begun:
            drafted = _drafted(clinic, answer, recorder, clock)
            if answer.get("do") != "draft":
                publish_answer(drafted, by=publisher, now=clock())


def _drafted(clinic: Clinic, answer: Told, by: User, clock: Clock) -> Question:
    now = clock()
    if "quote" not in answer:
        finding = Question.Finding.NOT_STATED
        return draft_answer(clinic, answer["key"], finding=finding, looked_on=now.date(), by=by, now=now)
    language = answer.get("language", "en")
    words, page = answer["quote"], answer["page"]
    return draft_answer(clinic, answer["key"], quote=words, page_url=page, language=language, by=by, now=now)
