"""Rules of achievements: each kind below, at and above its target; bad data is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from gamification.rules import REQUIREMENT, Facts, first_xp, met, progress_towards

COUNT = {"kind": "count", "activity": "lesson_complete", "at_least": 3}
STREAK = {"kind": "streak", "days": 3}
LEVEL = {"kind": "level_complete", "level": 2}
FLAME = {"kind": "flame", "at_least": 3}


def lessons(n: int) -> Facts:
    return Facts(counts={"lesson_complete": n, "attempt": 50})


@pytest.mark.parametrize(
    ("rule", "facts", "progress", "is_met"),
    [
        (COUNT, Facts(), (0, 3), False),
        (COUNT, lessons(2), (2, 3), False),
        (COUNT, lessons(3), (3, 3), True),
        (COUNT, lessons(9), (3, 3), True),
        (STREAK, Facts(longest_streak=2), (2, 3), False),
        (STREAK, Facts(longest_streak=3), (3, 3), True),
        (STREAK, Facts(longest_streak=40), (3, 3), True),
        (LEVEL, Facts(), (0, 1), False),
        (LEVEL, Facts(levels_completed=frozenset({1, 3})), (0, 1), False),
        (LEVEL, Facts(levels_completed=frozenset({1, 2})), (1, 1), True),
        (FLAME, Facts(total_xp=first_xp(3) - 1), (2, 3), False),
        (FLAME, Facts(total_xp=first_xp(3)), (3, 3), True),
        (FLAME, Facts(total_xp=first_xp(5)), (3, 3), True),
    ],
)
def test_each_kind_below_at_and_above_its_target(
    rule: dict[str, Any], facts: Facts, progress: tuple[int, int], is_met: bool
) -> None:
    parsed = REQUIREMENT.validate_python(rule)
    assert progress_towards(parsed, facts) == progress
    assert met([("it", parsed)], facts) == (["it"] if is_met else [])


def test_met_rules_keep_their_order() -> None:
    parsed = [(name, REQUIREMENT.validate_python(STREAK)) for name in "cab"]
    assert met(parsed, Facts(longest_streak=3)) == ["c", "a", "b"]


@pytest.mark.parametrize(
    "rule",
    [
        None,
        [],
        {},
        "count",
        {"kind": "profit", "at_least": 1},
        {"kind": "count", "at_least": 1},
        {"kind": "count", "activity": "", "at_least": 1},
        {"kind": "count", "activity": "a" * 51, "at_least": 1},
        {"kind": "count", "activity": "attempt\x00", "at_least": 1},
        {"kind": "count", "activity": "attempt\ud800", "at_least": 1},
        {"kind": "count", "activity": "attempt", "at_least": 0},
        {"kind": "count", "activity": "attempt", "at_least": 10**7},
        {"kind": "count", "activity": "attempt", "at_least": 1.5},
        {"kind": "count", "activity": "attempt", "at_least": float("nan")},
        {"kind": "count", "activity": "attempt", "at_least": 1, "or": 2},
        {"kind": "streak"},
        {"kind": "streak", "days": 0},
        {"kind": "streak", "days": -3},
        {"kind": "streak", "days": 10_001},
        {"kind": "level_complete", "level": 0},
        {"kind": "level_complete", "level": "two"},
        {"kind": "flame", "at_least": 0},
        {"kind": "flame", "at_least": 22},
    ],
)
def test_bad_rules_are_refused(rule: object) -> None:
    with pytest.raises(ValidationError):
        REQUIREMENT.validate_python(rule)
