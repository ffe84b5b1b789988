"""A board reads a few rows, however many people share a score: its cost does not grow with the learners."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from gamification import leaderboards
from gamification.models import LeaderboardEntry
from gamification.rules import period_window
from tests.database.rows import run

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
CROWD = 1500
# The top, the neighbours on both sides, oneself twice; and the few at the same instant.
FEW = leaderboards.TOP + 4 * leaderboards.NEIGHBOURS + 8


@pytest.fixture
def crowd(db: None) -> list[User]:
    """Many people: three in four with the same score, reached one second after the other."""
    first, last = period_window("weekly", NOON.date())
    people = User.objects.bulk_create(User(email=f"person{n}@example.org") for n in range(CROWD))
    run("UPDATE user_profiles p SET full_name = split_part(u.email, '@', 1) FROM users u WHERE u.id = p.id")
    LeaderboardEntry.objects.bulk_create(
        LeaderboardEntry(
            user=person,
            period="weekly",
            xp_points=500 if n % 4 else 100 + n,
            period_start_date=first,
            period_end_date=last,
            updated_at=NOON - dt.timedelta(seconds=n),
        )
        for n, person in enumerate(people)
    )
    leaderboards.refresh_steps(at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leaderboard; ANALYZE users; ANALYZE user_profiles")
    return people


@contextmanager
def rows_read() -> Iterator[list[int]]:
    """How many rows of the board each statement looked at, whether it kept them or not."""
    looked_at: list[int] = []

    def explained(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if re.search(r'FROM "?leaderboard"?\s', sql):
            execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params, many, context)
            (plan,) = context["cursor"].fetchone()
            looked_at.append(_looked_at((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        yield looked_at


def _looked_at(node: dict[str, Any]) -> int:
    below = sum(_looked_at(child) for child in node.get("Plans", ()))
    if node.get("Relation Name") != "leaderboard":
        return below
    looked_at = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return below + int(looked_at * node["Actual Loops"])


@pytest.mark.parametrize("place", [1, CROWD // 2, CROWD - 1])
def test_a_board_looks_at_a_few_rows_wherever_one_stands(crowd: list[User], place: int) -> None:
    with rows_read() as looked_at:
        seen = leaderboards.board(period="weekly", user_id=crowd[place].pk, at=NOON)
    assert seen.total == CROWD
    assert seen.me is not None
    assert 0 < sum(looked_at) <= FEW, looked_at


def test_among_very_many_with_one_score_the_neighbours_are_those_before_and_after_in_time(
    crowd: list[User],
) -> None:
    seen = leaderboards.board(period="weekly", user_id=crowd[750 + 1].pk, at=NOON)
    ordered = LeaderboardEntry.objects.filter(period="weekly").order_by("-xp_points", "updated_at", "user_id")
    everybody = list(ordered.values_list("user__profile__full_name", flat=True))
    mine = everybody.index("person751")
    assert [row.name for row in seen.neighbours] == everybody[mine - 3 : mine + 4]
    assert [row.name for row in seen.top] == everybody[:20]
