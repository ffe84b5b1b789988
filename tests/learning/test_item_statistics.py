"""A cohort whose answers are known gives the figures worked out by hand."""

import datetime as dt
from itertools import pairwise
from statistics import correlation
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from learning import item_statistics, quiz_taking
from learning.item_statistics import Key, doubts
from learning.models import Lesson, QuestionStatistics
from learning.tasks import compute_statistics
from tests.factories.accounts import UserFactory
from tests.factories.learning import make_gate, question

pytestmark = pytest.mark.django_db
NOW = timezone.now()
# What each of ten people chose in each of four questions; `b` is right. The first one the able get wrong:
# whoever has the others right falls for `c`.
CHOSEN = ["cbbb", "cbbb", "cbbb", "cbbb", "cbba", "bbaa", "baba", "baaa", "baaa", "baaa"]


def answer(user: User, lesson: Lesson, chosen: str, at: dt.datetime = NOW) -> None:
    """Hand in a paper with these choices, one a question in the order of the lesson."""
    begun = quiz_taking.begin(user_id=user.pk, lesson_id=lesson.pk, at=at)
    form: dict[str, list[str]] = {}
    for paper in begun.paper["questions"]:
        wanted = chosen[int(paper["id"][1:]) - 1]
        form[paper["token"]] = [next(c["token"] for c in paper["choices"] if c["id"] == wanted)]
    quiz_taking.submit(user_id=user.pk, attempt_id=begun.pk, answers=form, at=at)


@pytest.fixture
def cohort(db: None) -> Lesson:
    asked = [question(n) for n in range(1, 5)]
    asked[0]["choices"][2]["misconception"] = "stop-is-a-price"
    lesson = make_gate(assessment_data={"questions": asked})
    for chosen in CHOSEN:
        answer(UserFactory.create(), lesson, chosen)
    return lesson


def found(number: int) -> QuestionStatistics:
    return QuestionStatistics.objects.get(question=f"q{number}")


def test_the_figures_of_a_known_cohort(cohort: Lesson) -> None:
    assert compute_statistics() == 4
    for number in range(1, 5):
        credit = [float(chosen[number - 1] == "b") for chosen in CHOSEN]
        rest = [
            sum(one == "b" for place, one in enumerate(chosen, start=1) if place != number) / 3
            for chosen in CHOSEN
        ]
        row = found(number)
        assert row.answers == 10
        assert row.facility == pytest.approx(sum(credit) / 10)
        assert row.discrimination == pytest.approx(correlation(credit, rest))
    assert found(1).facility == 0.5
    assert (found(1).discrimination or 0) < -0.8


def test_wrong_answers_are_told_with_who_is_drawn_to_them(cohort: Lesson) -> None:
    item_statistics.compute(at=NOW, lesson_id=cohort.pk)
    wrong, right = sorted(found(1).keys, key=lambda key: str(key["key"]), reverse=True)
    assert (wrong["key"], wrong["count"], wrong["share"]) == ("c", 5, 0.5)
    assert wrong["goes_with_rest"] > 0.8
    assert wrong["misconceptions"] == ["stop-is-a-price"]
    assert (right["key"], right["misconceptions"]) == ("b", [])


def test_only_the_first_answer_of_each_counts(cohort: Lesson) -> None:
    user = UserFactory.create()
    answer(user, cohort, "aaaa")
    item_statistics.compute(at=NOW)
    before = found(2).facility
    answer(user, cohort, "bbbb", NOW + dt.timedelta(days=1))
    item_statistics.compute(at=NOW)
    assert found(2).facility == before


def test_computing_again_replaces_what_was_known(cohort: Lesson) -> None:
    item_statistics.compute(at=NOW)
    later = timezone.now()
    item_statistics.compute(at=later)
    assert QuestionStatistics.objects.count() == 4
    assert found(1).computed_at == later


def test_without_answers_there_is_nothing(gate: Lesson) -> None:
    assert compute_statistics() == 0


@pytest.mark.parametrize(
    ("answers", "facility", "discrimination", "keys", "expected"),
    [
        (19, 0.0, -1.0, [], ()),
        (20, 0.6, 0.4, [], ()),
        (20, 0.6, None, [], ()),
        (20, 0.6, -0.2, [], ("negative",)),
        (20, 0.1, 0.05, [], ("tells-little", "too-hard")),
        (20, 0.98, 0.3, [], ("too-easy",)),
        (20, 0.6, 0.4, [Key("c", 6, 0.5, 0.0, ())], ("wrong-attracts-the-able",)),
        (20, 0.6, 0.4, [Key("c", 4, 0.5, 0.0, ())], ()),
        (20, 0.6, 0.4, [Key("b", 9, 0.5, 1.0, ())], ()),
    ],
)
def test_what_is_dubious(
    answers: int, facility: float, discrimination: float | None, keys: Any, expected: tuple[str, ...]
) -> None:
    assert doubts(answers, facility, discrimination, keys) == expected


# --- Staff ----------------------------------------------------------------------------------------------


def test_staff_see_the_dubious_ones_first(as_sol: Client, cohort: Lesson) -> None:
    item_statistics.compute(at=NOW)
    QuestionStatistics.objects.filter(question="q3").update(doubts=["negative"])
    page = as_sol.get("/admin/learning/questionstatistics/").content.decode()
    places = [page.index(f">q{number}<") for number in (3, 1)]
    assert all(one < other for one, other in pairwise(places))


def test_staff_compute_on_demand(as_sol: Client, cohort: Lesson) -> None:
    form = {"action": "compute_statistics", "_selected_action": [str(cohort.pk)]}
    answered = as_sol.post("/admin/learning/lesson/", form, follow=True)
    assert "4 questions" in answered.content.decode()
    assert QuestionStatistics.objects.count() == 4
