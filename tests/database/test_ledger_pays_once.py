"""The seed's trigger paid at every update; here a ledger row pays once, on four boards, in UTC."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from accounts.models import User
from gamification import leaderboards
from gamification.models import LeaderboardEntry, UserStreak, XpEvent
from gamification.rules import PERIODS, first_xp, flame_of, period_window
from learning.models import Lesson, UserProgress
from tests.database.rows import NOON, ledger_row, progress_row, rows, run

pytestmark = pytest.mark.django_db
INT_MAX = 2_147_483_647
MONDAY = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
INSTANT = dt.timedelta(microseconds=1)
DAY = dt.timedelta(days=1)


def points(user: User) -> set[int]:
    return set(LeaderboardEntry.objects.filter(user=user).values_list("xp_points", flat=True))


def test_a_ledger_row_and_three_harmless_updates_give_its_xp_once(ash: User, gate: Lesson) -> None:
    ledger_row(ash)
    progress_row(ash, gate, completed=True, completed_at=NOON, xp_earned=100)
    for n in range(3):
        UserProgress.objects.filter(user=ash).update(position=n)
        XpEvent.objects.filter(user=ash).update(reason=f"Reworded {n}")
    assert points(ash) == {100}


def test_the_same_deed_is_paid_once(ash: User) -> None:
    deed = uuid.uuid4()
    ledger_row(ash, source_id=deed)
    with pytest.raises(IntegrityError, match="uq_xp_events_user_source_source_id"):
        ledger_row(ash, source_id=deed)


def test_one_deed_pays_two_people_and_two_sources(ash: User, brand: User) -> None:
    deed = uuid.uuid4()
    for user, source in ((ash, "gate"), (ash, "perfect"), (brand, "gate")):
        ledger_row(user, source_id=deed, source=source)
    assert (points(ash), points(brand)) == ({200}, {100})


def test_all_four_boards_get_all_columns(ash: User) -> None:
    UserStreak.objects.create(user=ash, current_streak=4, longest_streak=9)
    ledger_row(ash, occurred_at=NOON, amount=70)
    ledger_row(ash, occurred_at=NOON, amount=30, source="perfect")
    for period in PERIODS:
        entry = LeaderboardEntry.objects.get(user=ash, period=period)
        assert (entry.xp_points, entry.lessons_completed, entry.streak_days) == (100, 1, 4)
        assert (entry.period_start_date, entry.period_end_date) == period_window(period, NOON.date())
        assert entry.updated_at == NOON
    leaderboards.close_periods(at=NOON + 400 * DAY)
    closed = LeaderboardEntry.objects.filter(user=ash).exclude(period="all_time")
    assert {entry.rank for entry in closed} == {1}


def test_rank_and_percentile_are_written_when_a_period_closes(ash: User, brand: User) -> None:
    ledger_row(ash, occurred_at=NOON, amount=70)
    ledger_row(brand, occurred_at=NOON, amount=30)
    leaderboards.close_periods(at=NOON + DAY)
    day = LeaderboardEntry.objects.filter(period="daily").order_by("rank")
    found = [(entry.user_id, entry.rank, entry.percentile) for entry in day]
    assert found == [(ash.pk, 1, Decimal(100)), (brand.pk, 2, Decimal(0))]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    ("at", "monday"),
    [(MONDAY - INSTANT, MONDAY - 7 * DAY), (MONDAY, MONDAY), (MONDAY + 7 * DAY - INSTANT, MONDAY)],
    ids=["the last instant of Sunday", "the first of Monday", "the last of the next Sunday"],
)
def test_a_week_begins_on_monday_in_utc_whatever_the_sessions_zone(
    ash: User, zone: str, at: dt.datetime, monday: dt.datetime
) -> None:
    run(f"SET LOCAL TIME ZONE '{zone}'")
    ledger_row(ash, occurred_at=at)
    found = LeaderboardEntry.objects.filter(user=ash).values_list("period", "period_start_date")
    assert dict(found) == {p: period_window(p, at.date())[0] for p in PERIODS}
    assert dict(found)["weekly"] == monday.date()


def test_the_databases_flame_is_pythons_at_every_boundary() -> None:
    boundaries = [1000 * (2**n - 1) for n in range(1, 22)]
    wanted = {xp + step for xp in boundaries for step in (-1, 0, 1) if xp + step <= INT_MAX}
    wanted |= {-INT_MAX - 1, -1, 0, 1, INT_MAX, *range(0, INT_MAX, 104_729 * 97)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT xp, calculate_user_level(xp) FROM unnest(%s::int[]) xp", [sorted(wanted)])
        assert cursor.fetchall() == [(xp, flame_of(xp)) for xp in sorted(wanted)]
    assert [first_xp(n) for n in range(1, 6)] == [0, 3000, 7000, 15_000, 31_000]


def test_nobodys_xp_is_the_first_flame() -> None:
    assert rows("SELECT calculate_user_level(NULL)") == [(1,)]


def test_the_streak_column_keeps_the_name_that_was_asked_for() -> None:
    names = rows("SELECT column_name FROM information_schema.columns WHERE table_name = 'user_streaks'")
    assert ("streak_streak_data",) in names
    assert ("streak_data",) not in names
