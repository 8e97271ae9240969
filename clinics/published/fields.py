"""Form fields for parameters that may be repeated: `state=FL&state=GA`."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_OPTIONS = 60
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class RepeatedField(forms.MultipleChoiceField):
    """Options of one facet. Empty ones are left out, as an untouched select sends them; repeated ones count once."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "RepeatedField":
        """A field for one request. It shares the options: a few hundred, which no request changes."""
        copied: RepeatedField = super(forms.ChoiceField, self).__deepcopy__(memo)
        return copied

    def to_python(self, value: Any) -> list[str]:
        """The options in the order in which they were given. Raises ValidationError for control characters."""
        options = [str(option).strip() for option in value or ()]
        if any(CONTROL.search(option) for option in options):
            raise ValidationError(_("Write plain text."))
        return list(dict.fromkeys(option for option in options if option))

    def validate(self, value: list[str]) -> None:
        """Refuses unknown options, naming them, and more than MOST_OPTIONS."""
        if len(value) > MOST_OPTIONS:
            raise ValidationError(_("Choose at most %(n)d options."), params={"n": MOST_OPTIONS})
        super().validate(value)


class RepeatedText(RepeatedField):
    """Repeated values that no list holds; `read` checks one and writes it in its stored form, or raises."""

    def __init__(self, *, read: Callable[[str], str], **options: Any) -> None:
        self.read = read
        super().__init__(**options)

    def to_python(self, value: Any) -> list[str]:
        """The values in their stored form. Raises ValidationError with what is wrong with each that is wrong."""
        read, wrong = [], []
        for option in super().to_python(value):
            try:
                read.append(self.read(option))
            except ValidationError as error:
                wrong.append(error)
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(read))

    def valid_value(self, value: str) -> bool:
        """Every value that `read` let pass is valid."""
        return True
