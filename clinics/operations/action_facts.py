"""What two people sign of an official action."""

from typing import Any

from clinics.models import OfficialAction


def facts_signed(action: OfficialAction) -> dict[str, Any]:
    """The document as people signed it, which never changes afterwards."""
    return {
        "agency": action.agency,
        "kind": action.kind,
        "date": action.acted_on.isoformat(),
        "title": action.title,
        "quote": action.quote,
        "addressee": action.addressee,
        "url": action.link.url if action.link else None,
    }
