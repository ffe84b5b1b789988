"""The words of the course to edit, and the queue of what learners report and how they rate."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import Avg, Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.authentication import signed_in
from dracarys.lib.read_only_admin import ReadOnlyAdmin
from learning import glossary, reports
from learning.beside_forms import AnswerActionForm, AnswerForm, AnswerWordForm
from learning.models import WIDE_OF_LESSON, GlossaryTerm, Rating, Report, ReportState, Topic
from learning.vocabulary_forms import TermForm, TopicForm

NUMBER: "IntegerField[Any, Any]" = IntegerField()


class _WordAdmin(admin.ModelAdmin[Any]):
    """Lessons and questions refer to it by its code, so it is neither renamed nor taken away."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Topic)
class TopicAdmin(_WordAdmin):
    form = TopicForm
    list_display = ("title", "code", "parent", "position")
    list_select_related = ("parent",)
    search_fields = ("title", "code")
    ordering = ("position", "code")


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(_WordAdmin):
    form = TermForm
    list_display = ("term", "code", "topic")
    list_select_related = ("topic",)
    list_filter = ("topic",)
    search_fields = ("term", "code", "definition")
    ordering = ("term", "code")

    def view_on_site(self, obj: GlossaryTerm) -> str:
        return glossary.url_of(obj.code)

    def save_model(self, request: HttpRequest, obj: GlossaryTerm, form: Any, change: bool) -> None:
        glossary.save(obj)


def _at_its_place() -> Any:
    """Ratings of the place that the outer row is about, all versions together; one group."""
    same = {name: OuterRef(name) for name in ("lesson_id", "place_kind", "place")}
    return Rating.objects.filter(**same).order_by().values("place")


def _with_ratings(rows: QuerySet[Any]) -> Any:
    return rows.annotate(
        mean=Subquery(_at_its_place().annotate(n=Avg("stars")).values("n")),
        count=Subquery(_at_its_place().annotate(n=Count("pk")).values("n"), output_field=NUMBER),
    )


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin[Report]):
    """The queue: open reports first, the oldest of them on top."""

    form = AnswerForm
    action_form = AnswerActionForm
    actions = ("resolve", "decline")
    list_display = ("title", "state", "kind", "gate", "place_kind", "rated", "words_begin", "created_at")
    list_select_related = ("lesson",)
    list_filter = ("state", "kind", "place_kind", "lesson__level", "lesson")
    search_fields = ("title", "words", "lesson__title")
    list_per_page = 50
    show_full_result_count = False
    fields = (
        "title", "gate", "place_kind", "link", "version", "source", "rated", "kind", "words", "created_at",
        "state", "answer", "closed_by", "closed_at",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name not in ("state", "answer"))

    def get_queryset(self, request: HttpRequest) -> Any:
        first = Case(When(state=ReportState.OPEN, then=Value(0)), default=Value(1), output_field=NUMBER)
        return _with_ratings(super().get_queryset(request)).annotate(first=first).defer(*WIDE_OF_LESSON)

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (F("first").asc(), "created_at", "pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        # It is its writer's; it goes with the account.
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Report | None = None) -> tuple[str, ...]:
        # What was said to somebody stays said. (Not by its state: the form sets that before it is checked.)
        is_closed = obj is not None and obj.closed_at is not None
        return (*self.readonly_fields, "state", "answer") if is_closed else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        cleaned = form.cleaned_data
        if cleaned.get("state", ReportState.OPEN) != ReportState.OPEN:
            self._close(request, [obj.pk], ReportState(cleaned["state"]), cleaned["answer"])

    @admin.action(description=_("Resolve: it was put right"), permissions=["change"])
    def resolve(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        self._close_all(request, chosen, ReportState.RESOLVED)

    @admin.action(description=_("Decline, with a word why"), permissions=["change"])
    def decline(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        self._close_all(request, chosen, ReportState.DECLINED)

    def _close_all(self, request: HttpRequest, chosen: QuerySet[Report], state: ReportState) -> None:
        form = AnswerWordForm(request.POST)
        if not form.is_valid():
            self.message_user(request, _("The answer is too long."), messages.ERROR)
            return
        answer = form.cleaned_data["answer"]
        if state == ReportState.DECLINED and not answer:
            self.message_user(request, _("Say to the learner why, in the field beside."), messages.ERROR)
            return
        self._close(request, list(chosen.values_list("pk", flat=True)), state, answer)

    def _close(self, request: HttpRequest, chosen: list[Any], state: ReportState, answer: str) -> None:
        by = signed_in(request).pk
        done = reports.close(chosen, state=state, answer=answer, by=by, at=timezone.now())
        text = ngettext("%(n)s report answered.", "%(n)s reports answered.", done) % {"n": done}
        self.message_user(request, text)

    @admin.display(description=_("gate"), ordering="lesson__level_id")
    def gate(self, report: Report) -> str:
        return f"{report.lesson.level_id}.{report.lesson.gate_id} {report.lesson.title}"

    @admin.display(description=_("rated"), ordering="mean")
    def rated(self, report: Any) -> str:
        return _mean(report)

    @admin.display(description=_("words"))
    def words_begin(self, report: Report) -> str:
        return report.words[:80]

    @admin.display(description=_("where it is"))
    def link(self, report: Report) -> str:
        url = reports.place_url(report)
        gate_url = reverse("admin:learning_lesson_change", args=[report.lesson_id])
        edit = format_html('<a href="{}">{}</a>', gate_url, _("edit the gate"))
        return format_html('<a href="{}">{}</a> · {}', url, _("as learners see it"), edit) if url else edit

    @admin.display(description=_("its text in that version"))
    def source(self, report: Report) -> str:
        found = reports.source_of(report)
        if found is None:
            return "–"
        return format_html("<pre>{}</pre>", json.dumps(found, indent=2, ensure_ascii=False))


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin[Rating]):
    """Mean rating and count by place: a line for each, told by its last rating. Nobody is named."""

    list_display = ("place", "place_kind", "gate", "mean", "count", "updated_at")
    list_select_related = ("lesson",)
    list_filter = ("place_kind", "lesson__level", "lesson")
    search_fields = ("place", "lesson__title")
    fields = ("gate", "place_kind", "place", "mean", "count")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        place = ("lesson_id", "place_kind", "place")
        last = Rating.objects.order_by(*place, "-updated_at", "pk").distinct(*place).values("pk")
        return _with_ratings(super().get_queryset(request).filter(pk__in=last)).defer(*WIDE_OF_LESSON)

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (F("mean").asc(), "pk")

    @admin.display(description=_("gate"), ordering="lesson__level_id")
    def gate(self, rating: Rating) -> str:
        return f"{rating.lesson.level_id}.{rating.lesson.gate_id} {rating.lesson.title}"

    @admin.display(description=_("mean"), ordering="mean")
    def mean(self, rating: Any) -> str:
        return f"{rating.mean:.1f}"

    @admin.display(description=_("ratings"), ordering="count")
    def count(self, rating: Any) -> int:
        return int(rating.count)


def _mean(row: Any) -> str:
    return f"{row.mean:.1f} ({row.count})" if row.count else "–"
