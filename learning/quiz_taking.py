"""Taking an assessment: begin, save answers, submit. The submit is the main line of the product."""

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Func, JSONField, Max, Value

from accounts.activity_log import Deed, Device
from accounts.models import ActivityType
from dracarys.db.acting import acting_as_service
from gamification import rewards
from gamification.ledger import Award
from gamification.models import XpSource
from gamification.rewards import Granted
from gamification.rules import PERFECT_BONUS
from learning import access, progress, rules
from learning.models import Attempt, AttemptState, Lesson, LessonVersion
from learning.questions import KINDS, Graded

_RANDOM = secrets.SystemRandom()
# The namespace under which a level of the path gets the id that the activity log wants.
LEVELS = uuid.UUID("6f6a5f0e-7d3b-4b8e-9a52-0c4d5a1e2b90")


class NoAssessment(Exception):
    """The gate has no questions."""


class Unanswered(Exception):
    """Questions were left out; `tokens` names them. What was answered is saved."""

    def __init__(self, tokens: Sequence[str]) -> None:
        super().__init__(", ".join(tokens))
        self.tokens = tuple(tokens)


def begin(*, user_id: uuid.UUID, lesson_id: uuid.UUID, at: dt.datetime) -> Attempt:
    """The person's open attempt at this gate, or a new one with questions and choices in an order of its own.

    Two tabs at once get the same attempt. Raises access.Locked, NoAssessment.
    """
    with acting_as_service():
        access.require(user_id, lesson_id)
        if existing := _open_attempt(user_id, lesson_id):
            return existing
        version = LessonVersion.objects.filter(lesson_id=lesson_id).select_related("lesson").latest("number")
        if not version.assessment_data:
            raise NoAssessment
        last = (
            Attempt.objects.filter(user_id=user_id, lesson_id=lesson_id).aggregate(n=Max("number"))["n"] or 0
        )
        try:
            with transaction.atomic():
                return Attempt.objects.create(
                    user_id=user_id,
                    lesson_id=lesson_id,
                    version=version,
                    number=last + 1,
                    paper=_paper(version),
                    started_at=at,
                    last_seen_at=at,
                )
        except IntegrityError:
            # The other tab was faster; the unique key let only one through.
            return Attempt.objects.get(user_id=user_id, lesson_id=lesson_id, state=AttemptState.OPEN)


def save_answers(
    *, user_id: uuid.UUID, attempt_id: uuid.UUID, answers: Mapping[str, str], at: dt.datetime
) -> bool:
    """Keep answers of an open attempt, as the learner; False when it is not open (any more)."""
    attempt = Attempt.objects.filter(pk=attempt_id, user_id=user_id, state=AttemptState.OPEN).first()
    if attempt is None:
        return False
    # Merged by the database: two tabs that answer different questions both keep theirs.
    merged = Func(
        F("answers"),
        Value(_accepted(attempt, answers), output_field=JSONField()),
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=JSONField(),
    )
    saved = Attempt.objects.filter(pk=attempt_id, user_id=user_id, state=AttemptState.OPEN).update(
        answers=merged,
        last_seen_at=at,
        time_spent=rules.time_spent(attempt.time_spent, attempt.last_seen_at, at),
    )
    return saved == 1


def submit(
    *,
    user_id: uuid.UUID,
    attempt_id: uuid.UUID,
    answers: Mapping[str, str],
    at: dt.datetime,
    device: Device | None = None,
) -> Attempt:
    """Grade the attempt and grant what it earned, in one transaction; the submitted attempt.

    The attempt's row is the lock: of two tabs or a double click one grades, the other gets the same result.
    Raises Attempt.DoesNotExist, access.Locked, Unanswered.
    """
    with acting_as_service():
        attempt = (
            Attempt.objects.select_for_update(of=("self",))
            .select_related("lesson", "version")
            .get(pk=attempt_id, user_id=user_id)
        )
        if attempt.state == AttemptState.SUBMITTED:
            return attempt
        before = access.require(user_id, attempt.lesson_id)
        given = {**attempt.answers, **_accepted(attempt, answers)}
        if missing := rules.unanswered(_tokens(attempt), given):
            raise Unanswered(missing)
        graded = _grade(attempt, given)
        verdict = rules.verdict([one.correct for one in graded], _pass_score(attempt))
        spent = rules.time_spent(attempt.time_spent, attempt.last_seen_at, at)
        awards = _awards(attempt, verdict)
        advanced = progress.advance(
            user_id=user_id,
            lesson=attempt.lesson,
            verdict=verdict,
            xp=sum(award.amount for award in awards),
            attempt_time=spent,
            at=at,
        )
        after = before.having_passed(attempt.lesson_id) if advanced.first_pass else before
        granted = rewards.grant(
            user_id=user_id,
            deeds=_deeds(attempt, verdict, advanced, after),
            awards=awards,
            cause_id=attempt.pk,
            at=at,
            device=device,
        )
        attempt.state, attempt.submitted_at, attempt.last_seen_at = AttemptState.SUBMITTED, at, at
        attempt.answers, attempt.time_spent = given, spent
        attempt.score, attempt.passed = verdict.score, verdict.passed
        attempt.outcome = _outcome(attempt, verdict, advanced, graded, granted, _opened(before, after))
        attempt.save(
            update_fields=[
                "state",
                "submitted_at",
                "last_seen_at",
                "answers",
                "time_spent",
                "score",
                "passed",
                "outcome",
            ]
        )
        return attempt


# --- The paper ---------------------------------------------------------------------------------------


def _open_attempt(user_id: uuid.UUID, lesson_id: uuid.UUID) -> Attempt | None:
    return Attempt.objects.filter(user_id=user_id, lesson_id=lesson_id, state=AttemptState.OPEN).first()


def _paper(version: LessonVersion) -> dict[str, Any]:
    questions = [
        KINDS[stored["type"]].paper(stored, _token, _RANDOM.shuffle)
        for stored in version.rendered["questions"]
    ]
    _RANDOM.shuffle(questions)
    lesson: Lesson = version.lesson
    return {
        "level": lesson.level_id,
        "gate": lesson.gate_id,
        "title": lesson.title,
        "questions": questions,
    }


def _token() -> str:
    return secrets.token_urlsafe(9)


def _tokens(attempt: Attempt) -> list[str]:
    return [question["token"] for question in attempt.paper["questions"]]


def _accepted(attempt: Attempt, answers: Mapping[str, str]) -> dict[str, str]:
    """Those answers that the paper offers; anything else in the form is passed over."""
    return {
        question["token"]: answers[question["token"]]
        for question in attempt.paper["questions"]
        if question["token"] in answers
        and KINDS[question["type"]].accepts(question, answers[question["token"]])
    }


# --- Grading -----------------------------------------------------------------------------------------


def _pass_score(attempt: Attempt) -> int:
    return int((attempt.version.assessment_data or {}).get("pass_score", 80))


def _grade(attempt: Attempt, answers: Mapping[str, str]) -> list[Graded]:
    stored = {question["id"]: question for question in attempt.version.rendered["questions"]}
    return [
        KINDS[paper["type"]].grade(stored[paper["id"]], paper, answers[paper["token"]])
        for paper in attempt.paper["questions"]
    ]


def _awards(attempt: Attempt, verdict: rules.Verdict) -> list[Award]:
    """What this attempt would pay. The ledger's key decides whether it was paid before."""
    lesson = attempt.lesson
    name = f"Gate {lesson.level_id}.{lesson.gate_id}: {lesson.title}"
    awards = [Award(XpSource.GATE, lesson.pk, lesson.xp_reward, name)] if verdict.passed else []
    if verdict.perfect and attempt.number == 1:
        awards.append(
            Award(XpSource.PERFECT, lesson.pk, PERFECT_BONUS, "Everything right at the first attempt")
        )
    return awards


def _deeds(
    attempt: Attempt, verdict: rules.Verdict, advanced: progress.Advanced, after: access.Access
) -> list[Deed]:
    lesson = attempt.lesson
    about = {
        "level": lesson.level_id,
        "gate": lesson.gate_id,
        "score": verdict.score,
        "attempt": str(attempt.pk),
    }
    deeds = [Deed(ActivityType.ATTEMPT, "lesson", lesson.pk, about)]
    if verdict.perfect:
        deeds.append(Deed(ActivityType.PERFECT_SCORE, "lesson", lesson.pk, about))
    if advanced.first_pass:
        deeds.append(Deed(ActivityType.LESSON_COMPLETE, "lesson", lesson.pk, about))
        if rules.level_is_complete(lesson.level_id, after.course, after.learner.passed):
            level = uuid.uuid5(LEVELS, str(lesson.level_id))
            deeds.append(Deed(ActivityType.LEVEL_COMPLETE, "level", level, {"level": lesson.level_id}))
    return deeds


def _opened(before: access.Access, after: access.Access) -> list[dict[str, Any]]:
    """The gates that this pass opened."""
    return [
        {"level": gate.level, "gate": gate.gate, "title": gate.title}
        for gate in after.course
        if not before.is_open(gate.lesson_id) and after.is_open(gate.lesson_id)
    ]


def _outcome(
    attempt: Attempt,
    verdict: rules.Verdict,
    advanced: progress.Advanced,
    graded: Sequence[Graded],
    granted: Granted,
    opened: list[dict[str, Any]],
) -> dict[str, Any]:
    explanations = {q["id"]: q["explanation"] for q in attempt.version.rendered["questions"]}
    return {
        "pass_score": _pass_score(attempt),
        "correct": verdict.correct,
        "total": verdict.total,
        "perfect": verdict.perfect,
        "first_pass": advanced.first_pass,
        "feedback": [
            {**asdict(one), "token": paper["token"], "explanation": explanations[paper["id"]]}
            for one, paper in zip(graded, attempt.paper["questions"], strict=True)
        ],
        "receipt": asdict(granted),
        "opened": opened,
    }
