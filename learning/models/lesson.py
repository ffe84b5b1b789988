"""The course: levels, and lessons with their immutable versions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class Difficulty(models.TextChoices):
    BEGINNER = "beginner", _("beginner")
    INTERMEDIATE = "intermediate", _("intermediate")
    ADVANCED = "advanced", _("advanced")


class Level(models.Model):
    """A level of the path. Its number is its key, as `lessons.level_id` has it; a flame is something else."""

    number = models.IntegerField(_("number"), primary_key=True, db_column="id")
    title = models.TextField(_("title"))
    description = models.TextField(_("description"), blank=True, default="", db_default="")
    is_active = models.BooleanField(_("shown"), default=True, db_default=True)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "levels"
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="ck_levels_id_positive")]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"


# The columns that hold whole lessons: lists and maps leave them in the database.
WIDE = ("content_data", "assessment_data", "rendered")
WIDE_OF_LESSON = tuple(f"lesson__{column}" for column in WIDE)


def json_path(column: str, path: str, *, function: str = "jsonb_path_query_array") -> Func:
    """What the SQL/JSON `path`, such as `$.blocks[*].title`, finds in a column."""
    return Func(
        F(column),
        Value(path),
        function=function,
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=models.JSONField(),
    )


def length_of(column: str, path: str) -> "models.GeneratedField":
    """How many elements `path`, such as `$.blocks[*]`, finds in a JSON column.

    Kept beside the wide column, so that a map of all gates need not read it.
    """
    length = Func(
        F(column),
        Value(path),
        template="coalesce(jsonb_array_length(jsonb_path_query_array(%(expressions)s::jsonpath)), 0)",
    )
    return models.GeneratedField(expression=length, output_field=models.IntegerField(), db_persist=True)


class LessonQuerySet(models.QuerySet["Lesson"]):
    def published(self) -> "LessonQuerySet":
        return self.filter(is_active=True, level__is_active=True)

    def in_path_order(self) -> "LessonQuerySet":
        return self.order_by("level_id", "gate_id", "order_index", "pk")

    def light(self) -> "LessonQuerySet":
        """Without the wide columns; what a map or a list shows."""
        return self.defer(*WIDE)


class Lesson(models.Model):
    """One gate of the path: a lesson of blocks and an assessment.

    `content_data` and `assessment_data` are what `learning.content` validates; `rendered` keeps their
    Markdown as safe HTML and their charts as SVG, made once when the lesson is published.
    """

    id = columns.uuid_key()
    level = models.ForeignKey(
        Level,
        models.PROTECT,
        db_column="level_id",
        related_name="lessons",
        verbose_name=_("level"),
        db_index=False,
    )
    gate_id = models.IntegerField(_("gate"))
    title = models.TextField(_("title"))
    subtitle = models.TextField(_("subtitle"), null=True, blank=True)
    description = models.TextField(_("description"), null=True, blank=True)
    content_type = models.TextField(default="interactive", db_default="interactive", editable=False)
    content_data = models.JSONField(_("content"), default=dict)
    assessment_data = models.JSONField(_("assessment"), null=True, blank=True)
    rendered = models.JSONField(default=dict, db_default={}, editable=False)
    blocks = length_of("content_data", "$.blocks[*]")
    questions = length_of("assessment_data", "$.questions[*]")
    xp_reward = models.IntegerField(_("XP"), default=0, db_default=0)
    estimated_time = models.DurationField(_("estimated time"), null=True, blank=True)
    difficulty = models.TextField(
        choices=Difficulty.choices, default=Difficulty.INTERMEDIATE, db_default=Difficulty.INTERMEDIATE.value
    )
    test_out = models.BooleanField(
        _("can be passed ahead"),
        default=False,
        db_default=False,
        help_text=_("A learner may take the assessment before the gate is open, and pass it so."),
    )
    prerequisites = ArrayField(models.UUIDField(), verbose_name=_("prerequisites"), null=True, blank=True)
    is_active = models.BooleanField(_("published"), default=True, db_default=True)
    order_index = models.IntegerField(default=0, db_default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="lessons_created",
        db_column="created_by",
    )
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    objects = LessonQuerySet.as_manager()

    class Meta:
        db_table = "lessons"
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        constraints = [
            models.UniqueConstraint(fields=["level", "gate_id"], name="uq_lessons_level_id_gate_id"),
            # What a progress row's composite foreign key refers to.
            models.UniqueConstraint(fields=["id", "level", "gate_id"], name="uq_lessons_id_level_id_gate_id"),
            models.CheckConstraint(condition=Q(gate_id__gte=1), name="ck_lessons_gate_id_positive"),
            models.CheckConstraint(condition=Q(xp_reward__gte=0), name="ck_lessons_xp_reward_not_negative"),
            models.CheckConstraint(
                condition=Q(difficulty__in=Difficulty.values), name="ck_lessons_difficulty_known"
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | ~Q(content_data={}),
                name="ck_lessons_in_use_has_a_lesson",
            ),
            models.CheckConstraint(
                condition=~Q(prerequisites__contains=[models.F("id")]),
                name="ck_lessons_prerequisites_not_itself",
            ),
        ]
        indexes = [
            columns.Index(fields=["is_active"], condition=Q(is_active=True), name="idx_lessons_active"),
            columns.Index(fields=["level", "gate_id", "order_index"], name="idx_lessons_level_order"),
            columns.Index(fields=["content_type"], name="idx_lessons_content_type"),
            columns.GinIndex(
                fields=["content_data"], opclasses=["jsonb_path_ops"], name="idx_lessons_content_data"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level_id}.{self.gate_id} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("learning:gate", args=[self.level_id, self.gate_id])


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class LessonVersionQuerySet(models.QuerySet["LessonVersion"]):
    def published(self) -> "LessonVersionQuerySet":
        return self.filter(state=VersionState.PUBLISHED)


class LessonVersion(models.Model):
    """What a lesson said when it was published; never changed, so that old attempts keep their meaning.

    A lesson has at most one draft beside: what staff are writing, checked only when it is published, with no
    number and no rendering; `based_on` is the number of the version it was begun from.
    """

    id = columns.uuid_key()
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="versions", db_index=False)
    state = models.CharField(
        max_length=20,
        choices=VersionState.choices,
        default=VersionState.PUBLISHED,
        db_default=VersionState.PUBLISHED.value,
    )
    number = models.IntegerField(null=True)
    based_on = models.IntegerField(null=True)
    # How often a draft was saved: somebody who edits an older one is told, and nothing is lost.
    revision = models.IntegerField(default=0, db_default=0)
    content_data = models.JSONField()
    assessment_data = models.JSONField(null=True)
    rendered = models.JSONField(default=dict, db_default={})
    words = models.TextField(_("what changed"), default="", db_default="")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="versions_published"
    )
    published_at = columns.created_at()
    updated_at = columns.updated_at()

    objects = LessonVersionQuerySet.as_manager()

    class Meta:
        db_table = "lesson_versions"
        verbose_name = _("lesson version")
        verbose_name_plural = _("lesson versions")
        constraints = [
            models.UniqueConstraint(fields=["lesson", "number"], name="uq_lesson_versions_lesson_id_number"),
            models.UniqueConstraint(
                fields=["lesson"], condition=Q(state="draft"), name="uq_lesson_versions_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values), name="ck_lesson_versions_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True) | Q(state="published", number__isnull=False),
                name="ck_lesson_versions_published_is_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} version {self.number}"
