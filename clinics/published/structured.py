"""A clinic in the words of schema.org, for search engines: only what its page says, and no rating of any kind."""

import json
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from clinics.models import Clinic, Location
from clinics.published import freshness

_ESCAPED: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def medical_clinic(clinic: Clinic, page: str) -> dict[str, Any]:
    """The clinic as `clinic_in_full` gave it; `page` is our address about it. What has no value is left out.

    Source: https://schema.org/MedicalClinic.
    """
    places: list[Location] = getattr(clinic, "public_locations", [])
    facts = {
        "name": clinic.name,
        "alternateName": clinic.other_names,
        "url": freshness.link_to(clinic.website),
        "telephone": [place.phone for place in places if place.phone],
        "address": [_address(place) for place in places],
        "availableLanguage": [*clinic.languages],
    }
    given = {name: value for name, value in facts.items() if value}
    return {"@context": "https://schema.org", "@type": "MedicalClinic", "mainEntityOfPage": page, **given}


def _address(place: Location) -> dict[str, str]:
    facts = {
        "streetAddress": place.street,
        "addressLocality": place.city,
        "addressRegion": place.state,
        "postalCode": place.zip,
        "addressCountry": place.country,
    }
    return {"@type": "PostalAddress", **{name: value for name, value in facts.items() if value}}


def as_script(facts: dict[str, Any]) -> SafeString:
    """The facts as they may stand in a script element: nothing in them can end it."""
    return mark_safe(json.dumps(facts, ensure_ascii=False).translate(_ESCAPED))  # noqa: S308
