"""Addresses for search engines, outside any language."""

from django.contrib.sitemaps import views
from django.urls import path

from clinics.directory.sitemaps import SECTIONS, robots

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", views.index, {"sitemaps": SECTIONS, "sitemap_url_name": "sitemap_section"}, name="sitemap"),
    path("sitemap-<slug:section>.xml", views.sitemap, {"sitemaps": SECTIONS}, name="sitemap_section"),
]
