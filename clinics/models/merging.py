"""What merging two clinics may move although it never changes otherwise: to whom a row belongs, and nothing else."""

from typing import Any, Final

import pgtrigger
from django.db import models

from clinics.models.clinic import Clinic

_ALONG_A_MERGER: Final = """
IF NOT EXISTS (
    SELECT 1 FROM clinics_clinic WHERE (id = OLD.clinic_id AND merged_into_id = NEW.clinic_id)
    OR (id = NEW.clinic_id AND merged_into_id = OLD.clinic_id)
) THEN
    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table: no merger leads there', TG_TABLE_NAME;
END IF;
"""
_NOTHING_ELSE: Final = """
IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
END IF;
IF OLD.clinic_id IS NOT DISTINCT FROM NEW.clinic_id
    OR COALESCE(OLD.merged_from_id, OLD.clinic_id) IS DISTINCT FROM COALESCE(NEW.merged_from_id, NEW.clinic_id)
    OR to_jsonb(OLD) - 'clinic_id' - 'merged_from_id' IS DISTINCT FROM to_jsonb(NEW) - 'clinic_id' - 'merged_from_id'
THEN
    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
END IF;
"""


def moves_by_merging(name: str, condition: pgtrigger.Condition | None) -> pgtrigger.Trigger:
    """Let the clinic of these rows change along a merger, there or back; whatever else they hold is another's care."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=condition,
        func=f"{_ALONG_A_MERGER} RETURN NEW;",
    )


def only_moves_by_merging(name: str, condition: pgtrigger.Condition | None = None) -> pgtrigger.Trigger:
    """Let these rows change in nothing but their clinic, and that along a merger; none of them goes."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=condition,
        func=f"{_NOTHING_ELSE} {_ALONG_A_MERGER} RETURN NEW;",
    )


class MovedByMerging(models.Model):
    """A row that remembers for which clinic it was recorded, where a merger has moved it since."""

    merged_from = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        abstract = True

    @property
    def sealed_content(self) -> dict[str, Any]:
        """The columns that are hashed, with the clinic for which the row was recorded."""
        content: dict[str, Any] = super().sealed_content  # type: ignore[misc]
        return {**content, "clinic_id": self.merged_from_id or content["clinic_id"]}
