"""Rows that come with the product and that staff may edit: an upgrade proposes, and never overwrites their edits."""

from typing import Any

from django.db import models


class FollowsShipped(models.Model):
    """A row that remembers the form in which it was shipped, and a newer form that nobody has taken yet."""

    shipped = models.JSONField(null=True, blank=True, editable=False, help_text="The form in which it was shipped.")
    proposal = models.JSONField(null=True, blank=True, editable=False, help_text="A newer shipped form, not taken yet.")

    SHIPPED_FIELDS: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def facts(self) -> dict[str, Any]:
        """The row as plain data, in the form in which rows are shipped."""
        return {name: _plain(getattr(self, name)) for name in self.SHIPPED_FIELDS}

    def take(self, facts: dict[str, Any]) -> None:
        """Fill the row from plain data, without saving it."""
        for name in self.SHIPPED_FIELDS:
            setattr(self, name, self._meta.get_field(name).to_python(facts[name]))

    @property
    def is_as_shipped(self) -> bool:
        """Whether staff have changed nothing since it was shipped."""
        return self.shipped is not None and self.facts() == self.shipped


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
