"""Flames: the XP level, the same ladder in Python and in the database."""

import math

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gamification.rules import first_xp, flame_meter, flame_of
from tests.factories.fuzz import steady

LARGEST = 2**31 - 1  # what an integer column holds
xp_totals = st.integers(min_value=0, max_value=LARGEST)


@pytest.mark.parametrize(
    ("xp", "flame"),
    [
        (0, 1),
        (1, 1),
        (999, 1),
        (1000, 1),
        (2999, 1),
        (3000, 2),
        (6999, 2),
        (7000, 3),
        (14_999, 3),
        (15_000, 4),
        (30_999, 4),
        (31_000, 5),
        (62_999, 5),
        (63_000, 6),
        (1_048_574_999, 19),
        (1_048_575_000, 20),
        (LARGEST, 21),
    ],
)
def test_a_flame_begins_exactly_at_its_xp(xp: int, flame: int) -> None:
    assert flame_of(xp) == flame


def test_flame_one_begins_at_nothing_and_the_others_at_their_power_of_two() -> None:
    assert [first_xp(flame) for flame in range(1, 7)] == [0, 3000, 7000, 15_000, 31_000, 63_000]


def test_less_than_nothing_is_still_flame_one() -> None:
    assert flame_of(-1) == flame_of(-1_000_000) == 1


@given(xp_totals)
@steady()
def test_every_total_lies_between_the_beginnings_of_its_flame_and_the_next(xp: int) -> None:
    flame = flame_of(xp)
    assert first_xp(flame) <= xp < first_xp(flame + 1)


@given(xp_totals, xp_totals)
@steady()
def test_more_xp_is_never_a_lower_flame(one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert flame_of(less) <= flame_of(more)


@given(st.integers(min_value=0, max_value=200_000))
@steady()
def test_the_flame_is_the_formula_that_was_asked_for(xp: int) -> None:
    assert flame_of(xp) == math.floor(math.log2(max(xp // 1000 + 1, 2)))


@given(xp_totals)
@steady()
def test_the_meter_adds_up(xp: int) -> None:
    meter = flame_meter(xp)
    assert meter.level == flame_of(xp)
    assert meter.total_xp == xp
    assert meter.xp_into + meter.xp_to_next == meter.xp_span
    assert xp + meter.xp_to_next == meter.next_at
    assert flame_of(meter.next_at) == meter.level + 1
    assert 0 <= meter.percent < 100


@pytest.mark.parametrize(
    ("xp", "into", "span", "to_next", "percent"),
    [
        (0, 0, 3000, 3000, 0),
        (2999, 2999, 3000, 1, 99),
        (3000, 0, 4000, 4000, 0),
        (5000, 2000, 4000, 2000, 50),
    ],
)
def test_the_meter_at_some_totals(xp: int, into: int, span: int, to_next: int, percent: int) -> None:
    meter = flame_meter(xp)
    assert (meter.xp_into, meter.xp_span, meter.xp_to_next, meter.percent) == (into, span, to_next, percent)


@pytest.mark.django_db
def test_the_database_counts_the_same_flames_at_every_boundary_and_far_from_them() -> None:
    edges = [first_xp(flame) + step for flame in range(1, 22) for step in (-1000, -1, 0, 1, 999, 1000)]
    totals = sorted({xp for xp in (*edges, -5, 500, LARGEST - 1, LARGEST) if xp <= LARGEST})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xp, calculate_user_level(xp) FROM unnest(%s::int[]) AS t(xp) ORDER BY xp", [totals]
        )
        found = cursor.fetchall()
    assert found == [(xp, flame_of(xp)) for xp in totals]
    assert len(found) > 100
