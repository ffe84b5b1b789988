"""People with sessions and a history, made through the product's own doors, who then open pages."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from dracarys.db.acting import acting_as_service
from gamification import leaderboards
from learning import progress, quiz_taking
from learning.models import Attempt, Lesson
from tests.bench.load import Request
from tests.factories.accounts import UserFactory
from tests.factories.learning import answers_to, take

# 32 characters, as Django makes them: a form may send the cookie's own.
TOKEN = secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with some gates behind them, signed in, in the middle of the next gate's assessment."""

    user: User
    cookie: str
    paper: Attempt
    result: Attempt

    def get(self, path: str) -> Request:
        return Request(path, self.cookie)

    def hand_in(self, mistakes: int = 0) -> Request:
        """The submit of the open paper."""
        form = {**answers_to(self.paper, mistakes=mistakes), "csrfmiddlewaretoken": TOKEN}
        return Request(f"{self.paper.get_absolute_url()}submit/", self.cookie, form, expected=302)


def lessons() -> list[Lesson]:
    return list(Lesson.objects.published().in_path_order())


def member(name: str, *, passed: int) -> Member:
    """A new person who has passed so many gates, one a day, the last one today."""
    now, course = timezone.now(), lessons()
    user = UserFactory.create(
        email=f"{name}-{secrets.token_hex(4)}@bench.invalid",
        profile_fields={"full_name": f"{name.title()} of the bench", "timezone": "Europe/Oslo"},
    )
    taken = [
        take(user, lesson, at=now - dt.timedelta(days=passed - 1 - n), mistakes=n % 2)
        for n, lesson in enumerate(course[:passed])
    ]
    read(user, course[passed])
    paper = quiz_taking.begin(user_id=user.pk, lesson_id=course[passed].pk, at=now)
    return Member(user, cookie_of(user), paper, taken[-1] if taken else paper)


def read(user: User, lesson: Lesson) -> None:
    """They went through every block."""
    blocks = len(lesson.content_data["blocks"])
    with acting_as_service():
        progress.reach(user_id=user.pk, lesson=lesson, position=blocks, at=timezone.now())


def members(count: int, *, passed: int | None = None) -> list[Member]:
    """So many people; by default with one to four gates behind them, in turn. The boards know them."""
    made = [member(f"member{n}", passed=1 + n % 4 if passed is None else passed) for n in range(count)]
    leaderboards.refresh_steps(at=timezone.now())
    return made


def cookie_of(user: User) -> str:
    """A Cookie header: their session, and a token for forms."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
