"""The one predicate: is this gate open to this person, and if not, why not. For page, list, admin and job."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.entitlements import entitlement_of
from learning.models import Lesson, UserProgress
from learning.rules import GateFacts, LearnerFacts, Reason, locks

FIELDS = ("pk", "level_id", "gate_id", "title", "is_active", "prerequisites", "level__is_active")


class Locked(Exception):
    """The gate is closed to this person; `sentences` say in words what opens it."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.sentences = tuple(sentence(reason) for reason in reasons)


@dataclass(frozen=True, slots=True)
class Access:
    """Everything that decides for one person, read once: ask it about as many gates as you like."""

    course: tuple[GateFacts, ...]
    learner: LearnerFacts

    def reasons(self, lesson_id: uuid.UUID) -> tuple[Reason, ...]:
        """Why the gate is locked; none means open. Raises KeyError for an unknown gate."""
        gate = next((g for g in self.course if g.lesson_id == lesson_id), None)
        if gate is None:
            raise KeyError(lesson_id)
        return locks(gate, self.course, self.learner)

    def having_passed(self, lesson_id: uuid.UUID) -> "Access":
        """The same person after passing one more gate; no query."""
        learner = LearnerFacts(self.learner.passed | {lesson_id}, self.learner.level_limit)
        return Access(self.course, learner)

    def is_open(self, lesson_id: uuid.UUID) -> bool:
        return not self.reasons(lesson_id)


def access_of(user_id: uuid.UUID | None) -> Access:
    """What decides for `user_id`; a visitor (None) has passed nothing. Two queries."""
    rows = Lesson.objects.in_path_order().annotate(done=_passed_by(user_id)).values(*FIELDS, "done")
    course = tuple(
        GateFacts(
            lesson_id=row["pk"],
            level=row["level_id"],
            gate=row["gate_id"],
            title=row["title"],
            is_active=row["is_active"] and row["level__is_active"],
            prerequisites=frozenset(row["prerequisites"] or ()),
        )
        for row in rows
    )
    passed = frozenset(row["pk"] for row in rows if row["done"])
    return Access(course, LearnerFacts(passed, entitlement_of(user_id).level_limit))


def _passed_by(user_id: uuid.UUID | None) -> Exists | Value:
    # A visitor's role may not read anybody's progress, not even to find none.
    if user_id is None:
        return Value(False)
    return Exists(UserProgress.objects.filter(lesson=OuterRef("pk"), user_id=user_id, completed=True))


def require(user_id: uuid.UUID, lesson_id: uuid.UUID) -> Access:
    """Raise Locked unless the gate is open to the person."""
    access = access_of(user_id)
    if reasons := access.reasons(lesson_id):
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
