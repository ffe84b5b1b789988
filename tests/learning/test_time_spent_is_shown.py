"""The time that a learner spent on a gate is theirs to see."""

import datetime as dt

import pytest
from django.test import Client

from accounts.models import User
from learning import progress
from learning.models import Lesson

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def test_the_introduction_says_how_long_was_spent_on_the_gate(
    as_ash: Client, ash: User, gate: Lesson
) -> None:
    assert "spent on this gate" not in as_ash.get("/learn/1/1/assessment/").content.decode()
    for minutes in (0, 2, 4):
        at = NOON + dt.timedelta(minutes=minutes)
        progress.reach(user_id=ash.pk, lesson=gate, position=1, at=at)
    assert "4 minutes spent on this gate so far." in as_ash.get("/learn/1/1/assessment/").content.decode()
