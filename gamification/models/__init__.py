from gamification.models.achievement import Achievement, Rarity, UserAchievement
from gamification.models.leaderboard import LeaderboardEntry, LeaderboardStep, Period
from gamification.models.streak import UserStreak
from gamification.models.xp import XpEvent, XpSource

__all__ = [
    "Achievement",
    "LeaderboardEntry",
    "LeaderboardStep",
    "Period",
    "Rarity",
    "UserAchievement",
    "UserStreak",
    "XpEvent",
    "XpSource",
]
