"""What a learner sees of an assessment: its introduction, the open paper, and after grading the result."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gamification.rules import PERFECT_BONUS, FlameMeter, flame_meter, flame_of
from learning import access
from learning.models import Attempt, AttemptState, Lesson, UserProgress
from learning.path import NextStep
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


@dataclass(frozen=True, slots=True)
class XpReceipt:
    total: int
    lines: tuple[tuple[str, int], ...]


class StreakReceipt(NamedTuple):
    current: int
    grew: bool
    longest: int


@dataclass(frozen=True, slots=True)
class Unlock:
    """Something that this attempt opened or earned."""

    kind: str
    title: str
    detail: str
    url: str | None = None
    rarity: str | None = None
    icon: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionFeedback:
    number: int
    prompt: SafeString
    chart: ChartView | None
    correct: bool
    chosen_text: SafeString
    chosen_feedback: SafeString
    right_text: SafeString
    explanation: SafeString


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A graded attempt, told from the receipt that was written with it."""

    level: int
    gate: int
    lesson_title: str
    number: int
    score: int
    passed: bool
    pass_score: int
    correct: int
    total: int
    first_pass: bool
    perfect: bool
    xp: XpReceipt
    flame: FlameMeter
    flame_before: int
    flame_rose: bool
    streak: StreakReceipt
    unlocked: tuple[Unlock, ...]
    feedback: tuple[QuestionFeedback, ...]
    missed: int
    lesson_url: str
    retry_url: str | None
    next: NextStep


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
        attempts=tuple(line for line in lines if line.submitted_at),
        open_attempt_url=next((line.url for line in lines if not line.submitted_at), None),
        begin_url=reverse("learning:begin", args=where),
        lesson_url=reverse("learning:block", args=[*where, 1]),
    )


def own_attempt(*, user_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
    """The person's own attempt. Raises Attempt.DoesNotExist, also for somebody else's."""
    return Attempt.objects.get(pk=attempt_id, user_id=user_id)


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


def result_of(attempt: Attempt, *, following: NextStep) -> ResultPage:
    """The result of a submitted attempt as it was granted, and what to do next."""
    paper, outcome = attempt.paper, attempt.outcome or {}
    receipt = outcome["receipt"]
    before, after = flame_of(receipt["total_before"]), flame_of(receipt["total_after"])
    where = [paper["level"], paper["gate"]]
    return ResultPage(
        level=paper["level"],
        gate=paper["gate"],
        lesson_title=paper["title"],
        number=attempt.number,
        score=attempt.score or 0,
        passed=attempt.passed,
        pass_score=outcome["pass_score"],
        correct=outcome["correct"],
        total=outcome["total"],
        first_pass=outcome["first_pass"],
        perfect=outcome["perfect"],
        xp=XpReceipt(
            total=receipt["total_after"] - receipt["total_before"],
            lines=tuple((reason, amount) for reason, amount in receipt["lines"]),
        ),
        flame=flame_meter(receipt["total_after"]),
        flame_before=before,
        flame_rose=after > before,
        streak=StreakReceipt(receipt["streak"], receipt["streak_grew"], receipt["longest_streak"]),
        unlocked=(*_opened(outcome["opened"]), *_earned(receipt["achievements"])),
        feedback=tuple(
            _feedback(attempt, number, one) for number, one in enumerate(outcome["feedback"], start=1)
        ),
        missed=outcome["total"] - outcome["correct"],
        lesson_url=reverse("learning:block", args=[*where, 1]),
        retry_url=None if attempt.passed else reverse("learning:assessment", args=where),
        next=following,
    )


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
        chart=_chart(attempt, stored),
        choices=tuple(
            ChoiceView(c["token"], mark_safe(c["text"]), answers.get(token) == c["token"])  # noqa: S308
            for c in stored.get("choices", ())
        ),
        error=_("Choose an answer to question %(n)s") % {"n": number} if token in missing else None,
    )


def _chart(attempt: Attempt, stored: Mapping[str, Any]) -> ChartView | None:
    return ChartView.load(
        stored["chart"], data_url=reverse("learning:attempt-chart", args=[attempt.pk, stored["token"]])
    )


def _feedback(attempt: Attempt, number: int, one: Mapping[str, Any]) -> QuestionFeedback:
    stored = next(q for q in attempt.paper["questions"] if q["token"] == one["token"])
    return QuestionFeedback(
        number=number,
        prompt=mark_safe(stored["prompt"]),  # noqa: S308  (all rendered by learning.markdown)
        chart=_chart(attempt, stored),
        correct=one["correct"],
        chosen_text=mark_safe(one["chosen"]),  # noqa: S308
        chosen_feedback=mark_safe(one["feedback"]),  # noqa: S308
        right_text=mark_safe(one["right"]),  # noqa: S308
        explanation=mark_safe(one["explanation"]),  # noqa: S308
    )


def _opened(opened: Sequence[Mapping[str, Any]]) -> list[Unlock]:
    return [
        Unlock(
            kind="gate",
            title=gate["title"],
            detail=_("Level %(level)s · Gate %(gate)s is open")
            % {"level": gate["level"], "gate": gate["gate"]},
            url=reverse("learning:gate", args=[gate["level"], gate["gate"]]),
        )
        for gate in opened
    ]


def _earned(achievements: Sequence[Mapping[str, Any]]) -> list[Unlock]:
    return [
        Unlock(
            kind="achievement",
            title=a["title"],
            detail=a["description"],
            url=reverse("gamification:achievements"),
            rarity=a["rarity"],
            icon=a["icon"],
        )
        for a in achievements
    ]


def is_open(attempt: Attempt) -> bool:
    return attempt.state == AttemptState.OPEN
