"""Addresses of the desk: our front page, then the stock ones."""

from django.contrib import admin
from django.urls import path

from clinics.admin.front_page import front_page

urlpatterns = [
    path("", admin.site.admin_view(front_page)),
    path("", admin.site.urls),
]
