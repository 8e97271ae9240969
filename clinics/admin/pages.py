"""A recorded page: who uses it, how it is read, and every attempt to read it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse

from clinics.admin.desk import DeskAdmin
from clinics.admin.saved_filters import WithSavedFilters
from clinics.admin.steps import Step
from clinics.domain.outcome import Outcome
from clinics.models import Check, Page, PageUse
from clinics.operations import recording
from clinics.operations.going_out import browser_enabled
from clinics.operations.leaving_out import rules_for

BY_BROWSER = "It has next to no text until its scripts run: “Read it by a browser” lets them."
NO_BROWSER = (
    "It has next to no text until its scripts run, and no browser is enabled here (BROWSER_ENABLED). "
    "Capture by hand what it says, on the clinic's page."
)
NEWEST = 50
PEOPLE = ["robots_override_by", "text_accepted_at", "text_accepted_by", "created_at", "created_by"]
MACHINE = ["outcome", "reason", "suggestion", "last_read", "last_tried", "due", "pause"]


class NamedFields(BaseInlineFormSet):
    """Rows whose fields have a name for the ear: the stock table has heads for the eye alone."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """The stock fields, the one that removes the row among them."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label or name))


class UsesInline(admin.TabularInline):
    """For which clinics the page is recorded, and why."""

    model = PageUse
    formset = NamedFields
    extra = 0
    fields = ["clinic", "purpose", "note"]
    readonly_fields = ["clinic", "purpose"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PageUse]:
        """With their clinics, in one query."""
        return super().get_queryset(request).select_related("clinic", "page")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Page)
class PageAdmin(WithSavedFilters, DeskAdmin):
    list_display = ["url", "outcome", "last_read", "last_tried", "due"]
    list_filter = ["state__outcome", "by_browser", "uses__purpose"]
    list_select_related = ["state"]
    search_fields = ["url"]
    ordering = ["identity"]
    inlines = [UsesInline]
    history_children = ["uses"]
    readonly_fields = ["url", "typed", "host", *MACHINE, "by_browser", *PEOPLE]
    fields = [
        "url",
        "typed",
        "host",
        *MACHINE,
        "check_every",
        "check_fastest",
        "check_slowest",
        "by_browser",
        "robots_override_reason",
        "robots_override_by",
        "text_accepted_at",
        "text_accepted_by",
        "created_at",
        "created_by",
    ]
    steps = (
        Step(
            name="read",
            label="Read again now",
            perform=lambda page, answers, by, now: recording.read_page_again(page, by=by, now=now),
            offered=lambda page: True,
            done="It is due now; a worker reads it within a minute or two.",
            permission="clinics.change_page",
        ),
        Step(
            name="by-browser",
            label="Read it by a browser",
            perform=lambda page, answers, by, now: recording.set_by_browser(page, True, now=now),
            offered=lambda page: browser_enabled() and not page.by_browser,
            done="Its scripts are run before it is read from now on; it is due now.",
            permission="clinics.change_page",
        ),
        Step(
            name="as-sent",
            label="Read it without a browser",
            perform=lambda page, answers, by, now: recording.set_by_browser(page, False, now=now),
            offered=lambda page: page.by_browser,
            done="It is read as its server sends it from now on; it is due now.",
            permission="clinics.change_page",
        ),
        Step(
            name="accept",
            label="Its present text is the clinic's",
            perform=lambda page, answers, by, now: recording.accept_text(page, by=by, now=now),
            offered=recording.is_doubted,
            done="Whatever it says in the next seven days is read as the clinic's words; it is due now.",
            permission="clinics.change_page",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        """With the machine's columns, without its memory."""
        rows = (
            super()
            .get_queryset(request)
            .select_related("state", "host", "created_by", "robots_override_by", "text_accepted_by")
        )
        return rows.defer("state__said", "host__robots_text")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The list of one clinic's pages is linked from the clinic."""
        return lookup == "uses__clinic__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="last outcome", ordering="state__outcome")
    def outcome(self, page: Page) -> str:
        """What came of the last attempt."""
        return page.state.outcome or "not read yet"

    @admin.display(description="why")
    def reason(self, page: Page) -> str:
        """The last attempt's reason, in words."""
        return page.state.reason

    @admin.display(description="suggestion")
    def suggestion(self, page: Page) -> str:
        """What a person may do about the last outcome."""
        if page.state.outcome != Outcome.JS_ONLY or page.by_browser:
            return "–"
        return BY_BROWSER if browser_enabled() else NO_BROWSER

    @admin.display(description="last read", ordering="state__last_read_at")
    def last_read(self, page: Page) -> Any:
        """When its own words were read."""
        return page.state.last_read_at

    @admin.display(description="last tried", ordering="state__last_tried_at")
    def last_tried(self, page: Page) -> Any:
        """When it was tried, with or without success."""
        return page.state.last_tried_at

    @admin.display(description="next reading", ordering="state__due_at")
    def due(self, page: Page) -> Any:
        """When it is owed."""
        return page.state.due_at

    @admin.display(description="pause at present")
    def pause(self, page: Page) -> str:
        """The time between two readings that its own history asks for, and why."""
        steady = page.state.steadiness
        why = f"{abs(steady)} readings in a row {'without a' if steady > 0 else 'with a'} change" if steady else ""
        return f"{page.state.interval} ({why})" if why else str(page.state.interval)

    def save_model(self, request: HttpRequest, obj: Page, form: forms.ModelForm, change: bool) -> None:
        """Keep who answers for reading against robots.txt."""
        if "robots_override_reason" in form.changed_data:
            obj.robots_override_by = request.user if obj.robots_override_reason else None  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def written(self, form: forms.ModelForm) -> set[str]:
        """With the person, where there is a new reason."""
        return super().written(form) | {"robots_override_by"}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with the newest attempts and texts."""
        page = kwargs.get("obj")
        if page is not None:
            checks = Check.objects.of(page).only("started_at", "outcome", "reason", "status", "new_sentences", "robots")
            snapshots = page.snapshots.defer("packed_blocks").order_by("-taken_at")
            context.update(checks=list(checks[:NEWEST]), snapshots=list(snapshots[:NEWEST]), left_out=rules_for(page))
        return super().render_change_form(request, context, **kwargs)
