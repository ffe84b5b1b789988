"""Rows as the database lets them in, below the product's own doors."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import OutboxMessage, User
from billing.models import SubscriptionPlan, UserSubscription
from community.models import Comment, Post, Vote
from gamification import leaderboards
from gamification.models import Achievement, XpEvent, XpSource
from learning import quiz_taking
from learning.models import (
    CheckpointAnswer,
    GateOpening,
    GlossaryTerm,
    Lesson,
    Note,
    NoteKind,
    Topic,
    UserProgress,
    VoidedQuestion,
)
from sessions.models import LiveSession, SessionParticipant
from tests.factories.beside import beside_all
from tests.factories.learning import take

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)  # a Wednesday


def rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def value(sql: str, params: Sequence[Any] = ()) -> Any:
    """The first column of a query's first row."""
    return rows(sql, params)[0][0]


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """How many rows a statement touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block writes is checked as a commit would check it, and then it never happened."""
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)


def progress_row(user: User, lesson: Lesson, **fields: Any) -> UserProgress:
    place = {"level_id": lesson.level_id, "gate_id": lesson.gate_id}
    return UserProgress.objects.create(user=user, lesson=lesson, **{**place, **fields})


def ledger_row(user: User, **fields: Any) -> XpEvent:
    usual = {"source": XpSource.GATE, "source_id": uuid.uuid4(), "amount": 100, "reason": "A test"}
    return XpEvent.objects.create(user=user, total_after=100, **{**usual, **fields})


def post_of(user: User, title: str = "A post") -> Post:
    return Post.objects.create(author=user, title=title, content="Its text")


def comment_of(user: User, post: Post, **fields: Any) -> Comment:
    return Comment.objects.create(author=user, post=post, content="A comment", **fields)


def vote_of(user: User, target: Post | Comment, vote_type: str = "upvote") -> Vote:
    kind = "post" if isinstance(target, Post) else "comment"
    return Vote.objects.create(user=user, target_type=kind, target_id=target.pk, vote_type=vote_type)


def session_of(host: User, **fields: Any) -> LiveSession:
    usual = {"title": "A session", "duration": dt.timedelta(hours=1), "scheduled_at": timezone.now()}
    return LiveSession.objects.create(host=host, **{**usual, **fields})


def place_of(user: User, session: LiveSession, **fields: Any) -> SessionParticipant:
    return SessionParticipant.objects.create(user=user, session=session, **fields)


def plan(**fields: Any) -> SubscriptionPlan:
    return SubscriptionPlan.objects.create(**{"name": "A plan", "price": 20, "features": [], **fields})


def subscription_of(user: User, to: SubscriptionPlan, **fields: Any) -> UserSubscription:
    return UserSubscription.objects.create(user=user, plan=to, **fields)


def one_of_each(user: User, lesson: Lesson) -> None:
    """A row of this person in every table that has rows of persons, and one that waits in the outbox."""
    Achievement.objects.get_or_create(
        code="first",
        defaults={
            "title": "First",
            "requirements": {"kind": "count", "activity": "lesson_complete", "at_least": 1},
        },
    )
    take(user, lesson, at=NOON)
    leaderboards.refresh_steps(at=NOON)
    quiz_taking.begin(user_id=user.pk, lesson_id=lesson.pk, at=NOON)
    post = post_of(user)
    comment_of(user, post)
    vote_of(user, post)
    place_of(user, session_of(user, meeting_url="https://meet.example.org/secret"))
    subscription_of(user, plan())
    beside_all(user, lesson)
    OutboxMessage.objects.create(kind="test", recipient=user.email)
    _beside_the_lesson(user, lesson)


def _beside_the_lesson(user: User, lesson: Lesson) -> None:
    Topic.objects.get_or_create(code="risk", defaults={"title": "Risk"})
    GlossaryTerm.objects.get_or_create(code="stop", defaults={"term": "Stop", "definition": "An order."})
    GateOpening.objects.create(user=user, lesson=lesson, reason="Knows it already")
    VoidedQuestion.objects.get_or_create(lesson=lesson, question="gone", defaults={"words": "Broken"})
    Note.objects.create(user=user, lesson=lesson, block="intro", kind=NoteKind.NOTE, text="Mine alone")
    CheckpointAnswer.objects.create(
        user=user, lesson=lesson, block="check", version=1, given="a", outcome={}, answered_at=NOON
    )
