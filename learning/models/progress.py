"""How far somebody is in a gate."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.lesson import Lesson


class UserProgress(models.Model):
    """One row per person and gate. Level and gate repeat the lesson's, tied by a composite foreign key.

    `position` is the number of the last block that was finished; `score` the best of all attempts, 0–100.
    `xp_withdrawn` and `perfect_withdrawn` are XP that a regrading took back: of the gate, which passing it
    again gives back, and of the bonus for a perfect first attempt.
    """

    id = columns.uuid_key()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="progress", db_index=False
    )
    level_id = models.IntegerField()
    gate_id = models.IntegerField()
    lesson = models.ForeignKey(Lesson, models.RESTRICT, related_name="progress")
    completed = models.BooleanField(default=False, db_default=False)
    score = models.IntegerField(null=True, blank=True)
    xp_earned = models.IntegerField(default=0, db_default=0)
    xp_withdrawn = models.IntegerField(default=0, db_default=0)
    perfect_withdrawn = models.IntegerField(default=0, db_default=0)
    time_spent = models.DurationField(null=True, blank=True)
    attempts_count = models.IntegerField(default=1, db_default=1)
    position = models.IntegerField(default=0, db_default=0)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    last_attempt_at = models.DateTimeField(null=True, blank=True, db_default=Now())
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "user_progress"
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "level_id", "gate_id"], name="uq_user_progress_user_id_level_id_gate_id"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(0, 100)),
                name="ck_user_progress_score_between_0_and_100",
            ),
            models.CheckConstraint(
                condition=Q(xp_earned__gte=0), name="ck_user_progress_xp_earned_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(xp_withdrawn__gte=0, perfect_withdrawn__gte=0),
                name="ck_user_progress_withdrawn_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(attempts_count__gte=0), name="ck_user_progress_attempts_count_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=0), name="ck_user_progress_position_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(completed=False) | Q(completed_at__isnull=False),
                name="ck_user_progress_completed_at_when_completed",
            ),
        ]
        indexes = [
            columns.Index(fields=["user"], name="idx_user_progress_user"),
            columns.Index(fields=["level_id", "gate_id"], name="idx_user_progress_level"),
            columns.Index(
                fields=["completed"], condition=Q(completed=False), name="idx_user_progress_completed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level_id}.{self.gate_id}: {self.score}"
