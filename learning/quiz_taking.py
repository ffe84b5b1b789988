"""Taking an assessment: begin, save answers, submit. The submit is the main line of the product."""

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Func, JSONField, Max, Value

from accounts.activity_log import Device
from dracarys.db.acting import acting_as_service
from gamification import rewards
from learning import access, evidence, outcomes, papers, progress, rules, timing, voids
from learning.models import WIDE_OF_LESSON, Attempt, AttemptState, LessonVersion, QuestionAnswer
from learning.policy import policy_of
from learning.questions import KINDS, WRONG, Form, Given, Graded

_RANDOM = secrets.SystemRandom()
UNANSWERED = Graded(WRONG, "", "", "")


class NoAssessment(Exception):
    """The gate has no questions."""


class NoMoreAttempts(Exception):
    """All attempts that the gate allows are made."""


class TooSoon(Exception):
    """The next attempt may begin at `begins_at` (UTC)."""

    def __init__(self, begins_at: dt.datetime) -> None:
        super().__init__(begins_at.isoformat())
        self.begins_at = begins_at


class Unanswered(Exception):
    """Questions that cannot be graded yet: `lacks` says by token why. What was answered is saved.

    `voided` are ids of questions that do not count and may be left out.
    """

    def __init__(self, lacks: Mapping[str, str], voided: frozenset[str]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks, self.voided = dict(lacks), voided


def begin(*, user_id: uuid.UUID, lesson_id: uuid.UUID, at: dt.datetime) -> Attempt:
    """The person's open attempt at this gate, or a new one with questions and choices in an order of its own.

    Two tabs at once get the same attempt. Raises access.Locked, NoAssessment, NoMoreAttempts, TooSoon.
    """
    with acting_as_service():
        voided = access.require_assessment(user_id, lesson_id).voided
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
        policy = policy_of(version.assessment_data)
        last = _admitted(user_id, lesson_id, policy, at)
        seen = _seen(user_id, lesson_id) if policy.draw else {}
        try:
            with transaction.atomic():
                return Attempt.objects.create(
                    user_id=user_id,
                    lesson_id=lesson_id,
                    version=version,
                    number=last + 1,
                    paper=_paper(version, policy, seen, voided),
                    started_at=at,
                    last_seen_at=at,
                )
        except IntegrityError:
            # The other tab was faster; the unique keys let only one through. It may have handed in by now.
            return begin(user_id=user_id, lesson_id=lesson_id, at=at)


def _admitted(user_id: uuid.UUID, lesson_id: uuid.UUID, policy: rules.Policy, at: dt.datetime) -> int:
    """How many attempts there were, if one more may begin. Raises NoMoreAttempts, TooSoon."""
    made = Attempt.objects.filter(user_id=user_id, lesson_id=lesson_id)
    found = made.aggregate(number=Max("number"), handed_in=Max("submitted_at"))
    last: int = found["number"] or 0
    if policy.attempts is not None and last >= policy.attempts:
        raise NoMoreAttempts
    begins_at = policy.next_from(found["handed_in"])
    if begins_at and at < begins_at:
        raise TooSoon(begins_at)
    return last


def _seen(user_id: uuid.UUID, lesson_id: uuid.UUID) -> dict[str, int]:
    """How often the person has answered each question of the gate."""
    rows = QuestionAnswer.objects.filter(user_id=user_id, lesson_id=lesson_id).values_list("question")
    return dict(rows.annotate(times=Count("attempt_id")))


def save_answers(*, user_id: uuid.UUID, attempt_id: uuid.UUID, answers: Form, at: dt.datetime) -> bool:
    """Keep answers of an open attempt, as the learner; False when it is open no more.

    Raises Attempt.DoesNotExist.
    """
    attempt = Attempt.objects.get(pk=attempt_id, user_id=user_id)
    if attempt.state != AttemptState.OPEN:
        return False
    given = papers.accepted(attempt, answers)
    spent = rules.time_spent(attempt.time_spent, attempt.last_seen_at, at)
    saved = Attempt.objects.filter(pk=attempt_id, user_id=user_id, state=AttemptState.OPEN).update(
        answers=_merged("answers", given),
        confidence=_merged("confidence", papers.confidence(attempt, answers)),
        seconds=_merged("seconds", timing.shared(attempt, given, spent)),
        last_seen_at=at,
        time_spent=spent,
    )
    return saved == 1


def _merged(column: str, more: Mapping[str, Any]) -> Func:
    """Merged by the database: two tabs that answer different questions both keep theirs."""
    return Func(
        F(column),
        Value(dict(more), output_field=JSONField()),
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=JSONField(),
    )


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
    before = access.require_assessment(user_id, attempt.lesson_id)
    counting = voids.counting(attempt.paper["questions"], before.voided)
    given = _all_answers(attempt, answers, before.voided)
    attempt.confidence |= papers.confidence(attempt, answers)
    graded = _grade(attempt, given)
    policy = policy_of(attempt.version.assessment_data)
    verdict = _verdict(attempt, [graded[token].credit for token in counting], policy)
    spent = rules.time_spent(attempt.time_spent, attempt.last_seen_at, at)
    advanced = progress.advance(
        user_id=user_id,
        lesson=attempt.lesson,
        verdict=verdict,
        keeps_best=policy.counts == "best",
        attempt_id=attempt.pk,
        awards=outcomes.awards_of(attempt, verdict),
        spent=spent,
        at=at,
    )
    after = before.having_passed(attempt.lesson_id) if advanced.first_pass else before
    deeds = outcomes.deeds_of(attempt, verdict, advanced, after)
    granted = rewards.grant(
        user_id=user_id, deeds=deeds, awards=advanced.awards, cause_id=attempt.pk, at=at, device=device
    )
    opened = outcomes.opened_gates(before, after)
    outcome = outcomes.record_of(attempt, policy, verdict, advanced, graded, counting, granted, opened)
    return evidence.close(
        attempt,
        answers=given,
        verdict=verdict,
        outcome=outcome,
        questions=evidence.rows(attempt, graded, counting, timing.shared(attempt, given, spent)),
        spent=spent,
        at=at,
    )


def _locked(user_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("lesson", "version")
    # The pinned version is graded; what the lesson says today stays in the database.
    return rows.defer(*WIDE_OF_LESSON).get(pk=attempt_id, user_id=user_id)


def _verdict(attempt: Attempt, credits: Sequence[Fraction], policy: rules.Policy) -> rules.Verdict:
    earlier = _earlier_scores(attempt) if policy.needs_earlier_scores else ()
    return rules.verdict(credits, policy, earlier)


def _earlier_scores(attempt: Attempt) -> list[int]:
    """Scores of the person's attempts before this one, in their order, which no regrading changes now."""
    made = Attempt.objects.filter(
        user_id=attempt.user_id, lesson_id=attempt.lesson_id, number__lt=attempt.number, score__isnull=False
    )
    rows = made.select_for_update().order_by("number")
    return [score for score in rows.values_list("score", flat=True) if score is not None]


# --- The paper ---------------------------------------------------------------------------------------


def _open_attempt(user_id: uuid.UUID, lesson_id: uuid.UUID) -> Attempt | None:
    return Attempt.objects.filter(user_id=user_id, lesson_id=lesson_id, state=AttemptState.OPEN).first()


def _paper(
    version: LessonVersion,
    policy: rules.Policy,
    seen: Mapping[str, int],
    voided: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The questions in an order of its own; of a pool those that the person has seen least."""
    pool = {stored["id"]: stored for stored in version.rendered["questions"]}
    order = voids.drawable(pool, voided)
    _RANDOM.shuffle(order)
    drawn = rules.least_seen(order, seen, policy.draw or len(order))
    return papers.made(version.lesson, [pool[one] for one in drawn], _token, _RANDOM.shuffle)


def _token() -> str:
    return secrets.token_urlsafe(9)


def _all_answers(attempt: Attempt, form: Form, voided: frozenset[str]) -> dict[str, Given]:
    given = {**attempt.answers, **papers.accepted(attempt, form)}
    counting = voids.counting(attempt.paper["questions"], voided)
    lacks = {
        one["token"]: KINDS[one["type"]].lack(one, given.get(one["token"]))
        for one in attempt.paper["questions"]
        if one["token"] in counting
    }
    if missing := {token: lack for token, lack in lacks.items() if lack}:
        raise Unanswered(missing, voided)
    return given


def _grade(attempt: Attempt, answers: Mapping[str, Given]) -> dict[str, Graded]:
    """The outcome of each answer by token; a question that does not count may be left without one."""
    stored = {question["id"]: question for question in attempt.version.rendered["questions"]}
    return {
        paper["token"]: UNANSWERED
        if paper["token"] not in answers or KINDS[paper["type"]].lack(paper, answers[paper["token"]])
        else KINDS[paper["type"]].grade(stored[paper["id"]], paper, answers[paper["token"]])
        for paper in attempt.paper["questions"]
    }
