"""One item as learners see it, rendered as publishing would, or what stands in the way in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import mark_safe

from learning import publishing
from learning.blocks import KINDS as BLOCKS
from learning.blocks import Reader, view_of
from learning.blocks.checkpoint import Checkpoint, paper_of
from learning.content import AssessmentContent, ContentErrors, LessonContent
from learning.questions import KINDS as QUESTIONS
from learning.rendering import BlockView
from learning.workshop import acts
from learning.workshop.items import Item, with_raw
from learning.workshop.problems import Problem, of_sentence, problems_of

# Whose order and numbers a question is shown with; learners get others.
SEED = "shown to its author"


@dataclass(frozen=True, slots=True)
class Shown:
    """A block, or a question with its right answer, for its template; `problems` bar publishing.

    `charts` are the data of its charts, in the order in which the templates ask for them.
    """

    block: BlockView | None = None
    question: Mapping[str, Any] | None = None
    right: str = ""
    why: str = ""
    charts: tuple[tuple[str, Any], ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_there(self) -> bool:
        return bool(self.block or self.question)


def show(item: Item) -> Shown:
    """The item rendered. The policy has nothing to be seen. Asks for data sets, glossary and figures."""
    if item.part == "policy":
        return Shown(problems=item.problems)
    if problems := item.problems:
        return replace(_half_written(item, problems), problems=problems)
    one: Any = (item.model.model_validate(item.raw),)
    content = LessonContent.model_construct(blocks=one if item.part == "blocks" else ())
    assessment = AssessmentContent.model_construct(questions=one) if item.part == "questions" else None
    try:
        rendered = publishing.render(content, assessment)
    except ContentErrors as error:
        # What publishing says begins with the number and the kind, which are known here.
        sentences = [sentence.partition(" – ")[2] or sentence for sentence in error.sentences]
        return Shown(problems=[of_sentence(item.model, item.raw, one) for one in sentences])
    return _block(rendered.blocks[0]) if item.part == "blocks" else _question(rendered.questions[0])


def _half_written(item: Item, problems: list[Problem]) -> Shown:
    """As much of it as can be shown: an author points at the chart to say where the next zone lies."""
    raw = item.raw
    for _ in range(2):  # first the words that are missing, then the rows that still lack something
        paths = [one.path for one in problems]
        raw = acts.mended(item.model, raw, paths, stand_in="…")
        problems = problems_of(item.model, raw)
    return Shown() if problems else show(with_raw(item, raw))


def _block(stored: dict[str, Any]) -> Shown:
    kind = BLOCKS[stored["type"]]
    reader = Reader(chart_url=_address, seed=SEED)
    return Shown(block=view_of(stored, reader), charts=_data(kind.charts(stored)))


def _question(stored: dict[str, Any]) -> Shown:
    asked = {"id": stored["id"], "html": "", "question": stored}
    kind, paper = QUESTIONS[stored["type"]], paper_of(asked, SEED)
    graded = kind.grade(stored, paper, kind.solution(stored, paper))
    return Shown(
        question=Checkpoint.view(asked, Reader(chart_url=_address, seed=SEED))["question"],
        right=mark_safe(graded.right),  # noqa: S308  (rendered by learning.markdown)
        why=mark_safe(kind.reason(stored, paper)),  # noqa: S308  (as above)
        charts=_data(Checkpoint.charts(asked)),
    )


def _address(which: int) -> str:
    """Where the page itself holds the data of a chart: what is only typed has no address to fetch it from."""
    return f"#bars-{which}"


def _data(charts: list[dict[str, Any]]) -> tuple[tuple[str, Any], ...]:
    return tuple((f"bars-{n}", chart["payload"]) for n, chart in enumerate(charts, start=1))
