"""Addresses of the JSON interface, under /api/v1/."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from clinics.directory import api
from clinics.directory.answer import fresh

app_name = "api"
urlpatterns = [
    path("clinics/", fresh(api.ClinicList.as_view()), name="clinics"),
    path("clinics/<str:public_id>/", fresh(api.ClinicDetail.as_view()), name="clinic"),
    path("facets/", fresh(api.Facets.as_view()), name="facets"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
