"""XP, streaks and boards, made through the product's own doors."""

import datetime as dt
import uuid
from pathlib import Path

from django.db import transaction

from accounts.models import User
from gamification import catalogue, ledger
from gamification.ledger import Award
from gamification.models import XpSource
from tests.factories.accounts import UserFactory

PRODUCT = Path(catalogue.__file__).parent / "achievements.yaml"


def earn(user: User, xp: int, *, at: dt.datetime, source: XpSource = XpSource.CORRECTION) -> None:
    """One paid ledger row of `xp` at `at` (UTC)."""
    award = Award(source, uuid.uuid4(), xp, "Made for a test")
    with transaction.atomic():
        assert ledger.pay(ledger.lock(user.pk), [award], cause_id=None, at=at) == [award]


def learner(name: str, *, timezone: str = "UTC") -> User:
    """A person of this name in this zone."""
    return UserFactory.create(profile_fields={"full_name": name, "timezone": timezone})
