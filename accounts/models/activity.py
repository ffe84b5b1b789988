"""The activity log: what people did, from which achievements and reports are read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class ActivityType(models.TextChoices):
    LOGIN = "login", _("signed in")
    LESSON_COMPLETE = "lesson_complete", _("passed a gate")
    PERFECT_SCORE = "perfect_score", _("answered everything right")
    LEVEL_COMPLETE = "level_complete", _("completed a level")
    ATTEMPT = "attempt", _("finished an assessment")
    ACHIEVEMENT_GAIN = "achievement_gain", _("unlocked an achievement")
    POST_CREATE = "post_create", _("wrote a post")
    SESSION_JOIN = "session_join", _("joined a live session")


class Activity(models.Model):
    """One deed of one person. `local_date` is the learner's own day, frozen when it happened."""

    id = columns.uuid_key()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="activities", db_index=False
    )
    activity_type = models.CharField(max_length=50, choices=ActivityType.choices)
    entity_type = models.CharField(max_length=50, null=True, blank=True)
    entity_id = models.UUIDField(null=True, blank=True)
    metadata = models.JSONField(null=True, blank=True)
    session_id = models.UUIDField(null=True, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.TextField(null=True, blank=True)
    local_date = models.DateField(null=True, blank=True)
    created_at = columns.created_at()

    class Meta:
        db_table = "user_activity_log"
        verbose_name = _("activity")
        verbose_name_plural = _("activity log")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(activity_type__in=ActivityType.values),
                name="ck_user_activity_log_activity_type_known",
            )
        ]
        indexes = [
            columns.Index("user", models.F("created_at").desc(), name="idx_activity_log_user_time"),
            columns.Index(fields=["activity_type"], name="idx_activity_log_type"),
            columns.Index(fields=["session_id"], name="idx_activity_log_session"),
        ]

    def __str__(self) -> str:
        return f"{self.get_activity_type_display()} {self.created_at:%Y-%m-%d %H:%M} UTC"
