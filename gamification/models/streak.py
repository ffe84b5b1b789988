"""Days in a row on which somebody learned, in their own days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class UserStreak(models.Model):
    """One row a person. `last_activity_date` is the learner's local day, not a UTC date."""

    id = columns.uuid_key()
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="streak", db_index=False
    )
    current_streak = models.IntegerField(default=0, db_default=0)
    longest_streak = models.IntegerField(default=0, db_default=0)
    last_activity_date = models.DateField(null=True, blank=True)
    last_streak_reset = models.DateTimeField(null=True, blank=True)
    # {"days": ["2026-11-20", …], "zone": "Europe/Oslo"}: the local days of the last year, newest last, and
    # the zone of the last one; the column keeps the schema's own spelling.
    streak_data = models.JSONField(null=True, blank=True, db_column="streak_streak_data")
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "user_streaks"
        verbose_name = _("streak")
        verbose_name_plural = _("streaks")
        constraints = [
            models.CheckConstraint(
                condition=Q(current_streak__gte=0), name="ck_user_streaks_current_streak_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(longest_streak__gte=F("current_streak")),
                name="ck_user_streaks_longest_streak_is_longest",
            ),
        ]
        indexes = [
            columns.Index(fields=["user"], name="idx_user_streaks_user"),
            columns.Index(fields=["last_streak_reset"], name="idx_user_streaks_reset"),
            columns.Index(
                fields=["last_activity_date"],
                condition=Q(current_streak__gt=0),
                name="idx_user_streaks_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.current_streak} days"
