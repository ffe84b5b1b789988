"""What a learner sees of a graded attempt."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gamification.rules import FlameMeter, flame_meter, flame_of
from learning.models import Attempt
from learning.papers import chart_of
from learning.path import NextStep
from learning.rendering import ChartView
from learning.rules import Policy


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
    credit_percent: int
    chosen_text: SafeString
    chosen_feedback: SafeString
    right_text: SafeString
    explanation: SafeString
    confidence: int | None
    voided: bool


class Regraded(NamedTuple):
    """That staff had the attempt graded again: when (UTC), the score before and after, the reason, the XP."""

    at: dt.datetime
    before: int
    after: int
    words: str
    xp: int


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
    answers_shown: bool
    missed: int
    lesson_url: str
    retry_url: str | None
    next: NextStep
    regraded: tuple[Regraded, ...]


def result_of(attempt: Attempt, *, passed: bool, following: NextStep) -> ResultPage:
    """The result of a submitted attempt as it was granted, and what to do next.

    `passed` is whether the gate is by now: some gates show right answers only then.
    """
    paper, outcome = attempt.paper, attempt.outcome or {}
    receipt = outcome["receipt"]
    before, after = flame_of(receipt["total_before"]), flame_of(receipt["total_after"])
    where = [paper["level"], paper["gate"]]
    answers_shown = _answers_shown(outcome, passed=passed or attempt.passed)
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
        xp=_xp(receipt),
        flame=flame_meter(receipt["total_after"]),
        flame_before=before,
        flame_rose=after > before,
        streak=StreakReceipt(receipt["streak"], receipt["streak_grew"], receipt["longest_streak"]),
        unlocked=(*_opened(outcome["opened"]), *_earned(receipt["achievements"])),
        feedback=_all_feedback(attempt, outcome, shown=answers_shown),
        answers_shown=answers_shown,
        missed=outcome["total"] - outcome["correct"],
        lesson_url=reverse("learning:block", args=[*where, 1]),
        retry_url=None if attempt.passed else reverse("learning:assessment", args=where),
        next=following,
        regraded=_regraded(outcome.get("regraded", ())),
    )


def _regraded(told: Sequence[Mapping[str, Any]]) -> tuple[Regraded, ...]:
    return tuple(
        Regraded(dt.datetime.fromisoformat(one["at"]), one["before"], one["after"], one["words"], one["xp"])
        for one in told
    )


def _answers_shown(outcome: Mapping[str, Any], *, passed: bool) -> bool:
    return Policy(answers_shown=outcome.get("answers_shown", "always")).shows_answers(passed=passed)


def _xp(receipt: Mapping[str, Any]) -> XpReceipt:
    return XpReceipt(
        total=receipt["total_after"] - receipt["total_before"],
        lines=tuple((reason, amount) for reason, amount in receipt["lines"]),
    )


def _all_feedback(
    attempt: Attempt, outcome: Mapping[str, Any], *, shown: bool
) -> tuple[QuestionFeedback, ...]:
    told = enumerate(outcome["feedback"], start=1)
    return tuple(_feedback(attempt, number, one, shown=shown) for number, one in told)


def _feedback(attempt: Attempt, number: int, one: Mapping[str, Any], *, shown: bool) -> QuestionFeedback:
    stored = next(q for q in attempt.paper["questions"] if q["token"] == one["token"])
    return QuestionFeedback(
        number=number,
        prompt=mark_safe(stored["prompt"]),  # noqa: S308  (all rendered by learning.markdown)
        chart=chart_of(attempt, stored),
        correct=one["correct"],
        # Outcomes from before there was partial credit do not say it.
        credit_percent=int(one.get("credit", one["correct"]) * 100),
        chosen_text=mark_safe(one["chosen"]),  # noqa: S308
        chosen_feedback=mark_safe(one["feedback"]),  # noqa: S308
        right_text=mark_safe(one["right"] if shown else ""),  # noqa: S308
        explanation=mark_safe(one["explanation"] if shown else ""),  # noqa: S308
        confidence=one.get("confidence"),
        voided=one.get("voided", False),
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
