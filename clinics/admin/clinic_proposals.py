"""Deciding on the pages proposed for one clinic, on the clinic's own page."""

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from clinics.admin.proposal_decisions import CHANGE, WAYS, decide


class WithProposals(ModelAdmin):
    """Takes what was chosen among the pages proposed."""

    def proposals_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Accept or decline the chosen pages of this clinic, and go back to it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        clinic = self.get_object(request, str(object_id))
        way = request.POST.get("decide", "")
        if not request.user.has_perm(CHANGE) or not self.has_view_permission(request, clinic):
            raise PermissionDenied
        if clinic is None or way not in WAYS:
            raise Http404
        chosen = [pk for pk in request.POST.getlist("proposal") if pk.isascii() and pk.isdigit() and len(pk) < 19]
        decide(request, clinic.page_proposals.filter(pk__in=chosen), way)
        return HttpResponseRedirect(reverse("admin:clinics_clinic_change", args=[clinic.pk]))
