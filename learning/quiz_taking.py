"""Taking an assessment: begin, save answers, submit. The submit is the main line of the product."""

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Func, JSONField, Max, Value

from accounts.activity_log import Device
from dracarys.db.acting import acting_as_service
from gamification import rewards
from learning import access, outcomes, papers, progress, rules
from learning.models import WIDE, Attempt, AttemptState, Lesson, LessonVersion
from learning.questions import KINDS, Form, Given, Graded

_RANDOM = secrets.SystemRandom()


class NoAssessment(Exception):
    """The gate has no questions."""


class Unanswered(Exception):
    """Questions that cannot be graded yet: `lacks` says by token why. What was answered is saved."""

    def __init__(self, lacks: Mapping[str, str]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = dict(lacks)


def begin(*, user_id: uuid.UUID, lesson_id: uuid.UUID, at: dt.datetime) -> Attempt:
    """The person's open attempt at this gate, or a new one with questions and choices in an order of its own.

    Two tabs at once get the same attempt. Raises access.Locked, NoAssessment.
    """
    with acting_as_service():
        access.require(user_id, lesson_id)
        if existing := _open_attempt(user_id, lesson_id):
            return existing
        version = (
            LessonVersion.objects.published()
            .filter(lesson_id=lesson_id)
            .select_related("lesson")
            .latest("number")
        )
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
            # The other tab was faster; the unique keys let only one through. It may have handed in by now.
            return begin(user_id=user_id, lesson_id=lesson_id, at=at)


def save_answers(*, user_id: uuid.UUID, attempt_id: uuid.UUID, answers: Form, at: dt.datetime) -> bool:
    """Keep answers of an open attempt, as the learner; False when it is open no more.

    Raises Attempt.DoesNotExist.
    """
    attempt = Attempt.objects.get(pk=attempt_id, user_id=user_id)
    if attempt.state != AttemptState.OPEN:
        return False
    # Merged by the database: two tabs that answer different questions both keep theirs.
    merged = Func(
        F("answers"),
        Value(papers.accepted(attempt, answers), output_field=JSONField()),
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
    answers: Form,
    at: dt.datetime,
    device: Device | None = None,
) -> Attempt:
    """Grade the attempt and grant what it earned, in one transaction; the submitted attempt.

    The attempt's row is the lock: of two tabs or a double click one grades, the other gets the same result.
    Raises Attempt.DoesNotExist, access.Locked, Unanswered.
    """
    try:
        with acting_as_service():
            return _hand_in(_locked(user_id, attempt_id), answers, at, device)
    except Unanswered:
        # Its own transaction: the one above was undone.
        save_answers(user_id=user_id, attempt_id=attempt_id, answers=answers, at=at)
        raise


def _hand_in(attempt: Attempt, answers: Form, at: dt.datetime, device: Device | None) -> Attempt:
    """The steps of a submit, in order."""
    if attempt.state == AttemptState.SUBMITTED:
        return attempt
    user_id = attempt.user_id
    before = access.require(user_id, attempt.lesson_id)
    given = _all_answers(attempt, answers)
    graded = _grade(attempt, given)
    verdict = rules.verdict([one.credit for one in graded], outcomes.pass_score(attempt))
    awards = outcomes.awards_of(attempt, verdict)
    spent = rules.time_spent(attempt.time_spent, attempt.last_seen_at, at)
    advanced = progress.advance(
        user_id=user_id, lesson=attempt.lesson, verdict=verdict, awards=awards, spent=spent, at=at
    )
    after = before.having_passed(attempt.lesson_id) if advanced.first_pass else before
    deeds = outcomes.deeds_of(attempt, verdict, advanced, after)
    granted = rewards.grant(
        user_id=user_id, deeds=deeds, awards=awards, cause_id=attempt.pk, at=at, device=device
    )
    opened = outcomes.opened_gates(before, after)
    outcome = outcomes.record_of(attempt, verdict, advanced, graded, granted, opened)
    return _close(attempt, given, verdict, outcome, spent, at)


def _locked(user_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("lesson", "version")
    # The pinned version is graded; what the lesson says today stays in the database.
    today = (f"lesson__{column}" for column in WIDE)
    return rows.defer(*today).get(pk=attempt_id, user_id=user_id)


def _close(
    attempt: Attempt,
    given: dict[str, Given],
    verdict: rules.Verdict,
    outcome: dict[str, Any],
    spent: dt.timedelta,
    at: dt.datetime,
) -> Attempt:
    closed: dict[str, Any] = {
        "state": AttemptState.SUBMITTED,
        "submitted_at": at,
        "last_seen_at": at,
        "answers": given,
        "time_spent": spent,
        "score": verdict.score,
        "passed": verdict.passed,
        "outcome": outcome,
    }
    for column, value in closed.items():
        setattr(attempt, column, value)
    attempt.save(update_fields=list(closed))
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


def _all_answers(attempt: Attempt, form: Form) -> dict[str, Given]:
    given = {**attempt.answers, **papers.accepted(attempt, form)}
    lacks = {
        one["token"]: KINDS[one["type"]].lack(one, given.get(one["token"]))
        for one in attempt.paper["questions"]
    }
    if missing := {token: lack for token, lack in lacks.items() if lack}:
        raise Unanswered(missing)
    return given


def _grade(attempt: Attempt, answers: Mapping[str, Given]) -> list[Graded]:
    stored = {question["id"]: question for question in attempt.version.rendered["questions"]}
    return [
        KINDS[paper["type"]].grade(stored[paper["id"]], paper, answers[paper["token"]])
        for paper in attempt.paper["questions"]
    ]
