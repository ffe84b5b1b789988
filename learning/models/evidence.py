"""What learners answered, question by question: progress, calibration and item statistics read it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.attempt import Attempt
from learning.models.lesson import Lesson


class QuestionAnswer(models.Model):
    """One question of one graded attempt. Written when the attempt is graded, and again when it is regraded.

    `credit` is 0 to 1; `keys` say what was chosen in the question's own words (ids of choices, `right`,
    `near-miss-1`, …); `confidence` is how sure the learner was, in percent; `seconds` are without idle time.
    """

    pk = models.CompositePrimaryKey("attempt_id", "question")
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="question_answers", db_index=False)
    question = models.CharField(max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="question_answers", db_index=False
    )
    lesson = models.ForeignKey(Lesson, models.RESTRICT, related_name="question_answers", db_index=False)
    topic = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    credit = models.DecimalField(max_digits=7, decimal_places=6)
    keys = ArrayField(models.CharField(max_length=80), default=list, db_default=[])
    misconceptions = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    confidence = models.SmallIntegerField(null=True)
    seconds = models.IntegerField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "question_answers"
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        constraints = [
            models.CheckConstraint(
                condition=Q(credit__range=(0, 1)), name="ck_question_answers_credit_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 100)),
                name="ck_question_answers_confidence_0_to_100",
            ),
            models.CheckConstraint(
                condition=Q(seconds__isnull=True) | Q(seconds__gte=0),
                name="ck_question_answers_seconds_not_negative",
            ),
        ]
        indexes = [
            columns.Index(fields=["user", "topic"], name="idx_question_answers_user_topic"),
            columns.Index(fields=["lesson", "question"], name="idx_question_answers_lesson_question"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.credit}"


class CheckpointAnswer(models.Model):
    """The last answer to a question inside a lesson: graded at once, not paid, not counted for the gate.

    `outcome` is what the learner was told. `version` is the number of the lesson's version they saw.
    """

    pk = models.CompositePrimaryKey("user_id", "lesson_id", "block")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="checkpoint_answers", db_index=False
    )
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="checkpoint_answers")
    block = models.CharField(max_length=40)
    version = models.IntegerField()
    given = models.JSONField()
    outcome = models.JSONField()
    tries = models.IntegerField(default=1, db_default=1)
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "checkpoint_answers"
        verbose_name = _("answer to a checkpoint")
        verbose_name_plural = _("answers to checkpoints")
        constraints = [
            models.CheckConstraint(condition=Q(tries__gte=1), name="ck_checkpoint_answers_tries_positive")
        ]

    def __str__(self) -> str:
        return self.block
