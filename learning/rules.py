"""The rules of gates, papers and time: pure Python."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

# A gap between two signs of life that is longer than this was not spent learning.
LONGEST_GAP = dt.timedelta(minutes=3)


# --- What is open ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What decides about a gate. `level` is a level of the path."""

    lesson_id: uuid.UUID
    level: int
    gate: int
    title: str
    is_active: bool
    prerequisites: frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True)
class LearnerFacts:
    """What decides about a learner: the gates they passed and the highest level that their plan opens."""

    passed: frozenset[uuid.UUID]
    level_limit: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gate is locked. `waiting_for` are the gates that would open it, `met` of `needed` are done."""

    code: Literal["inactive", "plan", "level", "prerequisites"]
    level: int
    waiting_for: tuple[GateFacts, ...] = ()
    met: int = 0
    needed: int = 0


def locks(gate: GateFacts, course: Sequence[GateFacts], learner: LearnerFacts) -> tuple[Reason, ...]:
    """Every reason why `gate` is locked for `learner`; none means open.

    `course` holds all gates. A gate that was passed stays open, so that nothing earned is taken away, unless
    it is out of use or beyond the plan.
    """
    reasons: list[Reason] = []
    if not gate.is_active:
        reasons.append(Reason("inactive", gate.level))
    if gate.level > learner.level_limit:
        reasons.append(Reason("plan", gate.level))
    if gate.lesson_id in learner.passed:
        return tuple(reasons)
    earlier = [g for g in course if g.level < gate.level and g.is_active]
    if missing := tuple(g for g in earlier if g.lesson_id not in learner.passed):
        last = max(g.level for g in missing)
        reasons.append(Reason("level", last, missing, len(earlier) - len(missing), len(earlier)))
    required = [g for g in course if g.lesson_id in gate.prerequisites and g.is_active]
    if missing := tuple(g for g in required if g.lesson_id not in learner.passed):
        reasons.append(
            Reason("prerequisites", gate.level, missing, len(required) - len(missing), len(required))
        )
    return tuple(reasons)


def level_is_complete(level: int, course: Iterable[GateFacts], passed: frozenset[uuid.UUID]) -> bool:
    """Whether every gate in use of this level is passed; a level without gates is not complete."""
    gates = [g for g in course if g.level == level and g.is_active]
    return bool(gates) and all(g.lesson_id in passed for g in gates)


# --- Grading -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a paper; `score` is 0–100, rounded down, so that 100 means everything right.

    `correct` counts the answers that earned full credit.
    """

    score: int
    passed: bool
    perfect: bool
    correct: int
    total: int


def verdict(credits: Sequence[Fraction], pass_score: int) -> Verdict:
    """Score credits (0 to 1, one a question) against a pass score in percent."""
    correct, total = sum(credit == 1 for credit in credits), len(credits)
    score = int(sum(credits) * 100 // total) if total else 0
    return Verdict(score, score >= pass_score, correct == total and total > 0, correct, total)


# --- Time --------------------------------------------------------------------------------------------


def time_spent(before: dt.timedelta | None, last_seen: dt.datetime | None, now: dt.datetime) -> dt.timedelta:
    """The time spent so far with the gap since the last sign of life added, as far as it counts."""
    spent = before or dt.timedelta()
    if last_seen is None or now <= last_seen:
        return spent
    return spent + min(now - last_seen, LONGEST_GAP)
