"""What the answers of many say about each question."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dracarys.lib.read_only_admin import ReadOnlyAdmin
from learning.item_statistics import said_of
from learning.models import WIDE_OF_LESSON, QuestionStatistics


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
        return "; ".join(said_of(code) for code in row.doubts) or "–"

    @admin.display(description=_("right"), ordering="facility")
    def percent(self, row: QuestionStatistics) -> str:
        return f"{row.facility:.0%}"

    @admin.display(description=_("discrimination"), ordering="discrimination")
    def discrimination_(self, row: QuestionStatistics) -> str:
        return "–" if row.discrimination is None else f"{row.discrimination:.2f}"
