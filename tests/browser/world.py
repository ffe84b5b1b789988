"""A lived-in site for pages to be looked at: the real course, the demo people, and one of each state."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from accounts.models import User
from dracarys import demo
from dracarys.db.acting import acting_as_service
from gamification import catalogue
from gamification.management.commands.load_achievements import PRODUCT
from gamification.models import Achievement, LeaderboardEntry
from learning import course_folder, quiz_taking
from learning.course_folder import STARTER
from learning.models import Attempt, Bookmark, Figure, Lesson, Note, NoteKind, Rating, Report
from tests.admin.rows import ROWS
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


def session_of(user: User, site: str) -> Any:
    """The cookie of a session in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": site}


def load_starter_course() -> None:
    with acting_as_service():
        course_folder.load(STARTER)
        catalogue.load(PRODUCT)


def make_world(folder: Path, site: str) -> World:
    """Everything that the pages of `site` show, and a row for each list of the admin."""
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
    for model in admin.site._registry:
        if not model._default_manager.exists():
            ROWS[model]()
    _write_beside(people["learner"])
    (folder / "20250602-100000-1.log").write_text(MAIL)
    cookies = {name: session_of(person, site) for name, person in people.items()}
    return World(cookies, {**_addresses(people["learner"]), **_workshop(people["learner"])})


def _write_beside(learner: User) -> None:
    """Notes, a bookmark, ratings and reports in every state."""
    first, second = Lesson.objects.filter(level_id=1, gate_id__lte=2).order_by("gate_id")
    block = first.content_data["blocks"][1]["id"]
    text = "The open is the *first* trade, not yesterday's close.\n\nAsk: where do gaps come from?"
    Note.objects.create(user=learner, lesson=first, block=block, kind=NoteKind.NOTE, text=text)
    Note.objects.create(user=learner, lesson=first, block="gone", kind=NoteKind.REFLECTION, text="A thought.")
    Bookmark.objects.create(user=learner, lesson=second)
    place = {"user": learner, "lesson": first, "place_kind": "block", "place": block, "version": 1}
    Rating.objects.create(**place, stars=4)
    said = {**place, "title": first.content_data["blocks"][1]["title"], "words": "The last sum is wrong."}
    Report.objects.create(**said, kind="wrong")
    for state, answer in (
        ("resolved", "Put right, thank you."),
        ("declined", "It is 103.00: see the table."),
    ):
        Report.objects.create(**said, kind="typo", state=state, answer=answer, closed_at=timezone.now())


def _addresses(learner: User) -> dict[str, str]:
    attempts = Attempt.objects.filter(user=learner)
    third = Lesson.objects.get(level_id=1, gate_id=3)
    paper = quiz_taking.begin(
        user_id=learner.pk, lesson_id=third.pk, at=timezone.now() - dt.timedelta(minutes=5)
    )
    key = f"{user_pk_to_url_str(learner)}-{default_token_generator.make_token(learner)}"
    return {
        "passed": attempts.filter(passed=True).latest("submitted_at").get_absolute_url(),
        "failed": attempts.filter(passed=False, score__isnull=False)[0].get_absolute_url(),
        "attempt": paper.get_absolute_url(),
        "noted": "/learn/1/1/2/",
        "reset-key": f"/accounts/password/reset/key/{key}/",
        **_blocks(),
    }


def _blocks() -> dict[str, str]:
    """The first block of each kind within the gates that are open to the learner."""
    found: dict[str, str] = {}
    for lesson in Lesson.objects.filter(level_id=1, gate_id__lte=3).order_by("gate_id"):
        for number, block in enumerate(lesson.content_data["blocks"], start=1):
            found.setdefault(block["type"], f"/learn/1/{lesson.gate_id}/{number}/")
    return found


def _workshop(learner: User) -> dict[str, str]:
    """One page of each kind in the admin."""
    gate = Lesson.objects.get(level_id=1, gate_id=3)
    lesson, workshop = gate.pk, f"/admin/learning/lesson/{gate.pk}/workshop/"
    chart = next(block["id"] for block in gate.content_data["blocks"] if block["type"] == "chart")
    question = (gate.assessment_data or {})["questions"][0]["id"]
    first = Lesson.objects.get(level_id=1, gate_id=1)
    asked = (first.assessment_data or {})["questions"][0]["id"]
    results = f"/admin/learning/lesson/{first.pk}/results/"
    achievement = Achievement.objects.order_by("pk")[0].pk
    return {
        "admin-change": f"/admin/learning/lesson/{lesson}/change/",
        "admin-past-results": results,
        "admin-void": f"{results}void/{asked}/",
        "admin-preview": f"/admin/learning/lesson/{lesson}/preview/",
        "admin-publish": f"/admin/learning/lesson/{lesson}/publish/",
        "admin-versions": f"/admin/learning/lesson/{lesson}/versions/",
        "admin-difference": f"/admin/learning/lesson/{lesson}/differences/",
        "admin-figure": f"/admin/learning/figure/{Figure.objects.get().pk}/change/",
        "admin-history": f"/admin/learning/lesson/{lesson}/history/",
        "admin-delete": f"/admin/gamification/achievement/{achievement}/delete/",
        "admin-workshop": workshop,
        "admin-workshop-block": f"{workshop}blocks/{chart}/?show=1",
        "admin-workshop-question": f"{workshop}questions/{question}/?show=1",
        "admin-person": f"/admin/accounts/user/{learner.pk}/change/",
        "admin-person-password": f"/admin/accounts/user/{learner.pk}/password/",
    }
