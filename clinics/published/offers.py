"""What is told of an offer's product, laboratory or price."""

from typing import Any

from django.utils.translation import gettext as _


def stated(offer: Any, name: str) -> str:
    """What is recorded, or that a person looked for it and it is not stated on the pages read; "" for neither."""
    if name in offer.not_stated:
        return _("not stated on the pages read")
    return str(getattr(offer, name) or "")
