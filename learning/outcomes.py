"""What a graded attempt means: what it pays, what is remembered of it, what it opened, its record."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from accounts.activity_log import Deed
from accounts.models import ActivityType
from gamification.ledger import Award
from gamification.models import XpSource
from gamification.rewards import Granted
from gamification.rules import PERFECT_BONUS
from learning import access, progress, rules
from learning.models import Attempt
from learning.questions import KINDS, Graded

# The namespace under which a level of the path gets the id that the activity log wants.
LEVELS = uuid.UUID("6f6a5f0e-7d3b-4b8e-9a52-0c4d5a1e2b90")


def awards_of(attempt: Attempt, verdict: rules.Verdict) -> list[Award]:
    """What this attempt would pay. The ledger's key decides whether it was paid before."""
    lesson = attempt.lesson
    awards = (
        [Award(XpSource.GATE, lesson.pk, lesson.xp_reward, progress.name_of(lesson))]
        if verdict.passed
        else []
    )
    if verdict.perfect and attempt.number == 1:
        awards.append(
            Award(XpSource.PERFECT, lesson.pk, PERFECT_BONUS, "Everything right at the first attempt")
        )
    return awards


def deeds_of(
    attempt: Attempt, verdict: rules.Verdict, advanced: progress.Advanced, after: access.Access
) -> list[Deed]:
    """What the activity log keeps of it; achievements are read from there."""
    lesson = attempt.lesson
    about = {
        "level": lesson.level_id,
        "gate": lesson.gate_id,
        "score": verdict.score,
        "attempt": str(attempt.pk),
    }
    deeds = [Deed(ActivityType.ATTEMPT, "lesson", lesson.pk, about)]
    if verdict.perfect:
        deeds.append(Deed(ActivityType.PERFECT_SCORE, "lesson", lesson.pk, about))
    if advanced.first_pass:
        deeds.append(Deed(ActivityType.LESSON_COMPLETE, "lesson", lesson.pk, about))
        if rules.level_is_complete(lesson.level_id, after.course, after.learner.passed):
            level = uuid.uuid5(LEVELS, str(lesson.level_id))
            deeds.append(Deed(ActivityType.LEVEL_COMPLETE, "level", level, {"level": lesson.level_id}))
    return deeds


def opened_gates(before: access.Access, after: access.Access) -> list[dict[str, Any]]:
    """The gates that this pass opened."""
    return [
        {"level": gate.level, "gate": gate.gate, "title": gate.title}
        for gate in after.course
        if not before.is_open(gate.lesson_id) and after.is_open(gate.lesson_id)
    ]


def record_of(
    attempt: Attempt,
    policy: rules.Policy,
    verdict: rules.Verdict,
    advanced: progress.Advanced,
    graded: Mapping[str, Graded],
    counting: Collection[str],
    granted: Granted,
    opened: list[dict[str, Any]],
) -> dict[str, Any]:
    """What is kept of the attempt: feedback for each answer, and the receipt of what was granted."""
    stored = {question["id"]: question for question in attempt.version.rendered["questions"]}
    return {
        "pass_score": policy.pass_score,
        "answers_shown": policy.answers_shown,
        "counted": verdict.counted,
        "correct": verdict.correct,
        "total": verdict.total,
        "perfect": verdict.perfect,
        "first_pass": advanced.first_pass,
        "feedback": [
            {
                **asdict(one),
                "credit": float(one.credit),
                "correct": one.correct,
                "token": paper["token"],
                "voided": paper["token"] not in counting,
                "answered": bool(one.chosen),
                "confidence": attempt.confidence.get(paper["token"]),
                "explanation": KINDS[paper["type"]].reason(stored[paper["id"]], paper),
            }
            for paper in attempt.paper["questions"]
            for one in (graded[paper["token"]],)
        ],
        "receipt": asdict(granted),
        "opened": opened,
    }
