"""A small course of real shape: published through the product's own publishing."""

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from accounts.models import User
from learning import papers, quiz_taking
from learning.models import Attempt, Dataset, Lesson, Level, PriceBar, Topic
from learning.publishing import publish

FIRST_DAY = dt.date(2024, 1, 1)


def make_dataset(code: str = "test-daily", bars: int = 40) -> Dataset:
    """A daily data set from 1 January 2024: opens at 100, 101, …; every third bar falls."""
    dataset, _ = Dataset.objects.get_or_create(
        code=code,
        defaults={
            "title": "Test index, daily",
            "symbol": "TEST",
            "timeframe": "1d",
            "source": "made for tests",
            "ground_of_use": "synthetic",
        },
    )
    PriceBar.objects.bulk_create(
        (
            PriceBar(
                dataset=dataset,
                time=dt.datetime.combine(FIRST_DAY + dt.timedelta(days=n), dt.time(), dt.UTC),
                open=Decimal(100 + n),
                high=Decimal(103 + n),
                low=Decimal(98 + n),
                close=Decimal(99 + n if n % 3 == 0 else 102 + n),
                volume=Decimal(1000),
            )
            for n in range(bars)
        ),
        ignore_conflicts=True,
    )
    return dataset


def make_topic(code: str = "risk") -> Topic:
    return Topic.objects.get_or_create(code=code, defaults={"title": code.capitalize()})[0]


def chart(**changes: Any) -> dict[str, Any]:
    """A chart spec over ten bars of the test data set."""
    return {
        "dataset": "test-daily",
        "start": "2024-01-05",
        "end": "2024-01-14",
        "summary": "Ten rising days.",
        **changes,
    }


def content(blocks: int = 3) -> dict[str, Any]:
    """Prose blocks, the second one a chart."""
    made: list[dict[str, Any]] = [
        {"id": f"block-{n}", "type": "prose", "title": f"Part {n}", "markdown": f"Text of part **{n}**."}
        for n in range(1, blocks + 1)
    ]
    if blocks > 1:
        made[1] = {"id": "block-2", "type": "chart", "title": "A chart", "chart": chart()}
    return {"blocks": made}


def question(number: int, right: str = "b") -> dict[str, Any]:
    """A single-choice question whose choice `right` is correct; every text is a canary of its own."""
    return {
        "id": f"q{number}",
        "type": "single_choice",
        "topic": "risk",
        "prompt": f"Question {number}?",
        "choices": [
            {
                "id": f"{letter}",
                "text": f"Answer {letter} of {number}",
                "feedback": f"FEEDBACK-{number}-{letter}",
                "correct": letter == right,
            }
            for letter in "abc"
        ],
        "explanation": f"EXPLANATION-{number}",
    }


def assessment(questions: int = 5, pass_score: int = 80, right: str = "b") -> dict[str, Any]:
    return {
        "pass_score": pass_score,
        "questions": [question(n, right) for n in range(1, questions + 1)],
    }


def make_gate(
    level: int = 1,
    gate: int = 1,
    *,
    title: str | None = None,
    requires: Iterable[Lesson] = (),
    xp_reward: int = 500,
    blocks: int = 3,
    questions: int = 5,
    right: str = "b",
    is_active: bool = True,
    content_data: dict[str, Any] | None = None,
    assessment_data: dict[str, Any] | None = None,
) -> Lesson:
    """A published gate; the level and the test data set come with it."""
    make_dataset()
    make_topic()
    Level.objects.get_or_create(number=level, defaults={"title": f"Level {level}"})
    lesson = Lesson(
        pk=uuid.uuid4(),
        level_id=level,
        gate_id=gate,
        title=title or f"Gate {level}.{gate}",
        subtitle="What it is about",
        xp_reward=xp_reward,
        estimated_time=dt.timedelta(minutes=10),
        prerequisites=[lesson.pk for lesson in requires],
        is_active=is_active,
    )
    publish(
        lesson,
        content_data=content_data or content(blocks),
        assessment_data=assessment_data or assessment(questions, right=right),
    )
    return lesson


def answers_to(attempt: Attempt, *, mistakes: int = 0) -> dict[str, str]:
    """Form data that answers every question of a single choice paper, the first `mistakes` of them wrong."""
    return {name: value for name, (value,) in papers.filled_in(attempt, mistakes=mistakes).items()}


def take(user: User, lesson: Lesson, *, at: dt.datetime, mistakes: int = 0, minutes: int = 5) -> Attempt:
    """A whole assessment, begun `minutes` before and handed in at `at` (UTC)."""
    begun = quiz_taking.begin(user_id=user.pk, lesson_id=lesson.pk, at=at - dt.timedelta(minutes=minutes))
    answers = papers.filled_in(begun, mistakes=mistakes)
    return quiz_taking.submit(user_id=user.pk, attempt_id=begun.pk, answers=answers, at=at)
