"""Fifty people write at one thread at once, and every counter is right."""

from collections.abc import Callable

import pytest

from accounts.models import User
from community.models import Comment, Post, Vote
from dracarys.db.acting import acting_as, person
from tests.database.rows import comment_of, post_of, rows, run
from tests.factories.accounts import UserFactory
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 50
# The columns that a person may write, in the order of the posts given.
COMMENT = "INSERT INTO community_comments (author_id, post_id, content) SELECT %s, unnest(%s::uuid[]), 'x'"
STORED = """
    SELECT upvotes_count, downvotes_count, comments_count,
           (SELECT count(*) FROM community_votes WHERE post_id = p.id AND vote_type = 'upvote'),
           (SELECT count(*) FROM community_votes WHERE post_id = p.id AND vote_type = 'downvote'),
           (SELECT count(*) FROM community_comments WHERE post_id = p.id AND NOT is_deleted)
    FROM community_posts p ORDER BY title
"""


def writer(user: User, posts: list[Post], answered: Comment, number: int) -> Callable[[], None]:
    """Comments on all posts in one statement, votes for all, thinks twice, takes one comment back."""
    ordered = posts if number % 2 else posts[::-1]

    def write() -> None:
        with acting_as(person(user.pk)):
            run(COMMENT, [user.pk, [post.pk for post in ordered]])
        with acting_as(person(user.pk)):
            targets = [("post", p.pk) for p in ordered] + [("comment", answered.pk)]
            Vote.objects.bulk_create(
                Vote(user=user, target_type=kind, target_id=pk, vote_type="upvote") for kind, pk in targets
            )
        with acting_as(person(user.pk)):
            Vote.objects.filter(user=user, target_id=posts[number % 2].pk).update(vote_type="downvote")
        with acting_as(person(user.pk)):
            Comment.objects.filter(author=user, post=posts[0]).delete()

    return write


def test_fifty_writers_leave_the_right_counts_and_never_lock_each_other_out() -> None:
    users = UserFactory.create_batch(WRITERS)
    posts = [post_of(users[0], title) for title in ("One", "Two")]
    answered = comment_of(users[0], posts[1])
    outcome = race(*[writer(user, posts, answered, n) for n, user in enumerate(users)])
    assert outcome.errors == []
    # The first writer's older comment stands under the second post.
    half = WRITERS // 2
    assert rows(STORED) == [(half, half, 0, half, half, 0), (half, half, 51, half, half, 51)]
    answered.refresh_from_db()
    assert answered.upvotes_count == WRITERS
