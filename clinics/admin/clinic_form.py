"""The fields of a clinic itself, and the rows that are typed on its page."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from clinics.admin.addresses import AddressField
from clinics.admin.clinic_paste import places_pasted
from clinics.admin.concurrent import VersionedForm
from clinics.admin.refusals import RefusableForm
from clinics.admin.terms import fill_selects
from clinics.models import Affiliation, Clinic, Location, OrganisationLink, PageUse, Term, Treatment
from clinics.operations import placing, recording
from clinics.operations.pasting import faults_of
from clinics.operations.refusal import Refusal

TREATMENT_WORDS = {
    "condition": Term.Kind.CONDITION,
    "cell_source": Term.Kind.CELL_SOURCE,
    "origin": Term.Kind.ORIGIN,
    "route": Term.Kind.ROUTE,
    "posture": Term.Kind.POSTURE,
    "evidence": Term.Kind.EVIDENCE,
}


def language_choices() -> list[tuple[str, str]]:
    """The vocabulary of languages, as keys."""
    return [(term.key, str(term)) for term in Term.objects.of(Term.Kind.LANGUAGE)]


class ClinicForm(RefusableForm):
    """A clinic with its website as text. The website's row is made by an operation, never chosen from a list."""

    website_url = AddressField(label="Website", required=False, help_text="Such as https://clinic.example/")
    page_urls = forms.CharField(
        label="Pages to record",
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 4, "class": "vLargeTextField", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text="One address a line, or separated by spaces. Those that are recorded already are left as they are.",
    )
    languages = forms.MultipleChoiceField(
        required=False, choices=language_choices, widget=forms.CheckboxSelectMultiple, label="Languages spoken"
    )

    class Meta:
        model = Clinic
        fields = ["name", "other_names", "languages", "serves_us_patients", "assigned_to", "notes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.website_id and "website_url" in self.fields:
            self.fields["website_url"].initial = self.instance.website.typed
        if "assigned_to" in self.fields:
            people = self.fields["assigned_to"]
            people.queryset = User.objects.filter(is_staff=True, is_active=True).order_by("username")
            people.widget = getattr(people.widget, "widget", people.widget)  # accounts are made elsewhere

    def clean_page_urls(self) -> str:
        """Refuse the list with a sentence for each address that would not be read."""
        typed: str = self.cleaned_data["page_urls"]
        if faults := list(faults_of(typed)):
            raise ValidationError([ValidationError("%(fault)s", params={"fault": fault}) for fault in faults])
        return typed

    def now_held(self, row: Any) -> dict[str, Any]:
        """With the website, as it was typed."""
        return {**super().now_held(row), "website_url": row.website.typed if row.website_id else ""}


class PageUseForm(forms.ModelForm):
    """An address to record for the clinic, and why."""

    url = AddressField(label="URL")

    class Meta:
        model = PageUse
        fields = ["purpose", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # the stock table has heads for the eye and no labels for the ear
            field.widget.attrs["aria-label"] = field.label


class NewPagesInline(admin.TabularInline):
    """Rows for addresses to record. Those that are recorded already stand in the page's own table."""

    model = PageUse
    form = PageUseForm
    fields = ["url", "purpose", "note"]
    extra = 1
    can_delete = False
    verbose_name = "page with a purpose or a note"
    verbose_name_plural = "pages with a purpose or a note"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PageUse]:
        """None: a clinic may have thousands."""
        return super().get_queryset(request).none()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


class LocationForm(VersionedForm):
    """A location that is completed from its ZIP, with its telephone number written as its country writes it."""

    def clean(self) -> dict[str, Any] | None:
        """Fill what follows from the rest; what cannot be is refused at its own field."""
        super().clean()
        names = [name for name in self._meta.fields or () if name in self.cleaned_data]
        place = Location(**{name: self.cleaned_data[name] for name in names})
        try:
            placing.complete(place)
        except Refusal as refusal:
            name, _, fault = str(refusal).partition(": ")
            self.add_error(name if name in self.fields else None, fault or str(refusal))
            return self.cleaned_data
        self.cleaned_data |= {name: getattr(place, name) for name in names if name != "phone"}
        return self.cleaned_data


class WithOneEmptyRow:
    """For an inline: a row to type into also where no script adds one."""

    extra = 1


class LocationInline(WithOneEmptyRow, admin.StackedInline):
    model = Location
    form = LocationForm
    fields = [("street", "zip"), ("city", "state", "country"), ("phone",)]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A row for each place that was pasted."""
        return max(self.extra, len(places_pasted(request)))


class NamedForm(VersionedForm):
    """A link to a recorded person or company, or to a new one by its name."""

    named: ClassVar[str]
    """The column of the link."""
    new_name = forms.CharField(max_length=200, required=False, label="or a new one's name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_name"].widget.attrs["aria-label"] = f"Or a new {self.named}'s name"
        if self.named in self.fields:
            self.fields[self.named].required = False

    def clean(self) -> dict[str, Any] | None:
        """One or the other; a name that is recorded already is chosen, not made again."""
        cleaned = super().clean() or self.cleaned_data
        name, chosen = cleaned.get("new_name", "").strip(), cleaned.get(self.named)
        if name and chosen:
            self.add_error("new_name", f"Choose a recorded {self.named}, or type a new one's name; not both.")
        elif name and self._model().objects.filter(name__iexact=name).exists():
            self.add_error("new_name", f"“{name}” is recorded already: choose it from the list of each {self.named}.")
        elif not name and not chosen and self.named in self.fields and not self.errors:
            self.add_error(self.named, f"Choose a {self.named}, or type a new one's name beside it.")
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "It cannot end before it began.")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Record the new one first, once for a name."""
        if name := self.cleaned_data.get("new_name", "").strip():
            setattr(self.instance, self.named, recording.record_by_name(self._model(), name))
        return super().save(commit)

    def _model(self) -> Any:
        return self._meta.model._meta.get_field(self.named).related_model  # type: ignore[union-attr]


class NamedFormSet(forms.BaseInlineFormSet):
    """Rows of which no two name the same new person or company."""

    def clean(self) -> None:
        """Refuse a name that was typed twice."""
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            name = (getattr(form, "cleaned_data", {}).get("new_name") or "").strip().casefold()
            if name and name in seen:
                form.add_error("new_name", "This name stands in another row already: save that one first.")
            seen.add(name)


class OrganisationLinkForm(NamedForm):
    named = "organisation"


class AffiliationForm(NamedForm):
    named = "practitioner"


class OrganisationLinkInline(WithOneEmptyRow, admin.StackedInline):
    model = OrganisationLink
    form = OrganisationLinkForm
    formset = NamedFormSet
    fields = [("organisation", "new_name"), ("relation", "since", "until")]
    autocomplete_fields = ["organisation"]


class AffiliationInline(WithOneEmptyRow, admin.StackedInline):
    model = Affiliation
    form = AffiliationForm
    formset = NamedFormSet
    fields = [("practitioner", "new_name"), ("role", "since", "until")]
    autocomplete_fields = ["practitioner"]
    verbose_name = "practitioner"


class TreatmentForm(VersionedForm):
    """An offer, with ticks for what was looked for in vain."""

    not_stated = forms.MultipleChoiceField(
        required=False,
        choices=Treatment.LookedFor.choices,
        widget=forms.CheckboxSelectMultiple,
        label="Looked for, and not stated on the pages read",
    )

    class Meta:
        model = Treatment
        fields = "__all__"


class TreatmentInline(WithOneEmptyRow, admin.StackedInline):
    model = Treatment
    form = TreatmentForm
    autocomplete_fields = ["laboratory"]
    fields = [
        ("name", "product"),
        ("condition", "cell_source"),
        ("origin", "route"),
        ("posture", "evidence"),
        ("laboratory", "price_stated"),
        "not_stated",
    ]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset, its vocabularies read once for all rows."""
        formset = super().get_formset(request, obj, **kwargs)
        fill_selects(formset.form.base_fields, TREATMENT_WORDS)
        if "name" in formset.form.base_fields:
            formset.form.base_fields["name"].label = "Name of the treatment"  # told from the clinic's by ear, too
        return formset
