"""How far somebody is: their place in a lesson, and what an attempt changes."""

import datetime as dt
import uuid
from dataclasses import dataclass

from gamification.ledger import Award
from gamification.models import XpSource
from learning.models import Lesson, UserProgress
from learning.rules import Verdict, time_spent


@dataclass(frozen=True, slots=True)
class Advanced:
    """What an attempt changed in the progress row, and what it pays."""

    first_pass: bool
    best_score: int
    attempts: int
    awards: list[Award]


# The namespace of what is paid back when a gate is passed again, by attempt.
PASSED_AGAIN = uuid.UUID("0f9c1c36-2a5e-4f0b-8d0e-5b3b8a5a7c11")


def name_of(lesson: Lesson) -> str:
    """The gate as the ledger calls it."""
    return f"Gate {lesson.level_id}.{lesson.gate_id}: {lesson.title}"


def reach(*, user_id: uuid.UUID, lesson: Lesson, position: int, at: dt.datetime) -> None:
    """Somebody finished block `position` at `at` (UTC). Acts as the service; going back loses nothing."""
    row = locked_row(user_id, lesson)
    UserProgress.objects.filter(pk=row.pk).update(
        position=max(row.position, position),
        last_seen_at=at,
        time_spent=time_spent(row.time_spent, row.last_seen_at, at),
    )


def advance(
    *,
    user_id: uuid.UUID,
    lesson: Lesson,
    verdict: Verdict,
    keeps_best: bool,
    attempt_id: uuid.UUID,
    awards: list[Award],
    spent: dt.timedelta,
    at: dt.datetime,
) -> Advanced:
    """Count a graded attempt: score, attempts, time, and once `completed`, when `awards` are paid.

    XP of the gate that a regrading took back are paid with the pass, once.
    """
    row = locked_row(user_id, lesson)
    first_pass = verdict.passed and not row.completed
    row.attempts_count += 1
    row.score = max(row.score or 0, verdict.score) if keeps_best else verdict.counted
    row.last_attempt_at = row.last_seen_at = at
    row.time_spent = (row.time_spent or dt.timedelta()) + spent
    if first_pass:
        awards, row.xp_withdrawn = _with_what_was_withdrawn(row, lesson, attempt_id, awards), 0
        row.completed, row.completed_at, row.xp_earned = True, at, sum(award.amount for award in awards)
    row.save(
        update_fields=[
            "attempts_count",
            "score",
            "last_attempt_at",
            "last_seen_at",
            "time_spent",
            "completed",
            "completed_at",
            "xp_earned",
            "xp_withdrawn",
        ]
    )
    return Advanced(first_pass, row.score, row.attempts_count, awards)


def _with_what_was_withdrawn(
    row: UserProgress, lesson: Lesson, attempt_id: uuid.UUID, awards: list[Award]
) -> list[Award]:
    """What a pass pays; a gate that a regrading took back is in the ledger already, and its XP come back."""
    if not row.xp_withdrawn:
        return awards
    again = uuid.uuid5(PASSED_AGAIN, str(attempt_id))
    back = Award(XpSource.CORRECTION, again, row.xp_withdrawn, f"{name_of(lesson)}, passed again")
    return [back, *(award for award in awards if award.source != XpSource.GATE)]


def locked_row(user_id: uuid.UUID, lesson: Lesson) -> UserProgress:
    """The person's row of this gate, made if need be, locked until the transaction ends."""
    rows = UserProgress.objects.select_for_update().filter(user_id=user_id, lesson=lesson)
    found = rows.first()
    if found is None:
        fresh = UserProgress(
            user_id=user_id,
            lesson=lesson,
            level_id=lesson.level_id,
            gate_id=lesson.gate_id,
            attempts_count=0,
            last_attempt_at=None,
        )
        # Another tab may make it at the same time; the unique key lets one through.
        UserProgress.objects.bulk_create([fresh], ignore_conflicts=True)
        found = rows.get()
    return found
