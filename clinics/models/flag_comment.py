"""What people say to each other about a flag, before and after it is decided."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.models.flag import Flag


class FlagComment(models.Model):
    """One remark: never changed, never public."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_comment_says_something")]
        triggers = [pgtrigger.Protect(name="comment_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%Y-%m-%d %H:%M}: {self.text[:60]}"
