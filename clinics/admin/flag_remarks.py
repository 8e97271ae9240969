"""What people do beside deciding a flag: give it to somebody, say something about it, take their last decision back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from clinics.models import Flag
from clinics.operations import remarks, undoing
from clinics.operations.refusal import Refusal


class AssignForm(forms.Form):
    """Who looks after the flag."""

    to = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="nobody", label="Looked after by")

    def __init__(self, flag: Flag, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"to": flag.assigned_to_id}, **kwargs)
        self.fields["to"].queryset = User.objects.with_perm(
            "clinics.change_flag", backend="django.contrib.auth.backends.ModelBackend"
        ).order_by("username")


class CommentForm(forms.Form):
    """A remark for everybody at the desk."""

    text = forms.CharField(
        label="Say something", max_length=remarks.LONGEST, widget=forms.Textarea(attrs={"rows": 2, "cols": 40})
    )


class WithRemarks(admin.ModelAdmin):
    """A ModelAdmin of flags with the addresses behind these forms; each leads back to where it was sent from."""

    def get_urls(self) -> list[URLPattern]:
        """Before the stock ones."""
        view = self.admin_site.admin_view
        return [
            path("undo/", view(require_POST(self.undo_view)), name="clinics_flag_undo"),
            path("<int:object_id>/assign/", view(require_POST(self.assign_view)), name="clinics_flag_assign"),
            path("<int:object_id>/comment/", view(require_POST(self.comment_view)), name="clinics_flag_comment"),
            *super().get_urls(),
        ]

    def assign_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Give the flag to somebody."""
        flag = self._flag_to_change(request, object_id)
        form = AssignForm(flag, request.POST)
        if form.is_valid():
            to = form.cleaned_data["to"]
            self._told(request, lambda: remarks.assign(flag, to, by=request.user, now=timezone.now()))
        return self._back(request, flag)

    def comment_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Keep a remark."""
        flag = self._flag_to_change(request, object_id)
        form = CommentForm(request.POST)
        if form.is_valid():
            text = form.cleaned_data["text"]
            self._told(request, lambda: remarks.comment(flag, text, by=request.user, now=timezone.now()))
        else:
            self.message_user(request, " ".join(form.errors.get("text", [])), messages.ERROR)
        return self._back(request, flag)

    def undo_view(self, request: HttpRequest) -> HttpResponse:
        """Take the person's last decision back, and show its flag."""
        if not request.user.has_perm("clinics.change_flag"):
            raise PermissionDenied
        last = undoing.last_decision_of(request.user, timezone.now())
        if last is None:
            self.message_user(request, "There is no decision of yours that can still be taken back.", messages.WARNING)
            return HttpResponseRedirect(reverse("admin:clinics_flag_changelist"))
        if self._told(request, lambda: undoing.take_back(last, by=request.user, now=timezone.now())):
            said = Truncator(last.flag.wording).chars(80)
            self.message_user(request, f"Taken back: {said}", messages.SUCCESS)
        return self._back(request, last.flag)

    def _flag_to_change(self, request: HttpRequest, object_id: int) -> Flag:
        if not request.user.has_perm("clinics.change_flag"):
            raise PermissionDenied
        flag = Flag.objects.filter(pk=object_id).first()
        if flag is None:
            raise Http404
        return flag

    def _told(self, request: HttpRequest, act: Any) -> bool:
        """Do it, or tell why not; whether it is done."""
        try:
            act()
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return False
        return True

    def _back(self, request: HttpRequest, flag: Flag) -> HttpResponse:
        address = reverse("admin:clinics_flag_change", args=[flag.pk])
        return HttpResponseRedirect(self._with_filters(request, address))  # type: ignore[attr-defined]
