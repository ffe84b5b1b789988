"""What learners think of a block or a question: how clear it was, and what is wrong with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.lesson import Lesson

LONGEST_REPORT = 2_000


class PlaceKind(models.TextChoices):
    BLOCK = "block", _("block")
    QUESTION = "question", _("question")


class ReportKind(models.TextChoices):
    WRONG = "wrong", _("It is wrong")
    UNCLEAR = "unclear", _("It is unclear")
    TYPO = "typo", _("A typing error")
    BROKEN = "broken", _("Something does not work")
    OTHER = "other", _("Something else")


class ReportState(models.TextChoices):
    OPEN = "open", _("open")
    RESOLVED = "resolved", _("resolved")
    DECLINED = "declined", _("declined")


class Rating(models.Model):
    """How clear one person found one place in one version of a lesson: 1 to 5 stars.

    `place` is the id of a block or question, as the content has it; `version` the number of the version.
    """

    id = columns.uuid_key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ratings", db_index=False)
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="ratings", db_index=False)
    place_kind = models.CharField(_("kind of place"), max_length=20, choices=PlaceKind.choices)
    place = models.CharField(_("place"), max_length=40)
    version = models.IntegerField(_("version"))
    stars = models.SmallIntegerField(_("stars"))
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "content_ratings"
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "lesson", "place_kind", "place", "version"],
                name="uq_content_ratings_user_id_lesson_id_place_version",
            ),
            models.CheckConstraint(
                condition=Q(place_kind__in=PlaceKind.values), name="ck_content_ratings_place_kind_known"
            ),
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="ck_content_ratings_stars_1_to_5"),
        ]
        indexes = [
            columns.Index(fields=["lesson", "place_kind", "place"], name="idx_content_ratings_lesson_place")
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.stars}"


class Report(models.Model):
    """Something that somebody says is wrong with a block or a question, and what staff answered.

    `title` is the place in words that its reporter had seen: the block's title, or the question's prompt.
    """

    id = columns.uuid_key()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="reports",
        db_index=False,
        verbose_name=_("learner"),
    )
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="reports", verbose_name=_("gate"))
    place_kind = models.CharField(_("kind of place"), max_length=20, choices=PlaceKind.choices)
    place = models.CharField(_("place"), max_length=40)
    version = models.IntegerField(_("version"))
    title = models.CharField(_("place"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=ReportKind.choices)
    words = models.TextField(_("words"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ReportState.choices,
        default=ReportState.OPEN,
        db_default=ReportState.OPEN.value,
    )
    answer = models.TextField(_("answer to the learner"), blank=True, default="", db_default="")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="reports_closed",
        verbose_name=_("answered by"),
    )
    closed_at = models.DateTimeField(_("answered at"), null=True)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "content_reports"
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(place_kind__in=PlaceKind.values), name="ck_content_reports_place_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values), name="ck_content_reports_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values), name="ck_content_reports_state_known"
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("words"), LONGEST_REPORT),
                name="ck_content_reports_words_at_most_2000",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("answer"), LONGEST_REPORT),
                name="ck_content_reports_answer_at_most_2000",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(closed_at__isnull=False),
                name="ck_content_reports_closed_has_a_time",
            ),
        ]
        indexes = [
            columns.Index(fields=["user", "-created_at"], name="idx_content_reports_user_created_at"),
            columns.Index(fields=["created_at"], condition=Q(state="open"), name="idx_content_reports_open"),
        ]

    def __str__(self) -> str:
        return self.title
