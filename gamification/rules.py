"""The rules of flames, streaks, periods and achievements: pure Python, the day or instant is passed in."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

PERFECT_BONUS = 100

# --- Flames: the XP level ---------------------------------------------------------------------------


def flame_of(total_xp: int) -> int:
    """The flame at `total_xp`: floor(log2(max(total_xp // 1000 + 1, 2))), in exact integers.

    The same ladder as the database's `calculate_user_level`: flame 1 from 0, then 3,000, 7,000, 15,000 …
    """
    return max(max(total_xp, 0) // 1000 + 1, 2).bit_length() - 1


def first_xp(flame: int) -> int:
    """The XP at which `flame` begins: 1000 · (2^flame − 1) from flame 2 on, 0 for flame 1."""
    return 1000 * (2**flame - 1) if flame >= 2 else 0


@dataclass(frozen=True, slots=True)
class FlameMeter:
    """Where somebody stands between two flames; all figures are XP, `percent` is 0–100."""

    level: int
    total_xp: int
    xp_into: int
    xp_span: int
    xp_to_next: int
    percent: int
    next_at: int


def flame_meter(total_xp: int) -> FlameMeter:
    """The meter of somebody with `total_xp`."""
    flame = flame_of(total_xp)
    begin, end = first_xp(flame), first_xp(flame + 1)
    into = total_xp - begin
    return FlameMeter(
        level=flame,
        total_xp=total_xp,
        xp_into=into,
        xp_span=end - begin,
        xp_to_next=end - total_xp,
        percent=into * 100 // (end - begin),
        next_at=end,
    )


# --- Streaks -----------------------------------------------------------------------------------------

KEPT_DAYS = 366


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row. `last_date` and `days` are the learner's local days, `days` sorted, a year at most."""

    current: int = 0
    longest: int = 0
    last_date: dt.date | None = None
    days: tuple[dt.date, ...] = ()

    def includes(self, day: dt.date) -> bool:
        return day in self.days


def extend_streak(streak: Streak, today: dt.date, *, stayed: dt.date | None = None) -> Streak:
    """The streak after a learning act on the local day `today`.

    A second act on a day changes nothing. A day before the last one (somebody flew west over the date line)
    is kept in the calendar but neither adds to the streak nor breaks it. `stayed` is the day it would be in
    the zone of the act before: a flight east that skips a date costs nothing.
    """
    last = streak.last_date
    days = tuple(sorted({*streak.days, today}))[-KEPT_DAYS:]
    if last is not None and today <= last:
        return Streak(streak.current, streak.longest, last, days)
    current = streak.current + 1 if streak_is_alive(last, min(today, stayed or today)) else 1
    return Streak(current, max(streak.longest, current), today, days)


def streak_is_alive(last_date: dt.date | None, today: dt.date) -> bool:
    """Whether a streak whose last day was `last_date` still stands on `today`: that day's end decides."""
    return last_date is not None and today - last_date <= dt.timedelta(days=1)


# --- Periods of the leaderboards, in UTC -------------------------------------------------------------

EPOCH, FOREVER = dt.date(1970, 1, 1), dt.date(9999, 12, 31)
PeriodName = Literal["daily", "weekly", "monthly", "all_time"]
PERIODS: tuple[PeriodName, ...] = ("daily", "weekly", "monthly", "all_time")


def period_window(period: PeriodName, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last UTC day of the period that `day` falls into; weeks begin on Monday."""
    if period == "daily":
        return day, day
    if period == "weekly":
        monday = day - dt.timedelta(days=day.weekday())
        return monday, monday + dt.timedelta(days=6)
    if period == "monthly":
        following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        return day.replace(day=1), following - dt.timedelta(days=1)
    return EPOCH, FOREVER


def percent_behind(total: int, above: int, tied: int) -> int | None:
    """How many percent of the others somebody is ahead of; None when nobody else is there.

    `total` people have a score, `above` have more, `tied` have the same (the person included).
    """
    others = total - 1
    return None if others < 1 else (total - above - tied) * 100 // others


# --- Achievements ------------------------------------------------------------------------------------


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CountOf(_Rule):
    """So many different things done: `activity` is a type of the activity log."""

    kind: Literal["count"]
    activity: Annotated[str, Field(pattern=r"^[a-z_]{1,50}$")]
    at_least: Annotated[int, Field(ge=1, le=1_000_000)]


class StreakOf(_Rule):
    """A streak that was once this long."""

    kind: Literal["streak"]
    days: Annotated[int, Field(ge=1, le=10_000)]


class LevelDone(_Rule):
    """Every gate of this level of the path passed."""

    kind: Literal["level_complete"]
    level: Annotated[int, Field(ge=1, le=1000)]


class FlameOf(_Rule):
    kind: Literal["flame"]
    at_least: Annotated[int, Field(ge=1, le=21)]


Requirement = Annotated[CountOf | StreakOf | LevelDone | FlameOf, Field(discriminator="kind")]
REQUIREMENT: TypeAdapter[CountOf | StreakOf | LevelDone | FlameOf] = TypeAdapter(Requirement)


@dataclass(frozen=True, slots=True)
class Facts:
    """What achievement rules may look at."""

    counts: Mapping[str, int] = field(default_factory=dict)
    levels_completed: frozenset[int] = frozenset()
    longest_streak: int = 0
    total_xp: int = 0


def progress_towards(rule: CountOf | StreakOf | LevelDone | FlameOf, facts: Facts) -> tuple[int, int]:
    """How far: (value, target); the rule is met when value reaches target. value never exceeds target."""
    if isinstance(rule, CountOf):
        value, target = facts.counts.get(rule.activity, 0), rule.at_least
    elif isinstance(rule, StreakOf):
        value, target = facts.longest_streak, rule.days
    elif isinstance(rule, LevelDone):
        value, target = int(rule.level in facts.levels_completed), 1
    else:
        value, target = flame_of(facts.total_xp), rule.at_least
    return min(value, target), target


def met(rules: Iterable[tuple[str, CountOf | StreakOf | LevelDone | FlameOf]], facts: Facts) -> list[str]:
    """The keys of those rules that the facts meet, in the given order."""
    return [key for key, rule in rules if (lambda p: p[0] >= p[1])(progress_towards(rule, facts))]
