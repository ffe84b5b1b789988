from learning.models.attempt import Attempt, AttemptState
from learning.models.evidence import CheckpointAnswer, QuestionAnswer
from learning.models.lesson import WIDE, Difficulty, Lesson, LessonVersion, Level, VersionState, json_path
from learning.models.market import Dataset, PriceBar
from learning.models.media import Figure
from learning.models.note import LONGEST_NOTE, Note, NoteKind
from learning.models.opening import GateOpening
from learning.models.progress import UserProgress
from learning.models.statistics import QuestionStatistics
from learning.models.vocabulary import GlossaryTerm, Topic

__all__ = [
    "LONGEST_NOTE",
    "WIDE",
    "Attempt",
    "AttemptState",
    "CheckpointAnswer",
    "Dataset",
    "Difficulty",
    "Figure",
    "GateOpening",
    "GlossaryTerm",
    "Lesson",
    "LessonVersion",
    "Level",
    "Note",
    "NoteKind",
    "PriceBar",
    "QuestionAnswer",
    "QuestionStatistics",
    "Topic",
    "UserProgress",
    "VersionState",
    "json_path",
]
