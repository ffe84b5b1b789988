"""Writing down what a regrading came to: the attempts, their answers one by one, and the progress."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from gamification.rewards import Granted
from learning.models import Attempt, QuestionAnswer, Regrading, UserProgress
from learning.workshop.marks import Anew, Basis, Json, Settled, credit_of

# From (number of the version, id of the question) to the code of its topic.
Topics = Mapping[tuple[int, str], str]


def attempts(
    regrading: Regrading,
    anew: Sequence[Anew],
    *,
    basis: Basis,
    topics: Topics,
    gift: tuple[Anew, Json] | None,
    at: dt.datetime,
) -> None:
    """Mark every attempt as looked at; rewrite those that came out otherwise.

    `gift` is the attempt to tell of what was paid, with `gift_of` what it was.
    """
    ids = [one.sheet.attempt_id for one in anew]
    Attempt.objects.filter(pk__in=ids).update(regraded_by=regrading)
    for one in anew:
        more = gift[1] if gift and gift[0] is one else {}
        if one.feedback is None and not one.has_changed and not more:
            continue
        outcome = _outcome(regrading, one, basis, more, at)
        Attempt.objects.filter(pk=one.sheet.attempt_id).update(
            score=one.score, passed=one.passed, outcome=outcome
        )
        if one.feedback is not None:
            _answers(regrading, one, basis, topics)


def gift_of(granted: Granted, opened: list[Json]) -> Json:
    """What a regrading gave or took, as the outcome of an attempt keeps it."""
    return {
        "xp": granted.gained,
        "opened": opened,
        "achievements": [asdict(one) for one in granted.achievements],
    }


def _outcome(regrading: Regrading, one: Anew, basis: Basis, more: Json, at: dt.datetime) -> Json:
    """The outcome as the result page reads it; what it was before is told with it."""
    old = one.sheet.outcome
    feedback = one.feedback if one.feedback is not None else old["feedback"]
    counting = [told for told in feedback if not told.get("voided", False)]
    told_before = {"at": at.isoformat(), "before": one.sheet.score, "after": one.score}
    told_before |= {"passed_before": one.sheet.passed, "passed": one.passed}
    told_before |= {"words": regrading.words, "xp": more.get("xp", 0)}
    receipt = old["receipt"]
    achievements = [*receipt["achievements"], *more.get("achievements", ())]
    return {
        **old,
        "feedback": feedback,
        "pass_score": one.policy.pass_score,
        "counted": one.counted,
        "correct": sum(credit_of(told) == 1 for told in counting),
        "total": len(counting),
        "perfect": one.perfect,
        "receipt": {**receipt, "achievements": achievements},
        "opened": [*old["opened"], *more.get("opened", ())],
        "regraded": [*old.get("regraded", ()), *([told_before] if one.has_changed or more else ())],
        **({"version": basis.version} if basis.version else {}),
    }


def _answers(regrading: Regrading, one: Anew, basis: Basis, topics: Topics) -> None:
    """The rows of those questions that count, written anew."""
    sheet = one.sheet
    user_id = Attempt.objects.values_list("user_id", flat=True).get(pk=sheet.attempt_id)
    questions = {paper["token"]: paper for paper in sheet.questions}
    QuestionAnswer.objects.filter(attempt_id=sheet.attempt_id).delete()
    QuestionAnswer.objects.bulk_create(
        QuestionAnswer(
            attempt_id=sheet.attempt_id,
            question=questions[told["token"]]["id"],
            user_id=user_id,
            lesson_id=regrading.lesson_id,
            topic=_topic(questions[told["token"]]["id"], one, basis, topics),
            kind=questions[told["token"]]["type"],
            credit=round(float(credit_of(told)), 6),
            keys=told.get("keys") or (["right"] if told["correct"] else ["other"]),
            misconceptions=told.get("misconceptions", []),
            confidence=sheet.confidence.get(told["token"]),
            seconds=round(sheet.seconds.get(told["token"], 0)),
            answered_at=sheet.submitted_at,
        )
        for told in one.feedback or ()
        if not told["voided"]
    )


def _topic(question: str, one: Anew, basis: Basis, topics: Topics) -> str:
    if basis.version and one.sheet.version < basis.version and question in basis.newer:
        return str(basis.newer[question]["topic"])
    return topics[one.sheet.version, question]


def standing(row: UserProgress, settled: Settled, at: dt.datetime) -> None:
    """The progress as it is from `at` (UTC) on; `row` is locked."""
    changed: dict[str, Any] = {
        "score": settled.score,
        "completed": settled.completed,
        "xp_earned": max(0, row.xp_earned + settled.xp),
        "xp_withdrawn": settled.xp_withdrawn,
        "perfect_withdrawn": settled.perfect_withdrawn,
    }
    if settled.gained:
        changed["completed_at"] = at
    elif settled.lost:
        changed["completed_at"] = None
    UserProgress.objects.filter(pk=row.pk).update(**changed)
