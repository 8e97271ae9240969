"""Mail that people wish for, what was mailed to whom, and the page that ends it without signing in."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from clinics.admin.desk import DeskAdmin, ReadOnlyAdmin, ReadOnlyInline
from clinics.admin.refusals import RefusableForm
from clinics.admin.steps import Step
from clinics.models import Delivery, Digest, SavedFilter
from clinics.operations.digest_mail import digest_of
from clinics.operations.digest_wishes import BY_LINK, end_digest, wish_digest
from clinics.operations.mailing import OFF, mail_enabled
from clinics.operations.saved_rows import MAILED_BY

NEWEST = 20
STATE = ["owner", "next", "failures", "ended_at", "ended_because"]


class Deliveries(ReadOnlyInline):
    model = Delivery
    fields = ["at", "to", "items", "state", "reason", "ended_at"]
    verbose_name_plural = "newest deliveries"

    def get_queryset(self, request: HttpRequest) -> Any:
        """The newest ones."""
        rows = super().get_queryset(request)
        match = getattr(getattr(request, "resolver_match", None), "kwargs", {})
        pk = str(match.get("object_id", ""))
        mine = rows.filter(digest=pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else rows.none()
        return rows.filter(pk__in=list(mine.values_list("pk", flat=True)[:NEWEST]))


@admin.register(Digest)
class DigestAdmin(DeskAdmin):
    form = RefusableForm
    list_display = ["owner", "scope", "saved_filter", "cadence", "hour", "next", "ended_at"]
    list_filter = ["cadence", "scope"]
    list_select_related = ["owner", "saved_filter"]
    fields = ["scope", "saved_filter", "cadence", "hour"]
    actions = None
    steps = (
        Step(
            name="end",
            label="End this mail",
            perform=lambda digest, answers, by, now: end_digest(digest, reason=f"Ended by {by}.", now=now),
            offered=lambda digest: digest.ended_at is None,
            done="Nothing more is mailed.",
            permission="clinics.change_digest",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the rows that each names."""
        return super().get_queryset(request).select_related("owner", "saved_filter")

    def get_fields(self, request: HttpRequest, obj: Digest | None = None) -> list[str]:
        """A known one shows when it comes next."""
        return list(self.fields or []) + ([] if obj is None else STATE)

    def get_readonly_fields(self, request: HttpRequest, obj: Digest | None = None) -> list[str]:
        """What the machine keeps."""
        return [] if obj is None else STATE

    def get_inlines(self, request: HttpRequest, obj: Digest | None) -> list[Any]:
        """What was mailed, once there is anything."""
        return [] if obj is None else [Deliveries]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Saved filters of one's own or shared, of lists that make a digest."""
        if db_field.name == "saved_filter":
            seen = SavedFilter.objects.seen_by(request.user.pk).filter(kind__in=MAILED_BY)
            kwargs["queryset"] = seen.order_by("kind", "name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="next mail", ordering="due_at")
    def next(self, digest: Digest) -> str:
        """When it is mailed next, if there is news then."""
        if digest.ended_at is not None:
            return "never: it was ended"
        return f"{digest.due_at:%Y-%m-%d %H:%M} UTC" if mail_enabled() else "never: no mail server is set"

    def has_change_permission(self, request: HttpRequest, obj: Digest | None = None) -> bool:
        """One's own alone, until it is ended."""
        mine = obj is None or (obj.owner_id == request.user.pk and obj.ended_at is None)
        return mine and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def offered_steps(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """One ends one's own."""
        return super().offered_steps(request, row) if row.owner_id == request.user.pk else []

    def step_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        """Others' mail is not found here."""
        if not Digest.objects.filter(pk=object_id, owner=request.user.pk).exists() and request.user.has_perm(
            "clinics.change_digest"
        ):
            raise Http404
        return super().step_view(request, object_id, name)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The stock list; it says so where no mail leaves at all."""
        if not mail_enabled():
            messages.warning(request, OFF)
        return super().changelist_view(request, extra_context)

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> Digest:
        """Through the operation."""
        digest: Digest = super().save_form(request, form, change)
        return wish_digest(digest, by=request.user, now=timezone.now())  # type: ignore[arg-type]

    def save_model(self, request: HttpRequest, obj: Digest, form: forms.ModelForm, change: bool) -> None:
        """The operation has saved it."""


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["at", "to", "items", "state", "reason", "ended_at"]
    list_filter = ["state"]
    list_select_related = ["digest__owner", "digest__saved_filter", "answer__case", "answer__clinic"]
    search_fields = ["to", "reason"]
    ordering = ["-at", "-pk"]
    fields = ["digest", "answer", "to", "items", "state", "reason", "at", "ended_at"]


@method_decorator(csrf_exempt, name="dispatch")  # a mail program presses the button, as RFC 8058 has it
class Unsubscribe(View):
    """Ends one digest for whoever has its link: a page that asks, and the press that does it."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask: a link that a scanner of mail opens may change nothing."""
        return self._page(request, token, done=False)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """End it, by the button of the page or of a mail program."""
        digest = digest_of(token)
        if digest is not None:
            end_digest(digest, reason=BY_LINK, now=timezone.now())
        return self._page(request, token, done=True)

    def _page(self, request: HttpRequest, token: str, *, done: bool) -> HttpResponse:
        digest = digest_of(token)
        facts = {"digest": digest, "done": done or (digest is not None and digest.ended_at is not None)}
        return render(request, "mail/unsubscribe.html", facts, status=200 if digest else 404)
