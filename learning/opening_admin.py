"""Gates that staff open for a learner."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dracarys.lib.staff_admin import StaffAdmin
from learning.models import WIDE_OF_LESSON, GateOpening
from learning.openings import open_gate


@admin.register(GateOpening)
class GateOpeningAdmin(StaffAdmin[GateOpening]):
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

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Back to the list; Django leads away from lists in which nothing can be changed."""
        super().response_delete(request, obj_display, obj_id)
        return redirect("admin:learning_gateopening_changelist")

    def save_model(self, request: HttpRequest, obj: GateOpening, form: Any, change: bool) -> None:
        opened = open_gate(
            user_id=obj.user_id, lesson_id=obj.lesson_id, reason=obj.reason, by=request.user.pk
        )
        obj.pk = opened.pk
