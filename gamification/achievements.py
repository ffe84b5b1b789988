"""Who has earned which achievement, and how far the others are."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, F, Q, TextField, Value
from django.db.models.fields.json import KT

from accounts.models import Activity, ActivityType, UserProfile
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


def facts_of(user_id: uuid.UUID, *, longest_streak: int, total_xp: int) -> rules.Facts:
    """What achievement rules look at, from the activity log. One query."""
    levels = ArrayAgg(
        KT("metadata__level"),
        filter=Q(activity_type=ActivityType.LEVEL_COMPLETE),
        default=Value([], output_field=ArrayField(TextField())),
    )
    rows = (
        Activity.objects.filter(user_id=user_id)
        .values_list("activity_type")
        .annotate(n=Count("entity_id", distinct=True), levels=levels)
        .order_by()
    )
    found = list(rows)
    return rules.Facts(
        counts={activity: n for activity, n, _ in found},
        levels_completed=frozenset(int(level) for _, _, completed in found for level in completed),
        longest_streak=longest_streak,
        total_xp=total_xp,
    )


def unlock(
    *, user_id: uuid.UUID, facts: rules.Facts, cause_id: uuid.UUID | None, at: dt.datetime
) -> list[Achievement]:
    """Unlock what the facts meet and was not unlocked; the new ones. Unique in the database: never twice."""
    waiting = Achievement.objects.filter(is_active=True, requirements__isnull=False).exclude(
        unlocks__user_id=user_id
    )
    by_code = {a.code: a for a in waiting.order_by("xp_reward", "code")}
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
