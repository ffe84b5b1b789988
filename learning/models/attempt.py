"""One try at an assessment."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.lesson import Lesson, LessonVersion
from learning.models.regrading import Regrading


class AttemptState(models.TextChoices):
    OPEN = "open", _("open")
    SUBMITTED = "submitted", _("submitted")


class Attempt(models.Model):
    """A try: the paper as this learner saw it, their answers, and after grading the outcome.

    `paper` holds only what a learner may see, in this attempt's order, under tokens that mean nothing
    elsewhere; `answers` maps question tokens to choice tokens; `outcome` is the feedback and the receipt
    of what was granted. The version is pinned: a later edit of the lesson changes nothing here, unless staff
    order a regrading, which `outcome` then tells, before and after.
    """

    id = columns.uuid_key()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="attempts", db_index=False
    )
    lesson = models.ForeignKey(Lesson, models.RESTRICT, related_name="attempts")
    version = models.ForeignKey(LessonVersion, models.RESTRICT, related_name="attempts")
    number = models.IntegerField(_("attempt"))
    state = models.CharField(
        max_length=20,
        choices=AttemptState.choices,
        default=AttemptState.OPEN,
        db_default=AttemptState.OPEN.value,
    )
    paper = models.JSONField()
    answers = models.JSONField(default=dict, db_default={})
    confidence = models.JSONField(default=dict, db_default={})
    seconds = models.JSONField(default=dict, db_default={})
    score = models.IntegerField(null=True, blank=True)
    passed = models.BooleanField(default=False, db_default=False)
    outcome = models.JSONField(null=True, blank=True)
    time_spent = models.DurationField(null=True, blank=True)
    started_at = columns.created_at()
    last_seen_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # The last that looked at it, whether it changed anything or not: no regrading does so twice.
    regraded_by = models.ForeignKey(
        Regrading, models.SET_NULL, null=True, blank=True, related_name="attempts", db_index=False
    )

    class Meta:
        db_table = "attempts"
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "lesson", "number"], name="uq_attempts_user_id_lesson_id_number"
            ),
            # A second tab finds the open attempt instead of starting another.
            models.UniqueConstraint(
                fields=["user", "lesson"], condition=Q(state="open"), name="uq_attempts_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AttemptState.values), name="ck_attempts_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", outcome__isnull=True, score__isnull=True, submitted_at__isnull=True)
                | Q(
                    state="submitted",
                    outcome__isnull=False,
                    score__range=(0, 100),
                    submitted_at__isnull=False,
                ),
                name="ck_attempts_state_has_its_outcome",
            ),
        ]
        indexes = [
            columns.Index(fields=["regraded_by"], name="idx_attempts_regraded_by"),
            # Those of an older version that were handed in after a regrading are found by it.
            columns.Index(
                fields=["version"],
                condition=Q(state="submitted", regraded_by__isnull=True),
                name="idx_attempts_not_regraded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.number}"

    def get_absolute_url(self) -> str:
        name = "learning:attempt" if self.state == AttemptState.OPEN else "learning:result"
        return reverse(name, args=[self.pk])
