"""A draft or a version as learners get it, on their own pages. Nothing is kept: no answer, no XP."""

import base64
import random
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from django.utils.translation import gettext as _

from gamification.rewards import Granted
from learning import checkpoints, outcomes, papers, player, results, rules
from learning.blocks import KINDS as BLOCKS
from learning.blocks import Reader, view_of
from learning.models import Attempt, AttemptState, LessonVersion
from learning.path import NextStep
from learning.policy import policy_of
from learning.progress import Advanced
from learning.questions import KINDS, Form
from learning.rendering import ChartView
from learning.workshop.look import Answered, Look
from learning.workshop.source import Source
from learning.workshop.trial import Json

NOBODYS = uuid.UUID(int=0)  # the key of an attempt that is never kept
NOTHING = Granted(
    lines=(), total_before=0, total_after=0, streak=0, longest_streak=0, streak_grew=False, achievements=()
)


# --- Blocks -------------------------------------------------------------------------------------------


def step(
    source: Source, look: Look, number: int, *, by: uuid.UUID, query: Form, form: Form | None = None
) -> player.Step:
    """Block `number` on the player's page, its links within the preview; `form` is an answer to a checkpoint.

    Raises LookupError, CannotBeShown.
    """
    stored = opened_apart(source.block(number))
    titles = source.titles
    seed = checkpoints.seed_of(by, source.lesson.pk, stored["id"], source.version or source.revision)
    reader = Reader(chart_url=lambda which: look.block_chart_url(number, which), query=query, seed=seed)
    if form is not None and BLOCKS[stored["type"]].keeps == "answer":
        reader = replace(reader, answer=_answered(stored, seed, form))
    here = look.block_url(number)
    return player.Step(
        level=source.lesson.level_id,
        gate=source.lesson.gate_id,
        lesson_title=source.lesson.title,
        number=number,
        total=len(titles),
        percent=(number - 1) * 100 // len(titles),
        block=view_of(stored, reader),
        url=here,
        check_url=here,
        reflect_url=here,
        previous_url=look.block_url(number - 1) if number > 1 else None,
        continue_url=look.block_url(number + 1) if number < len(titles) else look.assessment_url(),
        is_last=number == len(titles),
        steps=tuple(_dot(look, n, title, number) for n, title in enumerate(titles, start=1)),
    )


def _answered(stored: Json, seed: str, form: Form) -> Json:
    """What is said of the answer. Unlike a learner's first try it is all: that is what one looks for here."""
    try:
        given, told = checkpoints.graded(stored, seed, form)
    except checkpoints.NotYet as unfinished:
        return {"given": unfinished.given, "lack": unfinished.lack}
    return {"given": given, "outcome": told}


def _dot(look: Look, number: int, title: str, current: int) -> player.StepDot:
    state: Literal["done", "current", "ahead"] = (
        "current" if number == current else "done" if number < current else "ahead"
    )
    return player.StepDot(number, title, look.block_url(number), state)


def block_chart(source: Source, number: int, which: int) -> Json:
    """What chart `which` (from 1) of a block draws. Raises LookupError, CannotBeShown."""
    stored = source.block(number)
    charts = BLOCKS[stored["type"]].charts(stored)
    if not 1 <= which <= len(charts):
        raise LookupError(which)
    payload: Json = charts[which - 1]["payload"]
    return payload


def opened_apart(stored: Json) -> Json:
    """The rendering with links that open beside the preview: most pages may not be shown in a frame."""
    return {name: _apart(part) for name, part in stored.items()}


def _apart(part: Any) -> Any:
    if isinstance(part, dict):
        return opened_apart(part)
    if isinstance(part, list):
        return [_apart(one) for one in part]
    # Texts that are no HTML cannot hold this: they are escaped when they are shown.
    if isinstance(part, str) and ('rel="noopener' in part or '<a class="term"' in part):
        return part.replace("<a ", '<a target="_blank" ')
    return part


# --- The assessment -----------------------------------------------------------------------------------


def attempt_of(source: Source, look: Look) -> Attempt:
    """An attempt that is never kept; its paper comes of the seed. Raises LookupError, CannotBeShown."""
    questions = source.questions()
    rules_said = source.rules()
    chance = random.Random(f"{source.lesson.pk}:{look.seed}")  # noqa: S311  (only staff see it, and answers too)

    def token() -> str:
        return base64.urlsafe_b64encode(chance.randbytes(9)).decode()

    order = list(questions)
    chance.shuffle(order)
    drawn = order[: policy_of(rules_said).draw or len(order)]
    version = LessonVersion(
        lesson=source.lesson, assessment_data=rules_said, rendered={"questions": [*questions]}
    )
    return Attempt(
        id=NOBODYS,
        lesson=source.lesson,
        version=version,
        number=1,
        paper=papers.made(source.lesson, map(opened_apart, drawn), token, chance.shuffle),
    )


def paper(attempt: Attempt, look: Look, form: Form | None = None) -> papers.Paper:
    """The paper as a learner gets it; with a `form` what it lacks is told at each question."""
    lacks = {token: lack for token, lack in _lacks(attempt, form).items() if lack} if form is not None else {}
    shown = papers.paper_of(attempt, voided=(), form=form, lacks=lacks)
    questions = tuple(
        replace(question, chart=_own_chart(question.chart, attempt, question.token, look))
        for question in shown.questions
    )
    here = look.assessment_url()
    return replace(shown, questions=questions, submit_url=here, save_url=here, lesson_url=look.block_url(1))


def is_complete(attempt: Attempt, form: Form) -> bool:
    """Whether the form answers every question of the paper."""
    return not any(_lacks(attempt, form).values())


def _lacks(attempt: Attempt, form: Form) -> dict[str, str]:
    given = papers.accepted(attempt, form)
    return {
        one["token"]: KINDS[one["type"]].lack(one, given.get(one["token"]))
        for one in attempt.paper["questions"]
    }


def answers(attempt: Attempt, answered: Answered) -> Form:
    """The whole paper filled in, everything right or everything wrong."""
    return papers.filled_in(attempt, mistakes=0 if answered == "right" else len(attempt.paper["questions"]))


def result(attempt: Attempt, look: Look, form: Form) -> results.ResultPage:
    """The result of a complete form, on the page that learners get; nothing was earned."""
    given = papers.accepted(attempt, form)
    stored = {question["id"]: question for question in attempt.version.rendered["questions"]}
    graded = {
        one["token"]: KINDS[one["type"]].grade(stored[one["id"]], one, given[one["token"]])
        for one in attempt.paper["questions"]
    }
    policy = policy_of(attempt.version.assessment_data)
    verdict = rules.verdict([one.credit for one in graded.values()], policy)
    attempt.state, attempt.answers, attempt.confidence = (
        AttemptState.SUBMITTED,
        given,
        papers.confidence(attempt, form),
    )
    attempt.score, attempt.passed = verdict.score, verdict.passed
    advanced = Advanced(verdict.passed, verdict.score, attempts=1, awards=[])
    attempt.outcome = outcomes.record_of(
        attempt, policy, verdict, advanced, graded, graded.keys(), NOTHING, []
    )
    page = results.result_of(attempt, passed=verdict.passed, following=_following(look))
    feedback = tuple(
        replace(one, chart=_own_chart(one.chart, attempt, asked["token"], look))
        for one, asked in zip(page.feedback, attempt.paper["questions"], strict=True)
    )
    again = None if verdict.passed else look.assessment_url()
    return replace(page, feedback=feedback, lesson_url=look.block_url(1), retry_url=again)


def _following(look: Look) -> NextStep:
    words = _("Another paper, with other numbers")
    url = look.with_seed(look.seed + 1).assessment_url()
    return NextStep("retry", kicker="", title="", detail="", action_label=words, url=url, percent=100)


def _own_chart(chart: ChartView | None, attempt: Attempt, token: str, look: Look) -> ChartView | None:
    """The chart with an address of the preview: that of its question in the source."""
    if chart is None:
        return None
    name = next(one["id"] for one in attempt.paper["questions"] if one["token"] == token)
    ids = [question["id"] for question in attempt.version.rendered["questions"]]
    return chart.at(look.question_chart_url(ids.index(name) + 1))


def question_chart(source: Source, number: int) -> Json:
    """What the chart of question `number` draws. Raises LookupError, CannotBeShown."""
    questions = source.questions()
    chart: Mapping[str, Any] | None = (
        questions[number - 1]["chart"] if 1 <= number <= len(questions) else None
    )
    if chart is None:
        raise LookupError(number)
    payload: Json = chart["payload"]
    return payload
