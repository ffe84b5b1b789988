"""The XP ledger: append-only, and the only truth about what somebody earned."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class XpSource(models.TextChoices):
    GATE = "gate", _("gate passed")
    PERFECT = "perfect", _("perfect first attempt")
    ACHIEVEMENT = "achievement", _("achievement")
    CORRECTION = "correction", _("correction by staff")


class XpEvent(models.Model):
    """One change of somebody's XP. The key (user, source, source_id) pays once, whatever is repeated.

    `cause_id` is the deed that earned it (an attempt). `total_after` is the person's total with this row.
    The trigger `update_leaderboard` adds the amount to the four boards (UTC days, Monday weeks, months, all).
    """

    id = columns.uuid_key()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="xp_events", db_index=False
    )
    source = models.CharField(max_length=20, choices=XpSource.choices)
    source_id = models.UUIDField()
    cause_id = models.UUIDField(null=True, blank=True)
    amount = models.IntegerField()
    reason = models.TextField()
    total_after = models.IntegerField()
    occurred_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "xp_events"
        verbose_name = _("XP entry")
        verbose_name_plural = _("XP ledger")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "source", "source_id"], name="uq_xp_events_user_source_source_id"
            ),
            models.CheckConstraint(condition=Q(source__in=XpSource.values), name="ck_xp_events_source_known"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) | Q(source=XpSource.CORRECTION),
                name="ck_xp_events_amount_negative_only_as_correction",
            ),
            models.CheckConstraint(
                condition=Q(total_after__gte=0), name="ck_xp_events_total_after_not_negative"
            ),
        ]
        indexes = [
            columns.Index("user", models.F("occurred_at").desc(), name="idx_xp_events_user_occurred_at"),
            columns.Index(fields=["cause_id"], name="idx_xp_events_cause_id"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+} XP, {self.reason}"
