"""The filters of a list under a name, so that the same question is asked again by one press."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.models.clinic import new_public_id
from clinics.models.history import tracked


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def seen_by(self, user_id: int | None) -> Self:
        """One's own, and those that others share."""
        return self.filter(Q(owner=user_id) | Q(is_shared=True))

    def public(self) -> Self:
        """Shared filters of the public directory: the only ones that a visitor may name."""
        return self.filter(kind=SavedFilter.Kind.DIRECTORY, is_shared=True)


@tracked
class SavedFilter(models.Model):
    """A list and its parameters as they stand in an address. Its public id stays the same when it is renamed."""

    class Kind(models.TextChoices):
        FLAG = "flag", "flags"
        CLINIC = "clinic", "clinics"
        CLAIM = "claim", "claims"
        CREDENTIAL_CHECK = "credentialcheck", "credential checks"
        PAGE = "page", "pages"
        DIRECTORY = "directory", "the public directory"

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_filters", editable=False
    )
    name = models.CharField(max_length=80)
    kind = models.CharField("list", max_length=20, choices=Kind)
    query = models.CharField(
        "filters",
        max_length=2000,
        blank=True,
        help_text="As they stand in the list's address after the question mark; the whole address may be pasted.",
    )
    is_shared = models.BooleanField(
        "shared",
        default=False,
        help_text="Everybody at the desk may open it; one of the public directory may be named by anybody.",
    )
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_saved_filter_has_a_name"),
            models.UniqueConstraint(
                fields=["owner", "kind", "name"],
                name="a_person_gives_a_filters_name_once",
                violation_error_message="You keep filters of this list under this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
