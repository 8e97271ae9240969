"""The one way in which a person types a web address: as text, judged at the field, recorded by an operation."""

from django import forms
from django.core.exceptions import ValidationError

from clinics.domain.pasted import with_scheme
from clinics.operations.recording import judged
from clinics.operations.refusal import Refusal


class AddressField(forms.CharField):
    """A URL as text; one without “https://” is given it, as in a list of addresses.

    What the tracker would not read is refused here, with the reason.
    """

    def __init__(self, **options: object) -> None:
        widget = forms.TextInput(attrs={"class": "vURLField", "inputmode": "url", "autocomplete": "off"})
        super().__init__(**{"max_length": 2000, "widget": widget, **options})  # type: ignore[arg-type]

    def clean(self, value: str | None) -> str:
        """What was typed, if it names a page that may be read."""
        typed = with_scheme(super().clean(value))
        if typed:
            try:
                judged(typed)
            except Refusal as refused:
                raise ValidationError(str(refused)) from None
        return typed
