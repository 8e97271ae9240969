"""The app, and what has to hold before it starts."""

from django.apps import AppConfig
from django.core import checks


class ClinicsConfig(AppConfig):
    name = "clinics"
    verbose_name = "Clinic directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Judge the configuration as soon as the apps are loaded."""
        from clinics.operations.configuration import (  # models may be imported only now
            check_configuration,
            publisher_warnings,
        )

        check_configuration()
        checks.register(lambda app_configs, **options: publisher_warnings())
