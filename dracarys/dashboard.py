"""The dashboard: what several apps say about one person, read for one page."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import UserProfile
from dracarys.db.compiled import Rows, compiled
from dracarys.lib.clock import zone
from gamification.achievements import BadgeCard, latest_badges
from gamification.leaderboards import standing
from gamification.models import XpEvent
from gamification.rules import FlameMeter, flame_meter
from gamification.streaks import StreakView, streak_of
from learning.path import LevelCard, NextStep, next_step, path_of


@dataclass(frozen=True, slots=True)
class StreakDay:
    letter: str
    label: str
    done: bool
    is_today: bool
    is_future: bool


@dataclass(frozen=True, slots=True)
class StreakCard:
    current: int
    longest: int
    done_today: bool
    days: tuple[StreakDay, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class RankCard:
    rank: int | None
    total: int
    percentile: int | None
    xp: int
    sentence: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    reason: str
    amount: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Dashboard:
    greeting_name: str
    today_label: str
    timezone_label: str
    next: NextStep
    streak: StreakCard
    flame: FlameMeter
    rank: RankCard
    recent: tuple[LedgerLine, ...]
    achievements: tuple[BadgeCard, ...]
    level: LevelCard | None


def dashboard_of(profile: UserProfile, *, at: dt.datetime) -> Dashboard:
    """Everything on one person's dashboard at `at` (UTC). At most ten queries, however much they did."""
    levels = path_of(profile.pk)
    streak = streak_of(user_id=profile.pk, timezone=profile.timezone, at=at)
    return Dashboard(
        greeting_name=(profile.full_name or "").split(" ")[0],
        today_label=date_format(at.astimezone(zone(profile.timezone)), "l j F"),
        timezone_label=profile.timezone.replace("_", " "),
        next=next_step(levels),
        streak=_streak_card(streak),
        flame=flame_meter(profile.total_xp),
        rank=_rank_card(profile.pk, at),
        recent=_recent(profile.pk),
        achievements=tuple(latest_badges(profile.pk, at_most=3)),
        level=_current_level(levels),
    )


def _streak_card(streak: StreakView) -> StreakCard:
    monday = streak.today - dt.timedelta(days=streak.today.weekday())
    days = [monday + dt.timedelta(days=n) for n in range(7)]
    return StreakCard(
        current=streak.current,
        longest=streak.longest,
        done_today=streak.done_today,
        days=tuple(
            StreakDay(
                letter=date_format(day, "D")[0],
                label=date_format(day, "D j M"),
                done=day in streak.days,
                is_today=day == streak.today,
                is_future=day > streak.today,
            )
            for day in days
        ),
        sentence=_streak_sentence(streak),
    )


def _streak_sentence(streak: StreakView) -> str:
    if streak.done_today:
        return _("Today counts. Come back tomorrow to go on.")
    if streak.current:
        return _("Finish an assessment today to keep it.")
    return _("A day counts when you finish an assessment, passed or not.")


def _rank_card(user_id: uuid.UUID, at: dt.datetime) -> RankCard:
    mine = standing(period="weekly", user_id=user_id, at=at)
    if mine.rank is None:
        sentence = _("Earn XP this week to stand on the board.")
    elif mine.percentile is None:
        sentence = _("You are the first on this week's board.")
    else:
        sentence = _("Ahead of %(percent)s %% of those who learned this week.") % {"percent": mine.percentile}
    return RankCard(mine.rank, mine.total, mine.percentile, mine.xp, sentence)


def _recent(user_id: uuid.UUID) -> tuple[LedgerLine, ...]:
    return tuple(LedgerLine(row["reason"], row["amount"], row["occurred_at"]) for row in _latest(user_id))


@compiled
def _latest(user_id: uuid.UUID) -> Rows:
    rows = XpEvent.objects.filter(user_id=user_id).order_by("-occurred_at", "-total_after", "pk")
    return rows.values("reason", "amount", "occurred_at")[:5]


def _current_level(levels: tuple[LevelCard, ...]) -> LevelCard | None:
    """The level with the gate to do now, else the last one that has gates."""
    with_gates = [level for level in levels if level.gates]
    return next(
        (level for level in with_gates if any(gate.state == "current" for gate in level.gates)),
        with_gates[-1] if with_gates else None,
    )
