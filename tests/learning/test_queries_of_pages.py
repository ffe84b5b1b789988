"""Queries of the learner's pages: itemised, and the same with one gate and with twenty."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from gamification import catalogue
from learning import quiz_taking
from learning.models import Attempt, Lesson
from tests.factories.gamification import PRODUCT
from tests.factories.learning import make_gate, take

pytestmark = pytest.mark.django_db

# Session and person 2 and the request's savepoint 2 are in every figure.
PAGES = {
    # the gates with plan and progress 1, levels 1, bookmarks 1
    "/path/": 4 + 3,
    # the path 2, streak 1, weekly score 1 and its rank 1, ledger 1, achievements 1
    "/dashboard/": 4 + 7,
    # streak, total, facts, unlocked, achievements
    "/achievements/": 4 + 5,
    # lesson 1, access 1, assessment 1, progress 1, attempts 1
    "/learn/1/1/assessment/": 4 + 5,
    # lesson 1, progress 1
    "/learn/1/1/": 4 + 2,
    # lesson 1, access 1, titles and block and how far one has come 1, note and bookmark and rating 1
    "/learn/1/1/2/": 4 + 4,
    "/learn/1/1/2/charts/1.json": 4 + 3,
    # attempt 1, the path 2 for what to do next, ratings 2
    "result": 4 + 5,
    # notes 1, bookmarks 1, access 1; blocks 1 where there are notes
    "/notes/": 4 + 3,
    # reports 1
    "/reports/": 4 + 1,
    # terms 1
    "/glossary/": 4 + 1,
    # attempt 1, access 1
    "paper": 4 + 2,
}


@pytest.fixture
def history(request: pytest.FixtureRequest, ash: User) -> dict[str, str]:
    """A course of so many gates, most of them done twice, and the addresses of Ash's attempts."""
    catalogue.load(PRODUCT)
    lessons: list[Lesson] = []
    for n in range(request.param):
        lessons.append(make_gate(1 + n // 10, 1 + n % 10, requires=lessons[-1:]))
    for lesson in lessons[:-1] or lessons:
        take(ash, lesson, at=timezone.now(), mistakes=1)
        take(ash, lesson, at=timezone.now())
    submitted = Attempt.objects.filter(user=ash).earliest("started_at")
    opened = quiz_taking.begin(user_id=ash.pk, lesson_id=lessons[0].pk, at=timezone.now())
    return {"result": submitted.get_absolute_url(), "paper": opened.get_absolute_url()}


@pytest.mark.parametrize("history", [1, 20], indirect=True)
def test_the_queries_of_a_page_do_not_grow_with_the_course(as_ash: Client, history: dict[str, str]) -> None:
    found, listed = {}, ""
    for page, expected in PAGES.items():
        with CaptureQueriesContext(connection) as captured:
            assert as_ash.get(history.get(page, page)).status_code in (200, 302)
        found[page] = len(captured)
        if len(captured) != expected:
            listed += f"\n{page}\n" + "\n".join(q["sql"][:160] for q in captured.captured_queries)
    assert found == PAGES, listed


def test_no_page_needs_more_than_ten_queries_of_its_own() -> None:
    assert {page for page, queries in PAGES.items() if queries - 4 > 10} == set()
