"""What a learner sees of an assessment before grading: its introduction and the open paper."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dracarys.db.compiled import Rows, columns_of, compiled, instance
from gamification.rules import PERFECT_BONUS
from learning import access, voids
from learning.models import Attempt, AttemptState, Lesson, UserProgress
from learning.policy import policy_of
from learning.questions import KINDS, Form, Given, as_form
from learning.questions.base import Shuffle, Token
from learning.rendering import ChartView
from learning.rules import SURE, Policy

OFFERED = frozenset(map(str, SURE))


@dataclass(frozen=True, slots=True)
class AttemptLine:
    number: int
    score: int | None
    passed: bool
    submitted_at: dt.datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class AssessmentIntro:
    """What somebody should know before the first question; scores are percentages."""

    level: int
    gate: int
    lesson_title: str
    questions: int
    pass_score: int
    xp_reward: int
    perfect_bonus: int
    best_score: int | None
    passed: bool
    minutes_spent: int
    attempts: tuple[AttemptLine, ...]
    open_attempt_url: str | None
    begin_url: str
    lesson_url: str
    attempts_left: int | None
    begins_at: dt.datetime | None
    counts: str
    may_begin: bool


@dataclass(frozen=True, slots=True)
class Sure:
    """How sure somebody is: the field, what it offers in percent, and what was said so far."""

    name: str
    offered: tuple[int, ...]
    said: int | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    number: int
    token: str
    field_id: str
    template: str
    prompt: SafeString
    chart: ChartView | None
    asked: object
    answered: bool
    error: str | None
    sure: Sure | None = None
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """An open attempt."""

    attempt_id: uuid.UUID
    level: int
    gate: int
    lesson_title: str
    number: int
    questions: tuple[QuestionView, ...]
    submit_url: str
    save_url: str
    lesson_url: str
    answered: int
    errors: tuple[tuple[str, str], ...]


def introduction(*, user_id: uuid.UUID, lesson: Lesson, now: dt.datetime) -> AssessmentIntro:
    """What to know before beginning, at `now` (UTC). Raises access.Locked."""
    voided = access.require_assessment(user_id, lesson.pk).voided
    assessment = Lesson.objects.filter(pk=lesson.pk).values_list("assessment_data", flat=True).get() or {}
    row = UserProgress.objects.filter(user_id=user_id, lesson=lesson).first()
    attempts = Attempt.objects.filter(user_id=user_id, lesson=lesson).defer("paper", "answers", "outcome")
    lines = [
        AttemptLine(a.number, a.score, a.passed, a.submitted_at, a.get_absolute_url())
        for a in attempts.order_by("-number")[:20]
    ]
    policy = policy_of(assessment)
    left = None if policy.attempts is None else max(0, policy.attempts - (lines[0].number if lines else 0))
    begins_at = policy.next_from(
        max((line.submitted_at for line in lines if line.submitted_at), default=None)
    )
    begins_at = begins_at if begins_at and begins_at > now and left != 0 else None
    where = [lesson.level_id, lesson.gate_id]
    return AssessmentIntro(
        level=lesson.level_id,
        gate=lesson.gate_id,
        lesson_title=lesson.title,
        questions=_on_a_paper(assessment, policy, voided),
        pass_score=policy.pass_score,
        xp_reward=lesson.xp_reward,
        perfect_bonus=PERFECT_BONUS,
        best_score=row.score if row else None,
        passed=bool(row and row.completed),
        minutes_spent=round(row.time_spent.total_seconds() / 60) if row and row.time_spent else 0,
        attempts=tuple(line for line in lines if line.submitted_at),
        open_attempt_url=next((line.url for line in lines if not line.submitted_at), None),
        begin_url=reverse("learning:begin", args=where),
        lesson_url=reverse("learning:block", args=[*where, 1]),
        attempts_left=left,
        begins_at=begins_at,
        counts=policy.counts,
        may_begin=left != 0 and begins_at is None,
    )


def _on_a_paper(assessment: Mapping[str, Any], policy: Policy, voided: Collection[str]) -> int:
    pool = {question["id"]: question for question in assessment.get("questions", ())}
    drawable = len(voids.drawable(pool, voided))
    return min(policy.draw or drawable, drawable)


def own_attempt(*, user_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
    """The person's own attempt. Raises Attempt.DoesNotExist, also for somebody else's."""
    row = next(iter(_own(user_id, attempt_id)), None)
    if row is None:
        raise Attempt.DoesNotExist
    return instance(Attempt, row)


@compiled
def _own(user_id: uuid.UUID, attempt_id: uuid.UUID) -> Rows:
    rows: Rows = Attempt.objects.filter(pk=attempt_id, user_id=user_id).values(*columns_of(Attempt))
    return rows


def paper_of(
    attempt: Attempt,
    *,
    voided: Collection[str],
    form: Form | None = None,
    lacks: Mapping[str, str] | None = None,
) -> Paper:
    """The paper with the saved answers and those of the `form`; `lacks` are errors by token.

    `voided` are ids of questions that do not count.
    """
    answers = {**attempt.answers, **(accepted(attempt, form) if form else {})}
    counting = voids.counting(attempt.paper["questions"], voided)
    said = {**attempt.confidence, **(confidence(attempt, form) if form else {})}
    questions = tuple(
        replace(
            _question(
                attempt, number, stored, answers.get(stored["token"]), (lacks or {}).get(stored["token"])
            ),
            sure=_sure(stored, said),
            voided=stored["token"] not in counting,
        )
        for number, stored in enumerate(attempt.paper["questions"], start=1)
    )
    where = [attempt.paper["level"], attempt.paper["gate"]]
    return Paper(
        attempt_id=attempt.pk,
        level=attempt.paper["level"],
        gate=attempt.paper["gate"],
        lesson_title=attempt.paper["title"],
        number=attempt.number,
        questions=questions,
        submit_url=reverse("learning:submit", args=[attempt.pk]),
        save_url=reverse("learning:save-answer", args=[attempt.pk]),
        lesson_url=reverse("learning:block", args=[*where, 1]),
        answered=sum(question.answered for question in questions),
        errors=tuple((question.field_id, question.error) for question in questions if question.error),
    )


def made(
    lesson: Lesson, questions: Iterable[Mapping[str, Any]], token: Token, shuffle: Shuffle
) -> dict[str, Any]:
    """What an attempt keeps: the stored questions in this order, as far as a learner may see them."""
    return {
        "level": lesson.level_id,
        "gate": lesson.gate_id,
        "title": lesson.title,
        "questions": [KINDS[one["type"]].paper(dict(one), token, shuffle) for one in questions],
    }


def accepted(attempt: Attempt, form: Form) -> dict[str, Given]:
    """The answers in a form that the paper offers, by question token; the rest of it is passed over."""
    read = {one["token"]: KINDS[one["type"]].read(one, form) for one in attempt.paper["questions"]}
    return {token: given for token, given in read.items() if given is not None}


def confidence(attempt: Attempt, form: Form) -> dict[str, int]:
    """How sure somebody says to be, in percent by question token, where the paper asks for it."""
    said = {
        one["token"]: next(iter(form.get(sure_field(one["token"]), ())), "")
        for one in attempt.paper["questions"]
        if one.get("confidence")
    }
    return {token: int(percent) for token, percent in said.items() if percent in OFFERED}


def sure_field(token: str) -> str:
    return f"{token}-sure"


def filled_in(attempt: Attempt, *, mistakes: int) -> Form:
    """The whole paper answered, the first `mistakes` questions wrong: for people who are made up."""
    stored = {question["id"]: question for question in attempt.version.rendered["questions"]}
    form: dict[str, list[str]] = {}
    for position, paper in enumerate(attempt.paper["questions"]):
        kind = KINDS[paper["type"]]
        answer = kind.mistake if position < mistakes else kind.solution
        form |= as_form(paper["token"], answer(stored[paper["id"]], paper))
    return form


def chart_data(attempt: Attempt, token: str) -> dict[str, Any] | None:
    """What the chart of one question draws; None when there is none."""
    for question in attempt.paper["questions"]:
        if question["token"] == token and question["chart"]:
            payload: dict[str, Any] = question["chart"]["payload"]
            return payload
    return None


def _question(
    attempt: Attempt,
    number: int,
    stored: dict[str, Any],
    given: Given | None,
    lack: str | None,
) -> QuestionView:
    """From the paper, key by key: nothing that is not named here reaches the page."""
    kind = KINDS[stored["type"]]
    return QuestionView(
        number=number,
        token=stored["token"],
        field_id=f"question-{number}",
        template=kind.template,
        prompt=mark_safe(stored["prompt"]),  # noqa: S308  (rendered by learning.markdown)
        chart=chart_of(attempt, stored),
        asked=kind.view(stored, given),
        answered=not kind.lack(stored, given),
        error=_("Question %(n)s: %(lack)s") % {"n": number, "lack": lack} if lack else None,
    )


def _sure(stored: dict[str, Any], said: Mapping[str, int]) -> Sure | None:
    if not stored.get("confidence"):
        return None
    return Sure(sure_field(stored["token"]), SURE, said.get(stored["token"]))


def chart_of(attempt: Attempt, stored: Mapping[str, Any]) -> ChartView | None:
    return ChartView.load(
        stored["chart"], data_url=reverse("learning:attempt-chart", args=[attempt.pk, stored["token"]])
    )


def is_open(attempt: Attempt) -> bool:
    return attempt.state == AttemptState.OPEN
