"""ClinicalTrials.gov: its published API, version 2. A listing is no review by FDA.

Source: https://clinicaltrials.gov/data-api/api.
"""

from datetime import date
from typing import Any, Final
from urllib.parse import quote

from clinics.domain.answer import Answer
from clinics.domain.identifiers import valid_trial
from clinics.domain.likeness import likeness_of_organisations, likeness_of_persons, likeness_of_places, place_in_words
from clinics.domain.look_up import Compared, Likeness, Place, Proposal, Question
from clinics.domain.registers import registers_for
from clinics.web.registries.registry import CannotAsk, NotUnderstood, at, found, list_at, parsed, text_at

_API: Final = "https://clinicaltrials.gov/api/v2/studies/"
_MODULES: Final = (
    "IdentificationModule,StatusModule,SponsorCollaboratorsModule,ContactsLocationsModule,DesignModule,ConditionsModule"
)
_OVER: Final = {"TERMINATED": "ended", "WITHDRAWN": "ended", "SUSPENDED": "inactive"}


class ClinicalTrials:
    """By NCT number."""

    key = "clinicaltrials"
    register = "ClinicalTrials.gov"
    kinds = frozenset({"trial"})
    most_bytes = 5_000_000
    serves_days = 0

    def address(self, question: Question) -> str:
        """Raises CannotAsk without a number."""
        if not valid_trial(question.identifier):
            raise CannotAsk("ClinicalTrials.gov is asked by number: NCT and eight digits.")
        return f"{_API}{quote(question.identifier)}?format=json&fields={_MODULES}"

    def read(self, question: Question, answer: Answer, today: date) -> Proposal:
        """Raises NotUnderstood."""
        if not found(answer):
            terms = {"search_terms": f"number {question.identifier}"}
            return Proposal("not_found", "The register has no such number.", facts=terms)
        study = at(parsed(answer), "protocolSection")
        number = text_at(study, "identificationModule", "nctId")
        word = _in_words(text_at(study, "statusModule", "overallStatus"))
        if not (number and word):
            raise NotUnderstood("The register's answer has not the form that it publishes.")
        if number != question.identifier:
            raise NotUnderstood(f"The register answered with another number, {number}.")
        return _proposal(question, study, word)


def _in_words(status: str) -> str:
    return status.replace("_", " ").capitalize()


def _proposal(question: Question, study: Any, word: str) -> Proposal:
    compared = _compared(question, study)
    name, place = compared[1].likeness, compared[2].likeness
    entry = next(each.link(question.identifier) for each in registers_for("trial"))
    facts = {"identifier": question.identifier, "register_word": word}
    if name is Likeness.DIFFERENT:
        remark = "Neither sponsor nor any site or official has this name."
        return Proposal("mismatch", remark, compared, facts, entry)
    if name is not Likeness.SAME:
        return Proposal("", "The names are not the same: compare the entry yourself.", compared, facts, entry)
    if outcome := _OVER.get(text_at(study, "statusModule", "overallStatus")):
        updated = text_at(study, "statusModule", "lastUpdatePostDateStruct", "date")
        remark = f"The register does not say since when; its entry was last updated {updated or 'on no day it gives'}."
        return Proposal(outcome, remark, compared, facts, entry)
    if place is not Likeness.SAME:
        return Proposal("", "The name is the same, no place is: compare the entry yourself.", compared, facts, entry)
    return Proposal("verified", "Number, name and place are the same.", compared, facts, entry)


def _compared(question: Question, study: Any) -> tuple[Compared, ...]:
    names = (question.subject, *question.names)
    sites = list_at(study, "contactsLocationsModule", "locations")
    places = [Place("", text_at(each, "city"), text_at(each, "state"), text_at(each, "zip")) for each in sites]
    bodies = _bodies(study)
    people = [text_at(each, "name") for each in list_at(study, "contactsLocationsModule", "overallOfficials")]
    best = _best([likeness_of_organisations(names, body) for body in bodies] + [_of_person(names, p) for p in people])
    status = _in_words(text_at(study, "statusModule", "overallStatus"))
    return (
        Compared("number", question.identifier, text_at(study, "identificationModule", "nctId"), Likeness.SAME),
        Compared("name", "; ".join(names), "; ".join(dict.fromkeys([*bodies, *people]))[:500], best),
        Compared(
            "place",
            "; ".join(map(place_in_words, question.places)),
            "; ".join(dict.fromkeys(map(place_in_words, places)))[:500],
            _states_apart(question, places),
        ),
        Compared("title", "", text_at(study, "identificationModule", "briefTitle"), Likeness.UNKNOWN),
        Compared("status", "", status, Likeness.UNKNOWN),
    )


def _bodies(study: Any) -> list[str]:
    sponsors = at(study, "sponsorCollaboratorsModule")
    named = [
        text_at(sponsors, "leadSponsor", "name"),
        *(text_at(each, "name") for each in list_at(sponsors, "collaborators")),
        *(text_at(each, "facility") for each in list_at(study, "contactsLocationsModule", "locations")),
    ]
    return list(dict.fromkeys(filter(None, named)))


def _of_person(names: tuple[str, ...], person: str) -> Likeness:
    first, _, rest = person.partition(" ")
    last = rest.partition(",")[0].split()
    return _best([likeness_of_persons(name, first, last[-1] if last else "") for name in names])


def _best(found: list[Likeness]) -> Likeness:
    order = (Likeness.SAME, Likeness.NEAR, Likeness.DIFFERENT)
    return next((likeness for likeness in order if likeness in found), Likeness.UNKNOWN)


def _states_apart(question: Question, places: list[Place]) -> Likeness:
    """The register writes states out and we write two letters, so that only towns can be told to be the same."""
    towns = [Place(city=place.city, state="any", zip=place.zip) for place in places if place.city]
    ours = [Place(city=place.city, state="any", zip=place.zip) for place in question.places if place.city]
    likeness = likeness_of_places(ours, towns)
    return Likeness.DIFFERENT if likeness is Likeness.NEAR else likeness
