"""What learners write for themselves, beside a block."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.lesson import Lesson

LONGEST_NOTE = 5_000


class NoteKind(models.TextChoices):
    NOTE = "note", _("note")
    REFLECTION = "reflection", _("reflection")


class Note(models.Model):
    """A private text: a note beside a block, or what was written into a reflection. Nobody else reads it."""

    id = columns.uuid_key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes", db_index=False)
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="notes")
    block = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=NoteKind.choices)
    text = models.TextField()
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "lesson_notes"
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "lesson", "block", "kind"],
                name="uq_lesson_notes_user_id_lesson_id_block_kind",
            ),
            models.CheckConstraint(condition=Q(kind__in=NoteKind.values), name="ck_lesson_notes_kind_known"),
            models.CheckConstraint(condition=~Q(text=""), name="ck_lesson_notes_text_not_empty"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), LONGEST_NOTE),
                name="ck_lesson_notes_text_at_most_5000",
            ),
        ]

    def __str__(self) -> str:
        return self.block
