from learning.models.attempt import Attempt, AttemptState
from learning.models.bookmark import Bookmark
from learning.models.evidence import CheckpointAnswer, QuestionAnswer
from learning.models.lesson import (
    WIDE,
    WIDE_OF_LESSON,
    Difficulty,
    Lesson,
    LessonVersion,
    Level,
    VersionState,
    json_path,
)
from learning.models.market import Dataset, PriceBar
from learning.models.media import Figure
from learning.models.note import LONGEST_NOTE, Note, NoteKind
from learning.models.opening import GateOpening
from learning.models.origin import CourseOrigin
from learning.models.passage import Passage
from learning.models.progress import UserProgress
from learning.models.regrading import Regrading, RegradingKind, RegradingMode, VoidedQuestion
from learning.models.report import (
    LONGEST_REPORT,
    PlaceKind,
    Rating,
    Report,
    ReportKind,
    ReportState,
)
from learning.models.statistics import QuestionStatistics
from learning.models.vocabulary import GlossaryTerm, Topic

__all__ = [
    "LONGEST_NOTE",
    "LONGEST_REPORT",
    "WIDE",
    "WIDE_OF_LESSON",
    "Attempt",
    "AttemptState",
    "Bookmark",
    "CheckpointAnswer",
    "CourseOrigin",
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
    "Passage",
    "PlaceKind",
    "PriceBar",
    "QuestionAnswer",
    "QuestionStatistics",
    "Rating",
    "Regrading",
    "RegradingKind",
    "RegradingMode",
    "Report",
    "ReportKind",
    "ReportState",
    "Topic",
    "UserProgress",
    "VersionState",
    "VoidedQuestion",
    "json_path",
]
