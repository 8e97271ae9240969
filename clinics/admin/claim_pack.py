"""The evidence pack of a claim, as a file to keep: never shown in the browser."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinics.operations.evidence_pack import evidence_pack, pack_name
from clinics.operations.refusal import Refusal


class WithPack(admin.ModelAdmin):
    """A ModelAdmin of claims whose change page offers the evidence pack."""

    def get_urls(self) -> list[URLPattern]:
        """The address of the pack, before the stock ones."""
        view = self.admin_site.admin_view(require_safe(self.pack_view))
        return [path("<int:object_id>/evidence-pack/", view, name="clinics_claim_pack"), *super().get_urls()]

    def pack_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The ZIP as a download; back to the claim with the reason where it cannot be made."""
        claim = self.get_object(request, str(object_id))
        if claim is None:
            raise Http404
        if not (self.has_view_permission(request, claim) and request.user.has_perm("clinics.view_snapshot")):
            raise PermissionDenied
        now = timezone.now()
        try:
            data = evidence_pack(claim, now)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:clinics_claim_change", args=[claim.pk]))
        disposition = f'attachment; filename="{pack_name(claim, now)}"'
        return HttpResponse(data, content_type="application/zip", headers={"Content-Disposition": disposition})
