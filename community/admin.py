"""Posts, comments and votes."""

from django.contrib import admin
from django.db.models import JSONField

from community.models import Comment, Post, Vote
from dracarys.lib.json_field import ReadableJSONField
from dracarys.lib.read_only_admin import ReadOnlyAdmin
from dracarys.lib.staff_admin import StaffAdmin


@admin.register(Post)
class PostAdmin(StaffAdmin[Post]):
    formfield_overrides = {JSONField: {"form_class": ReadableJSONField}}
    list_display = (
        "title",
        "author",
        "post_type",
        "category",
        "comments_count",
        "is_pinned",
        "is_locked",
        "created_at",
    )
    list_select_related = ("author",)
    list_filter = ("post_type", "is_pinned", "is_locked")
    search_fields = ("title", "author__email")
    autocomplete_fields = ("author",)
    ordering = ("-created_at", "pk")
    list_per_page = 50
    show_full_result_count = False


@admin.register(Comment)
class CommentAdmin(StaffAdmin[Comment]):
    list_display = ("__str__", "post", "author", "is_deleted", "created_at")
    list_select_related = ("author", "post")
    list_filter = ("is_deleted",)
    search_fields = ("content", "author__email")
    autocomplete_fields = ("author", "post")
    raw_id_fields = ("parent_comment",)
    ordering = ("-created_at", "pk")
    list_per_page = 50
    show_full_result_count = False


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin[Vote]):
    list_display = ("user", "target_type", "target_id", "vote_type", "created_at")
    list_select_related = ("user",)
    list_filter = ("target_type", "vote_type")
    search_fields = ("user__email",)
    ordering = ("-created_at", "pk")
