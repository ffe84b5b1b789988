"""Live sessions and who takes part."""

from django.contrib import admin
from django.db.models import JSONField

from dracarys.lib.json_field import ReadableJSONField
from dracarys.lib.staff_admin import StaffAdmin
from sessions.models import LiveSession, SessionParticipant


@admin.register(LiveSession)
class LiveSessionAdmin(StaffAdmin[LiveSession]):
    formfield_overrides = {JSONField: {"form_class": ReadableJSONField}}
    list_display = (
        "title",
        "host",
        "session_type",
        "scheduled_at",
        "current_participants",
        "max_participants",
        "status",
    )
    list_select_related = ("host",)
    list_filter = ("status", "session_type")
    search_fields = ("title", "host__email")
    autocomplete_fields = ("host",)
    readonly_fields = ("current_participants",)
    date_hierarchy = "scheduled_at"
    ordering = ("-scheduled_at", "pk")


@admin.register(SessionParticipant)
class SessionParticipantAdmin(StaffAdmin[SessionParticipant]):
    list_display = ("session", "user", "attendance_status", "feedback_rating", "created_at")
    list_select_related = ("session", "user")
    list_filter = ("attendance_status", "feedback_rating")
    search_fields = ("user__email", "session__title")
    autocomplete_fields = ("session", "user")
    ordering = ("-created_at", "pk")
    list_per_page = 50
    show_full_result_count = False
