"""A lived-in site for pages to be looked at: the real course, the demo people, and one of each state."""

import datetime as dt
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from dracarys import demo
from dracarys.db.acting import acting_as_service
from gamification.models import LeaderboardEntry
from learning import quiz_taking
from learning.models import Attempt, Lesson
from tests.browser.conftest import load_starter_course, session_of
from tests.factories.accounts import UserFactory

MAIL = """From: Dracarys <hello@dracarys.invalid>
To: ember@example.org
Subject: Your code
Date: Mon, 02 Jun 2025 10:00:00 -0000
Content-Type: text/plain; charset="utf-8"

Hello from Dracarys.

ABCD-1234

https://example.org/accounts/confirm-email/a-rather-long-address-that-has-to-wrap-somewhere-on-a-telephone/
"""


@dataclass(frozen=True, slots=True)
class World:
    """Who is there and where things are."""

    cookies: dict[str, Any]  # of each person's session
    addresses: dict[str, str]


def make_world(folder: Path, site: str) -> World:
    """Everything that the pages of `site` show. Mail lies in `folder`."""
    load_starter_course()
    with acting_as_service():
        logins = demo.seed(now=timezone.now())
    # One of the four boards is empty.
    LeaderboardEntry.objects.filter(period="daily").delete()
    people = {
        "learner": User.objects.get(email=logins.learner),
        "staff": User.objects.get(email=logins.staff),
        "newcomer": UserFactory.create(email="new@example.org", profile_fields={"full_name": "Nia New"}),
        "arriving": UserFactory.create(email="arriving@example.org", terms_accepted_at=None),
    }
    (folder / "20250602-100000-1.log").write_text(MAIL)
    cookies = {name: session_of(person, site) for name, person in people.items()}
    return World(cookies, _addresses(people["learner"].pk))


def _addresses(learner: uuid.UUID) -> dict[str, str]:
    attempts = Attempt.objects.filter(user_id=learner)
    third = Lesson.objects.get(level_id=1, gate_id=3)
    paper = quiz_taking.begin(
        user_id=learner, lesson_id=third.pk, at=timezone.now() - dt.timedelta(minutes=5)
    )
    return {
        "passed": attempts.filter(passed=True).latest("submitted_at").get_absolute_url(),
        "failed": attempts.filter(passed=False, score__isnull=False)[0].get_absolute_url(),
        "attempt": paper.get_absolute_url(),
        "lesson-admin": f"/admin/learning/lesson/{third.pk}/change/",
        **_blocks(),
    }


def _blocks() -> dict[str, str]:
    """The first block of each kind within the gates that are open to the learner."""
    found: dict[str, str] = {}
    for lesson in Lesson.objects.filter(level_id=1, gate_id__lte=3).order_by("gate_id"):
        for number, block in enumerate(lesson.content_data["blocks"], start=1):
            found.setdefault(block["type"], f"/learn/1/{lesson.gate_id}/{number}/")
    return found
