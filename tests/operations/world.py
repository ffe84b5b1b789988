"""The people of the operations, their course, and everything that they can be found at."""

import datetime as dt
import random
import threading
import uuid
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone

from accounts.models import User, UserProfile
from community.models import Post
from gamification import catalogue
from learning.models import Lesson
from sessions.models import LiveSession
from tests.database.rows import post_of, session_of
from tests.factories.accounts import LONG_AGO
from tests.factories.gamification import PRODUCT
from tests.factories.learning import make_gate
from tests.operations.browser import Visitor
from tests.operations.history import History, Verdict

PEOPLE, GATES, POSTS, MEETINGS, SEATS = 40, 6, 5, 4, 8
NAME, PASSWORD = "Somebody", "correct-horse-battery"


@dataclass
class Learner:
    """A person, and what they have seen of the site."""

    user: User
    visitor: Visitor
    old_papers: list[uuid.UUID] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.user.email.partition("@")[0]


@dataclass
class World:
    """Everything that an operation may touch."""

    learners: list[Learner]
    gates: list[Lesson]
    posts: list[Post]
    meetings: list[LiveSession]
    history: History = field(default_factory=History)
    publishing: threading.Lock = field(default_factory=threading.Lock)


def make_world(chance: random.Random) -> World:
    """A course of gates that open one another, the product's achievements, and people who are signed in."""
    catalogue.load(PRODUCT)
    gates = [make_gate(1, 1, xp_reward=200)]
    for number in range(2, GATES + 1):
        gates.append(make_gate(1, number, requires=gates[-1:], xp_reward=200 * number))
    people = _people(chance)
    host = people[0]
    soon = timezone.now() + dt.timedelta(days=1)
    world = World(
        learners=[_learner(number, user) for number, user in enumerate(people)],
        gates=gates,
        posts=[post_of(host, f"Post {n}") for n in range(POSTS)],
        meetings=[session_of(host, max_participants=SEATS, scheduled_at=soon) for _ in range(MEETINGS)],
    )
    names = {("name", user.pk): NAME for user in people}
    with world.history.entry(-1, "the suite", "begin the world", writes=names) as entry:
        entry.verdict = Verdict.OK
    return world


def _people(chance: random.Random) -> list[User]:
    """One slow hash for all; a tenth has not seen the welcome page yet."""
    hasher = Argon2PasswordHasher()
    password = hasher.encode(PASSWORD, hasher.salt())
    people = User.objects.bulk_create(
        User(
            email=f"learner{number}@example.org",
            password=password,
            email_confirmed_at=LONG_AGO,
            terms_accepted_at=None if chance.random() < 0.1 else LONG_AGO,
        )
        for number in range(PEOPLE)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people
    )
    UserProfile.objects.filter(user__in=people).update(full_name=NAME)
    return people


def _learner(number: int, user: User) -> Learner:
    visitor = Visitor(f"10.3.0.{number + 1}")
    visitor.sign_in(user)
    return Learner(user, visitor)
