"""Two tabs and a double click at an assessment: begun once, graded once, counted once."""

import json
import uuid
from typing import Any

import pytest
from django.db.models import Model, QuerySet

from accounts.models import Activity, ActivityType, User
from dracarys.db.acting import acting_as, acting_as_service, person
from gamification import ledger
from learning import papers, progress, quiz_taking
from learning.models import Attempt, Lesson, UserProgress
from tests.amounts import THREADS
from tests.database.rows import NOON
from tests.races.cast import ledger_sum, newcomer, profile
from tests.races.crew import Crew, Door
from tests.races.guards import meet, without_constraint, without_index, without_row_locks


def beginning(user: User, gate: Lesson) -> Door:
    def door() -> uuid.UUID:
        with acting_as(person(user.pk)):
            return quiz_taking.begin(user_id=user.pk, lesson_id=gate.pk, at=NOON).pk

    return door


def submitting(user: User, attempt: Attempt) -> Door:
    answers = papers.filled_in(attempt, mistakes=0)

    def door() -> Attempt:
        with acting_as(person(user.pk)):
            return quiz_taking.submit(user_id=user.pk, attempt_id=attempt.pk, answers=answers, at=NOON)

    return door


def reaching(user: User, gate: Lesson, position: int) -> Door:
    def door() -> None:
        with acting_as(person(user.pk)), acting_as_service():
            progress.reach(user_id=user.pk, lesson=gate, position=position, at=NOON)

    return door


def positions(user: User) -> list[int]:
    return list(UserProgress.objects.filter(user=user).values_list("position", flat=True))


# --- Submit ------------------------------------------------------------------------------------------


def submit(crew: Crew, gate: Lesson) -> None:
    """A double submit is graded and paid once."""
    user = newcomer()
    attempt = quiz_taking.begin(user_id=user.pk, lesson_id=gate.pk, at=NOON)
    outcome = crew.race(*[submitting(user, attempt)] * THREADS)
    assert outcome.errors == []
    assert len({json.dumps(graded.outcome, sort_keys=True) for graded in outcome.results}) == 1
    assert ledger_sum(user) == profile(user).total_xp == 600
    assert list(UserProgress.objects.filter(user=user).values_list("attempts_count", flat=True)) == [1]
    assert Activity.objects.filter(user=user, activity_type=ActivityType.ATTEMPT).count() == 1


def test_a_double_submit_is_graded_and_paid_once(crew: Crew, gate: Lesson) -> None:
    crew.holds(submit, gate)


def test_without_the_attempts_lock_it_is_graded_by_every_tab(
    crew: Crew, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_row_locks(monkeypatch, Attempt)
    meet(monkeypatch, quiz_taking, "_locked", having_done=True)
    crew.breaks(submit, gate)


def test_without_lock_and_key_a_double_submit_pays_every_tab(
    crew: Crew, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    def paid(crew: Crew, gate: Lesson) -> None:
        """A double submit is paid once."""
        user = newcomer()
        attempt = quiz_taking.begin(user_id=user.pk, lesson_id=gate.pk, at=NOON)
        crew.race(*[submitting(user, attempt)] * THREADS)
        assert ledger_sum(user) == 600

    without_row_locks(monkeypatch, Attempt)
    meet(monkeypatch, quiz_taking, "_locked", having_done=True)
    paid(crew, gate)  # the ledger's key alone pays once
    monkeypatch.setattr(ledger, "PAY", without_its_key(ledger.PAY))
    with (
        without_constraint("xp_events", "uq_xp_events_user_source_source_id"),
        without_constraint("question_answers", "question_answers_pkey"),
    ):
        crew.breaks(paid, gate)


def without_its_key(pay: str) -> str:
    """The ledger's statement, which would pay whatever it is asked to."""
    paid_before = pay.index("WHERE NOT EXISTS"), pay.index("ORDER BY position\n")
    plain = pay[: paid_before[0]] + pay[paid_before[1] :]
    return plain.replace("ON CONFLICT (user_id, source, source_id) DO NOTHING", "")


# --- Begin -------------------------------------------------------------------------------------------


def begin(crew: Crew, gate: Lesson) -> None:
    """Two tabs begin one attempt."""
    user = newcomer()
    outcome = crew.race(*[beginning(user, gate)] * THREADS)
    assert outcome.errors == []
    assert set(outcome.results) == {Attempt.objects.get(user=user).pk}


def test_two_tabs_begin_one_attempt(crew: Crew, gate: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here everybody looks before anybody begins, so that it is the keys that decide."""
    meet(monkeypatch, quiz_taking, "_paper")
    crew.holds(begin, gate)


def test_without_their_keys_every_tab_begins_one(
    crew: Crew, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(monkeypatch, quiz_taking, "_paper")
    numbered = without_constraint("attempts", "uq_attempts_user_id_lesson_id_number")
    with without_index("attempts", "uq_attempts_one_open"), numbered:

        def once(crew: Crew, gate: Lesson) -> None:
            """Two tabs begin one attempt."""
            user = newcomer()
            crew.race(*[beginning(user, gate)] * THREADS)
            assert Attempt.objects.filter(user=user).count() == 1

        crew.breaks(once, gate)


def test_a_tab_that_begins_while_another_hands_in_gets_the_next_attempt(
    crew: Crew, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow tab has seen no open attempt and no number yet; by now both are taken, and handed in."""
    user, numbered = newcomer(), quiz_taking._paper

    def slowly(*asked: Any) -> object:
        monkeypatch.setattr(quiz_taking, "_paper", numbered)
        assert crew.race(beginning(user, gate)).errors == []
        assert crew.race(submitting(user, Attempt.objects.get(user=user))).errors == []
        return numbered(*asked)

    monkeypatch.setattr(quiz_taking, "_paper", slowly)
    slower = beginning(user, gate)
    second = crew.race(slower)
    assert second.errors == []
    states = Attempt.objects.filter(user=user).order_by("number").values_list("number", "state")
    assert list(states) == [(1, "submitted"), (2, "open")]


# --- Progress ----------------------------------------------------------------------------------------


def reach(crew: Crew, gate: Lesson) -> None:
    """Many tabs make one progress row, and the furthest block stands."""
    user = newcomer()
    outcome = crew.race(*[reaching(user, gate, n) for n in range(1, THREADS + 1)])
    assert outcome.errors == []
    assert positions(user) == [THREADS]


def test_many_tabs_make_one_progress_row(crew: Crew, gate: Lesson) -> None:
    crew.holds(reach, gate)


def test_without_its_key_every_tab_makes_one(
    crew: Crew, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_progress(rows: QuerySet[Model], *args: object, **options: object) -> bool:
        return rows.model is UserProgress

    meet(monkeypatch, QuerySet, "bulk_create", where=of_progress)
    with without_constraint("user_progress", "uq_user_progress_user_id_level_id_gate_id"):
        crew.breaks(reach, gate)


def go_on(crew: Crew, gate: Lesson) -> None:
    """The furthest block stands, whoever writes last."""
    user = newcomer()
    reaching(user, gate, 0)()
    outcome = crew.race(*[reaching(user, gate, n) for n in range(1, THREADS + 1)])
    assert outcome.errors == []
    assert positions(user) == [THREADS]


def test_the_furthest_block_stands_whoever_writes_last(crew: Crew, gate: Lesson) -> None:
    crew.holds(go_on, gate)


def test_without_its_lock_the_last_to_write_sets_it_back(
    crew: Crew, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_row_locks(monkeypatch, UserProgress)
    meet(monkeypatch, progress, "locked_row", having_done=True)
    crew.breaks(go_on, gate)
