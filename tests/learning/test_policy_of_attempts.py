"""How many attempts, when, which one counts, and what is shown after."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from learning import quiz_taking
from learning.models import Attempt, Lesson, QuestionAnswer, UserProgress
from learning.rules import Policy, brier, least_seen, verdict
from tests.factories.learning import answers_to, assessment, make_gate, question, take

NOW = timezone.now()
INTRO = "/learn/1/1/assessment/"


def gate_with(db: None = None, **policy: Any) -> Lesson:
    return make_gate(assessment_data=assessment() | policy)


# --- How many, and when ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_there_are_as_many_attempts_as_the_author_allows(as_ash: Client, ash: User) -> None:
    lesson = gate_with(attempts=2)
    assert "2 attempts are left." in as_ash.get(INTRO).content.decode()
    take(ash, lesson, at=NOW, mistakes=5)
    assert "1 attempt is left." in as_ash.get(INTRO).content.decode()
    take(ash, lesson, at=NOW, mistakes=5)
    page = as_ash.get(INTRO).content.decode()
    assert "All attempts that this gate allows are made." in page
    assert "begin/" not in page
    assert as_ash.post(f"{INTRO}begin/").headers["Location"] == INTRO
    assert Attempt.objects.count() == 2


@pytest.mark.django_db
def test_an_attempt_that_is_open_is_gone_on_with(as_ash: Client, ash: User) -> None:
    lesson = gate_with(attempts=1)
    begun = quiz_taking.begin(user_id=ash.pk, lesson_id=lesson.pk, at=NOW)
    assert as_ash.post(f"{INTRO}begin/").headers["Location"] == begun.get_absolute_url()


@pytest.mark.django_db
def test_the_next_attempt_waits(as_ash: Client, ash: User) -> None:
    lesson = gate_with(wait_minutes=60)
    take(ash, lesson, at=NOW, mistakes=5)
    page = as_ash.get(INTRO).content.decode()
    assert "The next attempt may begin on" in page
    assert "begin/" not in page
    assert as_ash.post(f"{INTRO}begin/").headers["Location"] == INTRO
    with pytest.raises(quiz_taking.TooSoon):
        quiz_taking.begin(user_id=ash.pk, lesson_id=lesson.pk, at=NOW + dt.timedelta(minutes=59))
    later = quiz_taking.begin(user_id=ash.pk, lesson_id=lesson.pk, at=NOW + dt.timedelta(minutes=60))
    assert later.number == 2


# --- Which one counts -----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("counts", "mistakes", "score", "passed"),
    [
        ("best", (0, 5), 100, True),
        ("best", (5, 1), 80, True),
        ("last", (1, 5), 0, True),  # what was passed stays passed
        ("last", (5, 1), 80, True),
        ("first", (5, 0), 0, False),
        ("first", (0, 5), 100, True),
        ("average", (2, 0), 80, True),
        ("average", (5, 0), 50, False),
    ],
)
def test_the_score_that_counts(
    ash: User, counts: str, mistakes: tuple[int, ...], score: int, passed: bool
) -> None:
    lesson = gate_with(counts=counts)
    for wrong in mistakes:
        take(ash, lesson, at=NOW, mistakes=wrong)
    row = UserProgress.objects.get()
    assert (row.score, row.completed) == (score, passed)


@given(
    st.lists(st.integers(0, 100), max_size=8), st.integers(0, 100), st.sampled_from(["best", "last", "first"])
)
def test_no_score_counts_that_was_not_made(earlier: list[int], score: int, counts: Any) -> None:
    assert Policy(counts=counts).counted(score, earlier) in [*earlier, score]


@given(st.lists(st.fractions(0, 1), min_size=1, max_size=20), st.integers(1, 100))
def test_full_marks_are_the_only_hundred(credits: list[Fraction], pass_score: int) -> None:
    found = verdict(credits, Policy(pass_score=pass_score))
    assert (found.score == 100) is found.perfect
    assert found.passed is (found.score >= pass_score)


# --- What is shown --------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shown", "before", "after"),
    [("always", True, True), ("after_passing", False, True), ("never", False, False)],
)
def test_right_answers_are_shown_when_the_author_says(
    as_ash: Client, ash: User, shown: str, before: bool, after: bool
) -> None:
    lesson = gate_with(answers_shown=shown)
    first = take(ash, lesson, at=NOW, mistakes=5)
    page = as_ash.get(first.get_absolute_url()).content.decode()
    assert ("EXPLANATION-1" in page) is before
    assert ('class="theirs"' in page) is before
    assert "FEEDBACK-1-" in page, "what is said of the answer given is always shown"
    take(ash, lesson, at=NOW)
    assert ("EXPLANATION-1" in as_ash.get(first.get_absolute_url()).content.decode()) is after


# --- Pools ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_another_attempt_draws_what_was_not_seen(ash: User) -> None:
    lesson = gate_with(draw=2)
    drawn = [
        {one["id"] for one in take(ash, lesson, at=NOW, mistakes=2).paper["questions"]} for _ in range(3)
    ]
    assert [len(paper) for paper in drawn] == [2, 2, 2]
    assert not drawn[0] & drawn[1]
    assert len(drawn[2] - drawn[0] - drawn[1]) == 1  # the fifth, and one seen once


@given(
    st.permutations(list("abcdef")),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5)),
    st.integers(1, 6),
)
def test_the_least_seen_come_first(pool: list[str], seen: dict[str, int], count: int) -> None:
    drawn = least_seen(pool, seen, count)
    assert len(set(drawn)) == count
    left = set(pool) - set(drawn)
    assert max(seen.get(one, 0) for one in drawn) <= min((seen.get(one, 0) for one in left), default=99)


@pytest.mark.django_db
def test_a_paper_is_not_longer_than_its_pool() -> None:
    with pytest.raises(ValueError, match="fewer questions"):
        gate_with(draw=6)


# --- How sure, how long ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_how_sure_somebody_was_is_kept_and_shown(as_ash: Client, ash: User) -> None:
    lesson = make_gate(assessment_data={"questions": [question(1) | {"confidence": True}, question(2)]})
    begun = quiz_taking.begin(user_id=ash.pk, lesson_id=lesson.pk, at=NOW)
    assert begun.number == 1
    asked = {one["id"]: one["token"] for one in begun.paper["questions"]}
    page = as_ash.get(begun.get_absolute_url()).content.decode()
    assert f'name="{asked["q1"]}-sure"' in page
    assert f'name="{asked["q2"]}-sure"' not in page
    as_ash.post(f"/attempts/{begun.pk}/save/", {f"{asked['q1']}-sure": "80"})
    assert 'value="80" checked' in as_ash.get(begun.get_absolute_url()).content.decode()
    sent = answers_to(begun) | {f"{asked['q2']}-sure": "99"}
    result = as_ash.post(f"/attempts/{begun.pk}/submit/", sent, follow=True).content.decode()
    assert "you were 80 % sure" in result
    kept = dict(QuestionAnswer.objects.values_list("question", "confidence"))
    assert kept == {"q1": 80, "q2": None}


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["", "0", "101", "85", "much", "NaN"])
def test_only_what_is_offered_is_taken(as_ash: Client, ash: User, said: str) -> None:
    lesson = make_gate(assessment_data={"questions": [question(1) | {"confidence": True}]})
    begun = quiz_taking.begin(user_id=ash.pk, lesson_id=lesson.pk, at=NOW)
    token = begun.paper["questions"][0]["token"]
    as_ash.post(f"/attempts/{begun.pk}/submit/", answers_to(begun) | {f"{token}-sure": said})
    assert QuestionAnswer.objects.get().confidence is None


def test_nobody_does_better_than_by_saying_what_they_believe() -> None:
    for belief in (50, 60, 70, 80, 90, 99):
        expected = {
            said: belief / 100 * brier(said, correct=True) + (1 - belief / 100) * brier(said, correct=False)
            for said in (50, 60, 70, 80, 90, 99)
        }
        assert min(expected, key=lambda said: expected[said]) == belief


@pytest.mark.django_db
def test_time_goes_to_the_question_that_was_answered(ash: User) -> None:
    lesson = gate_with()
    begun = quiz_taking.begin(user_id=ash.pk, lesson_id=lesson.pk, at=NOW)
    answers = {token: [value] for token, value in answers_to(begun).items()}
    (first, given), (second, other), *rest = answers.items()
    at = NOW
    for token, value, seconds in ((first, given, 20), (second, other, 40)):
        at += dt.timedelta(seconds=seconds)
        quiz_taking.save_answers(user_id=ash.pk, attempt_id=begun.pk, answers={token: value}, at=at)
    quiz_taking.submit(user_id=ash.pk, attempt_id=begun.pk, answers=dict(rest), at=at + dt.timedelta(hours=1))
    by_token = {one["token"]: one["id"] for one in begun.paper["questions"]}
    kept = dict(QuestionAnswer.objects.values_list("question", "seconds"))
    assert (kept[by_token[first]], kept[by_token[second]]) == (20, 40)
    assert (
        sum(seconds or 0 for seconds in kept.values()) == 20 + 40 + 180
    )  # an hour away counts as three minutes


@pytest.mark.django_db
def test_each_answer_is_kept_in_the_questions_own_words(ash: User) -> None:
    lesson = gate_with()
    take(ash, lesson, at=NOW, mistakes=1)
    rows = list(QuestionAnswer.objects.order_by("credit").values_list("topic", "kind", "credit", "keys"))
    assert len(rows) == 5
    assert rows[0][:3] == ("risk", "single_choice", Decimal(0))
    assert rows[0][3] in (["a"], ["c"])
    assert {tuple(keys) for *_, keys in rows[1:]} == {("b",)}
