"""My clinics today: what the person who signed in recorded or looks after, blocked pages first."""

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from clinics.operations import my_clinics


class WithMyClinics(ModelAdmin):
    """The page of one's own clinics."""

    def get_urls(self) -> list[URLPattern]:
        """Before the stock addresses."""
        view = self.admin_site.admin_view(self.mine_view)
        return [path("mine/", view, name="clinics_clinic_mine"), *super().get_urls()]

    def mine_view(self, request: HttpRequest) -> HttpResponse:
        """Each clinic with what waits there, and its blocked pages with the way to capture them by hand."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        clinics = list(my_clinics.my_clinics(request.user, timezone.now()))  # type: ignore[arg-type]
        blocked = my_clinics.blocked_pages([clinic for clinic in clinics if clinic.blocked])  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "My clinics today",
            "rows": [(clinic, blocked.get(clinic.pk, [])) for clinic in clinics],
            "most": my_clinics.MOST_SHOWN,
            "may_capture": request.user.has_perm("clinics.add_snapshot"),
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/clinics/clinic/mine.html", context)
