"""Votes and replies are for something that exists, and the database counts them."""

import uuid
from typing import cast

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from community.models import Comment, Post, Vote
from tests.database.rows import comment_of, post_of, run, vote_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(ash: User) -> Post:
    return post_of(ash)


def counts(of: Post | Comment) -> tuple[int, ...]:
    of.refresh_from_db()
    both = (of.upvotes_count, of.downvotes_count)
    return (*both, of.comments_count) if isinstance(of, Post) else both


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_a_vote_for_nothing_is_refused(ash: User, kind: str) -> None:
    with pytest.raises(IntegrityError, match=f"fk_community_votes_{kind}_id"):
        Vote.objects.create(user=ash, target_type=kind, target_id=uuid.uuid4(), vote_type="upvote")


def test_a_post_is_no_comment(ash: User, post: Post) -> None:
    with pytest.raises(IntegrityError, match="fk_community_votes_comment_id"):
        Vote.objects.create(user=ash, target_type="comment", target_id=post.pk, vote_type="upvote")


def test_votes_go_with_their_post_and_with_the_comments_of_it(ash: User, post: Post) -> None:
    comment = comment_of(ash, post)
    kept = vote_of(ash, post_of(ash, "Another"))
    vote_of(ash, post)
    vote_of(ash, comment)
    run("DELETE FROM community_posts WHERE id = %s", [post.pk])
    assert list(Vote.objects.all()) == [kept]


def test_a_vote_goes_with_its_comment(ash: User, post: Post) -> None:
    comment = comment_of(ash, post)
    vote_of(ash, comment)
    run("DELETE FROM community_comments")
    assert not Vote.objects.exists()


def test_one_person_has_one_vote(ash: User, post: Post) -> None:
    vote_of(ash, post)
    with pytest.raises(IntegrityError, match="uq_community_votes"):
        vote_of(ash, post, "downvote")


def test_a_reply_belongs_to_the_post_of_what_it_answers(ash: User, post: Post) -> None:
    elsewhere = comment_of(ash, post_of(ash, "Another"))
    with pytest.raises(IntegrityError, match="fk_community_comments_parent_comment_id_post_id"):
        comment_of(ash, post, parent_comment=elsewhere)


def test_a_comment_does_not_answer_itself(ash: User, post: Post) -> None:
    comment = comment_of(ash, post)
    with pytest.raises(IntegrityError, match="not_itself"):
        run("UPDATE community_comments SET parent_comment_id = %s", [comment.pk])


def test_a_vote_is_counted_changed_and_taken_back(ash: User, brand: User, post: Post) -> None:
    comment = comment_of(ash, post)
    for target, comments in ((post, (1,)), (comment, ())):
        vote = vote_of(ash, target)
        vote_of(brand, target, "downvote")
        assert counts(target) == (1, 1, *comments)
        Vote.objects.filter(pk=vote.pk).update(vote_type="downvote")
        assert counts(target) == (0, 2, *comments)
        Vote.objects.filter(target_id=target.pk).delete()
        assert counts(target) == (0, 0, *comments)


def test_comments_are_counted_without_deleted_ones(ash: User, post: Post) -> None:
    first, _ = comment_of(ash, post), comment_of(ash, post)
    assert counts(post) == (0, 0, 2)
    Comment.objects.filter(pk=first.pk).update(is_deleted=True)
    assert counts(post) == (0, 0, 1)
    Comment.objects.filter(pk=first.pk).update(is_deleted=False)
    assert counts(post) == (0, 0, 2)
    run("DELETE FROM community_comments WHERE id = %s", [first.pk])
    assert counts(post) == (0, 0, 1)


def test_many_rows_of_one_statement_are_counted(ash: User, brand: User, post: Post) -> None:
    other = post_of(ash, "Another")
    Comment.objects.bulk_create(
        Comment(post=p, author=ash, content="x") for p in (post, other, post, other, post)
    )
    Vote.objects.bulk_create(
        Vote(user=user, target_type="post", target_id=p.pk, vote_type="upvote")
        for user in (ash, brand)
        for p in (post, other)
    )
    assert (counts(post), counts(other)) == ((2, 0, 3), (2, 0, 2))
    run("DELETE FROM community_votes; DELETE FROM community_comments")
    assert (counts(post), counts(other)) == ((0, 0, 0), (0, 0, 0))


def test_a_comment_is_an_activity_of_its_post_and_no_edit_of_it(ash: User, post: Post) -> None:
    run("UPDATE community_posts SET last_activity_at = '2020-01-01'")
    post.refresh_from_db()
    edited = post.updated_at
    comment = comment_of(ash, post)
    post.refresh_from_db()
    comment.refresh_from_db()
    assert post.last_activity_at == comment.created_at
    assert post.updated_at == edited


def test_without_the_triggers_nothing_counts(ash: User, post: Post) -> None:
    """The control: nothing but the triggers keeps the counters."""
    for table in ("community_comments", "community_votes"):
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    comment_of(ash, post)
    vote_of(ash, post)
    assert counts(post) == (0, 0, 0)


def test_counters_do_not_fall_below_nothing(ash: User, post: Post) -> None:
    vote_of(ash, post)
    run("UPDATE community_posts SET upvotes_count = 0")
    with pytest.raises(IntegrityError, match="upvotes_count_not_negative"), transaction.atomic():
        Vote.objects.all().delete()


def test_raw_sql_keeps_the_time_of_the_last_change(ash: User, post: Post) -> None:
    run("UPDATE community_posts SET created_at = '2020-01-01'")
    with transaction.atomic():
        run("ALTER TABLE community_posts DISABLE TRIGGER community_posts_touch")
        run("UPDATE community_posts SET title = 'Old', updated_at = '2020-01-01'")
        run("ALTER TABLE community_posts ENABLE TRIGGER community_posts_touch")
    run("UPDATE community_posts SET title = 'New'")
    post.refresh_from_db()
    assert post.updated_at.year > cast(int, post.created_at.year)
