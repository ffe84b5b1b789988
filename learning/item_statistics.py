"""Statistics of questions from what learners answered: how hard, how telling, what attracts whom.

Only everybody's first answer to a question counts: later ones tell what was remembered of the feedback.
Classical test theory: Lord and Novick, Statistical Theories of Mental Test Scores (1968), chapter 15.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from learning.models import QuestionStatistics

# Fewer answers say nothing worth a look.
ENOUGH = 20
TOO_HARD, TOO_EASY, TELLS_LITTLE = 0.2, 0.97, 0.1

# `rest` is the share of the other questions of the same paper that were right.
ANSWERS = """
WITH papers AS (
    SELECT attempt_id, sum(credit) AS total, count(*) AS questions FROM question_answers GROUP BY attempt_id
), firsts AS (
    SELECT DISTINCT ON (lesson_id, question, user_id)
           lesson_id, question, attempt_id, credit, keys, misconceptions, seconds, confidence
    FROM question_answers
    WHERE %(lesson)s::uuid IS NULL OR lesson_id = %(lesson)s::uuid
    ORDER BY lesson_id, question, user_id, answered_at, attempt_id
), answers AS (
    SELECT firsts.*, (total - credit) / nullif(questions - 1, 0) AS rest
    FROM firsts JOIN papers USING (attempt_id)
)
"""
QUESTIONS = """
SELECT lesson_id, question, count(*), avg(credit)::float8, corr(credit, rest),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), avg(confidence)::float8
FROM answers GROUP BY lesson_id, question
"""
KEYS = """
, known AS (
    SELECT DISTINCT lesson_id, question, key FROM answers, unnest(keys) AS key
)
SELECT known.lesson_id, known.question, known.key,
       count(*) FILTER (WHERE key = ANY(keys)),
       corr((key = ANY(keys))::int, rest),
       avg(credit) FILTER (WHERE key = ANY(keys))::float8,
       (SELECT array_agg(DISTINCT named) FROM answers AS told, unnest(told.misconceptions) AS named
        WHERE told.lesson_id = known.lesson_id AND told.question = known.question
          AND known.key = ANY(told.keys))
FROM known JOIN answers USING (lesson_id, question)
GROUP BY known.lesson_id, known.question, known.key
ORDER BY 1, 2, 4 DESC, 3
"""
COMPUTED = [
    "answers",
    "facility",
    "discrimination",
    "seconds",
    "confidence",
    "keys",
    "doubts",
    "computed_at",
]


SAID = {
    "wrong-attracts-the-able": _("a wrong answer attracts those who know more"),
    "negative": _("those who know more get it wrong"),
    "tells-little": _("tells little about what somebody knows"),
    "too-hard": _("hardly anybody gets it right"),
    "too-easy": _("nearly everybody gets it right"),
}


def said_of(doubt: str) -> str:
    """A doubt in words."""
    return str(SAID.get(doubt, doubt))


@dataclass(frozen=True, slots=True)
class Key:
    """What was chosen: how often, how it goes with the rest of the paper, and the mean credit it earned."""

    key: str
    count: int
    goes_with_rest: float | None
    credit: float
    misconceptions: tuple[str, ...]


def compute(*, at: dt.datetime, lesson_id: uuid.UUID | None = None) -> int:
    """Work out the statistics of one lesson's questions, or of all, at `at` (UTC); how many.

    Acts as the service.
    """
    said = {"lesson": str(lesson_id) if lesson_id else None}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{ANSWERS}{KEYS}", said)
        keys: dict[tuple[uuid.UUID, str], list[Key]] = {}
        for lesson, question, key, count, goes_with_rest, credit, named in cursor.fetchall():
            found = Key(key, count, goes_with_rest, credit, tuple(named or ()))
            keys.setdefault((lesson, question), []).append(found)
        cursor.execute(f"{ANSWERS}{QUESTIONS}", said)
        rows = [_row(one, keys.get((one[0], one[1]), []), at) for one in cursor.fetchall()]
        QuestionStatistics.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["lesson", "question"],
            update_fields=COMPUTED,
        )
    return len(rows)


def compute_some(lesson_ids: Iterable[uuid.UUID], *, at: dt.datetime) -> int:
    """The same for each of these lessons."""
    return sum(compute(at=at, lesson_id=lesson_id) for lesson_id in lesson_ids)


def doubts(
    answers: int, facility: float, discrimination: float | None, keys: Iterable[Key]
) -> tuple[str, ...]:
    """Codes of what looks wrong with a question, the gravest first; none while there are too few answers."""
    if answers < ENOUGH:
        return ()
    attracts = any(
        key.credit == 0 and key.count >= ENOUGH // 4 and (key.goes_with_rest or 0) > TELLS_LITTLE
        for key in keys
    )
    found = {
        "wrong-attracts-the-able": attracts,
        "negative": discrimination is not None and discrimination < 0,
        "tells-little": discrimination is not None and 0 <= discrimination < TELLS_LITTLE,
        "too-hard": facility < TOO_HARD,
        "too-easy": facility > TOO_EASY,
    }
    return tuple(code for code, holds in found.items() if holds)


def _row(found: Sequence[Any], keys: list[Key], at: dt.datetime) -> QuestionStatistics:
    lesson, question, answers, facility, discrimination, seconds, confidence = found
    return QuestionStatistics(
        lesson_id=lesson,
        question=question,
        answers=answers,
        facility=facility,
        discrimination=discrimination,
        seconds=seconds,
        confidence=confidence,
        keys=[
            {
                "key": key.key,
                "count": key.count,
                "share": round(key.count / answers, 4),
                "goes_with_rest": None if key.goes_with_rest is None else round(key.goes_with_rest, 4),
                "misconceptions": list(key.misconceptions),
            }
            for key in keys
        ],
        doubts=list(doubts(answers, facility, discrimination, keys)),
        computed_at=at,
    )
