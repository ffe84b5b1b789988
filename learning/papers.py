"""What a learner sees of an assessment before grading: its introduction and the open paper."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dracarys.db.compiled import Rows, columns_of, compiled, instance
from gamification.rules import PERFECT_BONUS
from learning import access
from learning.models import Attempt, AttemptState, Lesson, UserProgress
from learning.questions import KINDS
from learning.rendering import ChartView


@dataclass(frozen=True, slots=True)
class AttemptLine:
    number: int
    score: int | None
    passed: bool
    submitted_at: dt.datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class AssessmentIntro:
    """What somebody should know before the first question; scores are percentages."""

    level: int
    gate: int
    lesson_title: str
    questions: int
    pass_score: int
    xp_reward: int
    perfect_bonus: int
    best_score: int | None
    passed: bool
    minutes_spent: int
    attempts: tuple[AttemptLine, ...]
    open_attempt_url: str | None
    begin_url: str
    lesson_url: str


@dataclass(frozen=True, slots=True)
class ChoiceView:
    token: str
    text: SafeString
    selected: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    number: int
    token: str
    field_id: str
    template: str
    prompt: SafeString
    chart: ChartView | None
    choices: tuple[ChoiceView, ...]
    error: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """An open attempt."""

    attempt_id: uuid.UUID
    level: int
    gate: int
    lesson_title: str
    number: int
    questions: tuple[QuestionView, ...]
    submit_url: str
    save_url: str
    lesson_url: str
    answered: int
    errors: tuple[tuple[str, str], ...]


def introduction(*, user_id: uuid.UUID, lesson: Lesson) -> AssessmentIntro:
    """What to know before beginning. Raises access.Locked."""
    access.require(user_id, lesson.pk)
    assessment = Lesson.objects.filter(pk=lesson.pk).values_list("assessment_data", flat=True).get() or {}
    row = UserProgress.objects.filter(user_id=user_id, lesson=lesson).first()
    attempts = Attempt.objects.filter(user_id=user_id, lesson=lesson).defer("paper", "answers", "outcome")
    lines = [
        AttemptLine(a.number, a.score, a.passed, a.submitted_at, a.get_absolute_url())
        for a in attempts.order_by("-number")[:20]
    ]
    where = [lesson.level_id, lesson.gate_id]
    return AssessmentIntro(
        level=lesson.level_id,
        gate=lesson.gate_id,
        lesson_title=lesson.title,
        questions=len(assessment.get("questions", ())),
        pass_score=assessment.get("pass_score", 80),
        xp_reward=lesson.xp_reward,
        perfect_bonus=PERFECT_BONUS,
        best_score=row.score if row else None,
        passed=bool(row and row.completed),
        minutes_spent=round(row.time_spent.total_seconds() / 60) if row and row.time_spent else 0,
        attempts=tuple(line for line in lines if line.submitted_at),
        open_attempt_url=next((line.url for line in lines if not line.submitted_at), None),
        begin_url=reverse("learning:begin", args=where),
        lesson_url=reverse("learning:block", args=[*where, 1]),
    )


def own_attempt(*, user_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
    """The person's own attempt. Raises Attempt.DoesNotExist, also for somebody else's."""
    row = next(iter(_own(user_id, attempt_id)), None)
    if row is None:
        raise Attempt.DoesNotExist
    return instance(Attempt, row)


@compiled
def _own(user_id: uuid.UUID, attempt_id: uuid.UUID) -> Rows:
    rows: Rows = Attempt.objects.filter(pk=attempt_id, user_id=user_id).values(*columns_of(Attempt))
    return rows


def paper_of(
    attempt: Attempt, *, given: Mapping[str, str] | None = None, missing: Sequence[str] = ()
) -> Paper:
    """The paper with the saved answers, those just `given`, and an error at each `missing` question."""
    answers = {**attempt.answers, **(given or {})}
    questions = tuple(
        _question(attempt, number, stored, answers, missing)
        for number, stored in enumerate(attempt.paper["questions"], start=1)
    )
    where = [attempt.paper["level"], attempt.paper["gate"]]
    return Paper(
        attempt_id=attempt.pk,
        level=attempt.paper["level"],
        gate=attempt.paper["gate"],
        lesson_title=attempt.paper["title"],
        number=attempt.number,
        questions=questions,
        submit_url=reverse("learning:submit", args=[attempt.pk]),
        save_url=reverse("learning:save-answer", args=[attempt.pk]),
        lesson_url=reverse("learning:block", args=[*where, 1]),
        answered=sum(any(choice.selected for choice in question.choices) for question in questions),
        errors=tuple((question.field_id, question.error) for question in questions if question.error),
    )


def chart_data(attempt: Attempt, token: str) -> dict[str, Any] | None:
    """What the chart of one question draws; None when there is none."""
    for question in attempt.paper["questions"]:
        if question["token"] == token and question["chart"]:
            payload: dict[str, Any] = question["chart"]["payload"]
            return payload
    return None


def _question(
    attempt: Attempt,
    number: int,
    stored: Mapping[str, Any],
    answers: Mapping[str, str],
    missing: Sequence[str],
) -> QuestionView:
    """From the paper, key by key: nothing that is not named here reaches the page."""
    token = stored["token"]
    return QuestionView(
        number=number,
        token=token,
        field_id=f"question-{number}",
        template=KINDS[stored["type"]].template,
        prompt=mark_safe(stored["prompt"]),  # noqa: S308  (rendered by learning.markdown)
        chart=chart_of(attempt, stored),
        choices=tuple(
            ChoiceView(c["token"], mark_safe(c["text"]), answers.get(token) == c["token"])  # noqa: S308
            for c in stored.get("choices", ())
        ),
        error=_("Choose an answer to question %(n)s") % {"n": number} if token in missing else None,
    )


def chart_of(attempt: Attempt, stored: Mapping[str, Any]) -> ChartView | None:
    return ChartView.load(
        stored["chart"], data_url=reverse("learning:attempt-chart", args=[attempt.pk, stored["token"]])
    )


def is_open(attempt: Attempt) -> bool:
    return attempt.state == AttemptState.OPEN
