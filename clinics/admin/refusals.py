"""A refusal of an operation, shown at the form that asked for it, with all that was typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from clinics.admin.concurrent import VersionedForm
from clinics.operations.refusal import Refusal


class RefusableForm(VersionedForm):
    """A form that can be told why its operation refused, and then shows it."""

    refusal: str = ""

    def clean(self) -> dict[str, Any] | None:
        """Refuse the form where the operation did."""
        cleaned = super().clean()
        if self.refusal:
            raise ValidationError(self.refusal)
        return cleaned

    def save_m2m(self) -> None:
        """Nothing is left to write where an operation saved the row; the form's own save puts its own in this place."""


class RefusalsShown:
    """For a ModelAdmin that saves through operations: the first try is undone, the second shows its refusal."""

    form = RefusableForm

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form, told of the refusal if this is the second try."""
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        return type(form.__name__, (form,), {"refusal": getattr(request, "refusal", "")})

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save in one transaction; a refusal rolls it back and is shown."""
        try:
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        except Refusal as refusal:
            request.refusal, request.refused = str(refusal), refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
