"""That a person said of two clinics that they are not the same."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinics.models.clinic import Clinic
from clinics.models.history import tracked


@tracked
class ToldApart(models.Model):
    """A pair that looks like one clinic and is two: nobody is asked again. The older record stands first."""

    first = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="told_apart_from_later")
    second = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="told_apart_from_earlier")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "pair told apart"
        verbose_name_plural = "pairs told apart"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="the_older_record_stands_first"),
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_is_told_apart_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first} is not {self.second}"
