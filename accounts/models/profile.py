"""What a person tells about themselves, and the sum of what they earned."""

import zoneinfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class Experience(models.TextChoices):
    BEGINNER = "beginner", _("I have never placed a trade")
    INTERMEDIATE = "intermediate", _("I have traded now and then")
    ADVANCED = "advanced", _("I trade regularly")


class Goal(models.TextChoices):
    READ_CHARTS = "read_charts", _("Read a chart with confidence")
    RISK = "risk", _("Keep my risk small and known")
    PLAN = "plan", _("Write a plan and follow it")
    DISCIPLINE = "discipline", _("Stop trading on impulse")
    CURIOSITY = "curiosity", _("Understand how markets work")


def check_timezone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list"), code="timezone")


class UserProfile(models.Model):
    """One row a person. `total_xp` and `current_level` (the flame) are sums over the XP ledger."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, db_column="id", related_name="profile"
    )
    full_name = models.TextField(_("name"), null=True, blank=True)
    avatar_url = models.TextField(null=True, blank=True, editable=False)
    bio = models.TextField(_("about you"), null=True, blank=True)
    timezone = models.TextField(_("time zone"), default="UTC", db_default="UTC", validators=[check_timezone])
    timezone_confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    preferred_language = models.TextField(_("language"), default="en", db_default="en")
    trading_experience = models.TextField(
        _("experience"),
        choices=Experience.choices,
        default=Experience.BEGINNER,
        db_default=Experience.BEGINNER.value,
    )
    trading_goals = ArrayField(
        models.TextField(choices=Goal.choices), verbose_name=_("goals"), null=True, blank=True
    )
    current_level = models.IntegerField(_("flame"), default=1, db_default=1, editable=False)
    total_xp = models.IntegerField(_("XP"), default=0, db_default=0, editable=False)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "user_profiles"
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(trading_experience__in=Experience.values),
                name="ck_user_profiles_trading_experience_known",
            ),
            models.CheckConstraint(
                condition=models.Q(total_xp__gte=0), name="ck_user_profiles_total_xp_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(current_level__gte=1), name="ck_user_profiles_current_level_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or str(_("Unnamed"))
