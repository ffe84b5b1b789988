"""People of one round, made in one statement, and what they do at once."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.db.models import Sum

from accounts.activity_log import Deed
from accounts.models import ActivityType, User, UserProfile
from dracarys.db.acting import acting_as, acting_as_service, person
from gamification import rewards
from gamification.ledger import Award
from gamification.models import XpEvent, XpSource
from tests.database.rows import NOON
from tests.factories.accounts import LONG_AGO


def newcomers(count: int) -> list[User]:
    """People who have done nothing yet; the database makes their profiles."""
    return User.objects.bulk_create(
        User(email=f"{uuid.uuid4().hex}@example.org", terms_accepted_at=LONG_AGO) for _ in range(count)
    )


def newcomer() -> User:
    return newcomers(1)[0]


def granting(
    user: User, cause: uuid.UUID, amount: int, *, at: dt.datetime = NOON
) -> Callable[[], rewards.Granted]:
    """A learner's request that grants one award, as the service; none for no XP."""

    def door() -> rewards.Granted:
        awards = [Award(XpSource.GATE, cause, amount, "A gate")] if amount else []
        deed = Deed(ActivityType.LESSON_COMPLETE, "lesson", cause)
        with acting_as(person(user.pk)), acting_as_service():
            return rewards.grant(user_id=user.pk, deeds=[deed], awards=awards, cause_id=cause, at=at)

    return door


def profile(user: User) -> UserProfile:
    return UserProfile.objects.get(pk=user.pk)


def ledger_sum(user: User) -> int:
    return XpEvent.objects.filter(user=user).aggregate(n=Sum("amount"))["n"] or 0
