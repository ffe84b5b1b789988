"""Well done: what a learning act earns. The one door through which XP is granted."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.activity_log import Deed, Device, record
from accounts.models import ActivityType, UserProfile
from gamification import achievements, ledger, rules, streaks
from gamification.ledger import Award
from gamification.models import XpSource


@dataclass(frozen=True, slots=True)
class Unlocked:
    title: str
    description: str
    rarity: str
    icon: str


@dataclass(frozen=True, slots=True)
class Granted:
    """The receipt: what one grant paid and moved. XP figures are whole points."""

    lines: tuple[tuple[str, int], ...]
    total_before: int
    total_after: int
    streak: int
    longest_streak: int
    streak_grew: bool
    achievements: tuple[Unlocked, ...]

    @property
    def gained(self) -> int:
        return self.total_after - self.total_before


def grant(
    *,
    user_id: uuid.UUID,
    deeds: Sequence[Deed],
    awards: Sequence[Award],
    cause_id: uuid.UUID,
    at: dt.datetime,
    device: Device | None = None,
) -> Granted:
    """Everything that a learning act at `at` (UTC) earns, in the caller's transaction, acting as the service.

    The person's profile is the lock. The streak comes first, because the ledger's trigger copies it to the
    boards. An award already paid is not paid again, so a repeat is harmless.
    """
    profile = ledger.lock(user_id)
    before = profile.total_xp
    streak, grew = streaks.extend(profile, at=at)
    paid = ledger.pay(profile, awards, cause_id=cause_id, at=at)
    record(*deeds, user_id=user_id, timezone=profile.timezone, at=at, device=device)
    unlocked, paid_for = _unlock(profile, streak, cause_id, at, device)
    return Granted(
        lines=tuple((award.reason, award.amount) for award in (*paid, *paid_for)),
        total_before=before,
        total_after=profile.total_xp,
        streak=streak.current,
        longest_streak=streak.longest,
        streak_grew=grew,
        achievements=unlocked,
    )


def _unlock(
    profile: UserProfile, streak: rules.Streak, cause_id: uuid.UUID, at: dt.datetime, device: Device | None
) -> tuple[tuple[Unlocked, ...], list[Award]]:
    facts = achievements.facts_of(profile.pk, longest_streak=streak.longest, total_xp=profile.total_xp)
    earned = achievements.unlock(user_id=profile.pk, facts=facts, cause_id=cause_id, at=at)
    awards = [
        Award(XpSource.ACHIEVEMENT, a.pk, a.xp_reward, f"Achievement: {a.title}")
        for a in earned
        if a.xp_reward
    ]
    paid = ledger.pay(profile, awards, cause_id=cause_id, at=at)
    deeds = [Deed(ActivityType.ACHIEVEMENT_GAIN, "achievement", a.pk, {"code": a.code}) for a in earned]
    record(*deeds, user_id=profile.pk, timezone=profile.timezone, at=at, device=device)
    return tuple(Unlocked(a.title, a.description, a.rarity, a.icon_url or "medal") for a in earned), paid
