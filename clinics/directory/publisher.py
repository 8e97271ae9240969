"""Who publishes the directory and how to write to them, for every page; and whether its clinics are fictional."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Publisher:
    """A name, and an address of mail or of a page; "" where the operator has given none."""

    name: str
    contact: str

    @property
    def link(self) -> str:
        """The contact as browsers follow it."""
        return f"mailto:{self.contact}" if "@" in self.contact and "/" not in self.contact else self.contact


def publisher(request: HttpRequest) -> dict[str, Any]:
    """What the templates of all pages know of their publisher."""
    return {
        "publisher": Publisher(settings.PUBLISHER_NAME, settings.PUBLISHER_CONTACT),
        "is_demonstration": settings.DEMONSTRATION,
    }
