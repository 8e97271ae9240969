"""Where a clinic stands on the map, and how it is reached, from what a person typed."""

import re
from functools import cache

import phonenumbers

from clinics.domain.zip_codes import entries_by_zip, where_it_lies
from clinics.models import Clinic, Location
from clinics.operations.refusal import Refusal, check

_US_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?")


def place_location(
    clinic: Clinic,
    *,
    street: str = "",
    city: str = "",
    state: str = "",
    zip: str = "",
    country: str = "US",
    phone: str = "",
) -> Location:
    """A new location of the clinic, completed from its ZIP. Raises Refusal as `place` does."""
    typed = {"street": street, "city": city, "state": state, "zip": zip, "country": country, "phone": phone}
    return place(Location(clinic=clinic, **typed))


def place(location: Location) -> Location:
    """Complete a location from its ZIP (city, state, coordinates), tidy its telephone number, and save it."""
    complete(location)
    check(location, but=["clinic"])
    location.save()
    return location


def complete(location: Location) -> None:
    """Fill what follows from the rest, without saving. Raises Refusal for a ZIP, state or number that cannot be."""
    location.country = (location.country or "US").strip().upper()
    for name in ("street", "city", "state", "zip"):
        setattr(location, name, " ".join(getattr(location, name).split()))
    if location.country == "US":
        _complete_from_zip(location)
    if location.phone:
        _tidy_phone(location)


def is_of_unknown_zip(location: Location) -> bool:
    """Whether its ZIP has the shape of one and is in no list that we have: mistyped, or newer than the list."""
    shape = _US_ZIP.fullmatch(location.zip) if location.country == "US" else None
    return shape is not None and shape[1] not in entries_by_zip()


def _complete_from_zip(location: Location) -> None:
    location.state = location.state.upper()
    if location.state and location.state not in _us_states():
        raise Refusal(f"state: “{location.state}” is no US state. Write its two letters, such as FL.")
    if not location.zip:
        return
    shape = _US_ZIP.fullmatch(location.zip)
    if shape is None:
        lost = location.zip.zfill(5)  # a spreadsheet takes it for a number
        hint = f" Where a spreadsheet dropped its zero, it is {lost}." if lost in entries_by_zip() else ""
        raise Refusal(
            f"zip: “{location.zip}” is no US ZIP. Write five digits, such as 33130, or another country.{hint}"
        )
    found = entries_by_zip().get(shape[1])
    if found is None:
        location.latitude = location.longitude = None
        return
    if location.state and location.state != found["state"]:
        raise Refusal(f"zip: {shape[1]} is in {found['state']}, not in {location.state}. Correct one of the two.")
    location.state = found["state"]
    location.city = location.city or found["city"]
    location.latitude, location.longitude = where_it_lies(found) or (None, None)


@cache
def _us_states() -> frozenset[str]:
    return frozenset(
        (
            *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS"),
            *("KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC"),
            *("ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY"),
            *("AS", "GU", "MP", "PR", "VI", "FM", "MH", "PW", "AA", "AE", "AP"),
        )
    )


def _tidy_phone(location: Location) -> None:
    """Write the number as its country does, and keep what was typed."""
    typed = location.phone.strip()
    try:
        number = phonenumbers.parse(typed, location.country)
    except phonenumbers.NumberParseException:
        raise Refusal(f"phone: “{typed}” is no telephone number. Write it with its area code.") from None
    if not phonenumbers.is_possible_number(number):
        raise Refusal(f"phone: “{typed}” has too few or too many digits. Write it with its area code.")
    home = number.country_code == phonenumbers.country_code_for_region(location.country)
    style = phonenumbers.PhoneNumberFormat
    tidy = phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL)
    if tidy != location.phone or not location.phone_typed:
        location.phone, location.phone_typed = tidy, typed[:60]
