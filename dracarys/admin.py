"""What the admin shows of several apps at once: a person's subscriptions and progress beside the person."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import UserAdmin
from accounts.models import User
from billing.models import UserSubscription
from learning.models import UserProgress


class _LookInline(admin.TabularInline[Any, Any]):
    """Rows to look at, never to edit here."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SubscriptionInline(_LookInline):
    model = UserSubscription
    fields = ("plan", "status", "current_period_end", "cancel_at_period_end")


class ProgressInline(_LookInline):
    model = UserProgress
    fields = ("level_id", "gate_id", "completed", "score", "attempts_count", "time_spent")
    ordering = ("level_id", "gate_id")


class PersonAdmin(UserAdmin):
    inlines: ClassVar[Any] = (*UserAdmin.inlines, SubscriptionInline, ProgressInline)


admin.site.unregister(User)
admin.site.register(User, PersonAdmin)
