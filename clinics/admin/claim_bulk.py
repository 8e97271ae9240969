"""Steps that are taken for several claims at once: each is judged by itself, and all outcomes are told."""

from collections.abc import Callable
from typing import Final

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from clinics.admin.steps import ReasonForm
from clinics.models import Claim
from clinics.operations import claims, publication
from clinics.operations.refusal import Refusal

TOGETHER: Final = 100
Act = Callable[[Claim], object]


class WithClaimBulk(admin.ModelAdmin):
    """The list's actions on the ticked claims."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether this person may sign."""
        return request.user.has_perm("clinics.publish_claim")

    @admin.action(description="Record that the clinics were invited to comment", permissions=["change"])
    def invite_selected(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        """As of today, for each that is a draft."""
        now = timezone.now()
        self._each(request, queryset, "Invited", lambda claim: claims.invite_comment(claim, by=request.user, now=now))

    @admin.action(description="Record why comment is not invited …", permissions=["change"])
    def waive_selected(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse | None:
        """Ask for one reason, then keep it with each."""
        form = ReasonForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            reason, now = form.cleaned_data["reason"], timezone.now()

            def waive(claim: Claim) -> object:
                return claims.waive_comment(claim, reason=reason, by=request.user, now=now)  # type: ignore[arg-type]

            self._each(request, queryset, "Reason recorded", waive)
            return None
        rows = list(queryset.select_related("clinic")[: TOGETHER + 1])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Why comment is not invited on {len(rows)} claims",
            "claims": rows,
            "form": form,
            "checkbox": ACTION_CHECKBOX_NAME,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/clinics/claim/waive.html", context)

    @admin.action(description="Sign for publication", permissions=["publish"])
    def sign_selected(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        """Each as if it had been opened: what is missing of one keeps that one back and no other."""
        now = timezone.now()
        self._each(request, queryset, "Signed", lambda claim: publication.sign(claim, by=request.user, now=now))

    def _each(self, request: HttpRequest, queryset: QuerySet[Claim], done: str, act: Act) -> None:
        rows = list(queryset.select_related("clinic").order_by("clinic_id", "pk")[: TOGETHER + 1])
        if len(rows) > TOGETHER:
            self.message_user(request, f"At most {TOGETHER} at a time: choose fewer.", messages.ERROR)
            return
        refused = [(claim, told) for claim in rows if (told := _refusal_of(act, claim))]
        if len(rows) > len(refused):
            self.message_user(request, f"{done}: {len(rows) - len(refused)} of {len(rows)}.", messages.SUCCESS)
        for claim, told in refused:
            self.message_user(request, f"{claim.clinic}, “{claim}”: {told}", messages.WARNING)


def _refusal_of(act: Act, claim: Claim) -> str:
    """Why this one was refused, with nothing of it written; "" where it was done."""
    try:
        with transaction.atomic():
            act(claim)
    except Refusal as refusal:
        return str(refusal)
    return ""
