"""The desk as Django's admin serves it: its lists stand under the work that they are for, not in one alphabet."""

from typing import Any, Final

from django.contrib.admin import AdminSite
from django.http import HttpRequest

APP: Final = "clinics"
PLACES: Final = {
    "To decide": (
        "Flag",
        "Claim",
        "CredentialCheck",
        "RegisterLookUp",
        "OfficialAction",
        "AnswerPoint",
        "Correction",
    ),
    "Clinics and their pages": (
        "Clinic",
        "Organisation",
        "Practitioner",
        "Page",
        "PageProposal",
        "Question",
        "ClinicImport",
        "ToldApart",
        "MergeRecord",
    ),
    "Rules and vocabularies": (
        "Rule",
        "StandingDecision",
        "IgnoreRule",
        "Term",
        "ApprovedProduct",
        "StateRegime",
    ),
    "Proof": ("Snapshot", "Screenshot", "Decision", "LegalHold", "Tombstone", "Seal"),
    "Work and news": ("Job", "Host", "SavedFilter", "Digest", "Delivery"),
}
"""Which lists stand under which heading, in the order of the day."""


class Desk(AdminSite):
    """Stock admin, but for the order of its lists."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The lists that this person may see, by the work that they are for; the app's own page keeps the alphabet."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        return [place for app in apps if app["app_label"] == APP for place in _places(app)] + [
            app for app in apps if app["app_label"] != APP
        ]


def _places(app: dict[str, Any]) -> list[dict[str, Any]]:
    """The app once for each heading under which there is a list."""
    lists = {each["object_name"]: each for each in app["models"]}
    placed = {heading: [lists[name] for name in names if name in lists] for heading, names in PLACES.items()}
    return [{**app, "name": heading, "models": models} for heading, models in placed.items() if models]
