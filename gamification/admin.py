"""Achievements to edit; ledger, boards and streaks to look at."""

from django.contrib import admin

from dracarys.lib.read_only_admin import ReadOnlyAdmin
from gamification.forms import AchievementForm
from gamification.models import Achievement, LeaderboardEntry, UserAchievement, UserStreak, XpEvent


@admin.register(Achievement)
class AchievementAdmin(admin.ModelAdmin[Achievement]):
    form = AchievementForm
    list_display = ("title", "code", "rarity", "category", "xp_reward", "is_active")
    list_filter = ("rarity", "category", "is_active")
    search_fields = ("title", "code")
    ordering = ("xp_reward", "code")


@admin.register(UserAchievement)
class UserAchievementAdmin(ReadOnlyAdmin[UserAchievement]):
    list_display = ("user", "achievement", "unlocked_at")
    list_select_related = ("user", "achievement")
    list_filter = ("achievement__rarity", "achievement")
    search_fields = ("user__email", "achievement__code")
    ordering = ("-unlocked_at", "pk")


@admin.register(XpEvent)
class XpEventAdmin(ReadOnlyAdmin[XpEvent]):
    list_display = ("occurred_at", "user", "amount", "reason", "source", "total_after")
    list_select_related = ("user",)
    list_filter = ("source",)
    search_fields = ("user__email",)
    ordering = ("-occurred_at", "pk")


@admin.register(LeaderboardEntry)
class LeaderboardEntryAdmin(ReadOnlyAdmin[LeaderboardEntry]):
    list_display = (
        "period",
        "period_start_date",
        "user",
        "xp_points",
        "lessons_completed",
        "streak_days",
        "rank",
    )
    list_select_related = ("user",)
    list_filter = ("period",)
    search_fields = ("user__email",)
    ordering = ("-period_start_date", "period", "-xp_points", "pk")


@admin.register(UserStreak)
class UserStreakAdmin(ReadOnlyAdmin[UserStreak]):
    list_display = ("user", "current_streak", "longest_streak", "last_activity_date", "last_streak_reset")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-current_streak", "pk")
