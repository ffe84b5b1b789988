"""Many write and vote at one thread at once, and every counter is right."""

from functools import partial

from django.db import IntegrityError

from accounts.models import User
from community.models import Comment, Post, Vote
from dracarys.db.acting import acting_as, person
from tests.amounts import THREADS
from tests.database.rows import comment_of, post_of, rows, run, vote_of
from tests.races.cast import newcomer, newcomers
from tests.races.crew import Crew
from tests.races.guards import without_constraint, without_trigger

# The columns that a person may write, in the order of the posts given.
COMMENT = "INSERT INTO community_comments (author_id, post_id, content) SELECT %s, unnest(%s::uuid[]), 'x'"
COUNTERS = "SELECT upvotes_count, downvotes_count, comments_count FROM community_posts WHERE id = %s"


def vote(user: User, post: Post, vote_type: str) -> bool:
    """Whether this was the first click."""
    try:
        with acting_as(person(user.pk)):
            vote_of(user, post, vote_type)
    except IntegrityError:
        return False
    return True


def one_vote(crew: Crew) -> None:
    """A double click on a vote is one vote, and the counters say so."""
    user = newcomer()
    post = post_of(user)
    clicks = [partial(vote, user, post, kind) for kind in ("upvote", "downvote") * (THREADS // 2)]
    outcome = crew.race(*clicks)
    assert outcome.errors == []
    assert outcome.results.count(True) == Vote.objects.filter(user=user).count() == 1
    ((up, down, _),) = rows(COUNTERS, [post.pk])
    assert up + down == 1


def test_a_double_click_on_a_vote_is_one_vote(crew: Crew) -> None:
    crew.holds(one_vote)


def test_without_its_key_every_click_is_a_vote(crew: Crew) -> None:
    with without_constraint("community_votes", "uq_community_votes_user_id_target_type_target_id"):
        crew.breaks(one_vote)


def write(user: User, posts: list[Post], answered: Comment, number: int) -> None:
    """Comments on all posts in one statement, votes for all, thinks twice, takes one comment back."""
    ordered = posts if number % 2 else posts[::-1]
    with acting_as(person(user.pk)):
        run(COMMENT, [user.pk, [post.pk for post in ordered]])
    with acting_as(person(user.pk)):
        targets = [("post", post.pk) for post in ordered] + [("comment", answered.pk)]
        Vote.objects.bulk_create(
            Vote(user=user, target_type=kind, target_id=pk, vote_type="upvote") for kind, pk in targets
        )
    with acting_as(person(user.pk)):
        Vote.objects.filter(user=user, target_id=posts[number % 2].pk).update(vote_type="downvote")
    with acting_as(person(user.pk)):
        Comment.objects.filter(author=user, post=posts[0]).delete()


def counters(crew: Crew) -> None:
    """Writers at one thread leave the right counts and never lock one another out."""
    author, *writers = newcomers(THREADS + 1)
    first, second = post_of(author, "One"), post_of(author, "Two")
    answered = comment_of(author, second)
    doors = [partial(write, user, [first, second], answered, n) for n, user in enumerate(writers)]
    outcome = crew.race(*doors)
    assert outcome.errors == []
    half = THREADS // 2
    assert rows(COUNTERS, [first.pk]) == [(half, half, 0)]
    assert rows(COUNTERS, [second.pk]) == [(half, half, THREADS + 1)]  # the author's own, and one of each
    answered.refresh_from_db()
    assert answered.upvotes_count == THREADS


def test_writers_leave_the_right_counts_and_never_lock_one_another_out(crew: Crew) -> None:
    crew.holds(counters)


def test_without_its_trigger_nothing_is_counted(crew: Crew) -> None:
    with without_trigger("community_votes", "count_votes_on_insert"):
        crew.breaks(counters)
