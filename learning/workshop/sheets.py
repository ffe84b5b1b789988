"""What regrading reads: graded attempts, by what they are graded again, and how learners stand."""

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.models import UserProfile
from gamification.models import XpEvent, XpSource
from learning.models import (
    Attempt,
    AttemptState,
    Lesson,
    LessonVersion,
    Regrading,
    RegradingKind,
    UserProgress,
    VoidedQuestion,
)
from learning.policy import FIELDS, policy_of
from learning.rules import Policy
from learning.workshop.marks import Basis, Json, Sheet, Standing

POLICY = (*FIELDS, "wait_minutes")

# Drawings and tables of charts are most of a paper, and no kind grades by them.
SHEETS = """
    SELECT a.user_id, a.id, a.number, v.number,
           (SELECT jsonb_agg((q #- '{chart,svg}' #- '{chart,table}') - 'prompt' ORDER BY place)
            FROM jsonb_array_elements(a.paper -> 'questions') WITH ORDINALITY AS one(q, place)),
           a.answers, a.confidence, a.seconds, a.outcome, a.score, a.passed, a.submitted_at
    FROM attempts a JOIN lesson_versions v ON v.id = a.version_id
    WHERE a.lesson_id = %s AND a.user_id = ANY(%s) AND a.state = 'submitted'
    ORDER BY a.user_id, a.number
"""
TOPICS = """
    SELECT v.number, q ->> 'id', q ->> 'topic'
    FROM lesson_versions v, jsonb_array_elements(v.rendered -> 'questions') AS q
    WHERE v.lesson_id = %s AND v.state = 'published'
"""


def sheets_of(lesson_id: uuid.UUID, user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Sheet]]:
    """The graded attempts of these learners at a gate, in their order. One query."""
    found: dict[uuid.UUID, list[Sheet]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(SHEETS, [lesson_id, list(user_ids)])
        for user_id, *row in cursor.fetchall():
            found[user_id].append(Sheet(*(json.loads(one) if isinstance(one, str) else one for one in row)))
    return found


def standings_of(lesson: Lesson, user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """How these learners stand at the gate. Three queries."""
    rows = {row.user_id: row for row in UserProgress.objects.filter(lesson=lesson, user_id__in=user_ids)}
    events = XpEvent.objects.filter(user_id__in=user_ids, source_id=lesson.pk)
    paid = {
        (user_id, source): amount
        for user_id, source, amount in events.values_list("user_id", "source", "amount")
    }
    totals = UserProfile.objects.filter(pk__in=user_ids).values_list("pk", "total_xp")
    return {user_id: _standing(user_id, rows.get(user_id), paid, total) for user_id, total in totals}


def _standing(
    user_id: uuid.UUID, row: UserProgress | None, paid: Mapping[tuple[uuid.UUID, str], int], total: int
) -> Standing:
    row = row or UserProgress()
    return Standing(
        completed=row.completed,
        score=row.score,
        xp_earned=row.xp_earned,
        xp_withdrawn=row.xp_withdrawn,
        perfect_withdrawn=row.perfect_withdrawn,
        gate_paid=paid.get((user_id, XpSource.GATE)),
        perfect_paid=paid.get((user_id, XpSource.PERFECT)),
        total_xp=total,
    )


# --- By what ------------------------------------------------------------------------------------------


def voided_in(lesson_id: uuid.UUID) -> frozenset[str]:
    """The ids of the gate's voided questions. One query."""
    rows = VoidedQuestion.objects.filter(lesson_id=lesson_id)
    return frozenset(rows.values_list("question", flat=True))


def basis_of(regrading: Regrading) -> Basis:
    """By what this regrading grades. Up to three queries."""
    voided = voided_in(regrading.lesson_id)
    if regrading.version is None:
        return Basis(voided, policies_of(regrading.lesson_id))
    version = regrading.version
    return by_version(version.number or 0, version.rendered["questions"], version.assessment_data, voided)


def by_version(
    number: int, questions: Sequence[Json], assessment: Json | None, voided: frozenset[str]
) -> Basis:
    """By a version, published or not yet: its rendered questions, and the policy of its assessment."""
    newer = {question["id"]: question for question in questions}
    return Basis(voided, {number: policy_of(assessment)}, number, newer)


def policies_of(lesson_id: uuid.UUID) -> dict[int, Policy]:
    """The policy of each version by its number; questions stay in the database."""
    rows = LessonVersion.objects.published().filter(lesson_id=lesson_id)
    said = rows.values_list("number", *(f"assessment_data__{field}" for field in POLICY))
    return {
        number or 0: policy_of(
            {field: one for field, one in zip(POLICY, values, strict=True) if one is not None}
        )
        for number, *values in said
    }


def topics_of(lesson_id: uuid.UUID) -> dict[tuple[int, str], str]:
    """The topic of each question by version and id."""
    with connection.cursor() as cursor:
        cursor.execute(TOPICS, [lesson_id])
        return {(number, question): topic for number, question, topic in cursor.fetchall()}


def ever_asked(lesson_id: uuid.UUID) -> frozenset[str]:
    """The ids of all questions that any published version has."""
    return frozenset(question for _, question in topics_of(lesson_id))


# --- Whose --------------------------------------------------------------------------------------------


def touched(lesson_id: uuid.UUID, *, older_than: int | None = None, question: str = "") -> Any:
    """The graded attempts that a regrading looks at: of older versions, or with a question on their paper."""
    rows = Attempt.objects.filter(lesson_id=lesson_id, state=AttemptState.SUBMITTED)
    if older_than is not None:
        return rows.filter(version__number__lt=older_than)
    return rows.filter(paper__contains={"questions": [{"id": question}]})


def touched_by(regrading: Regrading) -> Any:
    """Those of this regrading that it has not looked at yet."""
    older = regrading.version.number if regrading.version else None
    rows = touched(regrading.lesson_id, older_than=older, question=regrading.question)
    if regrading.finished_at and regrading.kind == RegradingKind.VERSION:
        return rows.filter(regraded_by__isnull=True)  # others have been regraded since
    return rows.filter(Q(regraded_by__isnull=True) | ~Q(regraded_by=regrading))
