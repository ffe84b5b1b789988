"""One more row for each model that the admin shows."""

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils import timezone

from accounts.models import Activity, OutboxMessage, User
from billing.models import SubscriptionPlan, UserSubscription
from community.models import Comment, Post, Vote
from gamification.models import Achievement, LeaderboardEntry, UserAchievement, UserStreak, XpEvent
from learning import glossary
from learning.models import (
    Attempt,
    Dataset,
    Figure,
    GateOpening,
    GlossaryTerm,
    Lesson,
    LessonVersion,
    Level,
    QuestionStatistics,
    Rating,
    Regrading,
    Report,
    Topic,
    UserProgress,
    VoidedQuestion,
)
from sessions.models import LiveSession, SessionParticipant
from tests.factories.accounts import UserFactory
from tests.factories.billing import subscribe
from tests.factories.gamification import earn
from tests.factories.learning import make_dataset, make_gate, take
from tests.factories.media import make_figure

_numbers = itertools.count(1)
PLACE = {"place_kind": "block", "place": "block-1", "version": 1}


def _user() -> User:
    return UserFactory.create()


def _gate() -> Lesson:
    number = next(_numbers)
    lesson = make_gate(number, 1)
    # Level by level, so that every gate is open to everybody.
    Level.objects.exclude(pk=number).update(is_active=False)
    return lesson


def _some_gate() -> Lesson:
    """One that is there, or a new one."""
    return Lesson.objects.filter(is_active=True).order_by("level_id", "gate_id").first() or _gate()


def _attempt() -> Attempt:
    user, lesson = _user(), _gate()
    subscribe(user, level_limit=10_000)
    return take(user, lesson, at=timezone.now(), mistakes=1)


def _scored() -> User:
    user = _user()
    earn(user, 10, at=timezone.now())
    return user


def _achievement() -> Achievement:
    number = next(_numbers)
    return Achievement.objects.create(code=f"code-{number}", title=f"Title {number}", description="D")


def _post() -> Post:
    return Post.objects.create(author=_user(), title="A post", content="Text")


def _session() -> LiveSession:
    return LiveSession.objects.create(
        host=_user(), title="A session", scheduled_at=timezone.now(), duration=dt.timedelta(hours=1)
    )


def _vote() -> Vote:
    return Vote.objects.create(user=_user(), target_type="post", target_id=_post().pk, vote_type="upvote")


def _term() -> GlossaryTerm:
    term = GlossaryTerm(code=f"term-{next(_numbers)}", term="A term", definition="A definition.")
    glossary.save(term)
    return term


def _day() -> dict[str, Any]:
    return {"last_activity_date": dt.date(2026, 3, 2), "streak_data": {"days": ["2026-03-02"]}}


ROWS: dict[type[Model], Callable[[], Model]] = {
    Group: lambda: Group.objects.create(name=f"Group {next(_numbers)}"),
    User: _user,
    EmailAddress: lambda: EmailAddress.objects.get(user=_user()),
    Activity: lambda: Activity.objects.create(user=_user(), activity_type="login"),
    OutboxMessage: lambda: OutboxMessage.objects.create(
        kind="login_code", recipient="a@example.org", payload={"code": "SECRET-IN-THE-MAIL"}
    ),
    SubscriptionPlan: lambda: subscribe(_user()).plan,
    UserSubscription: lambda: subscribe(_user()),
    Achievement: _achievement,
    UserAchievement: lambda: UserAchievement.objects.create(user=_user(), achievement=_achievement()),
    XpEvent: lambda: XpEvent.objects.get(user=_scored()),
    LeaderboardEntry: lambda: LeaderboardEntry.objects.get(user=_scored(), period="daily"),
    UserStreak: lambda: UserStreak.objects.create(user=_user(), current_streak=1, longest_streak=1, **_day()),
    Level: lambda: _gate().level,
    Lesson: _gate,
    LessonVersion: lambda: LessonVersion.objects.get(lesson=_gate()),
    Attempt: _attempt,
    UserProgress: lambda: UserProgress.objects.get(user=_attempt().user),
    GateOpening: lambda: GateOpening.objects.create(
        user=_user(), lesson=_some_gate(), reason="Did it in class"
    ),
    QuestionStatistics: lambda: QuestionStatistics.objects.create(
        lesson=_some_gate(),
        question=f"q{next(_numbers)}",
        answers=20,
        facility=0.5,
        computed_at=timezone.now(),
    ),
    Regrading: lambda: Regrading.objects.create(
        lesson=_some_gate(), kind="void", question="q1", mode="raise", words="Two answers are right."
    ),
    VoidedQuestion: lambda: VoidedQuestion.objects.create(
        lesson=_some_gate(), question=f"q{next(_numbers)}", words="Two answers are right."
    ),
    Topic: lambda: Topic.objects.create(code=f"topic-{next(_numbers)}", title="A topic"),
    GlossaryTerm: _term,
    Rating: lambda: Rating.objects.create(user=_user(), lesson=_some_gate(), **PLACE, stars=4),
    Report: lambda: Report.objects.create(
        user=_user(), lesson=_some_gate(), **PLACE, title="A block", kind="typo"
    ),
    Dataset: lambda: make_dataset(f"test-{uuid.uuid4().hex[:8]}", bars=2),
    Figure: lambda: make_figure(f"figure-{uuid.uuid4().hex[:8]}", stored=True),
    Post: _post,
    Comment: lambda: Comment.objects.create(post=_post(), author=_user(), content="An answer"),
    Vote: _vote,
    LiveSession: _session,
    SessionParticipant: lambda: SessionParticipant.objects.create(session=_session(), user=_user()),
}
