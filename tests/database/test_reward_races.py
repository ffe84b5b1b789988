"""Many at one person's rewards: everything is paid once, and the control shows that it could be twice."""

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models
from django.db.models import Sum

from accounts.activity_log import Deed
from accounts.models import ActivityType, User, UserProfile
from dracarys.db.acting import acting_as, acting_as_service, person
from gamification import audit, ledger, rewards, rules, streaks
from gamification.ledger import Award
from gamification.models import Achievement, LeaderboardEntry, UserAchievement, XpEvent, XpSource
from learning import progress, quiz_taking
from learning.models import Attempt, Lesson, UserProgress
from tests.database.guards import without_constraint, without_index
from tests.database.rows import NOON
from tests.factories.learning import answers_to
from tests.races import Outcome, race

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, ROUNDS = 8, 20


def profile(user: User) -> UserProfile:
    return UserProfile.objects.get(pk=user.pk)


def ledger_sum(user: User) -> int:
    return XpEvent.objects.filter(user=user).aggregate(n=Sum("amount"))["n"] or 0


def granting(user: User, cause: uuid.UUID, amount: int) -> Callable[[], rewards.Granted]:
    """A learner's request that grants one award, as the service; none for no XP."""

    def door() -> rewards.Granted:
        awards = [Award(XpSource.GATE, cause, amount, "A gate")] if amount else []
        deed = Deed(ActivityType.LESSON_COMPLETE, "lesson", cause)
        with acting_as(person(user.pk)), acting_as_service():
            return rewards.grant(user_id=user.pk, deeds=[deed], awards=awards, cause_id=cause, at=NOON)

    return door


def submitting(user: User, attempt: Attempt) -> Callable[[], Attempt]:
    answers = answers_to(attempt)

    def door() -> Attempt:
        with acting_as(person(user.pk)):
            return quiz_taking.submit(user_id=user.pk, attempt_id=attempt.pk, answers=answers, at=NOON)

    return door


def begun(user: User, gate: Lesson) -> Attempt:
    return quiz_taking.begin(user_id=user.pk, lesson_id=gate.pk, at=NOON)


def test_grants_at_once_add_up_to_the_ledger(ash: User) -> None:
    for number in range(ROUNDS):
        # Half of the threads repeat a deed of the other half.
        deeds = [uuid.uuid4() for _ in range(THREADS // 2)]
        outcome = race(*[granting(ash, deed, 25 + number) for deed in (*deeds, *deeds)])
        assert outcome.errors == []
        assert sum(granted.gained for granted in outcome.results) == len(deeds) * (25 + number)
    now = profile(ash)
    assert now.total_xp == ledger_sum(ash) == sum(4 * (25 + n) for n in range(ROUNDS))
    assert now.current_level == rules.flame_of(now.total_xp) == 1
    assert set(LeaderboardEntry.objects.values_list("xp_points", flat=True)) == {now.total_xp}
    assert XpEvent.objects.order_by("-total_after").values_list("total_after", flat=True)[0] == now.total_xp
    assert audit.differences() == []


def test_the_flame_is_right_when_grants_at_once_pass_its_border(ash: User) -> None:
    outcome = race(*[granting(ash, uuid.uuid4(), 1000) for _ in range(THREADS)])
    assert outcome.errors == []
    assert (profile(ash).total_xp, profile(ash).current_level) == (8000, 3)


def test_a_double_submit_is_graded_and_paid_once(ash: User, gate: Lesson) -> None:
    outcome = race(*[submitting(ash, begun(ash, gate))] * THREADS)
    assert outcome.errors == []
    assert len({json.dumps(attempt.outcome, sort_keys=True) for attempt in outcome.results}) == 1
    assert ledger_sum(ash) == profile(ash).total_xp == 600
    assert UserProgress.objects.values_list("attempts_count", flat=True).get() == 1


def test_without_lock_and_key_a_double_submit_pays_twice(
    ash: User, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both tabs read the open attempt before either writes, and nothing is unique."""
    attempt, together = begun(ash, gate), threading.Barrier(2)

    def unlocked(user_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
        found = Attempt.objects.select_related("lesson", "version").get(pk=attempt_id, user_id=user_id)
        together.wait(timeout=30)
        return found

    monkeypatch.setattr(quiz_taking, "_locked", unlocked)
    monkeypatch.setattr(ledger, "PAY", _without_its_key(ledger.PAY))
    with without_constraint("xp_events", "uq_xp_events_user_source_source_id"):
        outcome = race(*[submitting(ash, attempt)] * 2)
        assert outcome.errors == []
        # The second is no first attempt any more, so it lacks the bonus for a perfect one.
        assert list(XpEvent.objects.values_list("source", flat=True)).count("gate") == 2


def _without_its_key(pay: str) -> str:
    paid_before = pay.index("WHERE NOT EXISTS"), pay.index("ORDER BY position\n")
    plain = pay[: paid_before[0]] + pay[paid_before[1] :]
    return plain.replace("ON CONFLICT (user_id, source, source_id) DO NOTHING", "")


def test_an_achievement_is_unlocked_and_paid_once(ash: User) -> None:
    rule = {"kind": "count", "activity": "lesson_complete", "at_least": 1}
    badge = Achievement.objects.create(code="first", title="First", xp_reward=50, requirements=rule)
    outcome = race(*[granting(ash, uuid.uuid4(), 0) for _ in range(THREADS)])
    assert outcome.errors == []
    assert sum(len(granted.achievements) for granted in outcome.results) == 1
    assert UserAchievement.objects.filter(user=ash, achievement=badge).count() == 1
    assert profile(ash).total_xp == ledger_sum(ash) == 50


def test_without_the_profiles_lock_two_grants_begin_two_streaks(
    ash: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both read that there is no streak before either begins one."""
    monkeypatch.setattr(ledger, "lock", lambda user_id: UserProfile.objects.get(pk=user_id))
    monkeypatch.setattr(streaks, "_streak", _together(streaks._streak, threading.Barrier(2)))
    outcome = race(*[granting(ash, uuid.uuid4(), 10) for _ in range(2)])
    assert [type(error) for error in outcome.errors] == [IntegrityError]


def test_without_lock_and_key_an_achievement_is_unlocked_twice(
    ash: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both see it locked before either unlocks it. The ledger's key still pays once."""
    granting(ash, uuid.uuid4(), 0)()  # the streak of the day stands
    rule = {"kind": "count", "activity": "lesson_complete", "at_least": 1}
    Achievement.objects.create(code="first", title="First", xp_reward=50, requirements=rule)
    monkeypatch.setattr(ledger, "lock", lambda user_id: UserProfile.objects.get(pk=user_id))
    monkeypatch.setattr(rules, "met", _together(rules.met, threading.Barrier(2)))
    with without_constraint("user_achievements", "uq_user_achievements_user_id_achievement_id"):
        outcome = race(*[granting(ash, uuid.uuid4(), 0) for _ in range(2)])
        assert outcome.errors == []
        assert UserAchievement.objects.filter(user=ash).count() == 2
    assert profile(ash).total_xp == ledger_sum(ash) == 50


def _together(function: Callable[..., Any], barrier: threading.Barrier) -> Callable[..., Any]:
    """The function, which waits before it does its work until everybody has come so far."""

    def waiting(*args: Any) -> Any:
        barrier.wait(timeout=30)
        return function(*args)

    return waiting


def test_two_tabs_make_one_progress_row(ash: User, gate: Lesson) -> None:
    def reach(position: int) -> Callable[[], None]:
        def door() -> None:
            with acting_as(person(ash.pk)), acting_as_service():
                progress.reach(user_id=ash.pk, lesson=gate, position=position, at=NOON)

        return door

    outcome = race(*[reach(n) for n in range(THREADS)])
    assert outcome.errors == []
    assert UserProgress.objects.values_list("position", flat=True).get() == THREADS - 1


def beginning(user: User, gate: Lesson) -> Outcome:
    def door() -> uuid.UUID:
        with acting_as(person(user.pk)):
            return begun(user, gate).pk

    return race(*[door] * THREADS)


def test_two_tabs_begin_one_attempt(ash: User, gate: Lesson) -> None:
    outcome = beginning(ash, gate)
    assert outcome.errors == []
    assert set(outcome.results) == {Attempt.objects.get().pk}


def test_without_their_keys_two_tabs_begin_two(
    ash: User, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: every tab looks before any of them begins."""
    together, save = threading.Barrier(THREADS), models.Model.save

    def at_once(self: models.Model, **options: object) -> None:
        if isinstance(self, Attempt):
            together.wait(timeout=30)
        save(self, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(models.Model, "save", at_once)
    numbered = without_constraint("attempts", "uq_attempts_user_id_lesson_id_number")
    with without_index("uq_attempts_one_open"), numbered:
        outcome = beginning(ash, gate)
    assert outcome.errors == []
    assert len(set(outcome.results)) == THREADS
