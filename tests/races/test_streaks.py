"""A day counts once for a streak, however many acts it has and whoever else is at it."""

import datetime as dt
import threading
import uuid
from functools import partial

import pytest

from accounts.models import User, UserProfile
from dracarys.db.acting import acting_as_service
from gamification import ledger, streaks
from gamification.models import UserStreak
from tests.amounts import THREADS
from tests.database.rows import NOON, value
from tests.races.cast import granting, newcomer, newcomers
from tests.races.crew import PATIENCE, Crew
from tests.races.guards import meet, without_row_locks
from tests.servers.runs import eventually

DAY = dt.timedelta(days=1)
MIDNIGHT = dt.datetime(2026, 3, 5, tzinfo=dt.UTC)
LATER = NOON + 3 * DAY
INSTANT = dt.timedelta(milliseconds=1)
# What the statistics say of waiting stands still within a transaction; the locks do not.
WAITS_FOR_ME = """
    SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""


def learn(user: User, at: dt.datetime) -> bool:
    """An act of learning at `at`; whether the streak grew by it."""
    return granting(user, uuid.uuid4(), 0, at=at)().streak_grew


def streak(user: User) -> UserStreak:
    return UserStreak.objects.get(user=user)


def currents(people: list[User]) -> set[int]:
    return set(UserStreak.objects.filter(user__in=people).values_list("current_streak", flat=True))


def somebody_waits() -> bool:
    """Whether another transaction waits for this one."""
    return bool(value(WAITS_FOR_ME))


def ending(at: dt.datetime) -> int:
    with acting_as_service():
        return streaks.end_missed(at=at)


def one_day(crew: Crew) -> None:
    """However many acts a day has, it is one day of the streak."""
    user = newcomer()
    learn(user, NOON - DAY)
    outcome = crew.race(*[partial(learn, user, NOON)] * THREADS)
    assert outcome.errors == []
    assert outcome.results.count(True) == 1
    assert (streak(user).current_streak, streak(user).longest_streak) == (2, 2)


def test_however_many_acts_a_day_has_it_is_one_day(crew: Crew) -> None:
    crew.holds(one_day)


def test_without_the_profiles_lock_every_act_is_a_day_that_grew(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_row_locks(monkeypatch, UserProfile)
    meet(monkeypatch, streaks, "_streak")
    crew.breaks(one_day)


def midnight(crew: Crew) -> None:
    """Acts on both sides of midnight are two days: none is lost from the calendar, none counts twice."""
    user = newcomer()
    learn(user, MIDNIGHT - INSTANT)  # the day that ends has begun before
    sides = [MIDNIGHT - INSTANT, MIDNIGHT] * (THREADS // 2)
    outcome = crew.race(*[partial(learn, user, at) for at in sides])
    assert outcome.errors == []
    assert outcome.results.count(True) == 1
    assert (streak(user).current_streak, streak(user).last_activity_date) == (2, MIDNIGHT.date())
    assert (streak(user).streak_data or {})["days"] == ["2026-03-04", "2026-03-05"]


def test_midnight_makes_two_days_of_what_happens_around_it(crew: Crew) -> None:
    crew.holds(midnight)


def test_without_the_profiles_lock_midnight_adds_more(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    without_row_locks(monkeypatch, UserProfile)
    meet(monkeypatch, streaks, "_streak")
    crew.breaks(midnight)


# --- The hourly job ----------------------------------------------------------------------------------


def ended(crew: Crew) -> None:
    """Jobs at once end each missed streak once."""
    ending(LATER)  # what earlier rounds left
    people = newcomers(3)
    for user in people:
        learn(user, NOON)
    outcome = crew.race(*[partial(ending, LATER)] * THREADS)
    assert outcome.errors == []
    assert sum(outcome.results) == len(people)
    assert currents(people) == {0}


def test_jobs_at_once_end_each_missed_streak_once(crew: Crew) -> None:
    crew.holds(ended)


def test_a_job_that_does_not_look_again_ends_it_again(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaks, "END", streaks.END.replace("AND s.current_streak > 0\n", "\n"))
    crew.breaks(ended)


def goes_on(crew: Crew) -> None:
    """A streak that begins anew while the job ends the old one goes on."""
    people, written = newcomers(3), threading.Barrier(4)
    for user in people:
        learn(user, NOON)

    def act(user: User) -> None:
        with acting_as_service():
            streaks.extend(ledger.lock(user.pk), at=LATER)
            written.wait(PATIENCE)
            assert eventually(somebody_waits, PATIENCE)

    def job() -> None:
        written.wait(PATIENCE)
        ending(LATER)

    outcome = crew.race(job, *[partial(act, user) for user in people])
    assert outcome.errors == []
    assert currents(people) == {1}


def test_a_streak_that_begins_while_the_job_ends_the_old_one_goes_on(crew: Crew) -> None:
    crew.holds(goes_on)


def test_a_job_that_decides_before_it_waits_ends_it(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    missed = "SELECT id FROM user_streaks WHERE last_activity_date < %(at)s::date - 1"
    end = f"UPDATE user_streaks s SET current_streak = 0 FROM ({missed}) m WHERE m.id = s.id"
    monkeypatch.setattr(streaks, "END", end)
    crew.breaks(goes_on)
