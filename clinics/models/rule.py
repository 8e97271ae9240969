"""Risky wording as data that staff may edit."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from clinics.domain import rule as domain
from clinics.domain.category import NAMES
from clinics.models.history import tracked


class RuleQuerySet(models.QuerySet["Rule"]):
    def active(self) -> Self:
        """Rules by which pages are read."""
        return self.filter(active=True)


def _lines(**options: Any) -> ArrayField:
    return ArrayField(models.TextField(), default=list, **options)


@tracked
class Rule(models.Model):
    """One rule. Saved only through `operations.rules`, which compiles it and runs its examples first."""

    class Kind(models.TextChoices):
        SENTENCE = "sentence", "words in a sentence"
        PAGE = "page", "something about a whole page"
        READER = "reader", "the second reader's suggestions"

    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SENTENCE)
    version = models.PositiveIntegerField(default=1, editable=False)
    active = models.BooleanField(default=True)
    category = models.CharField(max_length=40, choices=list(NAMES.items()))
    severity = models.PositiveSmallIntegerField(
        choices=[(level.value, level.name.lower()) for level in domain.Severity],
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    languages = ArrayField(models.CharField(max_length=8), default=list)
    patterns = _lines(help_text="RE2, one a line.", blank=True)
    exemptions = _lines(blank=True, help_text="RE2, one a line: the sentence is harmless where one of these matches.")
    ideas = _lines(
        blank=True,
        help_text="RE2, one a line: each must also stand in the sentence, anywhere, or in the heading right over it.",
    )
    stances = ArrayField(models.CharField(max_length=10), default=list)
    explanation = models.TextField()
    citation_title = models.CharField(max_length=300)
    citation_url = models.URLField("citation URL", max_length=500, blank=True)
    citation_date = models.DateField()
    must = _lines(help_text="Sentences that this rule must flag, one a line.", blank=True)
    must_not = _lines(help_text="Sentences that resemble them and must not be flagged, one a line.", blank=True)
    shipped = models.JSONField(null=True, blank=True, editable=False, help_text="The form in which it was shipped.")
    proposal = models.JSONField(null=True, blank=True, editable=False, help_text="A newer shipped form, not taken yet.")

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["category", "key"]
        constraints = [
            models.CheckConstraint(condition=Q(severity__range=(1, 5)), name="a_severity_is_one_to_five"),
            models.CheckConstraint(condition=~Q(explanation=""), name="a_rule_explains_itself"),
        ]

    def __str__(self) -> str:
        return self.key

    def as_domain(self) -> domain.Rule:
        """The rule as the domain reads it."""
        return domain.Rule(
            key=self.key,
            version=self.version,
            category=self.category,
            severity=domain.Severity(self.severity),
            languages=tuple(self.languages),
            patterns=tuple(self.patterns),
            exemptions=tuple(self.exemptions),
            ideas=tuple(self.ideas),
            stances=tuple(domain.Stance(stance) for stance in self.stances),
            explanation=self.explanation,
            citation=domain.Citation(self.citation_title, self.citation_url, self.citation_date.isoformat()),
            must=tuple(self.must),
            must_not=tuple(self.must_not),
        )
