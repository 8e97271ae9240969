"""How pages looked: pictures from the evidence store, shown to staff and never run."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from clinics.admin.desk import ReadOnlyAdmin
from clinics.models import Screenshot
from clinics.operations.pictures import picture
from clinics.operations.refusal import Refusal

SAFE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
"""A picture and nothing else, whatever its bytes: no script, no frame, no other reading of its kind."""


@admin.register(Screenshot)
class ScreenshotAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "page", "state", "wanted_at", "taken_at"]
    list_filter = ["occasion"]
    list_select_related = ["page"]
    search_fields = ["page__url", "flag__sentence"]
    fields = [
        "flag",
        "page",
        "occasion",
        "decision",
        "wanted_at",
        "taken_at",
        "carries_wording",
        "tries",
        "reason",
        "image",
        "shown",
    ]
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        """With the address of each picture."""
        view = self.admin_site.admin_view(self.picture_view)
        return [path("<int:object_id>/picture.png", view, name="clinics_screenshot_picture"), *super().get_urls()]

    @admin.display(description="state")
    def state(self, row: Screenshot) -> str:
        """Whether it was taken, and why not."""
        return "taken" if row.taken_at else row.reason or "to be taken"

    @admin.display(description="picture")
    def shown(self, row: Screenshot) -> str:
        """The picture itself, where it was taken."""
        if not row.taken_at:
            return "–"
        address = reverse("admin:clinics_screenshot_picture", args=[row.pk])
        return format_html(
            '<a href="{0}"><img class="screenshot" src="{0}" alt="The page {1} as it looked on {2}"></a>',
            address,
            row.page.url,
            f"{row.taken_at:%d %B %Y, %H:%M} UTC",
        )

    def picture_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The picture's bytes, for who may view screenshots."""
        row = Screenshot.objects.filter(pk=object_id, taken_at__isnull=False).first()
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        try:
            data = picture(row.image)
        except Refusal as fault:
            raise Http404(str(fault)) from None
        headers = {**SAFE, "Content-Disposition": f'inline; filename="{row.image[:16]}.png"'}
        return HttpResponse(data, content_type="image/png", headers=headers)
