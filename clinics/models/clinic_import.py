"""A table of clinics that somebody handed in: its bytes until they are read, its rows, and what came of each."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from clinics.models.clinic import Clinic
from clinics.models.job import Job


class ClinicImportQuerySet(models.QuerySet["ClinicImport"]):
    def with_what_is_kept(self) -> Self:
        """With whether anything of each file that was handed in is still kept, as `is_kept`."""
        of_file = {"file": OuterRef("pk")}
        rows, parts = ImportRow.objects.filter(**of_file), ImportPart.objects.filter(**of_file)
        return self.annotate(is_kept=Exists(rows) | Exists(parts))


class ClinicImport(models.Model):
    """A file of clinics: checked by one job, and recorded by another once a person has confirmed what it would do."""

    name = models.CharField("file", max_length=200)
    digest = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(help_text="In bytes.")
    listed = models.BooleanField(
        "put its clinics into the public directory",
        default=False,
        help_text="Drafts among the file's clinics are listed; otherwise new clinics are drafts.",
    )
    header = models.JSONField(default=list, help_text="Its columns, as they were typed.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    check_job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    write_job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField("recorded", null=True, blank=True)

    objects = ClinicImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import of clinics"
        verbose_name_plural = "imports of clinics"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(written_at__isnull=True) | Q(write_job__isnull=False),
                name="what_was_imported_was_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.uploaded_at:%Y-%m-%d %H:%M}"

    @property
    def job(self) -> Job | None:
        """The job that works on it, or did last."""
        return self.write_job or self.check_job

    @property
    def is_at_work(self) -> bool:
        """Whether a job works on it, or is about to."""
        return self.job is not None and self.job.state in (Job.State.QUEUED, Job.State.RUNNING)

    @property
    def is_checked(self) -> bool:
        """Whether it was checked to its end."""
        return self.check_job is not None and self.check_job.state == Job.State.DONE

    @property
    def has_faults(self) -> bool:
        """Whether the check found a fault, so that nothing of it can be recorded."""
        return self.check_job is not None and bool(self.check_job.result.get("faults"))

    @property
    def has_rows(self) -> bool:
        """Whether the check found a row under the names of the columns."""
        return self.check_job is not None and self.check_job.result.get("rows") != 0

    @property
    def stage(self) -> str:
        """How far it is, in words."""
        if self.written_at is not None:
            return "recorded"
        if self.is_at_work:
            return "being recorded" if self.write_job else "being checked"
        if self.write_job is not None:
            return "not recorded"
        if not self.is_checked:
            return "not checked"
        if self.has_faults:
            return "has faults"
        return "to confirm" if self.has_rows else "has no rows"


class ImportPart(models.Model):
    """A piece of the file's bytes; all pieces go once its rows were read."""

    file = models.ForeignKey(ClinicImport, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["file_id", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_piece_of_a_file_in_each_place")]

    def __str__(self) -> str:
        return f"{self.file_id}, piece {self.number}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def by_clinic(self) -> Self:
        """The sound rows, those of one clinic together, clinics in the order in which the file first names them."""
        return self.exclude(kind=ImportRow.Kind.FAULTY).order_by("first", "number")


class ImportRow(models.Model):
    """One row of the file, and what it would change. What a clinic's rows change stands in the first of them."""

    class Kind(models.TextChoices):
        READ = "read", "read"
        FAULTY = "faulty", "with faults"
        NEW = "new", "new"
        CHANGED = "changed", "changed"
        UNCHANGED = "unchanged", "unchanged"

    file = models.ForeignKey(ClinicImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="As a spreadsheet counts: the header is row 1.")
    first = models.PositiveIntegerField(help_text="The number of the first row of the same clinic.")
    key = models.TextField(blank=True, help_text="What rows of the same clinic have in common.")
    cells = models.JSONField(default=list)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.READ)
    clinic = models.ForeignKey(Clinic, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    changes = models.JSONField(default=list, help_text="Column, recorded and new value of each difference.")
    faults = models.JSONField(default=list, help_text="Column, value and problem of each fault.")

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["file_id", "number"]
        indexes = [
            models.Index(fields=["file", "first", "number"], name="import_row_by_clinic"),
            models.Index(fields=["file", "kind", "number"], name="import_row_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_row_of_a_file_with_each_number"),
            models.CheckConstraint(condition=Q(first__lte=F("number")), name="a_clinics_first_row_comes_first"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}, row {self.number}"
