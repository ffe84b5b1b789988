"""What the answers of many say about a question."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.lesson import Lesson


class QuestionStatistics(models.Model):
    """One question, over everybody's first answer to it; computed nightly and on demand.

    `facility` is the mean credit, `discrimination` how the credit goes with the rest of the paper (−1 to 1),
    `seconds` the median time, `keys` what was chosen how often, `doubts` codes of what looks wrong with it.
    """

    id = columns.uuid_key()
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="statistics", db_index=False)
    question = models.CharField(_("question"), max_length=40)
    answers = models.IntegerField(_("answers"))
    facility = models.FloatField(_("facility"))
    discrimination = models.FloatField(_("discrimination"), null=True)
    seconds = models.FloatField(_("median seconds"), null=True)
    confidence = models.FloatField(_("mean confidence"), null=True)
    keys = models.JSONField(_("choices"), default=list, db_default=[])
    doubts = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    computed_at = models.DateTimeField(_("computed"))

    class Meta:
        db_table = "question_statistics"
        verbose_name = _("statistics of a question")
        verbose_name_plural = _("statistics of questions")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "question"], name="uq_question_statistics_lesson_id_question"
            ),
            models.CheckConstraint(
                condition=Q(facility__range=(0, 1)), name="ck_question_statistics_facility_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(answers__gte=1), name="ck_question_statistics_answers_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.question
