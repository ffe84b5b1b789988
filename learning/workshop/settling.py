"""What follows from attempts that were graded again: what is paid, logged and opened."""

import uuid
from collections.abc import Sequence
from typing import Any

from accounts.activity_log import Deed
from accounts.models import ActivityType
from gamification.ledger import Award
from gamification.models import XpSource
from learning import outcomes, progress, rules
from learning.access import Access
from learning.models import Lesson
from learning.workshop.marks import Anew, Payment, Settled

# The namespace of corrections in the ledger, by regrading, part and the learner's last attempt.
CORRECTIONS = uuid.UUID("5d4f0a55-4b0a-4d5c-9c9b-3f1d7c1f0e6b")


def cause_of(anew: Sequence[Anew], settled: Settled) -> Anew:
    """The attempt that what is paid and taken back is told with."""
    if settled.gained:
        return next((one for one in anew if one.passed), anew[-1])
    return next((one for one in anew if one.has_changed), anew[0])


def awards_of(regrading_id: uuid.UUID, lesson: Lesson, anew: Sequence[Anew], settled: Settled) -> list[Award]:
    """What goes into the ledger. A regrading that comes back to a learner's newer attempt pays that anew."""
    last = anew[-1].sheet.attempt_id
    return [
        Award(one.source, _source_id(one, lesson, f"{regrading_id} {last}"), one.amount, _reason(one, lesson))
        for one in settled.payments
    ]


def _source_id(payment: Payment, lesson: Lesson, name: str) -> uuid.UUID:
    if payment.source == XpSource.CORRECTION:
        return uuid.uuid5(CORRECTIONS, f"{name} {payment.part}")
    return lesson.pk


def _reason(payment: Payment, lesson: Lesson) -> str:
    name = progress.name_of(lesson)
    if payment.source == XpSource.GATE:
        return name
    if payment.source == XpSource.PERFECT:
        return "Everything right at the first attempt"
    return f"{name}, regraded"


def deeds_of(lesson: Lesson, anew: Sequence[Anew], settled: Settled, before: Access | None) -> list[Deed]:
    """What the activity log has not got yet; `before` is what was open, known where a pass is gained."""
    cause = cause_of(anew, settled)
    about = {
        "level": lesson.level_id,
        "gate": lesson.gate_id,
        "score": cause.score,
        "attempt": str(cause.sheet.attempt_id),
    }
    deeds: list[Deed] = []
    if any(one.is_newly_perfect for one in anew):
        deeds.append(Deed(ActivityType.PERFECT_SCORE, "lesson", lesson.pk, about))
    if settled.gained and before:
        deeds.append(Deed(ActivityType.LESSON_COMPLETE, "lesson", lesson.pk, about))
        passed = before.having_passed(lesson.pk).learner.passed
        if rules.level_is_complete(lesson.level_id, before.course, passed):
            level = uuid.uuid5(outcomes.LEVELS, str(lesson.level_id))
            deeds.append(Deed(ActivityType.LEVEL_COMPLETE, "level", level, {"level": lesson.level_id}))
    return deeds


def opened(lesson: Lesson, settled: Settled, before: Access) -> list[dict[str, Any]]:
    """The gates that a pass gained opens."""
    return outcomes.opened_gates(before, before.having_passed(lesson.pk)) if settled.gained else []


def closed(lesson: Lesson, settled: Settled, before: Access) -> list[dict[str, Any]]:
    """The gates that a pass lost closes."""
    return outcomes.opened_gates(before.without(lesson.pk), before) if settled.lost else []
