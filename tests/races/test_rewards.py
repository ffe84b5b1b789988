"""Many at one person's rewards: everything is paid once, and the sum is the ledger's."""

import itertools
import uuid
from collections.abc import Iterator

import pytest

from accounts.models import User, UserProfile
from dracarys.db.acting import acting_as, acting_as_service, person
from gamification import ledger, rules, streaks
from gamification.ledger import Award
from gamification.models import Achievement, LeaderboardEntry, UserAchievement, XpEvent, XpSource
from tests.amounts import THREADS
from tests.database.rows import NOON
from tests.races.cast import granting, ledger_sum, newcomer, profile
from tests.races.crew import Crew
from tests.races.guards import meet, without_constraint, without_row_locks
from tests.races.test_assessments import without_its_key

BADGE = {"kind": "count", "activity": "lesson_complete", "at_least": 1}


@pytest.fixture
def badge(db: None) -> Iterator[Achievement]:
    """An achievement for the first gate, for as long as one test."""
    badge = Achievement.objects.create(code=uuid.uuid4().hex, title="First", xp_reward=50, requirements=BADGE)
    yield badge
    badge.delete()


def running_totals(user: User) -> bool:
    """Whether each row of the ledger says the total that the rows up to it add up to."""
    rows = XpEvent.objects.filter(user=user).order_by("total_after").values_list("amount", "total_after")
    amounts, totals = [amount for amount, _ in rows], [total for _, total in rows]
    return totals == list(itertools.accumulate(amounts))


def grants(crew: Crew) -> None:
    """Grants at once add up to the ledger; half of them repeat the other half's deed."""
    user, deeds = newcomer(), [uuid.uuid4() for _ in range(THREADS // 2)]
    outcome = crew.race(*[granting(user, deed, 1000) for deed in (*deeds, *deeds)])
    assert outcome.errors == []
    now, due = profile(user), 1000 * len(deeds)
    assert now.total_xp == ledger_sum(user) == sum(granted.gained for granted in outcome.results) == due
    assert now.current_level == rules.flame_of(due) == 2
    assert running_totals(user)
    boards = LeaderboardEntry.objects.filter(user=user).values_list("xp_points", "lessons_completed")
    assert list(boards) == [(due, len(deeds))] * 4


def test_grants_at_once_add_up_to_the_ledger(crew: Crew) -> None:
    crew.holds(grants)


def test_without_the_profiles_lock_two_grants_begin_two_streaks(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_row_locks(monkeypatch, UserProfile)
    meet(monkeypatch, streaks, "_streak")
    crew.breaks(grants)


def test_without_the_ledgers_key_a_repeated_deed_pays_again(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAY", without_its_key(ledger.PAY))
    with without_constraint("xp_events", "uq_xp_events_user_source_source_id"):
        crew.breaks(grants)


def rises(crew: Crew) -> None:
    """The total and the flame are right when payments at once pass its border."""
    user = newcomer()

    def pay() -> None:
        award = Award(XpSource.GATE, uuid.uuid4(), 1000, "A gate")
        with acting_as(person(user.pk)), acting_as_service():
            ledger.pay(ledger.lock(user.pk), [award], cause_id=None, at=NOON)

    assert crew.race(*[pay] * THREADS).errors == []
    assert (profile(user).total_xp, profile(user).current_level) == (1000 * THREADS, 3)
    assert running_totals(user)


def test_the_flame_is_right_when_payments_at_once_pass_its_border(crew: Crew) -> None:
    crew.holds(rises)


def test_a_total_that_is_read_and_then_written_loses_some(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_row_locks(monkeypatch, UserProfile)
    meet(monkeypatch, ledger, "lock", having_done=True)
    crew.breaks(rises)


def unlock(crew: Crew, badge: Achievement) -> None:
    """An achievement is unlocked and paid once."""
    user = newcomer()
    outcome = crew.race(*[granting(user, uuid.uuid4(), 0) for _ in range(THREADS)])
    assert outcome.errors == []
    assert sum(len(granted.achievements) for granted in outcome.results) == 1
    assert UserAchievement.objects.filter(user=user, achievement=badge).count() == 1
    assert profile(user).total_xp == ledger_sum(user) == badge.xp_reward


def test_an_achievement_is_unlocked_and_paid_once(crew: Crew, badge: Achievement) -> None:
    crew.holds(unlock, badge)


def test_without_lock_and_key_an_achievement_is_unlocked_by_everybody(
    crew: Crew, badge: Achievement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaks, "extend", lambda profile, at: (rules.Streak(1, 1), True))
    without_row_locks(monkeypatch, UserProfile)
    meet(monkeypatch, rules, "met")
    with without_constraint("user_achievements", "uq_user_achievements_user_id_achievement_id"):
        crew.breaks(unlock, badge)
