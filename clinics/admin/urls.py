"""Addresses of the desk: our front page, then the stock ones."""

from django.contrib import admin
from django.urls import path

from clinics.admin.digests import Unsubscribe
from clinics.admin.figures import figures_data, figures_page
from clinics.admin.front_page import front_page

admin.autodiscover()

urlpatterns = [
    path("", admin.site.admin_view(front_page)),
    path("figures/", admin.site.admin_view(figures_page), name="desk_figures"),
    path("figures/<slug:key>.csv", admin.site.admin_view(figures_data), name="desk_figures_data"),
    path("digest/end/<str:token>/", Unsubscribe.as_view(), name="digest_unsubscribe"),
    path("", admin.site.urls),
]
