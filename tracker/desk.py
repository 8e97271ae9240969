"""The desk's place among the installed apps: it is loaded with its addresses, and not by every worker."""

from django.contrib.admin.apps import SimpleAdminConfig


class DeskConfig(SimpleAdminConfig):
    default_site = "clinics.admin.site.Desk"
