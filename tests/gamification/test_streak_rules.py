"""What makes a streak go on, stand still or begin again: pure arithmetic of days."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamification.rules import KEPT_DAYS, Streak, extend_streak, streak_is_alive
from tests.factories.fuzz import steady

DAY = dt.date(2026, 3, 2)
ONE = dt.timedelta(days=1)
days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
gaps = st.lists(st.integers(min_value=-2, max_value=3), max_size=40)


def after(*acts: dt.date) -> Streak:
    streak = Streak()
    for day in acts:
        streak = extend_streak(streak, day)
    return streak


def test_the_first_act_makes_a_streak_of_one() -> None:
    assert after(DAY) == Streak(1, 1, DAY, (DAY,))


def test_a_second_act_on_the_same_day_changes_nothing() -> None:
    assert after(DAY, DAY) == after(DAY)


def test_the_next_day_adds_one() -> None:
    assert after(DAY, DAY + ONE) == Streak(2, 2, DAY + ONE, (DAY, DAY + ONE))


def test_a_missed_day_begins_again_and_keeps_the_longest() -> None:
    again = after(DAY, DAY + ONE, DAY + 3 * ONE)
    assert (again.current, again.longest, again.last_date) == (1, 2, DAY + 3 * ONE)


def test_a_day_before_the_last_is_kept_in_the_calendar_and_breaks_nothing() -> None:
    flown_west = after(DAY, DAY + ONE, DAY - ONE)
    assert (flown_west.current, flown_west.longest, flown_west.last_date) == (2, 2, DAY + ONE)
    assert flown_west.days == (DAY - ONE, DAY, DAY + ONE)
    assert extend_streak(flown_west, DAY + 2 * ONE).current == 3


def test_the_calendar_keeps_a_leap_year_and_no_more() -> None:
    streak = after(*(DAY + n * ONE for n in range(KEPT_DAYS + 10)))
    assert (streak.current, len(streak.days)) == (KEPT_DAYS + 10, KEPT_DAYS)
    assert streak.days[-1] == streak.last_date
    assert not streak.includes(DAY)
    assert streak.includes(DAY + 10 * ONE)


@pytest.mark.parametrize(("missed", "alive"), [(-1, True), (0, True), (1, True), (2, False), (30, False)])
def test_a_streak_lives_until_the_end_of_the_day_after_its_last(missed: int, alive: bool) -> None:
    assert streak_is_alive(DAY, DAY + missed * ONE) is alive


def test_nobody_who_never_learned_has_a_living_streak() -> None:
    assert streak_is_alive(None, DAY) is False


@given(days, gaps)
@steady()
def test_an_act_adds_one_day_at_most_and_the_longest_never_falls(first: dt.date, steps: list[int]) -> None:
    day, streak = first, after(first)
    for step in steps:
        day += step * ONE
        grown = extend_streak(streak, day)
        assert grown.current <= streak.current + 1
        assert grown.longest == max(streak.longest, grown.current)
        assert grown.last_date == max(streak.last_date or day, day)
        assert grown.days == tuple(sorted(set(grown.days)))
        streak = grown


@given(days, st.integers(min_value=1, max_value=60))
@steady(50)
def test_days_in_a_row_are_counted_exactly(first: dt.date, length: int) -> None:
    assert after(*(first + n * ONE for n in range(length))).current == length


@given(days, st.integers(min_value=-2, max_value=2))
@steady(50)
def test_a_streak_goes_on_exactly_while_it_is_alive(last: dt.date, gap: int) -> None:
    streak = after(last - ONE, last)
    extended = extend_streak(streak, last + gap * ONE)
    assert (extended.current >= 2) is streak_is_alive(last, last + gap * ONE)


@given(days, st.integers(min_value=1, max_value=3), st.integers(min_value=0, max_value=2))
@steady(50)
def test_somebody_who_moved_keeps_a_streak_that_staying_would_have_kept(
    last: dt.date, new_zone_gap: int, ahead: int
) -> None:
    stayed = last + (new_zone_gap - ahead) * ONE
    streak = after(last - ONE, last)
    moved = extend_streak(streak, last + new_zone_gap * ONE, stayed=stayed)
    assert moved.current == (3 if new_zone_gap <= 1 or stayed <= last + ONE else 1)
    assert moved.last_date == last + new_zone_gap * ONE
