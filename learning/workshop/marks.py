"""Graded attempts, graded again: what they come to, and what the gate then pays. No query is made here."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from gamification.models import XpSource
from gamification.rules import PERFECT_BONUS
from learning.models import RegradingMode
from learning.questions import KINDS
from learning.rules import Policy, verdict

Json = dict[str, Any]
# Credits are kept as floats; this finds the fraction again, for no kind divides by as much.
LARGEST_DIVISOR = 10_000
# What a kind raises that cannot make sense of an answer to another question.
NOT_GRADEABLE = (LookupError, ValueError, TypeError, StopIteration, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A graded attempt, as far as grading it again needs it; `questions` is its paper without pictures.

    `version` is the number of the version that it was begun with.
    """

    attempt_id: uuid.UUID
    number: int
    version: int
    questions: Sequence[Json]
    answers: Json
    confidence: Json
    seconds: Json
    outcome: Json
    score: int
    passed: bool
    submitted_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Basis:
    """By what attempts are graded again.

    By a `version`: its questions (`newer`, by id) grade what was begun with an older one. Without one only
    `voided` decides: credits stay as they were. `policies` by number of version.
    """

    voided: frozenset[str]
    policies: Mapping[int, Policy]
    version: int | None = None
    newer: Mapping[str, Json] = field(default_factory=dict)

    def policy_of(self, sheet: Sheet) -> Policy:
        return self.policies[self.version or sheet.outcome.get("version", sheet.version)]


@dataclass(frozen=True, slots=True)
class Anew:
    """An attempt after a regrading; `feedback` is None where its answers stay graded as they were."""

    sheet: Sheet
    feedback: list[Json] | None
    policy: Policy
    score: int
    counted: int
    passed: bool
    perfect: bool

    @property
    def has_changed(self) -> bool:
        return (self.score, self.passed) != (self.sheet.score, self.sheet.passed)

    @property
    def is_newly_perfect(self) -> bool:
        return self.perfect and not self.sheet.outcome["perfect"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands at a gate; `gate_paid` and `perfect_paid` are None where they never were."""

    completed: bool = False
    score: int | None = None
    xp_earned: int = 0
    xp_withdrawn: int = 0
    perfect_withdrawn: int = 0
    gate_paid: int | None = None
    perfect_paid: int | None = None
    total_xp: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """XP to be paid, or taken back where the amount is negative."""

    part: Literal["gate", "perfect"]
    source: XpSource
    amount: int


@dataclass(frozen=True, slots=True)
class Settled:
    """How the learner stands afterwards, and what it pays."""

    before: Standing
    completed: bool
    score: int
    payments: tuple[Payment, ...]
    xp_withdrawn: int
    perfect_withdrawn: int

    @property
    def gained(self) -> bool:
        return self.completed and not self.before.completed

    @property
    def lost(self) -> bool:
        return self.before.completed and not self.completed

    @property
    def xp(self) -> int:
        return sum(payment.amount for payment in self.payments)


# --- Grading -----------------------------------------------------------------------------------------


def graded(sheet: Sheet, basis: Basis) -> list[Json]:
    """The feedback that its answers would get now, question by question."""
    told = {one["token"]: one for one in sheet.outcome["feedback"]}
    again = [_told(paper, told[paper["token"]], sheet, basis) for paper in sheet.questions]
    answered = {one["token"] for one in again if one.get("answered", True)}
    voided = {paper["token"] for paper in sheet.questions if paper["id"] in basis.voided}
    counting = (answered - voided) or answered
    return [{**one, "voided": one["token"] not in counting} for one in again]


def _told(paper: Json, told: Json, sheet: Sheet, basis: Basis) -> Json:
    """One answer by the newer question; as it was told where there is none that can grade it."""
    newer, given = basis.newer.get(paper["id"]), sheet.answers.get(paper["token"])
    is_older = basis.version is not None and sheet.version < basis.version
    if not is_older or newer is None or newer["type"] != paper["type"] or not told.get("answered", True):
        return told
    kind = KINDS[paper["type"]]
    try:
        one = kind.grade(newer, paper, given or "")
        reason = kind.reason(newer, paper)
    except NOT_GRADEABLE:
        return told
    return {
        **told,
        "chosen": one.chosen,
        "feedback": one.feedback,
        "right": one.right,
        "keys": list(one.keys),
        "misconceptions": list(one.misconceptions),
        "credit": float(one.credit),
        "correct": one.correct,
        "explanation": reason,
    }


def credit_of(told: Mapping[str, Any]) -> Fraction:
    """The exact credit of an answer; outcomes from before there was partial credit only say right or not."""
    return Fraction(told.get("credit", told["correct"])).limit_denominator(LARGEST_DIVISOR)


def fold(
    sheets: Sequence[Sheet], feedback: Sequence[list[Json]], basis: Basis, mode: RegradingMode
) -> tuple[Anew, ...]:
    """A learner's attempts in their order, graded again.

    Only where it gets better, or everything.
    """
    found: list[Anew] = []
    for sheet, told in zip(sheets, feedback, strict=True):
        found.append(_one(sheet, told, basis.policy_of(sheet), [one.score for one in found], mode))
    return tuple(found)


def _one(sheet: Sheet, told: list[Json], policy: Policy, earlier: list[int], mode: RegradingMode) -> Anew:
    judged = verdict([credit_of(one) for one in told if not one["voided"]], policy, earlier)
    if mode == RegradingMode.ALL:
        same = told == sheet.outcome["feedback"] and judged.score == sheet.score
        rewritten = None if same else told
        return Anew(sheet, rewritten, policy, judged.score, judged.counted, judged.passed, judged.perfect)
    if judged.score > sheet.score:
        passed = sheet.passed or judged.passed
        return Anew(sheet, told, policy, judged.score, judged.counted, passed, judged.perfect)
    counted = policy.counted(sheet.score, earlier)
    passed = sheet.passed or counted >= policy.pass_score
    return Anew(sheet, None, policy, sheet.score, counted, passed, sheet.outcome["perfect"])


# --- What it pays --------------------------------------------------------------------------------------


def settle(anew: Sequence[Anew], standing: Standing, mode: RegradingMode, xp_reward: int) -> Settled:
    """What follows for the gate. What is taken back is never more than the learner has."""
    passed = any(one.passed for one in anew)
    completed = passed or (standing.completed and mode == RegradingMode.RAISE)
    perfect = any(one.perfect and one.sheet.number == 1 for one in anew)
    gate = _gate(standing, completed, xp_reward)
    left = standing.total_xp + sum(payment.amount for payment in gate)
    bonus = _bonus(standing, perfect, left, mode)
    return Settled(
        before=standing,
        completed=completed,
        score=_score(anew, standing, mode),
        payments=(*gate, *bonus),
        xp_withdrawn=_withdrawn(standing.xp_withdrawn, gate),
        perfect_withdrawn=_withdrawn(standing.perfect_withdrawn, bonus),
    )


def _score(anew: Sequence[Anew], standing: Standing, mode: RegradingMode) -> int:
    last = anew[-1]
    score = max(one.score for one in anew) if last.policy.counts == "best" else last.counted
    return max(score, standing.score or 0) if mode == RegradingMode.RAISE else score


def _gate(standing: Standing, completed: bool, xp_reward: int) -> list[Payment]:
    if completed and not standing.completed:
        if standing.gate_paid is None:
            return [Payment("gate", XpSource.GATE, xp_reward)]
        return _correction("gate", standing.xp_withdrawn)
    if standing.completed and not completed:
        return _correction("gate", -min(standing.gate_paid or 0, standing.total_xp))
    return []


def _bonus(standing: Standing, perfect: bool, left: int, mode: RegradingMode) -> list[Payment]:
    if perfect and standing.perfect_paid is None:
        return [Payment("perfect", XpSource.PERFECT, PERFECT_BONUS)]
    if perfect:
        return _correction("perfect", standing.perfect_withdrawn)
    if mode == RegradingMode.ALL and not standing.perfect_withdrawn:
        return _correction("perfect", -min(standing.perfect_paid or 0, left))
    return []


def _correction(part: Literal["gate", "perfect"], amount: int) -> list[Payment]:
    return [Payment(part, XpSource.CORRECTION, amount)] if amount else []


def _withdrawn(before: int, payments: Sequence[Payment]) -> int:
    """What is still to be given back: more by what is taken, nothing once it was given back."""
    corrected = sum(one.amount for one in payments if one.source == XpSource.CORRECTION)
    return max(0, before - corrected)
