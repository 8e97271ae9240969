"""What rows have in common that are proof: a hash of their content, and a number by which a seal takes them in."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Func, Value

from clinics.domain.content import content_hash

NUMBERS = "clinics_sealing_number"


def next_number() -> Func:
    """The next number of the sequence that all rows of proof share, drawn by the database as the row is written."""
    return Func(Value(NUMBERS), function="nextval")


class Sealed(models.Model):
    """A row whose content never changes once it is hashed. A day's seal takes it in by its number and its date."""

    sealing_number = models.BigIntegerField(db_default=next_number(), editable=False)
    content_hash = models.BinaryField(max_length=32, default=b"", editable=False)

    SEALED: ClassVar[tuple[str, ...]]
    """The columns that make the content."""
    DATED: ClassVar[str]
    """The column that says to which day's seal it belongs."""

    class Meta:
        abstract = True

    @property
    def sealed_content(self) -> dict[str, Any]:
        """The columns that are hashed, by name."""
        return {name: getattr(self, name) for name in self.SEALED}

    def hashed(self) -> Self:
        """This row with the hash of its content as it stands, ready to be written."""
        self.content_hash = content_hash(self.sealed_content)
        return self
