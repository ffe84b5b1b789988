"""Well done: what a learning act earns. The one door through which XP is granted."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.activity_log import Deed, Device, record
from accounts.models import ActivityType, UserProfile
from gamification import achievements, ledger, rules, streaks
from gamification.ledger import Award
from gamification.models import Achievement, XpSource


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
    paid, earned = _paid(profile, streak, deeds, awards, cause_id, at)
    record(*deeds, *_gains(earned), user_id=user_id, timezone=profile.timezone, at=at, device=device)
    return _receipt(profile, before, streak, paid, earned, grew=grew)


def settle(
    *,
    user_id: uuid.UUID,
    deeds: Sequence[Deed],
    awards: Sequence[Award],
    cause_id: uuid.UUID,
    done_at: dt.datetime,
    at: dt.datetime,
) -> Granted:
    """What a correction at `at` (UTC) of something done at `done_at` pays and takes back, as the service.

    As `grant`, but nobody learned anything now: the streak stays, and the deeds are logged for the day on
    which they were done. Achievements stay, whatever is taken back.
    """
    profile = ledger.lock(user_id)
    before = profile.total_xp
    streak = streaks.stored(user_id)
    paid, earned = _paid(profile, streak, deeds, awards, cause_id, at)
    record(*deeds, user_id=user_id, timezone=profile.timezone, at=done_at)
    record(*_gains(earned), user_id=user_id, timezone=profile.timezone, at=at)
    return _receipt(profile, before, streak, paid, earned, grew=False)


def _paid(
    profile: UserProfile,
    streak: rules.Streak,
    deeds: Sequence[Deed],
    awards: Sequence[Award],
    cause_id: uuid.UUID,
    at: dt.datetime,
) -> tuple[list[Award], list[Achievement]]:
    """The awards, then the achievements that they bring with them; what was paid, and what was unlocked."""
    paid = ledger.pay(profile, awards, cause_id=cause_id, at=at)
    facts = achievements.facts_of(
        profile.pk, longest_streak=streak.longest, total_xp=profile.total_xp, deeds=deeds
    )
    earned = achievements.unlock(user_id=profile.pk, facts=facts, cause_id=cause_id, at=at)
    paid += ledger.pay(profile, [_award(a) for a in earned if a.xp_reward], cause_id=cause_id, at=at)
    return paid, earned


def _gains(earned: Sequence[Achievement]) -> list[Deed]:
    return [Deed(ActivityType.ACHIEVEMENT_GAIN, "achievement", a.pk, {"code": a.code}) for a in earned]


def _receipt(
    profile: UserProfile,
    before: int,
    streak: rules.Streak,
    paid: Sequence[Award],
    earned: Sequence[Achievement],
    *,
    grew: bool,
) -> Granted:
    return Granted(
        lines=tuple((award.reason, award.amount) for award in paid),
        total_before=before,
        total_after=profile.total_xp,
        streak=streak.current,
        longest_streak=streak.longest,
        streak_grew=grew,
        achievements=tuple(Unlocked(a.title, a.description, a.rarity, a.icon_url or "medal") for a in earned),
    )


def _award(achievement: Achievement) -> Award:
    reason = f"Achievement: {achievement.title}"
    return Award(XpSource.ACHIEVEMENT, achievement.pk, achievement.xp_reward, reason)
