"""A register that comes as one file: fetched once for all questions of a while, and kept as evidence."""

from django.db import models


class RegisterFile(models.Model):
    """One edition as it was fetched. An edition that was asked for again and had not changed keeps its row."""

    connector = models.CharField(max_length=40)
    url = models.CharField(max_length=2000)
    body = models.CharField(max_length=64, help_text="SHA-256 of the file in the evidence store.")
    exchange = models.CharField(max_length=64, help_text="SHA-256 of the exchange in the evidence store.")
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    fetched_at = models.DateTimeField(help_text="When the server last said that this is its newest.")

    class Meta:
        ordering = ["-fetched_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["connector", "body"], name="one_register_file_per_content"),
        ]

    def __str__(self) -> str:
        return f"{self.connector}, {self.last_modified or f'{self.fetched_at:%Y-%m-%d}'}"
