"""The learner's own day: every zone of the world, both daylight-saving edges, and moving between zones."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dracarys.lib.clock import local_day, zone
from gamification.rules import Streak, extend_streak
from tests.factories.fuzz import steady

ZONES = sorted(zoneinfo.available_timezones())
UTC = dt.UTC
HOUR, ONE = dt.timedelta(hours=1), dt.timedelta(days=1)
instants = st.integers(0, 47 * 365 * 24 * 60).map(
    lambda minutes: dt.datetime(1990, 1, 1, tzinfo=UTC) + dt.timedelta(minutes=minutes)
)


def act(streak: Streak, at: dt.datetime, timezone: str, moved_from: str | None = None) -> Streak:
    stayed = local_day(at, moved_from) if moved_from else None
    return extend_streak(streak, local_day(at, timezone), stayed=stayed)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "/etc/passwd", "UTC\x00", "a" * 5000])
def test_an_unknown_zone_counts_as_utc(name: str) -> None:
    assert zone(name) is zone("UTC")
    late = dt.datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert local_day(late, name) == dt.date(2026, 3, 1)


def test_the_same_instant_is_three_days_in_three_places() -> None:
    at = dt.datetime(2026, 6, 10, 10, 30, tzinfo=UTC)
    places = ("Pacific/Pago_Pago", "Europe/London", "Pacific/Kiritimati")
    assert [local_day(at, place).day for place in places] == [9, 10, 11]


def test_every_zone_of_the_world_keeps_a_daily_habit_over_both_changes_of_the_clock() -> None:
    for first, length in ((dt.date(2026, 2, 25), 45), (dt.date(2026, 9, 20), 50)):
        for name in ZONES:
            streak, here = Streak(), zone(name)
            for n in range(length):
                noon = dt.datetime.combine(first + n * ONE, dt.time(12), here).astimezone(UTC)
                streak = act(streak, noon, name)
            assert streak.current == length, name


@pytest.mark.parametrize(
    ("name", "long_or_short_day", "hours"),
    [
        ("Europe/Berlin", dt.date(2026, 3, 29), 23),
        ("Europe/Berlin", dt.date(2026, 10, 25), 25),
        ("America/New_York", dt.date(2026, 3, 8), 23),
        ("America/New_York", dt.date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), 24.5),
    ],
)
def test_a_day_that_is_not_24_hours_long_is_still_one_day(
    name: str, long_or_short_day: dt.date, hours: float
) -> None:
    here = zone(name)
    begin = dt.datetime.combine(long_or_short_day, dt.time(), here).astimezone(UTC)
    end = dt.datetime.combine(long_or_short_day + ONE, dt.time(), here).astimezone(UTC)
    assert (end - begin) == hours * HOUR
    second = dt.timedelta(seconds=1)
    assert local_day(begin - second, name) == long_or_short_day - ONE
    assert local_day(begin, name) == local_day(end - second, name) == long_or_short_day
    assert local_day(end, name) == long_or_short_day + ONE
    streak = act(act(act(Streak(), begin - second, name), end - second, name), end, name)
    assert streak.current == 3


@given(instants, st.sampled_from(ZONES), st.integers(min_value=0, max_value=23))
@steady(200)
def test_two_acts_within_an_hour_count_two_days_only_across_a_midnight(
    at: dt.datetime, name: str, hour: int
) -> None:
    streak = act(act(Streak(), at, name), at + HOUR, name)
    crossed = local_day(at, name) < local_day(at + HOUR, name)
    assert streak.current == (2 if crossed else 1)


@given(instants, st.lists(st.tuples(st.integers(0, 40), st.sampled_from(ZONES)), min_size=1, max_size=30))
@steady(200)
def test_moving_between_zones_never_adds_two_days_for_one_act_nor_more_days_than_passed(
    begin: dt.datetime, journey: list[tuple[int, str]]
) -> None:
    at, streak, before = begin, Streak(), None
    for hours, name in journey:
        at += hours * HOUR
        grown = act(streak, at, name, moved_from=before)
        assert grown.current <= streak.current + 1
        assert grown.longest >= streak.longest
        streak, before = grown, name
    # The zones that are furthest ahead and behind; the islands at the date line have changed sides.
    calendar = local_day(at, "Etc/GMT-14") - local_day(begin, "Etc/GMT+12")
    assert streak.current <= calendar.days + 1


@given(instants, st.sampled_from(ZONES), st.sampled_from(ZONES), st.floats(0, 48))
@steady(200)
def test_moving_never_costs_a_streak_that_staying_would_have_kept(
    at: dt.datetime, old: str, new: str, hours: float
) -> None:
    first = act(Streak(), at, old)
    later = at + hours * HOUR
    staying, moving = act(first, later, old), act(first, later, new, moved_from=old)
    if local_day(later, old) == local_day(at, old) + ONE:
        assert staying.current == 2
        # Somebody who flew west may still be on the day that counted already: kept, not lost.
        assert moving.current == 2 or local_day(later, new) <= local_day(at, old)
    assert act(moving, later + ONE, new).current >= moving.current


def test_a_flight_from_utc_to_kiritimati_keeps_the_streak() -> None:
    evening = dt.datetime(2026, 5, 1, 23, tzinfo=UTC)
    streak = act(act(Streak(), evening - ONE, "UTC"), evening, "UTC")
    # Twelve hours later it is the day after the next one there.
    landed = evening + 12 * HOUR
    assert local_day(landed, "Pacific/Kiritimati") == dt.date(2026, 5, 3)
    assert act(streak, landed, "Pacific/Kiritimati", moved_from="UTC").current == 3
