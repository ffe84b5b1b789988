"""Posts, comments and votes. Counters are kept by database triggers; see the migrations."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class PostType(models.TextChoices):
    DISCUSSION = "discussion", _("discussion")
    QUESTION = "question", _("question")
    ANNOUNCEMENT = "announcement", _("announcement")


def _counter() -> "models.IntegerField[int, int]":
    return models.IntegerField(default=0, db_default=0, editable=False)


def _not_negative(table: str, *names: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(condition=Q(**{f"{name}__gte": 0}), name=f"ck_{table}_{name}_not_negative")
        for name in names
    ]


class Post(models.Model):
    """A thread's first post."""

    id = columns.uuid_key()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts", db_index=False)
    title = models.TextField(_("title"))
    content = models.TextField(_("text"), null=True, blank=True)
    post_type = models.CharField(
        max_length=20,
        choices=PostType.choices,
        default=PostType.DISCUSSION,
        db_default=PostType.DISCUSSION.value,
    )
    category = models.TextField(_("category"), null=True, blank=True)
    tags = ArrayField(models.TextField(), verbose_name=_("tags"), null=True, blank=True)
    is_pinned = models.BooleanField(_("pinned"), default=False, db_default=False)
    is_locked = models.BooleanField(_("locked"), default=False, db_default=False)
    upvotes_count = _counter()
    downvotes_count = _counter()
    comments_count = _counter()
    views_count = _counter()
    last_activity_at = models.DateTimeField(db_default=Now(), editable=False)
    metadata = models.JSONField(null=True, blank=True)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "community_posts"
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(
                condition=Q(post_type__in=PostType.values), name="ck_community_posts_post_type_known"
            ),
            *_not_negative(
                "community_posts", "upvotes_count", "downvotes_count", "comments_count", "views_count"
            ),
        ]
        indexes = [
            columns.Index(fields=["author"], name="idx_posts_author"),
            columns.Index(fields=["category"], name="idx_posts_category"),
            columns.Index(fields=["is_pinned"], condition=Q(is_pinned=True), name="idx_posts_pinned"),
            columns.Index(F("last_activity_at").desc(), name="idx_posts_activity"),
            columns.GinIndex(fields=["tags"], name="idx_posts_tags"),
            columns.GinIndex(SearchVector("title", "content", config="english"), name="idx_posts_search"),
        ]

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """An answer to a post or to another comment of the same post (a composite foreign key says so)."""

    id = columns.uuid_key()
    post = models.ForeignKey(Post, models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="comments", db_index=False
    )
    parent_comment = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    content = models.TextField(_("text"))
    upvotes_count = _counter()
    downvotes_count = _counter()
    is_deleted = models.BooleanField(_("deleted"), default=False, db_default=False)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "community_comments"
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint(fields=["id", "post"], name="uq_community_comments_id_post_id"),
            models.CheckConstraint(
                condition=Q(parent_comment__isnull=True) | ~Q(parent_comment=F("id")),
                name="ck_community_comments_parent_comment_id_not_itself",
            ),
            *_not_negative("community_comments", "upvotes_count", "downvotes_count"),
        ]
        indexes = [
            columns.Index(fields=["post"], name="idx_comments_post"),
            columns.Index(fields=["author"], name="idx_comments_author"),
        ]

    def __str__(self) -> str:
        return self.content[:60]


class VoteTarget(models.TextChoices):
    POST = "post", _("post")
    COMMENT = "comment", _("comment")


class VoteType(models.TextChoices):
    UPVOTE = "upvote", _("upvote")
    DOWNVOTE = "downvote", _("downvote")


class Vote(models.Model):
    """One person's vote on one post or comment.

    `post_id` and `comment_id` are generated from the target, so that foreign keys can hold it.
    """

    id = columns.uuid_key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="votes", db_index=False)
    target_type = models.CharField(max_length=20, choices=VoteTarget.choices)
    target_id = models.UUIDField()
    vote_type = models.CharField(max_length=10, choices=VoteType.choices)
    post_id = models.GeneratedField(
        expression=Case(When(target_type="post", then=F("target_id"))),
        output_field=models.UUIDField(null=True),
        db_persist=True,
    )
    comment_id = models.GeneratedField(
        expression=Case(When(target_type="comment", then=F("target_id"))),
        output_field=models.UUIDField(null=True),
        db_persist=True,
    )
    created_at = columns.created_at()

    class Meta:
        db_table = "community_votes"
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "target_type", "target_id"],
                name="uq_community_votes_user_id_target_type_target_id",
            ),
            models.CheckConstraint(
                condition=Q(target_type__in=VoteTarget.values), name="ck_community_votes_target_type_known"
            ),
            models.CheckConstraint(
                condition=Q(vote_type__in=VoteType.values), name="ck_community_votes_vote_type_known"
            ),
        ]
        indexes = [
            columns.Index(fields=["target_type", "target_id"], name="idx_votes_target"),
            columns.Index(fields=["post_id"], name="idx_votes_post"),
            columns.Index(fields=["comment_id"], name="idx_votes_comment"),
        ]

    def __str__(self) -> str:
        return f"{self.vote_type} {self.target_type}"
