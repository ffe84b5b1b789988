"""Achievements: rules as data, and who unlocked what."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class Rarity(models.TextChoices):
    COMMON = "common", _("common")
    RARE = "rare", _("rare")
    EPIC = "epic", _("epic")
    LEGENDARY = "legendary", _("legendary")


class Achievement(models.Model):
    """What can be unlocked. `requirements` is a rule of `gamification.rules.Requirement`."""

    id = columns.uuid_key()
    code = models.CharField(max_length=100, unique=True)
    title = models.TextField(_("title"))
    description = models.TextField(_("description"))
    icon_url = models.TextField(null=True, blank=True)
    category = models.TextField(default="general", db_default="general")
    xp_reward = models.IntegerField(_("XP"), default=0, db_default=0)
    requirements = models.JSONField(null=True, blank=True)
    rarity = models.TextField(choices=Rarity.choices, default=Rarity.COMMON, db_default=Rarity.COMMON.value)
    is_active = models.BooleanField(default=True, db_default=True)
    created_at = columns.created_at()

    class Meta:
        db_table = "achievements"
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        constraints = [
            models.CheckConstraint(
                condition=Q(rarity__in=Rarity.values), name="ck_achievements_rarity_known"
            ),
            models.CheckConstraint(
                condition=Q(xp_reward__gte=0), name="ck_achievements_xp_reward_not_negative"
            ),
        ]
        indexes = [
            columns.GinIndex(
                fields=["requirements"], opclasses=["jsonb_path_ops"], name="idx_achievements_requirements"
            )
        ]

    def __str__(self) -> str:
        return self.title


class UserAchievement(models.Model):
    """An unlocked achievement; `progress_value` is a percentage."""

    id = columns.uuid_key()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="unlocked", db_index=False
    )
    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="unlocks")
    unlocked_at = models.DateTimeField(db_default=Now())
    progress_value = models.IntegerField(default=100, db_default=100)
    metadata = models.JSONField(null=True, blank=True)

    class Meta:
        db_table = "user_achievements"
        verbose_name = _("unlocked achievement")
        verbose_name_plural = _("unlocked achievements")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "achievement"], name="uq_user_achievements_user_id_achievement_id"
            ),
            models.CheckConstraint(
                condition=Q(progress_value__gte=0), name="ck_user_achievements_progress_value_not_negative"
            ),
        ]
        indexes = [
            columns.Index(fields=["user"], name="idx_user_achievements_user"),
            columns.Index(F("unlocked_at").desc(), name="idx_user_achievements_unlocked"),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.unlocked_at:%Y-%m-%d}"
