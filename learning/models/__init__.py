from learning.models.attempt import Attempt, AttemptState
from learning.models.lesson import Difficulty, Lesson, LessonVersion, Level
from learning.models.market import Dataset, PriceBar
from learning.models.progress import UserProgress

__all__ = [
    "Attempt",
    "AttemptState",
    "Dataset",
    "Difficulty",
    "Lesson",
    "LessonVersion",
    "Level",
    "PriceBar",
    "UserProgress",
]
