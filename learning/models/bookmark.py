"""Gates that a learner wants to find again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.lesson import Lesson


class Bookmark(models.Model):
    """A gate kept by somebody for themselves."""

    id = columns.uuid_key()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="bookmarks", db_index=False
    )
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="bookmarks")
    created_at = columns.created_at()

    class Meta:
        db_table = "lesson_bookmarks"
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="uq_lesson_bookmarks_user_id_lesson_id")
        ]

    def __str__(self) -> str:
        return str(self.lesson_id)
