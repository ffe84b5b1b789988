"""Streaks on the real database: acts through the door of the product, the hourly job, and what is shown."""

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from django.db import connection

from accounts.models import User, UserProfile
from dracarys.lib.clock import local_day
from gamification import streaks
from gamification.models import LeaderboardEntry, UserStreak
from gamification.streaks import streak_of
from learning.models import Lesson
from tests.factories.accounts import UserFactory
from tests.factories.gamification import learner
from tests.factories.learning import take

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def shown(user: User, at: dt.datetime) -> int:
    timezone = UserProfile.objects.values_list("timezone", flat=True).get(pk=user.pk)
    return streak_of(user_id=user.pk, timezone=timezone, at=at).current


def kept(user: User) -> dict[str, Any]:
    return UserStreak.objects.get(user=user).streak_data or {}


def test_three_days_in_a_row_are_three_whether_passed_or_not(ash: User, gate: Lesson) -> None:
    receipts = [
        take(ash, gate, at=NOON + n * DAY, mistakes=mistakes).outcome for n, mistakes in enumerate((4, 0, 2))
    ]
    told = [(r["receipt"]["streak"], r["receipt"]["streak_grew"]) for r in receipts if r]
    assert told == [(1, True), (2, True), (3, True)]
    row = UserStreak.objects.get(user=ash)
    assert (row.current_streak, row.longest_streak) == (3, 3)
    assert row.last_activity_date == (NOON + 2 * DAY).date()
    assert row.streak_data == {"days": ["2026-03-02", "2026-03-03", "2026-03-04"], "zone": "UTC"}


def test_a_second_assessment_on_a_day_does_not_grow_the_streak(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON)
    again = take(ash, gate, at=NOON + 3 * HOUR)
    assert again.outcome is not None
    assert (again.outcome["receipt"]["streak"], again.outcome["receipt"]["streak_grew"]) == (1, False)


def test_the_day_is_the_learners_own(gate: Lesson) -> None:
    # 23:30 and 00:30 in New York are two days; in UTC they are one.
    there = learner("Nia", timezone="America/New_York")
    late = dt.datetime(2026, 3, 3, 4, 30, tzinfo=dt.UTC)
    take(there, gate, at=late)
    take(there, gate, at=late + HOUR)
    assert kept(there)["days"] == ["2026-03-02", "2026-03-03"]
    assert shown(there, late + HOUR) == 2


def test_flying_east_over_a_date_keeps_the_streak(ash: User, gate: Lesson) -> None:
    evening = dt.datetime(2026, 5, 1, 23, tzinfo=dt.UTC)
    take(ash, gate, at=evening - DAY)
    take(ash, gate, at=evening)
    UserProfile.objects.filter(pk=ash.pk).update(timezone="Pacific/Kiritimati")
    landed = evening + 12 * HOUR
    assert streaks.end_missed(at=landed) == 0
    assert shown(ash, landed) == 2
    take(ash, gate, at=landed)
    assert shown(ash, landed) == 3
    assert kept(ash)["zone"] == "Pacific/Kiritimati"


def test_flying_west_over_a_date_adds_nothing_and_breaks_nothing(gate: Lesson) -> None:
    flier = learner("Rua", timezone="Pacific/Auckland")
    morning = dt.datetime(2026, 5, 1, 20, tzinfo=dt.UTC)  # 2 May in Auckland, 1 May in Los Angeles
    take(flier, gate, at=morning)
    UserProfile.objects.filter(pk=flier.pk).update(timezone="America/Los_Angeles")
    take(flier, gate, at=morning + HOUR)
    assert shown(flier, morning + HOUR) == 1
    take(flier, gate, at=morning + 2 * DAY)
    assert shown(flier, morning + 2 * DAY) == 2


def test_a_streak_that_was_missed_shows_nothing_before_the_job_has_run(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON)
    end_of_next_day = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    assert shown(ash, end_of_next_day - dt.timedelta(seconds=1)) == 1
    assert shown(ash, end_of_next_day) == 0
    assert UserStreak.objects.get(user=ash).current_streak == 1


def test_the_job_ends_exactly_those_whose_day_after_is_over_where_they_are(gate: Lesson) -> None:
    zones = ("Pacific/Auckland", "UTC", "America/Los_Angeles", "Mars/Olympus")
    people = {name: learner(name, timezone=name) for name in zones}
    for person in people.values():
        take(person, gate, at=NOON)  # 3 March in Auckland, 2 March elsewhere
    ended: dict[str, dt.datetime] = {}
    for n in range(72):
        at = NOON + n * HOUR
        streaks.end_missed(at=at)
        for name, person in people.items():
            row = UserStreak.objects.get(user=person)
            assert (row.current_streak > 0) is (shown(person, at) > 0), (name, at)
            if not row.current_streak and name not in ended:
                ended[name] = at
                assert row.last_streak_reset == at
                assert row.longest_streak == 1
    assert ended == {
        "UTC": dt.datetime(2026, 3, 4, 0, tzinfo=dt.UTC),
        "Mars/Olympus": dt.datetime(2026, 3, 4, 0, tzinfo=dt.UTC),
        "America/Los_Angeles": dt.datetime(2026, 3, 4, 8, tzinfo=dt.UTC),
        "Pacific/Auckland": dt.datetime(2026, 3, 4, 11, tzinfo=dt.UTC),
    }


def test_the_job_says_how_many_it_ended_and_ends_nobody_twice(ash: User, brand: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON)
    take(brand, gate, at=NOON + DAY)
    assert streaks.end_missed(at=NOON + 2 * DAY) == 1
    assert streaks.end_missed(at=NOON + 2 * DAY) == 0
    assert shown(brand, NOON + 2 * DAY) == 1


def test_an_ended_streak_begins_again_at_one_and_keeps_its_longest(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON)
    take(ash, gate, at=NOON + DAY)
    streaks.end_missed(at=NOON + 5 * DAY)
    take(ash, gate, at=NOON + 5 * DAY)
    row = UserStreak.objects.get(user=ash)
    assert (row.current_streak, row.longest_streak) == (1, 2)


def test_the_board_shows_the_streak_of_the_act_that_scored(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON, mistakes=5)
    take(ash, gate, at=NOON + DAY)
    weekly = LeaderboardEntry.objects.get(user=ash, period="weekly")
    assert weekly.streak_days == 2


def test_somebody_without_a_streak_sees_none(ash: User) -> None:
    view = streak_of(user_id=ash.pk, timezone="UTC", at=NOON)
    assert (view.current, view.longest, view.done_today, view.days) == (0, 0, False, frozenset())


def test_the_database_has_the_same_days_as_python_in_every_zone(db: None) -> None:
    at = dt.datetime(2024, 3, 31, 11, 30, tzinfo=dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, (%s AT TIME ZONE name)::date FROM pg_timezone_names", [at])
        known = dict(cursor.fetchall())
    zones = sorted(zoneinfo.available_timezones() & known.keys())
    assert len(zones) > 400
    assert {name: known[name] for name in zones} == {name: local_day(at, name) for name in zones}


def test_the_job_agrees_with_what_is_shown_for_any_pair_of_zones(db: None) -> None:
    at = dt.datetime(2026, 3, 4, 11, 30, tzinfo=dt.UTC)
    names = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "Mars/Olympus", None)
    cases = [(here, there, back) for here in names[:5] for there in names for back in range(4)]
    people = {}
    for case in cases:
        here, there, back = case
        person = people[case] = UserFactory.create(profile_fields={"timezone": here})
        last = at.date() + DAY - back * DAY
        data = {"days": [last.isoformat()], **({"zone": there} if there else {})}
        UserStreak.objects.create(
            user=person, current_streak=4, longest_streak=4, last_activity_date=last, streak_data=data
        )
    before = {case: shown(person, at) for case, person in people.items()}
    streaks.end_missed(at=at)
    after = {case: UserStreak.objects.get(user=person).current_streak for case, person in people.items()}
    assert after == before
    assert set(before.values()) == {0, 4}
