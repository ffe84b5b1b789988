"""Levels and gates to edit; attempts and progress to look at. Data sets and figures are next door."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dracarys.lib.read_only_admin import ReadOnlyAdmin
from learning import (
    admin_beside,
    dataset_admin,
    figure_admin,
    item_statistics,
    opening_admin,
    statistics_admin,
)
from learning.course_admin import CourseFolderAdmin
from learning.forms import LessonForm
from learning.models import (
    WIDE,
    WIDE_OF_LESSON,
    Attempt,
    Lesson,
    LessonVersion,
    Level,
    UserProgress,
    VersionState,
)
from learning.publishing import keep_settings
from learning.workshop import regrading_admin
from learning.workshop.editor_admin import EditorAdmin
from learning.workshop.publish_admin import PublishAdmin
from learning.workshop.regrading_admin import RegradingAdmin
from learning.workshop.versions_admin import VersionsAdmin

# Registered by being imported.
ALSO_HERE = (
    dataset_admin.DatasetAdmin,
    figure_admin.FigureAdmin,
    opening_admin.GateOpeningAdmin,
    admin_beside.TopicAdmin,
    admin_beside.GlossaryTermAdmin,
    statistics_admin.QuestionStatisticsAdmin,
    regrading_admin.RegradingsAdmin,
    regrading_admin.VoidedQuestionAdmin,
)


@admin.register(Level)
class LevelAdmin(admin.ModelAdmin[Level]):
    list_display = ("number", "title", "is_active")
    ordering = ("number",)
    search_fields = ("title",)

    def get_readonly_fields(self, request: HttpRequest, obj: Level | None = None) -> tuple[str, ...]:
        # The number is the key that gates refer to.
        return ("number",) if obj else ()


@admin.register(Lesson)
class LessonAdmin(EditorAdmin, PublishAdmin, VersionsAdmin, RegradingAdmin, CourseFolderAdmin):
    form = LessonForm
    change_form_template = "admin/learning/lesson/change_form.html"
    list_display = ("place", "title", "difficulty", "xp_reward", "is_active", "updated_at")
    list_display_links = ("place", "title")
    list_select_related = ("level",)
    list_filter = ("level", "difficulty", "is_active")
    search_fields = ("title", "subtitle")
    ordering = ("level_id", "gate_id", "pk")
    actions = ("compute_statistics",)

    @admin.action(description=_("Compute the statistics of the questions now"), permissions=["view"])
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
        keep_settings(obj)

    def response_add(
        self, request: HttpRequest, obj: Lesson, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A new gate has nothing in it yet: on to writing, unless another button was pressed."""
        if "_continue" in request.POST or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(
            request, _("The gate has its place. Learners see it when its first version is published.")
        )
        return redirect("admin:learning_lesson_workshop", obj.pk)

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
    exclude = WIDE  # what a version said is read in the workshop of its gate

    def get_queryset(self, request: HttpRequest) -> Any:
        published = super().get_queryset(request).filter(state=VersionState.PUBLISHED)
        return published.defer(*WIDE, *WIDE_OF_LESSON)


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
