"""Words of the controlled vocabularies: cell sources, routes, conditions and the like."""

from typing import Self

from django.db import models
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import StartsWith
from django.utils.translation import get_language

from clinics.models.history import tracked
from clinics.models.search_document import kept_in_documents


class TermQuerySet(models.QuerySet["Term"]):
    def of(self, kind: str) -> Self:
        """The words of one vocabulary, in the order of its data file."""
        return self.filter(kind=kind)


@tracked
class Term(models.Model):
    """One word of a vocabulary, in both languages, with the source and date it was taken from."""

    class Kind(models.TextChoices):
        CELL_SOURCE = "cell_source"
        ORIGIN = "origin"
        ROUTE = "route"
        CONDITION = "condition"
        POSTURE = "posture"
        EVIDENCE = "evidence"
        PROVIDER = "provider"
        LANGUAGE = "language"
        CREDENTIAL_KIND = "credential_kind"

    id = models.CharField(primary_key=True, max_length=120, editable=False)
    kind = models.CharField(max_length=40, choices=Kind)
    key = models.CharField(max_length=79)
    english = models.CharField(max_length=120)
    spanish = models.CharField(max_length=120)
    group = models.CharField(max_length=79, blank=True, help_text="The heading it stands under, such as “spine”.")
    position = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=300, blank=True)
    as_of = models.DateField(null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "position", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=Concat("kind", models.Value(":"), "key")), name="a_term_is_named_by_kind_and_key"
            ),
        ]
        triggers = kept_in_documents(
            "JOIN clinics_treatment t ON r.id IN (t.condition_id, t.cell_source_id, t.route_id)",
            *("english", "spanish", "group"),
            clinic="t.clinic_id",
        )

    def __str__(self) -> str:
        return self.spanish if (get_language() or "").startswith("es") else self.english


def one_of(kind: str, **options: object) -> models.ForeignKey:
    """A reference to a word of the vocabulary `kind`; null means that nobody has recorded it yet."""
    return models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": kind},
        related_name="+",
        **options,
    )


def is_of_kind(field: str, kind: str, model: str) -> models.CheckConstraint:
    """The database's own word that `field` names a term of the vocabulary `kind`."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__isnull": True})
        | models.Q(StartsWith(Cast(models.F(field), models.CharField()), models.Value(f"{kind}:"))),
        name=f"{model}_{field}_is_a_{kind}",
    )
