"""Addresses of the JSON interface, under /api/v1/."""

from django.urls import path
from django.views.decorators.cache import cache_control
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from clinics.directory import api

app_name = "api"
fresh = cache_control(no_cache=True)  # what is withdrawn is gone at once; the ETag spares the rest
urlpatterns = [
    path("clinics/", fresh(api.ClinicList.as_view()), name="clinics"),
    path("clinics/<str:public_id>/", fresh(api.ClinicDetail.as_view()), name="clinic"),
    path("facets/", fresh(api.Facets.as_view()), name="facets"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
