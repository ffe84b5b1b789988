"""Who has earned which achievement, and how far the others are."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from accounts.activity_log import Deed
from accounts.models import UserProfile
from dracarys.db.compiled import Rows, columns_of, compiled, instance
from gamification import rules
from gamification.models import Achievement, Rarity, UserAchievement, UserStreak


@dataclass(frozen=True, slots=True)
class BadgeCard:
    """An achievement as its page shows it to one person; `percent` is 0–100."""

    code: str
    title: str
    description: str
    icon: str
    category: str
    rarity: str
    rarity_label: str
    xp_reward: int
    unlocked_at: dt.datetime | None
    progress: int
    target: int
    percent: int


# `done` with the deeds of this moment, which are written to the log together with what they earn.
FACTS = """
    SELECT activity_type, count(DISTINCT entity_id),
           coalesce(array_agg(level) FILTER (WHERE activity_type = 'level_complete'), '{}')
    FROM (SELECT activity_type, entity_id, metadata ->> 'level' AS level
          FROM user_activity_log WHERE user_id = %(user_id)s
          UNION ALL
          SELECT * FROM unnest(%(types)s::text[], %(entities)s::uuid[], %(levels)s::text[])) AS done
    GROUP BY activity_type
"""


def facts_of(
    user_id: uuid.UUID, *, longest_streak: int, total_xp: int, deeds: Sequence[Deed] = ()
) -> rules.Facts:
    """What achievement rules look at: the activity log, and `deeds` not yet in it. One query."""
    asked: dict[str, Any] = {
        "user_id": user_id,
        "types": [str(deed.activity_type) for deed in deeds],
        "entities": [deed.entity_id for deed in deeds],
        "levels": [str((deed.metadata or {}).get("level")) for deed in deeds],
    }
    with connection.cursor() as cursor:
        cursor.execute(FACTS, asked)
        found = cursor.fetchall()
    return rules.Facts(
        counts={activity: n for activity, n, _ in found},
        levels_completed=frozenset(int(level) for _, _, completed in found for level in completed),
        longest_streak=longest_streak,
        total_xp=total_xp,
    )


# The same for many people at once.
FACTS_OF_MANY = """
    SELECT user_id, activity_type, count(DISTINCT entity_id),
           coalesce(array_agg(level) FILTER (WHERE activity_type = 'level_complete'), '{}')
    FROM (SELECT user_id, activity_type, entity_id, metadata ->> 'level' AS level
          FROM user_activity_log WHERE user_id = ANY(%(people)s)
          UNION ALL
          SELECT * FROM unnest(%(users)s::uuid[], %(types)s::text[], %(entities)s::uuid[],
                               %(levels)s::text[])) AS done
    GROUP BY user_id, activity_type
"""


@dataclass(frozen=True, slots=True)
class Would:
    """What somebody would have done and have by then; `total_xp` before any achievement's own XP."""

    total_xp: int
    deeds: tuple[Deed, ...] = ()


def would_unlock(people: Mapping[uuid.UUID, Would]) -> dict[uuid.UUID, list[Achievement]]:
    """The achievements that each of these people would unlock. Four queries, whatever their number."""
    facts = _facts_of_many(people)
    waiting = _unlockable()
    had = set(
        UserAchievement.objects.filter(user_id__in=list(people)).values_list("user_id", "achievement_id")
    )
    parsed = [(a, rules.REQUIREMENT.validate_python(a.requirements)) for a in waiting]
    found: dict[uuid.UUID, list[Achievement]] = {}
    for user_id, known in facts.items():
        open_to = {a.code: (a, rule) for a, rule in parsed if (user_id, a.pk) not in had}
        met = rules.met(((code, rule) for code, (_, rule) in open_to.items()), known)
        found[user_id] = [open_to[code][0] for code in met]
    return found


def _facts_of_many(people: Mapping[uuid.UUID, Would]) -> dict[uuid.UUID, rules.Facts]:
    deeds = [(user_id, deed) for user_id, would in people.items() for deed in would.deeds]
    asked: dict[str, Any] = {
        "people": list(people),
        "users": [user_id for user_id, _ in deeds],
        "types": [str(deed.activity_type) for _, deed in deeds],
        "entities": [deed.entity_id for _, deed in deeds],
        "levels": [str((deed.metadata or {}).get("level")) for _, deed in deeds],
    }
    longest = dict(
        UserStreak.objects.filter(user_id__in=list(people)).values_list("user_id", "longest_streak")
    )
    counts: dict[uuid.UUID, dict[str, int]] = {user_id: {} for user_id in people}
    levels: dict[uuid.UUID, set[int]] = {user_id: set() for user_id in people}
    with connection.cursor() as cursor:
        cursor.execute(FACTS_OF_MANY, asked)
        for user_id, activity, n, completed in cursor.fetchall():
            counts[user_id][activity] = n
            levels[user_id] |= {int(level) for level in completed}
    return {
        user_id: rules.Facts(
            counts[user_id], frozenset(levels[user_id]), longest.get(user_id, 0), would.total_xp
        )
        for user_id, would in people.items()
    }


def _unlockable() -> "QuerySet[Achievement]":
    return Achievement.objects.filter(is_active=True, requirements__isnull=False).order_by(
        "xp_reward", "code"
    )


def unlock(
    *, user_id: uuid.UUID, facts: rules.Facts, cause_id: uuid.UUID | None, at: dt.datetime
) -> list[Achievement]:
    """Unlock what the facts meet and was not unlocked; the new ones. Unique in the database: never twice."""
    by_code = {a.code: a for a in _unlockable().exclude(unlocks__user_id=user_id)}
    parsed = ((code, rules.REQUIREMENT.validate_python(a.requirements)) for code, a in by_code.items())
    earned = [by_code[code] for code in rules.met(parsed, facts)]
    if earned:
        UserAchievement.objects.bulk_create(
            (
                UserAchievement(
                    user_id=user_id,
                    achievement=achievement,
                    unlocked_at=at,
                    metadata={"cause_id": str(cause_id)} if cause_id else None,
                )
                for achievement in earned
            ),
            ignore_conflicts=True,
        )
    return earned


def badges_of(user_id: uuid.UUID) -> list[BadgeCard]:
    """Every active achievement with this person's progress, unlocked ones first. Five queries."""
    streak = UserStreak.objects.filter(user_id=user_id).values_list("longest_streak", flat=True).first()
    total = UserProfile.objects.values_list("total_xp", flat=True).get(pk=user_id)
    facts = facts_of(user_id, longest_streak=streak or 0, total_xp=total)
    unlocked = dict(
        UserAchievement.objects.filter(user_id=user_id).values_list("achievement_id", "unlocked_at")
    )
    shown = Achievement.objects.filter(is_active=True).order_by("xp_reward", "code")
    cards = [_card(a, facts, unlocked.get(a.pk)) for a in shown]
    return sorted(cards, key=lambda card: card.unlocked_at is None)


def latest_badges(user_id: uuid.UUID, *, at_most: int) -> list[BadgeCard]:
    """The achievements unlocked last. One query."""
    shown = ((instance(Achievement, row, "achievement__"), row) for row in _latest(user_id, at_most))
    return [_card(achievement, rules.Facts(), row["unlocked_at"]) for achievement, row in shown]


@compiled
def _latest(user_id: uuid.UUID, at_most: int) -> Rows:
    unlocked = UserAchievement.objects.filter(user_id=user_id, achievement__is_active=True)
    columns = columns_of(Achievement, "achievement__")
    rows: Rows = unlocked.order_by(F("unlocked_at").desc(), "pk").values("unlocked_at", *columns)[:at_most]
    return rows


def _card(achievement: Achievement, facts: rules.Facts, unlocked_at: dt.datetime | None) -> BadgeCard:
    progress, target = 0, 1
    if achievement.requirements:
        requirement = rules.REQUIREMENT.validate_python(achievement.requirements)
        progress, target = rules.progress_towards(requirement, facts)
    if unlocked_at:
        progress = target
    return BadgeCard(
        code=achievement.code,
        title=achievement.title,
        description=achievement.description,
        icon=achievement.icon_url or "medal",
        category=achievement.category,
        rarity=achievement.rarity,
        rarity_label=str(Rarity(achievement.rarity).label),
        xp_reward=achievement.xp_reward,
        unlocked_at=unlocked_at,
        progress=progress,
        target=target,
        percent=progress * 100 // target,
    )
