"""What somebody's own answers tell them."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from learning import quiz_taking
from learning.insights import insights_of
from tests.conftest import Counted
from tests.factories.learning import make_gate, make_topic, question, take

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def said(user: User, sure: dict[int, int], mistakes: set[int]) -> None:
    """A paper whose questions are answered with this confidence by number, those in `mistakes` wrong."""
    asked = [question(n) | {"confidence": True} for n in sure]
    lesson = make_gate(1, 9, assessment_data={"questions": asked})
    begun = quiz_taking.begin(user_id=user.pk, lesson_id=lesson.pk, at=NOW)
    form: dict[str, list[str]] = {}
    for paper in begun.paper["questions"]:
        number = int(paper["id"][1:])
        wanted = "a" if number in mistakes else "b"
        form[paper["token"]] = [next(c["token"] for c in paper["choices"] if c["id"] == wanted)]
        form[f"{paper['token']}-sure"] = [str(sure[number])]
    quiz_taking.submit(user_id=user.pk, attempt_id=begun.pk, answers=form, at=NOW)


def test_topics_come_the_weakest_first(as_ash: Client, ash: User) -> None:
    make_topic("orders")
    strong = [question(n) | {"topic": "orders"} for n in (1, 2)]
    take(ash, make_gate(assessment_data={"questions": strong}), at=NOW)
    take(ash, make_gate(1, 2), at=NOW, mistakes=4)
    found = [(line.title, line.answers, line.percent) for line in insights_of(ash.pk).topics]
    assert found == [("Risk", 5, 20), ("Orders", 2, 100)]
    page = as_ash.get("/path/insights/").content.decode()
    assert page.index("Risk</th>") < page.index("Orders</th>")


def test_calibration_is_what_came_of_what_was_said(as_ash: Client, ash: User) -> None:
    said(ash, {1: 80, 2: 80, 3: 80, 4: 80, 5: 50, 6: 50}, mistakes={4, 5})
    found = insights_of(ash.pk)
    lines = [(line.confidence, line.answers, line.right) for line in found.calibration]
    assert lines == [(50, 2, 50), (80, 4, 75)]
    assert found.score == pytest.approx((3 * 0.04 + 0.64 + 2 * 0.25) / 6)
    page = as_ash.get("/path/insights/").content.decode()
    assert 'cx="160"' in page
    assert "75 %" in page


def test_a_few_answers_are_not_drawn(as_ash: Client, ash: User) -> None:
    said(ash, {1: 80}, mistakes=set())
    page = as_ash.get("/path/insights/").content.decode()
    assert "After five such answers" in page
    assert "<circle" not in page.partition("<main")[2]


def test_nobody_sees_anothers(as_brand: Client, ash: User) -> None:
    take(ash, make_gate(), at=NOW)
    assert "Nothing to tell yet" in as_brand.get("/path/insights/").content.decode()


def test_queries_stay_the_same(as_ash: Client, ash: User, counted: Counted) -> None:
    take(ash, make_gate(), at=NOW)
    with counted(4 + 3):
        as_ash.get("/path/insights/")
    for number in range(2, 6):
        take(ash, make_gate(1, number), at=NOW)
    with counted(4 + 3):
        as_ash.get("/path/insights/")
