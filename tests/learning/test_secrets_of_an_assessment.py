"""What a paper is made of: an allow-list, tokens of its own, charts of one window.

That nothing else leaves the server before grading is shown for every page and person in `tests/secrecy/`.
"""

import datetime as dt
import itertools
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from learning import quiz_taking
from learning.models import Attempt, Lesson
from learning.publishing import publish
from learning.rules import Policy
from tests.factories.learning import answers_to, assessment, chart, content, make_gate, question

pytestmark = pytest.mark.django_db


def begin(user: User, lesson: Lesson) -> Attempt:
    return quiz_taking.begin(user_id=user.pk, lesson_id=lesson.pk, at=timezone.now())


def with_chart(right: str = "b") -> dict[str, Any]:
    """An assessment whose first question has a chart."""
    made = assessment(3, right=right)
    made["questions"][0]["chart"] = chart()
    return made


def chart_url(attempt: Attempt) -> str:
    token = next(q["token"] for q in attempt.paper["questions"] if q["chart"])
    return f"/attempts/{attempt.pk}/charts/{token}.json"


def test_after_grading_the_feedback_is_there(as_ash: Client, ash: User, gate: Lesson) -> None:
    attempt = begin(ash, gate)
    page = as_ash.post(f"/attempts/{attempt.pk}/submit/", answers_to(attempt, mistakes=1), follow=True)
    text = page.content.decode()
    assert "EXPLANATION-1" in text
    assert len(set(re.findall(r"FEEDBACK-\d-b", text))) == 4
    assert len(set(re.findall(r"FEEDBACK-\d-[ac]", text))) == 1


def test_the_stored_paper_is_an_allow_list(ash: User, gate: Lesson) -> None:
    publish(gate, content_data=content(), assessment_data=with_chart())
    paper = begin(ash, gate).paper
    assert set(paper) == {"level", "gate", "title", "questions"}
    for one in paper["questions"]:
        assert set(one) == {"id", "type", "prompt", "chart", "confidence", "token", "choices"}
        assert all(set(choice) == {"token", "id", "text"} for choice in one["choices"])
    assert not re.search("FEEDBACK|EXPLANATION|correct", json.dumps(paper))


def test_headers_do_not_tell_either(as_ash: Client, ash: User, gate: Lesson) -> None:
    attempt = begin(ash, gate)
    right, wrong = answers_to(attempt), answers_to(attempt, mistakes=5)
    told = []
    for answers in (right, wrong):
        one = dict(itertools.islice(answers.items(), 1))
        response = as_ash.post(f"/attempts/{attempt.pk}/save/", one)
        told.append((response.status_code, sorted(response.headers), response.content))
    assert told[0] == told[1]
    assert told[0][0] == 204


# --- Charts -------------------------------------------------------------------------------------------


def test_a_blocks_chart_has_the_bars_of_its_window_and_no_other(as_ash: Client, gate: Lesson) -> None:
    bars = as_ash.get("/learn/1/1/2/charts/1.json").json()["bars"]
    days = [dt.datetime.fromtimestamp(bar[0], dt.UTC).date().isoformat() for bar in bars]
    assert days == [f"2024-01-{day:02}" for day in range(5, 15)]
    assert [bar[1] for bar in bars] == list(range(104, 114))


@pytest.mark.parametrize("number", [1, 3])
def test_a_block_without_a_chart_has_no_chart_data(as_ash: Client, gate: Lesson, number: int) -> None:
    assert as_ash.get(f"/learn/1/1/{number}/charts/1.json").status_code == 404


def test_a_questions_chart_is_for_the_owner_of_the_attempt(
    as_ash: Client, as_brand: Client, ash: User, gate: Lesson
) -> None:
    publish(gate, content_data=content(), assessment_data=with_chart())
    attempt = begin(ash, gate)
    url = chart_url(attempt)
    assert len(as_ash.get(url).json()["bars"]) == 10
    assert as_brand.get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_question_without_a_chart_and_an_unknown_token_have_no_data(
    as_ash: Client, ash: User, gate: Lesson
) -> None:
    publish(gate, content_data=content(), assessment_data=with_chart())
    attempt = begin(ash, gate)
    plain = next(q["token"] for q in attempt.paper["questions"] if not q["chart"])
    for token in (plain, "nothing", "a" * 500):
        assert as_ash.get(f"/attempts/{attempt.pk}/charts/{token}.json").status_code == 404


def test_chart_data_may_be_kept_for_good_by_its_reader_alone(as_ash: Client, gate: Lesson) -> None:
    cache = as_ash.get("/learn/1/1/2/charts/1.json").headers["Cache-Control"]
    assert {"private", "immutable"} <= {part.strip() for part in cache.split(",")}


# --- Shuffling ----------------------------------------------------------------------------------------


def tokens(attempt: Attempt) -> set[str]:
    return {q["token"] for q in attempt.paper["questions"]} | {
        c["token"] for q in attempt.paper["questions"] for c in q["choices"]
    }


def test_tokens_of_two_attempts_have_nothing_in_common(ash: User, brand: User, gate: Lesson) -> None:
    mine, theirs = begin(ash, gate), begin(brand, gate)
    assert len(tokens(mine)) == len(tokens(theirs)) == 5 + 15
    assert not tokens(mine) & tokens(theirs)


def test_questions_and_choices_come_in_other_orders_in_other_attempts(gate: Lesson, ash: User) -> None:
    version = gate.versions.get()
    papers = [quiz_taking._paper(version, Policy(), {}) for _ in range(30)]
    assert len({tuple(q["id"] for q in paper["questions"]) for paper in papers}) > 3
    assert len({tuple(c["id"] for c in paper["questions"][0]["choices"]) for paper in papers}) > 2
    for paper in papers:
        assert {q["id"] for q in paper["questions"]} == {f"q{n}" for n in range(1, 6)}
        assert all({c["id"] for c in q["choices"]} == set("abc") for q in paper["questions"])


def test_where_the_right_answer_stood_in_the_file_does_not_matter(ash: User) -> None:
    chances = {right: set() for right in "abc"}  # type: dict[str, set[int]]
    for right in "abc":
        lesson = make_gate(1, "abc".index(right) + 1, questions=8, right=right)
        for one in quiz_taking._paper(lesson.versions.get(), Policy(), {})["questions"]:
            chances[right].add([c["id"] for c in one["choices"]].index(right))
    assert all(len(places) > 1 for places in chances.values())


def test_a_question_s_own_id_says_nothing_of_its_answer() -> None:
    one = question(1, "a")
    assert [choice["id"] for choice in one["choices"]] == ["a", "b", "c"]
