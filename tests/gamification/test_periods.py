"""The windows of the boards in UTC, and the share of people that somebody is ahead of."""

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamification.rules import EPOCH, FOREVER, PERIODS, PeriodName, percent_behind, period_window
from tests.factories.fuzz import steady

ONE = dt.timedelta(days=1)
days = st.dates(dt.date(1970, 1, 10), dt.date(2200, 1, 1))


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        ("daily", "2026-12-31", "2026-12-31", "2026-12-31"),
        ("weekly", "2026-11-16", "2026-11-16", "2026-11-22"),  # a Monday
        ("weekly", "2026-11-22", "2026-11-16", "2026-11-22"),  # a Sunday
        ("weekly", "2027-01-01", "2026-12-28", "2027-01-03"),  # over a year's end
        ("weekly", "2024-03-01", "2024-02-26", "2024-03-03"),  # over a leap day
        ("monthly", "2026-01-31", "2026-01-01", "2026-01-31"),
        ("monthly", "2026-02-15", "2026-02-01", "2026-02-28"),
        ("monthly", "2024-02-29", "2024-02-01", "2024-02-29"),
        ("monthly", "2100-02-28", "2100-02-01", "2100-02-28"),  # no leap year
        ("monthly", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("all_time", "2026-12-31", "1970-01-01", "9999-12-31"),
    ],
)
def test_windows_at_the_edges_of_the_calendar(period: PeriodName, day: str, first: str, last: str) -> None:
    assert period_window(period, d(day)) == (d(first), d(last))


@given(days)
@steady()
def test_windows_hold_their_day_and_meet_their_neighbours(day: dt.date) -> None:
    for period in PERIODS[:3]:
        first, last = period_window(period, day)
        assert first <= day <= last
        assert period_window(period, first) == period_window(period, last) == (first, last)
        assert period_window(period, first - ONE)[1] == first - ONE
        assert period_window(period, last + ONE)[0] == last + ONE
    assert period_window("weekly", day)[0].weekday() == calendar.MONDAY
    first, last = period_window("monthly", day)
    assert (first.day, last.day) == (1, calendar.monthrange(day.year, day.month)[1])
    assert period_window("all_time", day) == (EPOCH, FOREVER)


@pytest.mark.parametrize(
    ("total", "above", "tied", "percent"),
    [
        (0, 0, 1, None),
        (1, 0, 1, None),
        (2, 0, 1, 100),
        (2, 1, 1, 0),
        (2, 0, 2, 0),
        (3, 1, 1, 50),
        (4, 1, 1, 66),
        (101, 0, 1, 100),
        (101, 50, 1, 50),
        (101, 50, 2, 49),
    ],
)
def test_percent_behind_at_some_boards(total: int, above: int, tied: int, percent: int | None) -> None:
    assert percent_behind(total, above, tied) == percent


@given(st.integers(2, 10_000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))), st.data())
@steady()
def test_percent_behind_is_the_share_of_others_with_less(board: tuple[int, int], data: st.DataObject) -> None:
    total, above = board
    tied = data.draw(st.integers(1, total - above))
    percent = percent_behind(total, above, tied)
    below = total - above - tied
    assert percent == below * 100 // (total - 1)
    assert 0 <= percent <= 100
    assert (percent == 100) == (above == 0 and tied == 1)
