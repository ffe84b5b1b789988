"""A draft rendered on trial, item by item: what each block and question looks like, or what is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from learning import content
from learning.blocks import Block
from learning.content import ContentErrors
from learning.page_renderer import PageRenderer
from learning.publishing import render_block, render_question
from learning.questions import Question

Json = dict[str, Any]
Part = Literal["block", "question"]


@dataclass(frozen=True, slots=True)
class Item:
    """A block or question of a draft; `number` counts from 1, `id` is what the author wrote there.

    `source` is None for what the schema refuses, `stored` for what cannot be rendered; then `problems` say
    why, in sentences that name the item and its field.
    """

    part: Part
    number: int
    id: str
    kind: str
    raw: Json
    source: Block | Question | None
    stored: Json | None
    problems: tuple[str, ...] = ()


class Trial(NamedTuple):
    """All items of a draft. `rules` are those of its attempts; `faults` are about no single item."""

    blocks: tuple[Item, ...]
    questions: tuple[Item, ...]
    rules: Json
    faults: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        return (*self.faults, *(one for item in (*self.blocks, *self.questions) for one in item.problems))


def tried(lesson: Json, assessment: Json | None, renderer: PageRenderer | None = None) -> Trial:
    """Every block and question rendered by itself, however many are faulty. Never raises ContentErrors."""
    renderer = renderer or PageRenderer()
    return Trial(
        tuple(block(lesson, number, renderer) for number in range(1, 1 + len(items_of(lesson, "blocks")))),
        questions(assessment, renderer),
        {name: value for name, value in (assessment or {}).items() if name != "questions"},
        (
            *content.faults_of_content(lesson),
            *(() if assessment is None else content.faults_of_assessment(assessment)),
        ),
    )


def block(lesson: Json, number: int, renderer: PageRenderer | None = None) -> Item:
    """Block `number` of the content. Raises LookupError when there is none."""
    there = items_of(lesson, "blocks")
    if not 1 <= number <= len(there):
        raise LookupError(number)
    raw = there[number - 1]
    return _tried("block", raw, number, content.parse_block, render_block, renderer or PageRenderer())


def questions(assessment: Json | None, renderer: PageRenderer | None = None) -> tuple[Item, ...]:
    """Every question of the assessment."""
    renderer = renderer or PageRenderer()
    return tuple(
        _tried("question", raw, number, content.parse_question, render_question, renderer)
        for number, raw in enumerate(items_of(assessment, "questions"), start=1)
    )


def items_of(data: object, key: str) -> Sequence[object]:
    """The blocks or questions of raw content, whatever stands there."""
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, list) else ()


def _tried(
    part: Part,
    raw: object,
    number: int,
    parse: Callable[[object, int], Any],
    render: Callable[[Any, int, PageRenderer], Json],
    renderer: PageRenderer,
) -> Item:
    said = raw if isinstance(raw, dict) else {}
    name, kind = said.get("id"), said.get("type")
    facts: tuple[Part, int, str, str, Json] = (
        part,
        number,
        name if isinstance(name, str) else "",
        kind if isinstance(kind, str) else "",
        said,
    )
    source = None
    try:
        source = parse(raw, number)
        return Item(*facts, source, render(source, number, renderer))
    except ContentErrors as error:
        return Item(*facts, source, None, error.sentences)
