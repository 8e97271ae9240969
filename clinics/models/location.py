"""Where a clinic can be visited."""

from django.db import models
from django.db.models import Q

from clinics.models.clinic import Clinic
from clinics.models.history import tracked
from clinics.models.search_document import kept_in_documents


@tracked
class Location(models.Model):
    """An address of a clinic. Coordinates come from the ZIP, so they are a neighbourhood and not a door."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="locations")
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=60, blank=True, help_text="Two letters in the US, such as FL.")
    zip = models.CharField("ZIP or postal code", max_length=12, blank=True)
    country = models.CharField(max_length=2, default="US", help_text="Two letters, ISO 3166.")
    phone = models.CharField(max_length=40, blank=True, help_text="As shown to the public.")
    phone_typed = models.CharField(max_length=60, blank=True, editable=False)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["clinic_id", "pk"]
        indexes = [
            models.Index(fields=["state", "city"], name="location_by_state_and_city"),
            models.Index(fields=["zip"], name="location_by_zip"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="location_by_phone"),
            models.Index(fields=["latitude", "longitude"], name="location_by_coordinates"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="coordinates_are_a_place_on_earth",
            ),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="a_country_is_two_capitals"),
        ]
        triggers = kept_in_documents("")

    def __str__(self) -> str:
        return ", ".join(part for part in (self.street, self.city, self.state, self.zip) if part) or self.country
