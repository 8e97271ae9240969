"""Who answers at which address."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("admin/", include("clinics.admin.urls")),
    path("api/v1/", include("clinics.directory.api_urls")),
    path("", include("clinics.watch.urls")),
    path("", include("clinics.directory.machine_urls")),
    *i18n_patterns(path("", include("clinics.directory.urls")), prefix_default_language=False),
]
