"""Where people stand: ranks, ties, neighbours, percentiles, and what happens when a period closes."""

import datetime as dt
import random
import threading

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from dracarys.db.acting import acting_as_service
from gamification import leaderboards
from gamification.leaderboards import Board, board, standing
from gamification.models import LeaderboardEntry, LeaderboardStep
from gamification.rules import PERIODS, percent_behind, period_window
from tests.factories.gamification import earn, learner

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)  # a Wednesday
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


def scored(*points: int, at: dt.datetime = NOON) -> list[User]:
    """People with these scores, each reached a minute after the one before; the boards are fresh."""
    people = [learner(f"Person {n}") for n in range(len(points))]
    for n, (person, xp) in enumerate(zip(people, points, strict=True)):
        earn(person, xp, at=at + n * MINUTE)
    leaderboards.refresh_steps(at=at)
    return people


def weekly(user: User, at: dt.datetime = NOON) -> Board:
    return board(period="weekly", user_id=user.pk, at=at)


def names(rows: tuple[leaderboards.BoardRow, ...]) -> list[tuple[int, str]]:
    return [(row.rank, row.name) for row in rows]


def ranks_by_database(period: str) -> dict[object, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, rank() OVER (ORDER BY xp_points DESC) FROM leaderboard "
            "WHERE period = %s AND xp_points > 0",
            [period],
        )
        return dict(cursor.fetchall())


@pytest.mark.parametrize("seed", range(8))
def test_ranks_are_those_of_the_database_on_any_board(seed: int) -> None:
    chance = random.Random(seed)
    size = chance.choice((1, 2, 7, 30))
    people = scored(*(chance.choice((10, 20, 20, 30, chance.randrange(1, 500))) for _ in range(size)))
    for period in PERIODS:
        expected = ranks_by_database(period)
        assert len(expected) == size
        for person in people:
            found = standing(period=period, user_id=person.pk, at=NOON)
            assert found.rank == expected[person.pk]
            assert found.total == size
            above = found.rank - 1
            tied = sum(rank == found.rank for rank in expected.values())
            assert found.percentile == percent_behind(size, above, tied)
            seen = board(period=period, user_id=person.pk, at=NOON)
            assert seen.me is not None
            assert (seen.me.rank, seen.percentile, seen.total) == (found.rank, found.percentile, size)


def test_equal_xp_shares_a_rank_and_the_first_to_get_there_is_listed_first() -> None:
    people = scored(50, 80, 50, 80, 20)
    assert names(weekly(people[0]).top) == [
        (1, "Person 1"),
        (1, "Person 3"),
        (3, "Person 0"),
        (3, "Person 2"),
        (5, "Person 4"),
    ]


def test_somebody_who_draws_level_later_is_listed_after() -> None:
    people = scored(50, 40)
    earn(people[1], 10, at=NOON + 30 * MINUTE)
    leaderboards.refresh_steps(at=NOON)
    assert names(weekly(people[0]).top) == [(1, "Person 0"), (1, "Person 1")]
    earn(people[0], 5, at=NOON + 40 * MINUTE)
    earn(people[1], 5, at=NOON + 35 * MINUTE)
    leaderboards.refresh_steps(at=NOON)
    assert names(weekly(people[0]).top) == [(1, "Person 1"), (1, "Person 0")]


def test_somebody_below_the_top_sees_three_before_and_three_after_in_the_boards_order() -> None:
    people = scored(*range(300, 0, -10))
    seen = weekly(people[25])
    assert len(seen.top) == leaderboards.TOP
    assert not any(row.is_me for row in seen.top)
    assert names(seen.neighbours) == [(n + 1, f"Person {n}") for n in range(22, 29)]
    assert seen.me == seen.neighbours[3]
    assert (seen.me.rank, seen.me.xp, seen.percentile) == (26, 50, 13)


def test_neighbours_of_the_last_and_among_ties_keep_the_order_of_arrival() -> None:
    people = scored(*([100] * 20), *([7] * 5))
    last = weekly(people[-1])
    assert names(last.neighbours) == [(21, f"Person {n}") for n in (21, 22, 23, 24)]
    first = weekly(people[20])
    assert names(first.neighbours) == [(1, "Person 17"), (1, "Person 18"), (1, "Person 19")] + [
        (21, f"Person {n}") for n in (20, 21, 22, 23)
    ]


def test_somebody_at_the_top_sees_no_neighbours() -> None:
    people = scored(30, 20, 10)
    assert weekly(people[2]).neighbours == ()
    assert weekly(people[2]).me == weekly(people[2]).top[2]


def test_a_board_on_which_nobody_scored_is_empty(ash: User) -> None:
    seen = weekly(ash)
    assert (seen.top, seen.me, seen.neighbours, seen.total, seen.percentile) == ((), None, (), 0, None)
    assert standing(period="weekly", user_id=ash.pk, at=NOON).rank is None


def test_somebody_without_a_score_sees_the_board_and_no_rank(ash: User) -> None:
    scored(30, 20)
    seen = weekly(ash)
    assert (len(seen.top), seen.me, seen.total, seen.percentile) == (2, None, 2, None)


def test_a_score_newer_than_the_last_refresh_is_ranked_among_what_is_known(ash: User) -> None:
    scored(100, 60, 30)
    earn(ash, 50, at=NOON + 10 * MINUTE)
    seen = weekly(ash)
    assert seen.me is not None
    assert seen.me.rank == standing(period="weekly", user_id=ash.pk, at=NOON).rank == 3
    leaderboards.refresh_steps(at=NOON)
    assert (weekly(ash).total, weekly(ash).percentile) == (4, 33)


@pytest.mark.parametrize(("others", "xp"), [((), 10), ((100, 60, 30), 5)])
def test_nobody_is_fourth_of_three(ash: User, others: tuple[int, ...], xp: int) -> None:
    scored(*others)
    earn(ash, xp, at=NOON + 10 * MINUTE)
    seen, mine = weekly(ash), standing(period="weekly", user_id=ash.pk, at=NOON)
    assert seen.me is not None
    assert seen.me.rank == mine.rank == len(others) + 1
    assert seen.total == mine.total == len(others) + 1


def test_each_board_counts_only_its_own_window(ash: User) -> None:
    first_of_month, monday = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), NOON - 2 * DAY
    for xp, at in ((1, first_of_month - DAY), (10, first_of_month), (100, monday), (1000, NOON)):
        earn(ash, xp, at=at)
    leaderboards.refresh_steps(at=NOON)
    assert {p: standing(period=p, user_id=ash.pk, at=NOON).xp for p in PERIODS} == {
        "daily": 1000,
        "weekly": 1100,
        "monthly": 1110,
        "all_time": 1111,
    }


def test_an_instant_belongs_to_the_same_utc_windows_whatever_the_session_s_zone(ash: User) -> None:
    late = dt.datetime(2026, 2, 28, 23, 59, 59, tzinfo=dt.UTC)  # Sunday 1 March in the east
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Pacific/Kiritimati'")
        earn(ash, 10, at=late)
    for period in PERIODS:
        entry = LeaderboardEntry.objects.get(user=ash, period=period)
        assert (entry.period_start_date, entry.period_end_date) == period_window(period, late.date())


def test_a_person_whose_score_was_taken_back_is_not_on_the_board(ash: User) -> None:
    earn(ash, 10, at=NOON)
    earn(ash, -10, at=NOON + MINUTE)
    leaderboards.refresh_steps(at=NOON)
    assert weekly(ash).top == ()


# --- Closing ------------------------------------------------------------------------------------------


def closed(period: str, first: dt.date) -> list[tuple[int, int | None, object]]:
    rows = LeaderboardEntry.objects.filter(period=period, period_start_date=first).order_by(
        "-xp_points", "pk"
    )
    return list(rows.values_list("xp_points", "rank", "percentile"))


def test_a_period_that_ended_gets_its_ranks_and_percentiles_and_an_open_one_does_not() -> None:
    scored(100, 50, 50, 10)
    assert leaderboards.close_periods(at=NOON + DAY) == 1  # the day; week, month and all time go on
    first = NOON.date()
    found = [(xp, rank, float(str(p))) for xp, rank, p in closed("daily", first)]
    assert found == [(100, 1, 100.0), (50, 2, 33.33), (50, 2, 33.33), (10, 4, 0.0)]
    for period in ("weekly", "monthly", "all_time"):
        assert {rank for _, rank, _ in closed(period, period_window(period, first)[0])} == {None}


def test_somebody_alone_on_a_closed_board_is_first_and_ahead_of_nobody(ash: User) -> None:
    earn(ash, 5, at=NOON)
    leaderboards.close_periods(at=NOON + DAY)
    assert closed("daily", NOON.date()) == [(5, 1, None)]


def test_a_closed_period_is_never_written_again(ash: User) -> None:
    scored(100, 50)
    leaderboards.close_periods(at=NOON + DAY)
    before = closed("daily", NOON.date())
    # A ledger row that comes late: its owner is ranked, those who were are left alone.
    earn(ash, 200, at=NOON)
    assert leaderboards.close_periods(at=NOON + DAY) == 1
    assert closed("daily", NOON.date())[1:] == before
    assert closed("daily", NOON.date())[0][:2] == (200, 1)
    assert leaderboards.close_periods(at=NOON + DAY) == 0


def test_closing_counts_scores_that_no_refresh_has_seen(ash: User, brand: User) -> None:
    earn(ash, 10, at=NOON)
    leaderboards.refresh_steps(at=NOON)
    earn(brand, 20, at=NOON)
    leaderboards.close_periods(at=NOON + DAY)
    assert [(xp, rank) for xp, rank, _ in closed("daily", NOON.date())] == [(20, 1), (10, 2)]


def test_all_that_ended_while_nobody_looked_is_closed_at_once() -> None:
    scored(100, at=NOON)
    scored(90, at=NOON + DAY)
    # Two days, one week and one month have ended a year later; all time never does.
    assert leaderboards.close_periods(at=NOON + 365 * DAY) == 4
    assert {rank for _, rank, _ in closed("all_time", dt.date(1970, 1, 1))} == {None}


def test_closing_does_not_touch_when_the_score_was_reached(ash: User) -> None:
    earn(ash, 10, at=NOON)
    leaderboards.close_periods(at=NOON + DAY)
    assert LeaderboardEntry.objects.get(user=ash, period="daily").updated_at == NOON


# --- Refreshing ---------------------------------------------------------------------------------------


def test_steps_are_one_row_for_each_distinct_score_of_the_four_boards() -> None:
    scored(50, 80, 50, 20)
    assert LeaderboardStep.objects.count() == 4 * 3
    rows = LeaderboardStep.objects.filter(period="weekly").order_by("-xp")
    assert list(rows.values_list("xp", "n", "above")) == [(80, 1, 0), (50, 2, 1), (20, 1, 3)]


def test_refreshing_twice_changes_nothing() -> None:
    scored(50, 80, 50)
    before = list(LeaderboardStep.objects.order_by("pk").values())
    assert leaderboards.refresh_steps(at=NOON) == len(before)
    assert list(LeaderboardStep.objects.order_by("pk").values()) == before


@pytest.mark.django_db(transaction=True)
def test_a_reader_sees_the_old_ranks_whole_until_a_refresh_commits() -> None:
    people = scored(100, 50)
    earn(people[1], 100, at=NOON + 10 * MINUTE)

    def seen_elsewhere() -> list[tuple[int, int, int]]:
        found: list[tuple[int, int, int]] = []

        def read() -> None:
            rows = LeaderboardStep.objects.filter(period="weekly").order_by("-xp")
            found.extend(rows.values_list("xp", "n", "above"))
            connections["default"].close()

        reader = threading.Thread(target=read)
        reader.start()
        reader.join(timeout=30)
        return found

    with acting_as_service():
        leaderboards.refresh_steps(at=NOON)
        assert seen_elsewhere() == [(100, 1, 0), (50, 1, 1)]
    assert seen_elsewhere() == [(150, 1, 0), (100, 1, 1)]


@pytest.mark.django_db(transaction=True)
def test_a_refresh_outside_any_transaction_is_one_of_its_own() -> None:
    scored(100, 50)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text), count(*) FROM leaderboard_steps")
        assert cursor.fetchone() == (1, 8)
    assert not transaction.get_connection().in_atomic_block
