"""Addresses of the JSON interface, under /api/v1/."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from clinics.directory import api

app_name = "api"
urlpatterns = [
    path("clinics/", api.ClinicList.as_view(), name="clinics"),
    path("clinics/<slug:public_id>/", api.ClinicDetail.as_view(), name="clinic"),
    path("facets/", api.Facets.as_view(), name="facets"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
]
