"""Past results that are graded again, and questions that count for nobody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.lesson import Lesson, LessonVersion


class RegradingKind(models.TextChoices):
    VERSION = "version", _("by a new version")
    VOID = "void", _("a question was voided")
    COUNT_AGAIN = "count_again", _("a question counts again")


class RegradingMode(models.TextChoices):
    RAISE = "raise", _("only where it gets better")
    ALL = "all", _("everything, also where it gets worse")


class Regrading(models.Model):
    """The order to grade a gate's submitted attempts again, and what came of it.

    By a `version`, or because `question` counts no more or again. A job carries it out learner by learner;
    the counts grow with each. `xp` is the sum of what was paid and taken back, achievements included.
    """

    id = columns.uuid_key()
    lesson = models.ForeignKey(
        Lesson, models.CASCADE, related_name="regradings", verbose_name=_("gate"), db_index=False
    )
    kind = models.CharField(_("why"), max_length=20, choices=RegradingKind.choices)
    version = models.ForeignKey(
        LessonVersion,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="regradings",
        verbose_name=_("version"),
    )
    question = models.CharField(_("question"), max_length=40, blank=True, default="", db_default="")
    mode = models.CharField(_("past results"), max_length=20, choices=RegradingMode.choices)
    words = models.TextField(_("reason"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="regradings_requested",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested"), db_default=Now(), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True)
    learners = models.IntegerField(_("learners"), default=0, db_default=0)
    attempts_changed = models.IntegerField(_("changed attempts"), default=0, db_default=0)
    passes_gained = models.IntegerField(_("passes gained"), default=0, db_default=0)
    passes_lost = models.IntegerField(_("passes lost"), default=0, db_default=0)
    xp = models.IntegerField(_("XP"), default=0, db_default=0)

    class Meta:
        db_table = "regradings"
        verbose_name = _("regrading")
        verbose_name_plural = _("regradings")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="version", version__isnull=False, question="")
                | (Q(kind__in=["void", "count_again"], version__isnull=True) & ~Q(question="")),
                name="ck_regradings_kind_has_its_object",
            ),
            models.CheckConstraint(
                condition=Q(mode__in=RegradingMode.values), name="ck_regradings_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(learners__gte=0, attempts_changed__gte=0, passes_gained__gte=0)
                & Q(passes_lost__gte=0),
                name="ck_regradings_counts_not_negative",
            ),
        ]
        indexes = [
            columns.Index(fields=["lesson", "-requested_at"], name="idx_regradings_lesson_requested_at"),
            columns.Index(
                fields=["requested_at"], condition=Q(finished_at__isnull=True), name="idx_regradings_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.question}".strip()


class VoidedQuestion(models.Model):
    """A question of a gate that counts for nobody, whatever the version: not drawn, not graded."""

    id = columns.uuid_key()
    lesson = models.ForeignKey(
        Lesson, models.CASCADE, related_name="voided", verbose_name=_("gate"), db_index=False
    )
    question = models.CharField(_("question"), max_length=40)
    words = models.TextField(_("reason"))
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="questions_voided",
        verbose_name=_("voided by"),
    )
    created_at = models.DateTimeField(_("voided"), db_default=Now(), editable=False)

    class Meta:
        db_table = "voided_questions"
        verbose_name = _("voided question")
        verbose_name_plural = _("voided questions")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "question"], name="uq_voided_questions_lesson_id_question"
            ),
            models.CheckConstraint(condition=~Q(question=""), name="ck_voided_questions_question_not_empty"),
            models.CheckConstraint(condition=~Q(words=""), name="ck_voided_questions_words_not_empty"),
        ]

    def __str__(self) -> str:
        return self.question
