"""Live sessions and who takes part. Seats are counted by a database trigger; see the migrations."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class SessionType(models.TextChoices):
    WORKSHOP = "workshop", _("workshop")
    QUESTIONS = "q&a", _("questions and answers")
    PRESENTATION = "presentation", _("presentation")


class SessionStatus(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    LIVE = "live", _("live")
    ENDED = "ended", _("ended")
    CANCELLED = "cancelled", _("cancelled")


class LiveSession(models.Model):
    """A meeting with a host. `scheduled_at` is UTC; without `max_participants` there is no limit."""

    id = columns.uuid_key()
    title = models.TextField(_("title"))
    description = models.TextField(_("description"), null=True, blank=True)
    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="hosted", db_index=False)
    session_type = models.CharField(
        max_length=20,
        choices=SessionType.choices,
        default=SessionType.WORKSHOP,
        db_default=SessionType.WORKSHOP.value,
    )
    scheduled_at = models.DateTimeField(_("starts"))
    duration = models.DurationField(_("duration"))
    max_participants = models.IntegerField(_("seats"), null=True, blank=True)
    current_participants = models.IntegerField(_("taken"), default=0, db_default=0, editable=False)
    meeting_url = models.TextField(_("meeting link"), null=True, blank=True)
    recording_url = models.TextField(_("recording link"), null=True, blank=True)
    is_recorded = models.BooleanField(_("is recorded"), default=False, db_default=False)
    status = models.CharField(
        max_length=20,
        choices=SessionStatus.choices,
        default=SessionStatus.SCHEDULED,
        db_default=SessionStatus.SCHEDULED.value,
    )
    prerequisites = models.JSONField(null=True, blank=True)
    tags = ArrayField(models.TextField(), null=True, blank=True)
    metadata = models.JSONField(null=True, blank=True)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "live_sessions"
        verbose_name = _("live session")
        verbose_name_plural = _("live sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(session_type__in=SessionType.values), name="ck_live_sessions_session_type_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=SessionStatus.values), name="ck_live_sessions_status_known"
            ),
            models.CheckConstraint(
                condition=Q(max_participants__isnull=True) | Q(max_participants__gte=1),
                name="ck_live_sessions_max_participants_positive",
            ),
            # The last line against overbooking, whatever the code above it does.
            models.CheckConstraint(
                condition=Q(current_participants__gte=0)
                & (Q(max_participants__isnull=True) | Q(current_participants__lte=F("max_participants"))),
                name="ck_live_sessions_current_participants_within_max",
            ),
            models.CheckConstraint(
                condition=Q(duration__gt="00:00:00"), name="ck_live_sessions_duration_positive"
            ),
        ]
        indexes = [
            columns.Index(fields=["host"], name="idx_sessions_host"),
            columns.Index(fields=["scheduled_at"], name="idx_sessions_scheduled"),
            columns.Index(fields=["status"], name="idx_sessions_status"),
        ]

    def __str__(self) -> str:
        return self.title


class AttendanceStatus(models.TextChoices):
    REGISTERED = "registered", _("registered")
    ATTENDED = "attended", _("attended")
    MISSED = "missed", _("missed")
    WAITLISTED = "waitlisted", _("on the waitlist")


class SessionParticipant(models.Model):
    """One person's place in one session."""

    id = columns.uuid_key()
    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="participants", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="session_places")
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    attendance_status = models.CharField(
        max_length=20,
        choices=AttendanceStatus.choices,
        default=AttendanceStatus.REGISTERED,
        db_default=AttendanceStatus.REGISTERED.value,
    )
    feedback_rating = models.IntegerField(null=True, blank=True)
    feedback_text = models.TextField(null=True, blank=True)
    created_at = columns.created_at()

    class Meta:
        db_table = "session_participants"
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"], name="uq_session_participants_session_id_user_id"
            ),
            models.CheckConstraint(
                condition=Q(attendance_status__in=AttendanceStatus.values),
                name="ck_session_participants_attendance_status_known",
            ),
            models.CheckConstraint(
                condition=Q(feedback_rating__isnull=True) | Q(feedback_rating__range=(1, 5)),
                name="ck_session_participants_feedback_rating_1_to_5",
            ),
        ]
        indexes = [columns.Index(fields=["session"], name="idx_session_participants_session")]

    def __str__(self) -> str:
        return f"{self.get_attendance_status_display()}"
