"""NPPES, the register of National Provider Identifiers: its published API, version 2.1.

Source: https://npiregistry.cms.hhs.gov/api-page. A number that is not in service is answered with an error that names
it as deactivated and gives no date.
"""

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from clinics.domain.answer import Answer
from clinics.domain.likeness import (
    likeness_of_organisations,
    likeness_of_persons,
    likeness_of_places,
    person_of,
    place_in_words,
)
from clinics.domain.look_up import Compared, Likeness, Place, Proposal, Question
from clinics.domain.registers import registers_for
from clinics.web.registries.registry import CannotAsk, NotUnderstood, at, list_at, parsed, text_at

_API: Final = "https://npiregistry.cms.hhs.gov/api/"
_MOST_RESULTS: Final = 50
_DEACTIVATED: Final = "deactivated"


class Nppes:
    """By number; by name and state where no number is known."""

    key = "nppes"
    register = "NPPES NPI Registry"
    kinds = frozenset({"npi"})
    most_bytes = 1_000_000
    serves_days = 0

    def address(self, question: Question) -> str:
        """Raises CannotAsk where there is neither a number nor a whole name."""
        if question.identifier:
            return f"{_API}?{urlencode({'version': '2.1', 'number': question.identifier})}"
        first, last = person_of(question.subject)
        if not (first and last):
            raise CannotAsk("NPPES needs a number, or a first and a last name.")
        state = next((place.state for place in question.places if place.state), "")
        asked = {"version": "2.1", "first_name": first, "last_name": last, "limit": str(_MOST_RESULTS)}
        return f"{_API}?{urlencode({**asked, **({'state': state} if state else {})})}"

    def read(self, question: Question, answer: Answer, today: date) -> Proposal:
        """Raises NotUnderstood."""
        if answer.status != 200:
            raise NotUnderstood(f"The register answered with status {answer.status}.")
        told = parsed(answer)
        if errors := list_at(told, "Errors"):
            return _of_errors(question, errors)
        if not isinstance(told.get("results"), list):
            raise NotUnderstood("The register's answer has no results, as it publishes them.")
        results = [each for each in told["results"] if isinstance(each, dict)]
        if not results:
            return Proposal("not_found", "The register has no such entry.", facts={"search_terms": _terms(question)})
        return _by_number(question, results[0]) if question.identifier else _by_name(question, results)


def _of_errors(question: Question, errors: list[Any]) -> Proposal:
    said = " ".join(text_at(error, "description") for error in errors)[:300]
    if _DEACTIVATED in said.lower() and question.identifier:
        remark = f"The register says: “{said}” It gives no date: find it before this is published."
        return Proposal("inactive", remark, facts={"register_word": "Deactivated"}, entry=_entry(question.identifier))
    raise NotUnderstood(f"The register refused the question: “{said}”")


def _terms(question: Question) -> str:
    if question.identifier:
        return f"NPI {question.identifier}"
    state = next((place.state for place in question.places if place.state), "")
    return ", ".join(filter(None, ["first name, last name", state]))


def _entry(number: str) -> str:
    return next(each.link(number) for each in registers_for("npi") if each.key == Nppes.key)


def _name_in(result: dict[str, Any]) -> str:
    basic = at(result, "basic")
    whole = " ".join(filter(None, (text_at(basic, part) for part in ("first_name", "middle_name", "last_name"))))
    return whole or text_at(basic, "organization_name") or text_at(basic, "name")


def _compared(question: Question, result: dict[str, Any]) -> tuple[Compared, ...]:
    number = text_at(result, "number")
    places = [
        Place(
            text_at(each, "address_1"), text_at(each, "city"), text_at(each, "state"), text_at(each, "postal_code")[:5]
        )
        for each in (*list_at(result, "addresses"), *list_at(result, "practiceLocations"))
    ]
    return (
        Compared("number", question.identifier, number, _of_numbers(question.identifier, number)),
        Compared("name", question.subject, _name_in(result), _of_names(question, result)),
        Compared(
            "place",
            "; ".join(map(place_in_words, question.places)),
            "; ".join(dict.fromkeys(map(place_in_words, places))),
            likeness_of_places(question.places, places),
        ),
    )


def _of_numbers(ours: str, theirs: str) -> Likeness:
    if not (ours and theirs):
        return Likeness.UNKNOWN
    return Likeness.SAME if ours == theirs else Likeness.DIFFERENT


def _of_names(question: Question, result: dict[str, Any]) -> Likeness:
    basic = at(result, "basic")
    if text_at(result, "enumeration_type") == "NPI-2":
        return likeness_of_organisations((question.subject, *question.names), _name_in(result))
    likeness = likeness_of_persons(question.subject, text_at(basic, "first_name"), text_at(basic, "last_name"))
    others = [
        likeness_of_persons(question.subject, text_at(each, "first_name"), text_at(each, "last_name"))
        for each in list_at(result, "other_names")
    ]
    return Likeness.SAME if Likeness.SAME in (likeness, *others) else likeness


def _by_number(question: Question, result: dict[str, Any]) -> Proposal:
    compared = _compared(question, result)
    number, name, place = (each.likeness for each in compared)
    if number is not Likeness.SAME:
        raise NotUnderstood("The register answered with another number than the one that was asked for.")
    word = {"A": "Active"}.get(text_at(result, "basic", "status"), text_at(result, "basic", "status"))
    facts, entry = {"identifier": question.identifier, "register_word": word}, _entry(question.identifier)
    if name is Likeness.DIFFERENT or (name is Likeness.SAME and place is Likeness.DIFFERENT):
        what = "name" if name is Likeness.DIFFERENT else "place"
        return Proposal("mismatch", f"The number leads to another {what}.", compared, facts, entry)
    if name is Likeness.SAME and place is Likeness.SAME and word == "Active":
        return Proposal("verified", "Number, name and place are the same.", compared, facts, entry)
    return Proposal("", "Not everything is the same: compare the entry yourself.", compared, facts, entry)


def _by_name(question: Question, results: list[dict[str, Any]]) -> Proposal:
    """A name alone verifies nothing: at best it leads to a number that a person may look at."""
    alike = [
        (result, compared)
        for result in results
        if (compared := _compared(question, result))[1].likeness in (Likeness.SAME, Likeness.NEAR)
        and compared[2].likeness is not Likeness.DIFFERENT
    ]
    if not alike:
        remark = f"None of {len(results)} entries has this name and place."
        return Proposal("not_found", remark, facts={"search_terms": _terms(question)})
    lines = tuple(line for _, compared in alike[:10] for line in compared)
    if len(alike) > 1:
        return Proposal("ambiguous", f"{len(alike)} entries could be meant.", lines)
    number = text_at(alike[0][0], "number")
    remark = f"One entry could be meant, {number}; it was found by name, so that only a person can tell."
    return Proposal("", remark, lines, {"search_terms": _terms(question)}, _entry(number))
