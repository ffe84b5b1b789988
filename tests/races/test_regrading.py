"""Grading again while learners hand in: everything is graded once more and paid once, whoever comes first."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest

from accounts.models import User, UserProfile
from dracarys.db.acting import acting_as, acting_as_service, person
from gamification import audit
from learning import access, publishing, quiz_taking
from learning.models import Attempt, Lesson, Regrading, RegradingMode, UserProgress
from learning.workshop import regrading, rewriting, sheets, voiding
from tests.amounts import THREADS
from tests.database.rows import NOON, value
from tests.factories.learning import assessment, content, make_gate
from tests.races.cast import ledger_sum, newcomer, newcomers, profile
from tests.races.conftest import numbers
from tests.races.crew import NAME, PATIENCE, Crew, Door
from tests.races.guards import meet, without_constraint, without_row_locks
from tests.workshop.cohort import answer, begun, handed_in, keyed

VOIDED = "uq_voided_questions_lesson_id_question"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN ('tuple', 'transactionid')"


def fresh_gate(questions: int = 5) -> Lesson:
    """A gate that nobody has been at."""
    asked = assessment(questions=questions)
    return make_gate(1, next(numbers), content_data=content(blocks=1), assessment_data=asked)


def work() -> None:
    regrading.work(at=NOON)


def submitting(attempt: Attempt, chosen: str) -> Door:
    def door() -> None:
        with acting_as(person(attempt.user_id)):
            handed_in(attempt, chosen, at=NOON)

    return door


def ordered(gate: Lesson, by: User) -> Regrading:
    """In the new version `c` is right in the first question."""
    changed = keyed(gate, q1="c")
    with acting_as_service():
        version = publishing.publish(gate, content_data=gate.content_data, assessment_data=changed)
        assert version
        order = regrading.request(gate, version=version, mode="raise", words="Wrong key.", by=by.pk)
    assert order
    return order


# --- Against a submit ----------------------------------------------------------------------------------


def nothing() -> None:
    """Goes on at once."""


def against_a_submit(
    crew: Crew, before: Callable[[], object] = nothing, after: Callable[[], object] = nothing
) -> None:
    """A pass by regrading and one by handing in are paid as one, and the better score stands."""
    gate, user = fresh_gate(), newcomer()
    answer(user, gate, "ccbbb", at=NOON)
    ordered(gate, user)
    second = begun(user, gate, at=NOON)

    def hand_in() -> None:
        before()
        submitting(second, "cbbbb")()
        after()

    assert crew.race(work, hand_in).errors == []
    work()
    row = UserProgress.objects.get(user=user)
    assert (row.completed, row.score, row.attempts_count) == (True, 100, 2)
    assert ledger_sum(user) == profile(user).total_xp == 500


def test_a_pass_by_regrading_and_one_by_handing_in_are_paid_as_one(crew: Crew) -> None:
    crew.holds(against_a_submit)
    assert audit.differences() == []


def test_without_locks_the_regrading_undoes_what_was_handed_in(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job has read how the learner stands, and writes when the learner has handed in."""
    known, handed, read = threading.Event(), threading.Event(), sheets.standings_of

    def slowly(*asked: Any) -> Any:
        found = read(*asked)
        known.set()
        handed.wait(PATIENCE)
        return found

    for model in (UserProgress, UserProfile):
        without_row_locks(monkeypatch, model)
    monkeypatch.setattr(sheets, "standings_of", slowly)
    crew.breaks(against_a_submit, lambda: known.wait(PATIENCE), handed.set)


# --- Two jobs ------------------------------------------------------------------------------------------


def jobs(crew: Crew) -> None:
    """Several jobs at one regrading look at each learner once."""
    gate, people = fresh_gate(), newcomers(2)
    for one in people:
        answer(one, gate, "ccbbb", at=NOON)
    order = ordered(gate, people[0])
    assert crew.race(*[work] * THREADS).errors == []
    work()
    order.refresh_from_db()
    assert (order.learners, order.attempts_changed, order.xp) == (2, 2, 1000)
    assert order.finished_at
    assert [ledger_sum(one) for one in people] == [500] * 2
    told = Attempt.objects.filter(lesson=gate).values_list("outcome__regraded", flat=True)
    assert [len(one) for one in told] == [1] * 2


def test_several_jobs_at_one_regrading_look_at_each_learner_once(crew: Crew) -> None:
    crew.holds(jobs)


def test_without_the_regradings_lock_they_look_twice(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    without_row_locks(monkeypatch, Regrading)
    crew.breaks(jobs)


class Killed(BaseException):
    """The job's process is gone."""


def killed(crew: Crew, patch: pytest.MonkeyPatch) -> None:
    """A job that is killed half through a learner leaves nothing behind, and the next one does it all."""
    gate, user = fresh_gate(), newcomer()
    answer(user, gate, "ccbbb", at=NOON)
    order = ordered(gate, user)

    def dies(*asked: Any) -> None:
        raise Killed

    with patch.context() as now:
        now.setattr(rewriting, "standing", dies)
        assert [type(error) for error in crew.race(work).errors] == [Killed]
    work()
    order.refresh_from_db()
    assert (order.learners, order.passes_gained, order.xp) == (1, 1, 500)
    assert UserProgress.objects.get(user=user).completed
    assert ledger_sum(user) == profile(user).total_xp == 500


def test_a_job_that_is_killed_leaves_nothing_half_done(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    crew.holds(killed, monkeypatch)


def test_without_its_transaction_a_killed_job_leaves_half(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    for model in (Attempt, UserProgress, UserProfile, Regrading):
        without_row_locks(monkeypatch, model)
    monkeypatch.setattr(regrading, "acting_as_service", nullcontext)
    crew.breaks(killed, monkeypatch)
    Regrading.objects.all().delete()


# --- Voiding -------------------------------------------------------------------------------------------


def voiding_of(gate: Lesson, question: str, by: User) -> Door:
    def door() -> str:
        with acting_as_service():
            try:
                voiding.void(gate, question, mode=RegradingMode.RAISE, words="Broken.", by=by.pk)
            except (voiding.AlreadyVoided, voiding.LastQuestion) as refused:
                return type(refused).__name__
        return "voided"

    return door


def double_click(crew: Crew) -> None:
    """A double click voids a question once, and past results are graded again once."""
    gate, sol = fresh_gate(), newcomer()
    outcome = crew.race(*[voiding_of(gate, "q1", sol)] * THREADS)
    assert outcome.errors == []
    assert sorted(outcome.results) == ["AlreadyVoided"] * (THREADS - 1) + ["voided"]
    assert Regrading.objects.filter(lesson=gate).count() == 1


def test_a_double_click_voids_once(crew: Crew) -> None:
    crew.holds(double_click)


def test_without_lock_and_key_every_click_voids(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    without_row_locks(monkeypatch, Lesson)
    meet(monkeypatch, sheets, "voided_in", having_done=True)
    with without_constraint("voided_questions", VOIDED):
        crew.breaks(double_click)


def two_authors(crew: Crew) -> None:
    """Two who void the last two questions leave one between them."""
    gate, sol = fresh_gate(questions=2), newcomer()
    outcome = crew.race(*(voiding_of(gate, question, sol) for question in ("q1", "q2")))
    assert outcome.errors == []
    assert sorted(outcome.results) == ["LastQuestion", "voided"]


def test_two_who_void_the_last_two_questions_leave_one(crew: Crew) -> None:
    crew.holds(two_authors)


def test_without_the_lessons_lock_none_is_left(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    without_row_locks(monkeypatch, Lesson)
    meet(monkeypatch, sheets, "voided_in", having_done=True, parties=2)
    crew.breaks(two_authors)


def void_against_paper(crew: Crew) -> None:
    """However a void meets those who begin and hand in, the question counts for nobody in the end."""
    gate, people, sol = fresh_gate(), newcomers(2), newcomer()
    sitting = [begun(one, gate, at=NOON) for one in people]
    late = newcomer()

    def begin() -> None:
        with acting_as(person(late.pk)):
            quiz_taking.begin(user_id=late.pk, lesson_id=gate.pk, at=NOON)

    doors = [submitting(one, "cbbbb") for one in sitting]
    assert crew.race(voiding_of(gate, "q1", sol), begin, work, *doors).errors == []
    handed_in(Attempt.objects.get(user=late), "cbbbb", at=NOON)
    work()
    assert set(Attempt.objects.filter(lesson=gate).values_list("score", flat=True)) == {100}
    assert [ledger_sum(one) for one in (*people, late)] == [600] * 3


def test_a_void_reaches_whoever_begins_and_hands_in_meanwhile(crew: Crew) -> None:
    crew.holds(void_against_paper)
    assert audit.differences() == []


def void_in_mid_submit(crew: Crew, patch: pytest.MonkeyPatch) -> None:
    """Who has begun to hand in when a question is voided is waited for."""
    gate, user, sol = fresh_gate(), newcomer(), newcomer()
    attempt = begun(user, gate, at=NOON)
    knows, done, asked = threading.Event(), threading.Event(), access.require_assessment

    def slowly(*args: Any) -> Any:
        found = asked(*args)
        if threading.current_thread().name.startswith(NAME):
            knows.set()
            while not done.wait(0.01) and not value(WAITING):
                pass  # until the job has finished, or waits for this very submit
        return found

    def void_and_work() -> None:
        knows.wait(PATIENCE)
        voiding_of(gate, "q1", sol)()
        work()
        done.set()

    with patch.context() as now:
        now.setattr(access, "require_assessment", slowly)
        assert crew.race(submitting(attempt, "cbbbb"), void_and_work).errors == []
    attempt.refresh_from_db()
    assert (attempt.score, ledger_sum(user)) == (100, 600)


def test_who_hands_in_while_a_question_is_voided_is_waited_for(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew.holds(void_in_mid_submit, monkeypatch)


def test_without_waiting_they_are_forgotten(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrading, "_wait_for_submits", lambda order: None)
    crew.breaks(void_in_mid_submit, monkeypatch)
