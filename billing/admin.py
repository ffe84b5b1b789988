"""Plans and subscriptions. Money moves in Stripe; here one looks, and edits what is on sale."""

from django.contrib import admin
from django.db.models import JSONField

from billing.models import SubscriptionPlan, UserSubscription
from dracarys.lib.json_field import ReadableJSONField
from dracarys.lib.staff_admin import StaffAdmin


@admin.register(SubscriptionPlan)
class SubscriptionPlanAdmin(admin.ModelAdmin[SubscriptionPlan]):
    formfield_overrides = {JSONField: {"form_class": ReadableJSONField}}
    list_display = ("name", "plan_type", "price", "currency", "level_access_limit", "max_users", "is_active")
    list_filter = ("plan_type", "is_active")
    search_fields = ("name", "stripe_price_id")
    ordering = ("price", "pk")


@admin.register(UserSubscription)
class UserSubscriptionAdmin(StaffAdmin[UserSubscription]):
    list_display = ("user", "plan", "status", "current_period_end", "cancel_at_period_end")
    list_select_related = ("user", "plan")
    list_filter = ("status", "plan")
    search_fields = ("user__email", "stripe_subscription_id")
    autocomplete_fields = ("user", "plan")
    ordering = ("-created_at", "pk")
    list_per_page = 50
    show_full_result_count = False
