"""The nightly recount of votes and comments, and of seats."""

import pytest

from accounts.models import User
from community import recount
from dracarys.lib.drift import Difference
from sessions import recount as seats
from tests.database.rows import comment_of, place_of, post_of, run, session_of, vote_of

pytestmark = pytest.mark.django_db


def test_what_the_triggers_counted_is_confirmed(ash: User, brand: User) -> None:
    post = post_of(ash)
    comment = comment_of(brand, post)
    vote_of(brand, post)
    vote_of(ash, comment, "downvote")
    assert recount.differences() == []
    assert recount.report() == 0


def test_a_counter_that_drifted_is_named_and_logged(ash: User, caplog: pytest.LogCaptureFixture) -> None:
    post = post_of(ash)
    comment = comment_of(ash, post)
    run("UPDATE community_posts SET upvotes_count = 3")
    run("UPDATE community_comments SET downvotes_count = 1")
    assert recount.report() == 2
    assert recount.differences() == [
        Difference(f"downvotes of comment {comment.pk}", 1, 0),
        Difference(f"upvotes of post {post.pk}", 3, 0),
    ]
    assert f"upvotes of post {post.pk} is stored as 3, its source says 0" in caplog.text


def test_a_deleted_comment_is_not_counted(ash: User) -> None:
    comment_of(ash, post_of(ash))
    run("UPDATE community_comments SET is_deleted = true")
    assert recount.differences() == []


def test_seats_that_drifted_are_named(ash: User) -> None:
    place_of(ash, session_of(ash))
    assert seats.report() == 0
    run("UPDATE live_sessions SET current_participants = 5")
    (difference,) = seats.differences()
    assert (difference.stored, difference.rebuilt) == (5, 1)
