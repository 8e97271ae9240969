"""What registers answer, in the shape that they publish. People, places and numbers are made up."""

import json
from typing import Any

NPI = "1234567893"
NCT = "NCT01234567"
DOI = "10.1234/knees.5"
PMID = "12345678"
LEIE_HEAD = (
    "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,"
    "EXCLTYPE,EXCLDATE,REINDATE,WAIVERDATE,WVRSTATE"
)


def nppes(*results: dict[str, Any]) -> bytes:
    return json.dumps({"result_count": len(results), "results": list(results)}).encode()


def nppes_error(description: str) -> bytes:
    return json.dumps({"Errors": [{"description": description, "field": "number", "number": "15"}]}).encode()


def _zip_of(city: str) -> str:
    return "33606" if city.upper() == "TAMPA" else "33101"


def a_person(
    first: str = "ANA", last: str = "EXAMPLE", city: str = "TAMPA", state: str = "FL", number: str = NPI, **more: Any
) -> dict[str, Any]:
    address = {
        "country_code": "US",
        "address_purpose": "LOCATION",
        "address_type": "DOM",
        "address_1": "118 BAYSHORE AVENUE",
        "city": city,
        "state": state,
        "postal_code": f"{_zip_of(city)}0001",
        "telephone_number": "813-555-0114",
    }
    basic = {"first_name": first, "last_name": last, "credential": "MD", "sole_proprietor": "NO", "status": "A"}
    return {
        "created_epoch": "1117065600000",
        "enumeration_type": "NPI-1",
        "last_updated_epoch": "1600000000000",
        "number": number,
        "addresses": [address],
        "practiceLocations": [],
        "basic": {**basic, "enumeration_date": "2005-05-26", "last_updated": "2020-09-13", **more},
        "taxonomies": [{"code": "207X00000X", "desc": "Orthopaedic Surgery", "state": "FL", "primary": True}],
        "identifiers": [],
        "endpoints": [],
        "other_names": [],
    }


def trial(sponsor: str = "Knee House LLC", status: str = "RECRUITING", city: str = "Tampa", number: str = NCT) -> bytes:
    study = {
        "identificationModule": {
            "nctId": number,
            "briefTitle": "Cells for Knees",
            "organization": {"fullName": sponsor},
        },
        "statusModule": {
            "statusVerifiedDate": "2026-08",
            "overallStatus": status,
            "lastUpdatePostDateStruct": {"date": "2026-08-20", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": sponsor, "class": "INDUSTRY"}},
        "contactsLocationsModule": {
            "overallOfficials": [
                {"name": "Pat Official, MD", "affiliation": sponsor, "role": "PRINCIPAL_INVESTIGATOR"}
            ],
            "locations": [{"facility": "Site One", "city": city, "state": "Florida", "zip": _zip_of(city)}],
        },
    }
    return json.dumps({"protocolSection": study, "hasResults": False}).encode()


def paper(title: str = "Cells and sore knees in twenty people", **more: Any) -> bytes:
    summary = {
        "uid": PMID,
        "pubdate": "2019 Mar",
        "source": "J Made Up",
        "title": f"{title}.",
        "pubtype": ["Journal Article"],
        "articleids": [{"idtype": "doi", "value": DOI}],
        "references": [],
        **more,
    }
    return json.dumps({"header": {"type": "esummary"}, "result": {"uids": [PMID], PMID: summary}}).encode()


def no_paper(error: str = "cannot get document summary") -> bytes:
    return json.dumps({"header": {}, "result": {"uids": [PMID], PMID: {"uid": PMID, "error": error}}}).encode()


RETRACTED = {
    "pubtype": ["Journal Article", "Retracted Publication"],
    "references": [{"refsource": "J Made Up. 2021 Jun 13;3(2):40", "reftype": "Retraction in", "pmid": 7, "note": ""}],
}


def work(title: str = "Cells and sore knees in twenty people", *notices: dict[str, Any]) -> bytes:
    message = {
        "DOI": DOI,
        "type": "journal-article",
        "title": [title],
        "container-title": ["Journal of Made Up Results"],
        "issued": {"date-parts": [[2019, 3]]},
        **({"updated-by": list(notices)} if notices else {}),
    }
    return json.dumps({"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message}).encode()


def notice(kind: str, day: tuple[int, ...] = (2021, 6, 13)) -> dict[str, Any]:
    facts = {"type": kind, "label": kind.capitalize(), "DOI": "10.1234/notice.9", "source": "retraction-watch"}
    return {**facts, "updated": {"date-parts": [list(day)]}}


def excluded(
    last: str = "EXAMPLE",
    first: str = "ANA",
    *,
    business: str = "",
    npi: str = "0000000000",
    born: str = "",
    street: str = "",
    city: str = "",
    state: str = "",
) -> str:
    words = (last, first, "Q", business, "IND- LIC HC SERV PRO", "PHYSICIAN", "", npi, born, street, city, state)
    rest = ("33606", "1128b4", "20190515", "00000000", "00000000", "")
    return ",".join(f'"{word}"' for word in (*words, *rest))


def leie(*rows: str) -> bytes:
    """The whole list: the rows, among a thousand others."""
    others = [excluded(f"OTHER{number:04d}", "SOMEBODY") for number in range(1000)]
    return ("\r\n".join([LEIE_HEAD, *others, *rows]) + "\r\n").encode()
