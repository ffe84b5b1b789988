"""Demo people with a history, made by the same calls as a real one, so that boards and streaks are alive."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from allauth.account.models import EmailAddress

from accounts import people
from accounts.models import User
from gamification import leaderboards
from learning import papers, progress, quiz_taking
from learning.models import Lesson

DOMAIN = "example.org"
PASSWORD = "learn-with-fire"  # noqa: S105  (printed by `make run`; only ever made for the zero-setup run)
NAMES = (
    "Mira Solberg", "Tomás Rivas", "Ines Adeyemi", "Jonas Falk", "Priya Nair",
    "Kofi Mensah", "Lena Hartwig", "Yuki Tanabe", "Omar Haddad", "Sofia Marchetti",
    "Noah Lindqvist", "Amara Diallo", "Petra Novak", "Daniel Okoro", "Elif Kaya",
    "Marek Zielinski", "Chloe Laurent", "Ravi Menon", "Ana Petrović", "Sam Whitlock",
)  # fmt: skip
ZONES = ("Europe/Oslo", "America/Bogota", "Africa/Lagos", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class Logins:
    """The two people to sign in as."""

    learner: str = f"ember@{DOMAIN}"
    staff: str = f"staff@{DOMAIN}"
    password: str = PASSWORD


@dataclass(frozen=True, slots=True)
class _Act:
    """One finished assessment: a gate (by its place in the course), how long ago, how many mistakes."""

    gate: int
    ago: dt.timedelta
    mistakes: int


def seed(*, now: dt.datetime) -> Logins:
    """Make the demo people unless they are there. Acts as the service."""
    if not User.objects.filter(email=Logins().learner).exists():
        lessons = list(Lesson.objects.published().in_path_order())
        _person(
            "Sol Whitaker", Logins().staff, "Europe/London", now, PASSWORD, is_staff=True, is_superuser=True
        )
        _ember(lessons, now)
        for number, name in enumerate(NAMES):
            _learner(number, name, lessons, now)
    leaderboards.refresh_steps(at=now)
    return Logins()


def _ember(lessons: list[Lesson], now: dt.datetime) -> None:
    """The learner to sign in as: two gates passed, a streak of two days, in the middle of the third gate."""
    ember = _person("Ember Vale", Logins().learner, "Europe/Berlin", now, PASSWORD)
    day = dt.timedelta(days=1)
    acts = [_Act(0, 2 * day, 2), _Act(0, 2 * day - dt.timedelta(minutes=40), 0), _Act(1, day, 1)]
    _perform(ember, acts, lessons, now)
    if len(lessons) > 2:
        progress.reach(user_id=ember, lesson=lessons[2], position=2, at=now - dt.timedelta(hours=2))


def _learner(number: int, name: str, lessons: list[Lesson], now: dt.datetime) -> None:
    # Seeded: every clone tells the same story.
    chance = random.Random(number)  # noqa: S311
    email = f"{name.split()[0].lower()}.{number}@{DOMAIN}"
    person = _person(name, email, ZONES[number % len(ZONES)], now)
    gates = min(len(lessons), 1 + number % 5)
    _perform(person, list(_history(gates, chance)), lessons, now)


def _history(gates: int, chance: random.Random) -> Iterator[_Act]:
    """One gate a day up to yesterday or today, some after a failed try."""
    last = chance.choice((0, 0, 1, 1, 3, 9))
    for gate in range(gates):
        ago = dt.timedelta(days=last + gates - 1 - gate, minutes=chance.randrange(5, 50))
        if chance.random() < 0.3:
            yield _Act(gate, ago + dt.timedelta(minutes=30), 3)
        yield _Act(gate, ago, chance.choice((0, 0, 1, 1)))


def _person(
    name: str, email: str, timezone: str, now: dt.datetime, password: str | None = None, **flags: bool
) -> uuid.UUID:
    # Hashing is slow by design; who is only there to be seen on the boards has no password.
    user = User.objects.create_user(email, password, **flags)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    people.address_confirmed(user_id=user.pk, at=now)
    people.welcome(
        user_id=user.pk,
        full_name=name,
        timezone=timezone,
        trading_experience="beginner",
        trading_goals=["risk", "discipline"],
        at=now,
    )
    return user.pk


def _perform(person: uuid.UUID, acts: list[_Act], lessons: list[Lesson], now: dt.datetime) -> None:
    for act in acts:
        lesson, at = lessons[act.gate], now - act.ago
        blocks = len(lesson.content_data["blocks"])
        progress.reach(user_id=person, lesson=lesson, position=blocks, at=at - dt.timedelta(minutes=8))
        attempt = quiz_taking.begin(user_id=person, lesson_id=lesson.pk, at=at - dt.timedelta(minutes=6))
        answers = papers.filled_in(attempt, mistakes=act.mistakes)
        quiz_taking.submit(user_id=person, attempt_id=attempt.pk, answers=answers, at=at)
