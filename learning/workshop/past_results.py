"""What staff see of a gate's past results: its questions with their doubts, and what was graded again."""

import datetime as dt
from dataclasses import dataclass

from learning.item_statistics import said_of
from learning.models import Lesson, QuestionStatistics, Regrading, VoidedQuestion
from learning.workshop.items import in_plain

# The newest are shown.
REGRADINGS = 20


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question: `prompt` in plain words; figures are None until there are statistics.

    `facility` is a percentage, `discrimination` −1 to 1; `voided` is the reason, empty while it counts.
    """

    id: str
    number: int | None
    prompt: str
    answers: int = 0
    facility: int | None = None
    discrimination: float | None = None
    doubts: tuple[str, ...] = ()
    voided: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether it is a question of what is published now."""
        return self.number is not None


@dataclass(frozen=True, slots=True)
class RegradingLine:
    """A regrading: `why` in words, times in UTC, what came of it so far."""

    why: str
    mode: str
    words: str
    requested_by: str
    requested_at: dt.datetime
    finished_at: dt.datetime | None
    learners: int
    attempts_changed: int
    passes_gained: int
    passes_lost: int
    xp: int


@dataclass(frozen=True, slots=True)
class PastResults:
    questions: tuple[QuestionLine, ...]
    regradings: tuple[RegradingLine, ...]


def past_results(lesson: Lesson) -> PastResults:
    """The page of a gate; dubious questions first. Three queries. Acts as the service."""
    rows = Regrading.objects.filter(lesson=lesson).select_related("version", "requested_by")
    wide = ("version__content_data", "version__assessment_data", "version__rendered")
    newest = rows.defer(*wide).order_by("-requested_at", "pk")[:REGRADINGS]
    return PastResults(_questions(lesson), tuple(_regrading(row) for row in newest))


def question_of(lesson: Lesson, question: str) -> QuestionLine | None:
    """One of them; None when there is no such question, now or voided. Two queries."""
    return next((line for line in _questions(lesson) if line.id == question), None)


def _questions(lesson: Lesson) -> tuple[QuestionLine, ...]:
    statistics = {row.question: row for row in QuestionStatistics.objects.filter(lesson=lesson)}
    voided = dict(VoidedQuestion.objects.filter(lesson=lesson).values_list("question", "words"))
    asked = {
        one["id"]: in_plain(one["prompt"]) for one in (lesson.assessment_data or {}).get("questions", ())
    }
    numbers = {question: number for number, question in enumerate(asked, start=1)}
    lines = [
        _line(one, numbers.get(one), asked.get(one, ""), statistics.get(one), voided.get(one, ""))
        for one in (*asked, *sorted(voided.keys() - asked.keys()))
    ]
    return tuple(sorted(lines, key=lambda line: -len(line.doubts)))


def _line(
    question: str, number: int | None, prompt: str, row: QuestionStatistics | None, voided: str
) -> QuestionLine:
    if row is None:
        return QuestionLine(question, number, prompt, voided=voided)
    return QuestionLine(
        id=question,
        number=number,
        prompt=prompt,
        answers=row.answers,
        facility=round(row.facility * 100),
        discrimination=row.discrimination,
        doubts=tuple(said_of(code) for code in row.doubts),
        voided=voided,
    )


def _regrading(row: Regrading) -> RegradingLine:
    of = row.question or (str(row.version.number) if row.version else "")
    return RegradingLine(
        why=f"{row.get_kind_display()}: {of}",
        mode=row.get_mode_display(),
        words=row.words,
        requested_by=str(row.requested_by or ""),
        requested_at=row.requested_at,
        finished_at=row.finished_at,
        learners=row.learners,
        attempts_changed=row.attempts_changed,
        passes_gained=row.passes_gained,
        passes_lost=row.passes_lost,
        xp=row.xp,
    )
