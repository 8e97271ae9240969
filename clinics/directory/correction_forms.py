"""The forms by which visitors tell us something. They ask for no more than is needed, and for nothing about health."""

import re
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinics.operations.corrections import LONGEST_TEXT

SALT: Final = "visitors' forms"
FORM_LASTS: Final = timedelta(days=1)
LEAST_SECONDS: Final = 3  # in which nobody fills in a form
MOST_LINKS: Final = 5
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LINK: Final = re.compile(r"https?://|www\.", re.IGNORECASE)


def new_stamp() -> str:
    """Names a form and says when it was shown, so that nobody else can make one."""
    return signing.dumps(str(uuid4()), salt=SALT)


def _is_new(stamp: str) -> bool:
    """Whether the form was shown less than `LEAST_SECONDS` ago."""
    try:
        signing.loads(stamp, salt=SALT, max_age=timedelta(seconds=LEAST_SECONDS))
    except signing.SignatureExpired:
        return False
    return True


class PlainText(forms.CharField):
    """Text without control characters."""

    def validate(self, value: str) -> None:
        """Refuses control characters."""
        super().validate(value)
        if CONTROL.search(value or ""):
            raise ValidationError(_("Write plain text."))


class ReportForm(forms.Form):
    """What every report has. `more_about` is a trap for machines: people don't see it."""

    contact = forms.EmailField(
        label=_("Your e-mail address, if you want us to be able to ask you"), required=False, max_length=254
    )
    stamp = forms.CharField(widget=forms.HiddenInput, max_length=200)
    more_about = forms.CharField(required=False, max_length=200)

    def clean_stamp(self) -> UUID:
        """The form's name. Refuses one that is not ours, or too old."""
        given = self.cleaned_data["stamp"]
        try:
            name = signing.loads(given, salt=SALT, max_age=FORM_LASTS)
        except signing.BadSignature:
            raise ValidationError(_("This form was open for too long. Please send it again.")) from None
        return UUID(name)

    def clean(self) -> dict[str, Any]:
        """Refuses what only a machine fills in, what nobody types so fast, and texts that are little but links."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and _is_new(str(self.data["stamp"])):
            raise ValidationError(_("That was faster than we can believe. Please send it again."))
        if cleaned.get("more_about"):
            raise ValidationError(_("This could not be sent. Leave out what is not asked for."))
        if len(LINK.findall(cleaned.get("text", ""))) > MOST_LINKS:
            self.add_error("text", _("Leave out some of the links: at most five."))
        return cleaned


class ErrorForm(ReportForm):
    """Something on our pages is wrong."""

    text = PlainText(
        label=_("What is wrong, and how can we see that?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)


class ClinicForm(ReportForm):
    """A clinic that is missing here."""

    text = PlainText(
        label=_("Name of the clinic, its city, and what it offers"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen_at = PlainText(label=_("Its web address, if you know it"), required=False, max_length=500)


class AdvertisementForm(ReportForm):
    """An advertisement that somebody saw."""

    text = PlainText(
        label=_("What does it say? Copy the words as far as you can"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    seen_at = PlainText(
        label=_("Where did you see it? A web address, or the name of the paper or place"),
        required=False,
        max_length=500,
    )
