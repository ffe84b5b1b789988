"""Closing a graded attempt: its row, and one a question from which statistics and progress are read."""

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from learning.models import Attempt, AttemptState
from learning.questions import Given, Graded
from learning.rules import Verdict

# One statement: a submit has few round trips to spare.
CLOSE = """
WITH closed AS (
    UPDATE attempts SET state = %(state)s, answers = %(answers)s::jsonb, confidence = %(confidence)s::jsonb,
           time_spent = %(spent)s, score = %(score)s, passed = %(passed)s, outcome = %(outcome)s::jsonb,
           submitted_at = %(at)s, last_seen_at = %(at)s
    WHERE id = %(attempt)s
    RETURNING id, user_id, lesson_id
)
INSERT INTO question_answers (attempt_id, question, user_id, lesson_id, topic, kind, credit, keys,
                              misconceptions, confidence, seconds, answered_at)
SELECT closed.id, one.question, closed.user_id, closed.lesson_id, one.topic, one.kind, one.credit, one.keys,
       one.misconceptions, one.confidence, one.seconds, %(at)s
FROM closed, jsonb_to_recordset(%(questions)s::jsonb) AS one(
    question text, topic text, kind text, credit numeric, keys text[], misconceptions text[],
    confidence smallint, seconds int)
"""


def close(
    attempt: Attempt,
    *,
    answers: Mapping[str, Given],
    verdict: Verdict,
    outcome: dict[str, Any],
    questions: Sequence[Mapping[str, Any]],
    spent: dt.timedelta,
    at: dt.datetime,
) -> Attempt:
    """Write down that the attempt was handed in at `at` (UTC), with its `questions` as of `rows`.

    Acts as the service.
    """
    attempt.state, attempt.answers, attempt.time_spent = AttemptState.SUBMITTED, dict(answers), spent
    attempt.score, attempt.passed, attempt.outcome = verdict.score, verdict.passed, outcome
    attempt.submitted_at = attempt.last_seen_at = at
    said: dict[str, Any] = {
        "attempt": attempt.pk,
        "state": attempt.state.value,
        "answers": json.dumps(attempt.answers),
        "confidence": json.dumps(attempt.confidence),
        "spent": spent,
        "score": verdict.score,
        "passed": verdict.passed,
        "outcome": json.dumps(outcome),
        "at": at,
        "questions": json.dumps(list(questions)),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, said)
    return attempt


def rows(
    attempt: Attempt, graded: Mapping[str, Graded], counting: Collection[str], newer: Mapping[str, float]
) -> list[dict[str, Any]]:
    """What is kept of each question that counts; `newer` are seconds by token that no save has yet."""
    stored = {question["id"]: question for question in attempt.version.rendered["questions"]}
    seconds = {**attempt.seconds, **newer}
    return [
        {
            "question": paper["id"],
            "topic": stored[paper["id"]]["topic"],
            "kind": paper["type"],
            "credit": round(float(one.credit), 6),
            "keys": list(one.counted_as),
            "misconceptions": list(one.misconceptions),
            "confidence": attempt.confidence.get(paper["token"]),
            "seconds": round(seconds.get(paper["token"], 0)),
        }
        for paper in attempt.paper["questions"]
        if paper["token"] in counting
        for one in (graded[paper["token"]],)
    ]
