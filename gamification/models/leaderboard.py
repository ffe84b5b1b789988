"""Scores per person and period, and the steps from which ranks are read.

Periods are in UTC: a day, a week from Monday, a calendar month, all time (from 1970-01-01).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class Period(models.TextChoices):
    DAILY = "daily", _("Today")
    WEEKLY = "weekly", _("This week")
    MONTHLY = "monthly", _("This month")
    ALL_TIME = "all_time", _("All time")


class LeaderboardEntry(models.Model):
    """One person's score in one period, kept by the trigger on the XP ledger.

    `rank` and `percentile` stay empty while the period runs (they are read from the steps) and are
    written once when it closes. `updated_at` is when the score was reached: earlier is listed first.
    """

    id = columns.uuid_key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="scores", db_index=False)
    period = models.CharField(max_length=20, choices=Period.choices)
    xp_points = models.IntegerField(default=0, db_default=0)
    lessons_completed = models.IntegerField(default=0, db_default=0)
    streak_days = models.IntegerField(default=0, db_default=0)
    rank = models.IntegerField(null=True, blank=True)
    percentile = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    period_start_date = models.DateField()
    period_end_date = models.DateField()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "leaderboard"
        verbose_name = _("leaderboard entry")
        verbose_name_plural = _("leaderboard")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "period", "period_start_date"],
                name="uq_leaderboard_user_id_period_period_start_date",
            ),
            models.CheckConstraint(condition=Q(period__in=Period.values), name="ck_leaderboard_period_known"),
            models.CheckConstraint(
                condition=Q(period_end_date__gte=F("period_start_date")),
                name="ck_leaderboard_period_end_date_after_start",
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__gte=1), name="ck_leaderboard_rank_positive"
            ),
            models.CheckConstraint(
                condition=Q(percentile__isnull=True) | Q(percentile__range=(0, 100)),
                name="ck_leaderboard_percentile_between_0_and_100",
            ),
        ]
        indexes = [
            columns.Index(fields=["period", "period_start_date", "rank"], name="idx_leaderboard_period_rank"),
            columns.Index("user", "period", F("period_end_date").desc(), name="idx_leaderboard_user_period"),
            # The board's own order: top and neighbours are scans of it that stop after a few rows.
            columns.Index(
                fields=["period", "period_start_date", "-xp_points", "updated_at", "user"],
                name="idx_leaderboard_board_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_period_display()} {self.period_start_date}: {self.xp_points}"


class LeaderboardStep(models.Model):
    """One row for each distinct XP value of a period: `n` people have it, `above` have more."""

    pk = models.CompositePrimaryKey("period", "period_start_date", "xp")
    period = models.CharField(max_length=20)
    period_start_date = models.DateField()
    xp = models.IntegerField()
    n = models.IntegerField()
    above = models.IntegerField()

    class Meta:
        db_table = "leaderboard_steps"
        verbose_name = _("leaderboard step")
        verbose_name_plural = _("leaderboard steps")

    def __str__(self) -> str:
        return f"{self.period} {self.period_start_date}: {self.n} with {self.xp}"
