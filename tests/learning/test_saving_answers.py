"""Answers are kept while a paper is open: from two tabs, and never anything that the paper does not offer."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from learning import papers, quiz_taking
from learning.models import Attempt, AttemptState, Lesson
from tests.conftest import Counted
from tests.factories.learning import answers_to, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(ash: User, gate: Lesson) -> Attempt:
    """Ash's open attempt."""
    return quiz_taking.begin(user_id=ash.pk, lesson_id=gate.pk, at=timezone.now())


def save(client: Client, attempt: Attempt, answers: dict[str, str]) -> None:
    response = client.post(f"/attempts/{attempt.pk}/save/", answers)
    assert (response.status_code, response.content) == (204, b"")


def kept(attempt: Attempt) -> dict[str, str]:
    answers: dict[str, str] = Attempt.objects.get(pk=attempt.pk).answers
    return answers


def test_a_choice_is_kept_and_marked_when_the_page_is_opened_again(as_ash: Client, paper: Attempt) -> None:
    token, choice = next(iter(answers_to(paper).items()))
    save(as_ash, paper, {token: choice})
    assert kept(paper) == {token: choice}
    page = as_ash.get(f"/attempts/{paper.pk}/").content.decode()
    marked = re.findall(r'name="([^"]+)" value="([^"]+)"[^>]* checked', page)
    assert marked == [(token, choice)]


def test_two_tabs_that_answer_different_questions_both_keep_theirs(as_ash: Client, paper: Attempt) -> None:
    first, second, *_ = answers_to(paper).items()
    save(as_ash, paper, dict([first]))
    save(as_ash, paper, dict([second]))
    assert kept(paper) == dict([first, second])


def test_a_changed_mind_replaces_the_answer(as_ash: Client, paper: Attempt) -> None:
    right, wrong = answers_to(paper), answers_to(paper, mistakes=5)
    token = next(iter(right))
    save(as_ash, paper, {token: wrong[token]})
    save(as_ash, paper, {token: right[token]})
    assert kept(paper) == {token: right[token]}


def test_an_empty_save_keeps_what_was_there(as_ash: Client, paper: Attempt) -> None:
    answers = answers_to(paper)
    save(as_ash, paper, answers)
    save(as_ash, paper, {})
    assert kept(paper) == answers


def test_what_the_paper_does_not_offer_is_passed_over(
    as_ash: Client, paper: Attempt, brand: User, gate: Lesson
) -> None:
    theirs = quiz_taking.begin(user_id=brand.pk, lesson_id=gate.pk, at=timezone.now())
    first, second, *_ = paper.paper["questions"]
    for foreign in (
        answers_to(theirs),
        {first["token"]: second["choices"][0]["token"]},
        {first["token"]: ""},
        {first["token"]: "b"},
        {first["token"]: "x" * 10_000},
        {"q1": "b", "state": "submitted", "score": "100"},
    ):
        save(as_ash, paper, foreign)
        assert kept(paper) == {}


def test_somebody_elses_paper_is_not_touched_and_answers_as_if_it_were_not_there(
    as_brand: Client, paper: Attempt
) -> None:
    before = Attempt.objects.filter(pk=paper.pk).values().get()
    for attempt_id in (paper.pk, uuid.uuid4()):
        assert as_brand.post(f"/attempts/{attempt_id}/save/", answers_to(paper)).status_code == 404
    assert Attempt.objects.filter(pk=paper.pk).values().get() == before


def test_a_paper_that_was_handed_in_keeps_its_answers(as_ash: Client, ash: User, gate: Lesson) -> None:
    attempt = take(ash, gate, at=timezone.now(), mistakes=1)
    before = Attempt.objects.filter(pk=attempt.pk).values().get()
    save(as_ash, attempt, answers_to(attempt))
    assert Attempt.objects.filter(pk=attempt.pk).values().get() == before


def test_saved_answers_count_when_the_paper_is_handed_in_without_them(as_ash: Client, paper: Attempt) -> None:
    answers = answers_to(paper)
    save(as_ash, paper, dict(list(answers.items())[:4]))
    as_ash.post(f"/attempts/{paper.pk}/submit/", dict(list(answers.items())[4:]))
    found = Attempt.objects.get(pk=paper.pk)
    assert (found.state, found.score, found.answers) == (AttemptState.SUBMITTED, 100, answers)


def test_answers_of_a_paper_that_came_back_incomplete_are_kept(as_ash: Client, paper: Attempt) -> None:
    some = dict(list(answers_to(paper).items())[:3])
    assert as_ash.post(f"/attempts/{paper.pk}/submit/", some).status_code == 422
    assert kept(paper) == some
    assert Attempt.objects.get(pk=paper.pk).state == AttemptState.OPEN


def test_saving_counts_the_time_up_to_the_limit(ash: User, paper: Attempt) -> None:
    at = paper.started_at + dt.timedelta(minutes=2)
    quiz_taking.save_answers(user_id=ash.pk, attempt_id=paper.pk, answers={}, at=at)
    quiz_taking.save_answers(user_id=ash.pk, attempt_id=paper.pk, answers={}, at=at + dt.timedelta(hours=2))
    assert Attempt.objects.get(pk=paper.pk).time_spent == dt.timedelta(minutes=5)


def test_saving_says_whether_the_paper_was_open(ash: User, paper: Attempt) -> None:
    now, answers = timezone.now(), papers.filled_in(paper, mistakes=0)
    assert quiz_taking.save_answers(user_id=ash.pk, attempt_id=paper.pk, answers=answers, at=now) is True
    quiz_taking.submit(user_id=ash.pk, attempt_id=paper.pk, answers=answers, at=now)
    assert quiz_taking.save_answers(user_id=ash.pk, attempt_id=paper.pk, answers=answers, at=now) is False


def test_saving_is_a_post(as_ash: Client, paper: Attempt) -> None:
    assert as_ash.get(f"/attempts/{paper.pk}/save/").status_code == 405


def test_queries_of_a_save(as_ash: Client, paper: Attempt, counted: Counted) -> None:
    # Session and person 2, savepoint of the request 2, the attempt 1, the merge 1.
    with counted(6):
        save(as_ash, paper, answers_to(paper))
