"""Addresses for whoever operates the tracker."""

from django.urls import path

from clinics.watch import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
