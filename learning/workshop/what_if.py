"""What a regrading would come to, before anybody orders it: the same grading, and nothing is written."""

import heapq
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.models import UserProfile
from gamification import achievements, leaderboards
from gamification.achievements import Would
from learning import access
from learning.models import Lesson, LessonVersion, RegradingMode
from learning.workshop import marks, settling, sheets
from learning.workshop.marks import Anew, Basis, Json, Settled

# How many learners are looked at together, and how many are shown.
BATCH = 200
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Change:
    """What would change for one learner. Scores count for the gate, in percent; ranks are of all time.

    `xp` includes achievements; ranks are estimated by the steps of the board, None without XP.
    """

    user_id: uuid.UUID
    name: str
    score_before: int
    score_after: int
    gained: bool
    lost: bool
    xp: int
    total_before: int
    achievements: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    rank_before: int | None = None
    rank_after: int | None = None

    @property
    def size(self) -> tuple[bool, int, int]:
        return self.gained or self.lost, abs(self.xp), abs(self.score_after - self.score_before)


@dataclass(slots=True)
class Effect:
    """What one mode would come to; `changes` are the largest ones, at most SHOWN, the largest first."""

    mode: RegradingMode
    learners: int = 0
    attempts: int = 0
    better: int = 0
    worse: int = 0
    passes_gained: int = 0
    passes_lost: int = 0
    xp: int = 0
    achievements: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not self.learners

    @property
    def not_shown(self) -> int:
        return self.learners - len(self.changes)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Graded attempts that a regrading would look at, and what each mode would come to."""

    attempts: int
    learners: int
    effects: tuple[Effect, ...]

    def effect(self, mode: RegradingMode) -> Effect:
        return next(one for one in self.effects if one.mode == mode)


def of_draft(lesson: Lesson, *, questions: Sequence[Json], assessment: Json | None) -> WhatIf:
    """What if past attempts were graded by this draft: its rendered questions, its assessment as JSON.

    Acts as the service. A second or two for a thousand attempts.
    """
    number = 1 + max(sheets.policies_of(lesson.pk), default=0)
    basis = sheets.by_version(number, questions, assessment, sheets.voided_in(lesson.pk))
    return _what_if(lesson, basis, sheets.touched(lesson.pk, older_than=number))


def of_version(lesson: Lesson, version: LessonVersion) -> WhatIf:
    """What if attempts of older versions were graded by this one. Acts as the service."""
    number, voided = version.number or 0, sheets.voided_in(lesson.pk)
    basis = sheets.by_version(number, version.rendered["questions"], version.assessment_data, voided)
    return _what_if(lesson, basis, sheets.touched(lesson.pk, older_than=number))


def of_void(lesson: Lesson, question: str) -> WhatIf:
    """What if this question counted for nobody. Acts as the service."""
    return _of_voids(lesson, question, sheets.voided_in(lesson.pk) | {question})


def of_counting_again(lesson: Lesson, question: str) -> WhatIf:
    """What if a voided question counted again. Acts as the service."""
    return _of_voids(lesson, question, sheets.voided_in(lesson.pk) - {question})


def _of_voids(lesson: Lesson, question: str, voided: frozenset[str]) -> WhatIf:
    basis = Basis(voided, sheets.policies_of(lesson.pk))
    return _what_if(lesson, basis, sheets.touched(lesson.pk, question=question))


def _what_if(lesson: Lesson, basis: Basis, rows: Any) -> WhatIf:
    people = list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())
    effects = tuple(Effect(mode) for mode in RegradingMode)
    looked_at = 0
    for begin in range(0, len(people), BATCH):
        batch = people[begin : begin + BATCH]
        looked_at += _add(lesson, basis, batch, effects)
    for effect in effects:
        effect.changes = _ranked(effect.changes)
    return WhatIf(looked_at, len(people), effects)


def _add(lesson: Lesson, basis: Basis, people: Sequence[uuid.UUID], effects: Sequence[Effect]) -> int:
    """Count these learners in; how many attempts they made."""
    found = sheets.sheets_of(lesson.pk, people)
    standings = sheets.standings_of(lesson, people)
    names = dict(UserProfile.objects.filter(pk__in=people).values_list("pk", "full_name"))
    feedback = {one: [marks.graded(sheet, basis) for sheet in found[one]] for one in people}
    for effect in effects:
        outcomes: dict[uuid.UUID, tuple[tuple[Anew, ...], Settled]] = {}
        for one in people:
            anew = marks.fold(found[one], feedback[one], basis, effect.mode)
            outcomes[one] = anew, marks.settle(anew, standings[one], effect.mode, lesson.xp_reward)
        _count(lesson, outcomes, names, effect)
    return sum(len(found[one]) for one in people)


def _count(
    lesson: Lesson,
    outcomes: dict[uuid.UUID, tuple[tuple[Anew, ...], Settled]],
    names: Mapping[uuid.UUID, str | None],
    effect: Effect,
) -> None:
    moved = [one for one, (_, settled) in outcomes.items() if settled.gained or settled.lost]
    before = access.of_many(moved) if moved else {}
    would = dict(_woulds(lesson, outcomes, before))
    unlocked = achievements.would_unlock(would) if would else {}
    for one, (anew, settled) in outcomes.items():
        earned = unlocked.get(one, [])
        changed = [attempt for attempt in anew if attempt.has_changed]
        effect.attempts += len(changed)
        effect.better += sum(attempt.score > attempt.sheet.score for attempt in changed)
        effect.worse += sum(attempt.score < attempt.sheet.score for attempt in changed)
        if not changed and not settled.payments and not earned:
            continue
        xp = settled.xp + sum(achievement.xp_reward for achievement in earned)
        effect.learners += 1
        effect.passes_gained += settled.gained
        effect.passes_lost += settled.lost
        effect.xp += xp
        effect.achievements += len(earned)
        change = Change(
            user_id=one,
            name=names.get(one) or "",
            score_before=settled.before.score or 0,
            score_after=settled.score,
            gained=settled.gained,
            lost=settled.lost,
            xp=xp,
            total_before=settled.before.total_xp,
            achievements=tuple(achievement.title for achievement in earned),
            opens=_titles(settling.opened(lesson, settled, before[one])) if one in before else (),
            closes=_titles(settling.closed(lesson, settled, before[one])) if one in before else (),
        )
        effect.changes.append(change)
    effect.changes = heapq.nlargest(SHOWN, effect.changes, key=lambda one: one.size)


def _woulds(
    lesson: Lesson,
    outcomes: dict[uuid.UUID, tuple[tuple[Anew, ...], Settled]],
    before: dict[uuid.UUID, access.Access],
) -> Iterator[tuple[uuid.UUID, Would]]:
    """Those for whom the regrading would look for achievements, with what it would know of them."""
    for one, (anew, settled) in outcomes.items():
        deeds = settling.deeds_of(lesson, anew, settled, before.get(one))
        if deeds or settled.payments:
            yield one, Would(settled.before.total_xp + settled.xp, tuple(deeds))


def _titles(gates: Sequence[Json]) -> tuple[str, ...]:
    return tuple(f"{gate['level']}.{gate['gate']} {gate['title']}" for gate in gates)


def _ranked(changes: Sequence[Change]) -> list[Change]:
    totals = {total for one in changes for total in (one.total_before, one.total_before + one.xp)}
    ranks = leaderboards.ranks_of(totals)
    return [
        replace(
            one,
            rank_before=ranks.get(one.total_before),
            rank_after=ranks.get(one.total_before + one.xp),
        )
        for one in changes
    ]
