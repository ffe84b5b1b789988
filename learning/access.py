"""The one predicate: is this gate open to this person, and if not, why not. For page, list, admin and job."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet, UUIDField, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.entitlements import FREE_LEVELS, level_limit, level_limits
from dracarys.db.compiled import Row, Rows, compiled
from learning import voids
from learning.models import GateOpening, Lesson, UserProgress
from learning.rules import GateFacts, LearnerFacts, Reason, locks, locks_of_assessment

FIELDS: tuple[str, ...] = ("pk", "level_id", "gate_id", "title", "is_active", "prerequisites")
VOIDED = "voided_here"
FIELDS += ("test_out", "level__is_active", "passed", "opened", "limit")


class Locked(Exception):
    """The gate is closed to this person; `sentences` say in words what opens it."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.sentences = tuple(sentence(reason) for reason in reasons)


@dataclass(frozen=True, slots=True)
class Access:
    """Everything that decides for one person, read once: ask it about as many gates as you like.

    `voided` are ids of questions that do not count, where an assessment was asked for.
    """

    course: tuple[GateFacts, ...]
    learner: LearnerFacts
    voided: frozenset[str] = frozenset()

    def reasons(self, lesson_id: uuid.UUID) -> tuple[Reason, ...]:
        """Why the gate is locked; none means open. Raises KeyError for an unknown gate."""
        return locks(self._gate(lesson_id), self.course, self.learner)

    def reasons_at_the_assessment(self, lesson_id: uuid.UUID) -> tuple[Reason, ...]:
        """The same for the gate's assessment, which some gates let learners take ahead."""
        return locks_of_assessment(self._gate(lesson_id), self.course, self.learner)

    def _gate(self, lesson_id: uuid.UUID) -> GateFacts:
        gate = next((g for g in self.course if g.lesson_id == lesson_id), None)
        if gate is None:
            raise KeyError(lesson_id)
        return gate

    def having_passed(self, lesson_id: uuid.UUID) -> "Access":
        """The same person after passing one more gate; no query."""
        return replace(self, learner=replace(self.learner, passed=self.learner.passed | {lesson_id}))

    def without(self, lesson_id: uuid.UUID) -> "Access":
        """The same person had they not passed this gate; no query."""
        return replace(self, learner=replace(self.learner, passed=self.learner.passed - {lesson_id}))

    def is_open(self, lesson_id: uuid.UUID) -> bool:
        return not self.reasons(lesson_id)


def access_of(user_id: uuid.UUID | None) -> Access:
    """What decides for `user_id`; a visitor (None) has passed nothing. One query."""
    return read(user_id)[0]


def read(user_id: uuid.UUID | None, *more: str) -> tuple[Access, list[Row]]:
    """What decides for `user_id`, and the gates it was read from, in path order, with `more` fields.

    `mine__…` are fields of the person's own progress; a visitor has none.
    """
    rows = _gates(user_id, *FIELDS, *(field for field in more if user_id or not _is_mine(field)))
    course = tuple(
        GateFacts(
            lesson_id=row["pk"],
            level=row["level_id"],
            gate=row["gate_id"],
            title=row["title"],
            is_active=row["is_active"] and row["level__is_active"],
            prerequisites=frozenset(row["prerequisites"] or ()),
            test_out=row["test_out"],
        )
        for row in rows
    )
    passed = frozenset(row["pk"] for row in rows if row["passed"])
    opened = frozenset(row["pk"] for row in rows if row["opened"])
    limit = rows[0]["limit"] if rows else FREE_LEVELS
    return Access(course, LearnerFacts(passed, limit, opened)), rows


def of_many(user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Access]:
    """The same for many people at once. Four queries, whatever their number. Acts as the service."""
    course, limits = access_of(None).course, level_limits(user_ids)
    done = UserProgress.objects.filter(user_id__in=user_ids, completed=True)
    passed, opened = _pairs(done), _pairs(GateOpening.objects.filter(user_id__in=user_ids))
    return {
        one: Access(course, LearnerFacts(frozenset(passed[one]), limits[one], frozenset(opened[one])))
        for one in user_ids
    }


def _pairs(rows: QuerySet[Any]) -> dict[uuid.UUID, set[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for user_id, lesson_id in rows.values_list("user_id", "lesson_id"):
        found[user_id].add(lesson_id)
    return found


@compiled
def _gates(user_id: uuid.UUID | None, *fields: str) -> Rows:
    gates = Lesson.objects.in_path_order().annotate(limit=level_limit(user_id))
    if VOIDED in fields:
        gates = gates.annotate(**{VOIDED: voids.of_lesson()})
    # A visitor's role may not read anybody's progress, not even to find none.
    if user_id is None:
        return gates.annotate(passed=Value(False), opened=Value(None, output_field=UUIDField())).values(
            *fields
        )
    mine = FilteredRelation("progress", condition=Q(progress__user_id=user_id))
    for_me = FilteredRelation("openings", condition=Q(openings__user_id=user_id))
    gates = gates.annotate(mine=mine, passed=F("mine__completed"))
    return gates.annotate(for_me=for_me, opened=F("for_me__id")).values(*fields)


def _is_mine(field: str) -> bool:
    return field.startswith("mine__")


def require(user_id: uuid.UUID, lesson_id: uuid.UUID) -> Access:
    """Raise Locked unless the gate is open to the person."""
    return _required(access_of(user_id), Access.reasons, lesson_id)


def require_assessment(user_id: uuid.UUID, lesson_id: uuid.UUID) -> Access:
    """Raise Locked unless the person may take the gate's assessment, be it ahead of the lesson.

    What decides says also which questions of this gate are voided, with no query more.
    """
    access, rows = read(user_id, VOIDED)
    voided = next((row[VOIDED] for row in rows if row["pk"] == lesson_id), ())
    return _required(replace(access, voided=frozenset(voided)), Access.reasons_at_the_assessment, lesson_id)


def _required(
    access: Access, ask: Callable[[Access, uuid.UUID], tuple[Reason, ...]], lesson_id: uuid.UUID
) -> Access:
    try:
        reasons = ask(access, lesson_id)
    except KeyError:
        # Row policies hide what was taken out of use, also from a learner who sits at its paper.
        reasons = (Reason("inactive", level=0),)
    if reasons:
        raise Locked(reasons)
    return access


def sentence(reason: Reason) -> str:
    """What opens the gate, in words."""
    if reason.code == "inactive":
        return _("This gate is being rewritten and will be back.")
    if reason.code == "plan":
        return _("Your plan does not open level %(level)s.") % {"level": reason.level}
    if reason.code == "level":
        return _("Pass every gate up to level %(level)s first: %(met)s of %(needed)s done.") % {
            "level": reason.level,
            "met": reason.met,
            "needed": reason.needed,
        }
    titles = ", ".join(f"{g.level}.{g.gate} {g.title}" for g in reason.waiting_for)
    return ngettext(
        "Pass gate %(titles)s first.", "Pass these gates first: %(titles)s.", len(reason.waiting_for)
    ) % {"titles": titles}
