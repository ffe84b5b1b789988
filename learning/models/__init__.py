from learning.models.attempt import Attempt, AttemptState
from learning.models.lesson import WIDE, Difficulty, Lesson, LessonVersion, Level, json_path
from learning.models.market import Dataset, PriceBar
from learning.models.media import Figure
from learning.models.progress import UserProgress

__all__ = [
    "WIDE",
    "Attempt",
    "AttemptState",
    "Dataset",
    "Difficulty",
    "Figure",
    "Lesson",
    "LessonVersion",
    "Level",
    "PriceBar",
    "UserProgress",
    "json_path",
]
