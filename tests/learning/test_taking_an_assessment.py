"""From the first question to the result, over HTTP."""

import re

import pytest
from django.test import Client

from accounts.models import User, UserProfile
from gamification.models import XpEvent
from learning.models import Attempt, AttemptState, Lesson, UserProgress
from tests.conftest import Counted
from tests.factories.learning import answers_to

pytestmark = pytest.mark.django_db


def begin(client: Client, lesson: Lesson) -> Attempt:
    response = client.post(f"/learn/{lesson.level_id}/{lesson.gate_id}/assessment/begin/")
    assert response.status_code == 302
    return Attempt.objects.select_related("version").get(pk=response.headers["Location"].split("/")[2])


def test_passing_pays_once_and_shows_what_was_earned(as_ash: Client, ash: User, gate: Lesson) -> None:
    attempt = begin(as_ash, gate)
    response = as_ash.post(f"/attempts/{attempt.pk}/submit/", answers_to(attempt), follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == f"/attempts/{attempt.pk}/result/"
    assert "100" in page
    assert "EXPLANATION-1" in page
    assert UserProfile.objects.get(pk=ash.pk).total_xp == 600
    progress = UserProgress.objects.get(user=ash)
    assert (progress.completed, progress.score, progress.attempts_count) == (True, 100, 1)


def test_a_second_submit_gives_the_same_result_and_nothing_more(
    as_ash: Client, ash: User, gate: Lesson
) -> None:
    attempt = begin(as_ash, gate)
    for _ in range(2):
        response = as_ash.post(f"/attempts/{attempt.pk}/submit/", answers_to(attempt))
        assert response.headers["Location"] == f"/attempts/{attempt.pk}/result/"
    assert XpEvent.objects.filter(user=ash).count() == 2
    assert UserProfile.objects.get(pk=ash.pk).total_xp == 600


def test_failing_pays_nothing_and_offers_another_try(as_ash: Client, ash: User, gate: Lesson) -> None:
    attempt = begin(as_ash, gate)
    response = as_ash.post(f"/attempts/{attempt.pk}/submit/", answers_to(attempt, mistakes=3), follow=True)
    assert "/learn/1/1/assessment/" in response.content.decode()
    assert not XpEvent.objects.filter(user=ash).exists()
    assert UserProgress.objects.get(user=ash).completed is False


def test_left_out_questions_bring_the_paper_back_with_an_error_at_each(as_ash: Client, gate: Lesson) -> None:
    attempt = begin(as_ash, gate)
    answers = answers_to(attempt)
    left_out, kept, *_ = answers
    del answers[left_out]
    response = as_ash.post(f"/attempts/{attempt.pk}/submit/", answers)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Question 1: choose an answer" in page
    assert re.search(rf'value="{answers[kept]}"[^>]*\bchecked\b', page)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN


def test_two_tabs_share_one_attempt(as_ash: Client, gate: Lesson) -> None:
    assert begin(as_ash, gate).pk == begin(as_ash, gate).pk


def test_a_strangers_attempt_does_not_exist(as_ash: Client, as_brand: Client, gate: Lesson) -> None:
    attempt = begin(as_ash, gate)
    for path in ("", "result/"):
        assert as_brand.get(f"/attempts/{attempt.pk}/{path}").status_code == 404
    assert as_brand.post(f"/attempts/{attempt.pk}/submit/", answers_to(attempt)).status_code == 404


def test_nothing_about_right_answers_is_on_the_paper(as_ash: Client, gate: Lesson) -> None:
    attempt = begin(as_ash, gate)
    page = as_ash.get(f"/attempts/{attempt.pk}/").content.decode()
    assert "Question 1?" in page
    assert "FEEDBACK" not in page
    assert "EXPLANATION" not in page


def test_queries_of_a_submit(as_ash: Client, gate: Lesson, counted: Counted) -> None:
    attempt = begin(as_ash, gate)
    # Session and person 2, paper and lesson 1, access 1, progress 4, profile 1, streak 2,
    # ledger 1, activity log 1, facts 1, achievements 1, attempt 1; savepoints of request and service 4.
    with counted(20):
        as_ash.post(f"/attempts/{attempt.pk}/submit/", answers_to(attempt))
