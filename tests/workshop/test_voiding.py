"""A broken question is taken out for everybody: from new papers, open ones and past results."""

import pytest
from django.test import Client

from accounts.models import User
from learning import insights, quiz_taking
from learning.models import Attempt, Lesson, QuestionAnswer, Regrading, RegradingMode, VoidedQuestion
from learning.tasks import compute_statistics, regrade
from learning.workshop import regrading, voiding
from tests.factories.learning import assessment, make_gate
from tests.workshop.cohort import (
    HOUR,
    NOW,
    all_is_exact,
    answer,
    begun,
    handed_in,
    ledger,
    progress,
    published,
    published_as,
    told,
    total,
    written,
)

pytestmark = pytest.mark.django_db
FORM = {"does": "void", "words": "Two answers are right.", "mode": "raise"}


def page(lesson: Lesson, question: str = "") -> str:
    return f"/admin/learning/lesson/{lesson.pk}/results/" + (f"void/{question}/" if question else "")


def voided(lesson: Lesson, question: str, by: User, mode: RegradingMode = RegradingMode.RAISE) -> Regrading:
    made = voiding.void(lesson, question, mode=mode, words="Two answers are right.", by=by.pk)
    regrading.work(at=NOW + HOUR)
    made.refresh_from_db()
    return made


def lines(lesson: Lesson) -> list[str]:
    """The ids of the questions on a new paper."""
    attempt = Attempt.objects.filter(lesson=lesson, state="open").get()
    return sorted(one["id"] for one in attempt.paper["questions"])


# --- Over HTTP -----------------------------------------------------------------------------------------


def test_staff_see_what_if_give_the_reason_and_void(
    gate: Lesson, ash: User, as_sol: Client, as_ash: Client
) -> None:
    failed = answer(ash, gate, "cabbb")
    seen = as_sol.get(page(gate, "q1")).content.decode()
    assert "1 attempt was looked at" in seen
    assert "Nobody&#x27;s result would change." not in seen
    sent = as_sol.post(page(gate, "q1"), FORM, follow=True)
    assert "past results are graded again" in sent.content.decode()
    assert "No: Two answers are right." in sent.content.decode()
    assert "waiting for the job" in sent.content.decode()
    assert regrade() == 1
    failed.refresh_from_db()
    assert (failed.score, failed.passed) == (75, False)
    result = as_ash.get(failed.get_absolute_url()).content.decode()
    assert "60 % → 75 %. Two answers are right." in result
    assert "This question does not count." in result
    assert "3 of 4 correct." in result
    assert "finished" in as_sol.get(page(gate)).content.decode()
    assert all_is_exact()


def test_without_a_reason_or_a_mode_nothing_is_voided(gate: Lesson, as_sol: Client) -> None:
    for lacks in ("words", "mode", "does"):
        answered = as_sol.post(page(gate, "q1"), {**FORM, lacks: ""})
        assert answered.status_code == 422, lacks
    assert not VoidedQuestion.objects.exists()


def test_what_is_not_there_is_not_found(gate: Lesson, as_sol: Client) -> None:
    assert as_sol.get(page(gate, "no-such-question")).status_code == 404
    assert as_sol.post(page(gate, "no-such-question"), FORM).status_code == 404


def test_to_void_twice_or_the_last_one_is_refused_in_words(gate: Lesson, as_sol: Client) -> None:
    for n in range(1, 5):
        as_sol.post(page(gate, f"q{n}"), FORM)
    refused = as_sol.post(page(gate, "q5"), FORM, follow=True).content.decode()
    assert "It is the last question that counts." in refused
    again = as_sol.post(page(gate, "q1"), FORM, follow=True).content.decode()
    assert "Somebody else was faster" in again
    assert VoidedQuestion.objects.count() == Regrading.objects.count() == 4


def test_dubious_questions_come_first(gate: Lesson, ash: User, as_sol: Client) -> None:
    answer(ash, gate, "bbbbb")
    compute_statistics()
    gate.statistics.filter(question="q4").update(doubts=["too-hard"])
    seen = as_sol.get(page(gate)).content.decode()
    assert seen.index("Question 4?") < seen.index("Question 1?")
    assert "hardly anybody gets it right" in seen


# --- New and open papers -------------------------------------------------------------------------------


def test_a_new_paper_leaves_it_out_and_the_introduction_counts_without(
    gate: Lesson, ash: User, as_ash: Client, sol: User
) -> None:
    voided(gate, "q3", sol)
    assert "<dt>Questions</dt><dd>4</dd>" in as_ash.get("/learn/1/1/assessment/").content.decode()
    begun(ash, gate)
    assert lines(gate) == ["q1", "q2", "q4", "q5"]


def test_on_an_open_paper_it_may_be_left_out_and_does_not_count(
    gate: Lesson, ash: User, as_ash: Client, sol: User
) -> None:
    opened = begun(ash, gate)
    assert "This question does not count." not in as_ash.get(opened.get_absolute_url()).content.decode()
    voided(gate, "q1", sol)
    assert as_ash.get(opened.get_absolute_url()).content.decode().count("This question does not count.") == 1
    graded = handed_in(opened, " bbbb")
    assert (graded.score, told(graded)["total"], told(graded)["perfect"]) == (100, 4, True)
    assert ledger(ash) == [("gate", 500), ("perfect", 100)]
    assert "q1" not in QuestionAnswer.objects.values_list("question", flat=True)
    assert as_ash.get(graded.get_absolute_url()).status_code == 200
    assert all_is_exact()


def test_what_counts_must_still_be_answered(gate: Lesson, ash: User, as_ash: Client, sol: User) -> None:
    opened = begun(ash, gate)
    voided(gate, "q1", sol)
    with pytest.raises(quiz_taking.Unanswered) as unanswered:
        handed_in(opened, "  bbb")
    assert len(unanswered.value.lacks) == 1
    sent = as_ash.post(f"{opened.get_absolute_url()}submit/", {})
    assert sent.content.decode().count("This question does not count.") == 1


def test_a_paper_of_which_nothing_would_count_counts_as_it_is(ash: User, sol: User) -> None:
    gate = make_gate(assessment_data=assessment(questions=2) | {"draw": 1})
    opened = begun(ash, gate)
    (asked,) = (one["id"] for one in opened.paper["questions"])
    voided(gate, asked, sol)
    assert handed_in(opened, "bb").score == 100


# --- Past results --------------------------------------------------------------------------------------


def test_past_results_are_graded_without_it(gate: Lesson, ash: User, brand: User, sol: User) -> None:
    answer(ash, gate, "cabbb")
    answer(brand, gate, "bbbaa")
    order = voided(gate, "q1", sol)
    assert (progress(ash, gate).score, progress(brand, gate).score) == (75, 60)
    assert (order.learners, order.attempts_changed) == (2, 1)
    assert insights.insights_of(ash.pk).answers == 4
    assert insights.insights_of(brand.pk).answers == 5
    assert all_is_exact()


def test_a_pass_and_a_perfect_attempt_may_come_of_it(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "cbbbb")
    voided(gate, "q1", sol)
    assert ledger(ash) == [("gate", 500), ("perfect", 100)]
    assert told(Attempt.objects.get())["regraded"][0]["xp"] == 100
    assert all_is_exact()


def test_downwards_too_if_the_author_wants_it(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "bbbba")
    order = voided(gate, "q1", sol, RegradingMode.ALL)
    assert (progress(ash, gate).score, progress(ash, gate).completed) == (75, False)
    assert (order.passes_lost, order.xp, total(ash)) == (1, -500, 0)
    assert all_is_exact()


def test_taken_back_it_counts_again(gate: Lesson, ash: User, as_sol: Client, sol: User) -> None:
    answer(ash, gate, "bbbba")
    voided(gate, "q1", sol, RegradingMode.ALL)
    seen = as_sol.get(page(gate, "q1")).content.decode()
    assert "Let it count again" in seen
    as_sol.post(page(gate, "q1"), {"does": "count_again", "words": "It was right.", "mode": "all"})
    assert regrade() == 1
    assert not VoidedQuestion.objects.exists()
    assert (progress(ash, gate).score, total(ash)) == (80, 500)
    assert QuestionAnswer.objects.filter(question="q1").get().topic == "risk"
    words = [one["words"] for one in told(Attempt.objects.get())["regraded"]]
    assert words == ["Two answers are right.", "It was right."]
    with pytest.raises(voiding.NotVoided):
        voiding.count_again(gate, "q1", mode=RegradingMode.ALL, words="Again.", by=sol.pk)
    assert all_is_exact()


def test_who_left_it_out_has_it_count_never(gate: Lesson, ash: User, sol: User) -> None:
    opened = begun(ash, gate)
    voided(gate, "q1", sol)
    handed_in(opened, " bbbb")
    voiding.count_again(gate, "q1", mode=RegradingMode.ALL, words="It was right.", by=sol.pk)
    regrading.work(at=NOW + HOUR)
    opened.refresh_from_db()
    assert (opened.score, told(opened)["total"]) == (100, 4)


def test_each_attempt_keeps_the_policy_it_was_graded_by(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "bbbba")
    published_as(gate, written(gate, pass_score=90))
    voided(gate, "q5", sol, RegradingMode.ALL)
    attempt = Attempt.objects.get()
    assert (attempt.score, attempt.passed, told(attempt)["pass_score"]) == (100, True, 80)
    assert all_is_exact()


def test_a_question_that_is_asked_no_more_can_be_voided_too(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "bbbba")
    published_as(gate, assessment(questions=4))
    voided(gate, "q5", sol)
    assert progress(ash, gate).score == 100
    with pytest.raises(KeyError):
        voiding.void(gate, "q9", mode=RegradingMode.RAISE, words="Why?", by=sol.pk)


def test_a_regrading_by_a_new_version_leaves_voided_questions_out(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "cabbb")
    voided(gate, "q1", sol)
    version = published(gate, q2="a")
    regrading.request(gate, version=version, mode="raise", words="The key was wrong.", by=sol.pk)
    regrading.work(at=NOW + HOUR)
    assert (progress(ash, gate).score, ledger(ash)) == (100, [("gate", 500), ("perfect", 100)])
    assert all_is_exact()
