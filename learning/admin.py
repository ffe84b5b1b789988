"""Levels, gates and data sets to edit; attempts and progress to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dracarys.lib.read_only_admin import ReadOnlyAdmin
from learning import item_statistics
from learning.forms import LessonForm
from learning.models import (
    WIDE,
    Attempt,
    Dataset,
    GateOpening,
    Lesson,
    LessonVersion,
    Level,
    QuestionStatistics,
    Topic,
    UserProgress,
)
from learning.openings import open_gate
from learning.publishing import publish

WIDE_OF_LESSON = tuple(f"lesson__{column}" for column in WIDE)


@admin.register(Level)
class LevelAdmin(admin.ModelAdmin[Level]):
    list_display = ("number", "title", "is_active")
    ordering = ("number",)
    search_fields = ("title",)

    def get_readonly_fields(self, request: HttpRequest, obj: Level | None = None) -> tuple[str, ...]:
        # The number is the key that gates refer to.
        return ("number",) if obj else ()


@admin.register(Lesson)
class LessonAdmin(admin.ModelAdmin[Lesson]):
    form = LessonForm
    list_display = ("place", "title", "difficulty", "xp_reward", "is_active", "updated_at")
    list_display_links = ("place", "title")
    list_select_related = ("level",)
    list_filter = ("level", "difficulty", "is_active")
    search_fields = ("title", "subtitle")
    ordering = ("level_id", "gate_id", "pk")
    actions = ("compute_statistics",)

    @admin.action(description=_("Compute the statistics of the questions now"))
    def compute_statistics(self, request: HttpRequest, chosen: "QuerySet[Lesson]") -> None:
        count = item_statistics.compute_some(list(chosen.values_list("pk", flat=True)), at=timezone.now())
        self.message_user(
            request,
            ngettext("%(n)s question is computed.", "%(n)s questions are computed.", count) % {"n": count},
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        editing = request.resolver_match and "object_id" in request.resolver_match.kwargs
        return rows if editing else rows.defer(*WIDE)

    def save_model(self, request: HttpRequest, obj: Lesson, form: Any, change: bool) -> None:
        if not change:
            obj.created_by_id = request.user.pk
        version = publish(
            obj,
            content_data=form.cleaned_data["content_data"],
            assessment_data=form.cleaned_data["assessment_data"],
            by=request.user.pk,
        )
        if version:
            self.message_user(request, _("Version %(n)s is published.") % {"n": version.number})

    def has_delete_permission(self, request: HttpRequest, obj: Lesson | None = None) -> bool:
        # Its versions are there to stay, and so is its place on the path; it can be taken out of use.
        return False

    @admin.display(description=_("gate"), ordering="level_id")
    def place(self, lesson: Lesson) -> str:
        return f"{lesson.level_id}.{lesson.gate_id}"


@admin.register(LessonVersion)
class LessonVersionAdmin(ReadOnlyAdmin[LessonVersion]):
    list_display = ("lesson", "number", "published_at", "published_by")
    list_select_related = ("lesson", "published_by")
    list_filter = ("lesson__level",)
    search_fields = ("lesson__title",)
    ordering = ("-published_at", "pk")
    exclude = ("rendered",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer(*WIDE, *WIDE_OF_LESSON)


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin[Attempt]):
    list_display = ("started_at", "user", "lesson", "number", "state", "score", "passed", "time_spent")
    list_select_related = ("user", "lesson")
    list_filter = ("state", "passed", "lesson__level")
    search_fields = ("user__email", "lesson__title")
    ordering = ("-started_at", "pk")
    view_on_site = False  # a paper is its learner's alone: to staff it is not there

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer(*WIDE_OF_LESSON)


@admin.register(UserProgress)
class UserProgressAdmin(ReadOnlyAdmin[UserProgress]):
    list_display = ("user", "lesson", "completed", "score", "attempts_count", "time_spent", "last_attempt_at")
    list_select_related = ("user", "lesson")
    list_filter = ("completed", "level_id")
    search_fields = ("user__email", "lesson__title")
    ordering = ("-last_attempt_at", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer(*WIDE_OF_LESSON)


@admin.register(GateOpening)
class GateOpeningAdmin(admin.ModelAdmin[GateOpening]):
    """To open a gate for a learner, with the reason; taking the row away closes it again."""

    fields = ("user", "lesson", "reason")
    autocomplete_fields = ("user", "lesson")
    list_display = ("user", "lesson", "reason", "opened_by", "created_at")
    list_select_related = ("user", "lesson", "opened_by")
    list_filter = ("lesson__level",)
    search_fields = ("user__email", "lesson__title", "reason")
    ordering = ("-created_at", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer(*WIDE_OF_LESSON)

    def has_change_permission(self, request: HttpRequest, obj: GateOpening | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: GateOpening, form: Any, change: bool) -> None:
        opened = open_gate(
            user_id=obj.user_id, lesson_id=obj.lesson_id, reason=obj.reason, by=request.user.pk
        )
        obj.pk = opened.pk


@admin.register(QuestionStatistics)
class QuestionStatisticsAdmin(ReadOnlyAdmin[QuestionStatistics]):
    """What the answers of many say about each question; dubious ones first."""

    list_display = (
        "question",
        "lesson",
        "said_of_it",
        "answers",
        "percent",
        "discrimination_",
        "seconds",
        "computed_at",
    )
    list_select_related = ("lesson",)
    list_filter = ("lesson__level", "lesson")
    search_fields = ("question", "lesson__title")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).defer(*WIDE_OF_LESSON)
        return rows.annotate(how_many=Coalesce(F("doubts__len"), 0))

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (F("how_many").desc(), "lesson__level_id", "lesson__gate_id", "question", "pk")

    @admin.display(description=_("doubts"), ordering="how_many")
    def said_of_it(self, row: QuestionStatistics) -> str:
        words = {
            "wrong-attracts-the-able": _("a wrong answer attracts those who know more"),
            "negative": _("those who know more get it wrong"),
            "tells-little": _("tells little about what somebody knows"),
            "too-hard": _("hardly anybody gets it right"),
            "too-easy": _("nearly everybody gets it right"),
        }
        return "; ".join(str(words.get(code, code)) for code in row.doubts) or "–"

    @admin.display(description=_("right"), ordering="facility")
    def percent(self, row: QuestionStatistics) -> str:
        return f"{row.facility:.0%}"

    @admin.display(description=_("discrimination"), ordering="discrimination")
    def discrimination_(self, row: QuestionStatistics) -> str:
        return "–" if row.discrimination is None else f"{row.discrimination:.2f}"


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin[Topic]):
    list_display = ("title", "code", "parent", "position")
    list_select_related = ("parent",)
    search_fields = ("title", "code")
    ordering = ("position", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> tuple[str, ...]:
        # Answers are counted by it.
        return ("code",) if obj else ()


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin[Dataset]):
    list_display = ("code", "title", "timeframe", "bar_count", "source")
    list_filter = ("timeframe",)
    search_fields = ("code", "title", "symbol")
    ordering = ("code",)
