"""The rules of gates, papers and time: pure Python."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
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
    test_out: bool = False


@dataclass(frozen=True, slots=True)
class LearnerFacts:
    """What decides about a learner: gates passed, gates that staff opened, the highest level of the plan."""

    passed: frozenset[uuid.UUID]
    level_limit: int
    opened: frozenset[uuid.UUID] = frozenset()


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

    `course` holds all gates. A gate that was passed stays open, so that nothing earned is taken away, and so
    does one that staff opened, unless it is out of use or beyond the plan.
    """
    reasons: list[Reason] = []
    if not gate.is_active:
        reasons.append(Reason("inactive", gate.level))
    if gate.level > learner.level_limit:
        reasons.append(Reason("plan", gate.level))
    if gate.lesson_id in learner.passed | learner.opened:
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


def locks_of_assessment(
    gate: GateFacts, course: Sequence[GateFacts], learner: LearnerFacts
) -> tuple[Reason, ...]:
    """Why the gate's assessment is locked: one that can be passed ahead waits for no other gate."""
    reasons = locks(gate, course, learner)
    return tuple(one for one in reasons if not gate.test_out or one.code in ("inactive", "plan"))


def circle(start: uuid.UUID, prerequisites: Mapping[uuid.UUID, Iterable[uuid.UUID]]) -> tuple[uuid.UUID, ...]:
    """The gates of a circle of prerequisites through `start`, in order from there; empty without one."""
    stack: list[tuple[uuid.UUID, ...]] = [(start,)]
    seen: set[uuid.UUID] = set()
    while stack:
        way = stack.pop()
        for needed in prerequisites.get(way[-1], ()):
            if needed == start:
                return way
            if needed not in seen:
                seen.add(needed)
                stack.append((*way, needed))
    return ()


def level_is_complete(level: int, course: Iterable[GateFacts], passed: frozenset[uuid.UUID]) -> bool:
    """Whether every gate in use of this level is passed; a level without gates is not complete."""
    gates = [g for g in course if g.level == level and g.is_active]
    return bool(gates) and all(g.lesson_id in passed for g in gates)


# --- Grading -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a paper; `score` is 0–100, rounded down, so that 100 means everything right.

    `counted` is the score that counts for the gate, with earlier attempts, and `passed` goes by it;
    `correct` counts the answers that earned full credit.
    """

    score: int
    counted: int
    passed: bool
    perfect: bool
    correct: int
    total: int


@dataclass(frozen=True, slots=True)
class Policy:
    """What the author decided about attempts; see `learning.content.AssessmentContent`."""

    pass_score: int = 80
    attempts: int | None = None
    wait: dt.timedelta = dt.timedelta()
    counts: Literal["best", "last", "first", "average"] = "best"
    answers_shown: Literal["always", "after_passing", "never"] = "always"
    draw: int | None = None

    @property
    def needs_earlier_scores(self) -> bool:
        return self.counts in ("first", "average")

    def counted(self, score: int, earlier: Sequence[int] = ()) -> int:
        """The score that counts after one of `score`, with those of the attempts before in their order."""
        if self.counts == "first":
            return earlier[0] if earlier else score
        if self.counts == "average":
            return (sum(earlier) + score) // (len(earlier) + 1)
        return max([score, *earlier]) if self.counts == "best" else score

    def next_from(self, last_submitted_at: dt.datetime | None) -> dt.datetime | None:
        """When the next attempt may begin (UTC); None for at once."""
        return last_submitted_at + self.wait if last_submitted_at and self.wait else None

    def shows_answers(self, *, passed: bool) -> bool:
        """Whether right answers and reasons are shown after grading."""
        return self.answers_shown == "always" or (self.answers_shown == "after_passing" and passed)


def verdict(credits: Sequence[Fraction], policy: Policy, earlier: Sequence[int] = ()) -> Verdict:
    """Score credits (0 to 1, one a question); passed when the score that counts reaches the pass score."""
    correct, total = sum(credit == 1 for credit in credits), len(credits)
    score = int(sum(credits) * 100 // total) if total else 0
    counted = policy.counted(score, earlier)
    passed = counted >= policy.pass_score
    return Verdict(score, counted, passed, correct == total and total > 0, correct, total)


def least_seen(pool: Sequence[str], seen: Mapping[str, int], count: int) -> tuple[str, ...]:
    """`count` questions of a pool that was shuffled: those seen least often, in the order of the pool."""
    chosen = sorted(range(len(pool)), key=lambda place: (seen.get(pool[place], 0), place))[:count]
    return tuple(pool[place] for place in sorted(chosen))


# --- How sure somebody was ---------------------------------------------------------------------------

# What may be said: from a guess among two to as good as certain.
SURE = (50, 60, 70, 80, 90, 99)


def brier(confidence: int, correct: bool) -> float:
    """The squared distance of a confidence in percent from what came: 0 at best, 1 at worst.

    A proper rule: nobody does better by saying anything but what they believe. Brier, Verification of
    Forecasts Expressed in Terms of Probability (Monthly Weather Review, 1950).
    """
    return (confidence / 100 - correct) ** 2


# --- Time --------------------------------------------------------------------------------------------


def time_spent(before: dt.timedelta | None, last_seen: dt.datetime | None, now: dt.datetime) -> dt.timedelta:
    """The time spent so far with the gap since the last sign of life added, as far as it counts."""
    spent = before or dt.timedelta()
    if last_seen is None or now <= last_seen:
        return spent
    return spent + min(now - last_seen, LONGEST_GAP)
