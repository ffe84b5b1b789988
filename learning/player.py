"""The lesson player: one block at a time, each at its own address."""

import uuid
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import F
from django.urls import reverse

from learning import access
from learning.blocks import view_of
from learning.models import Lesson, UserProgress
from learning.models.lesson import json_length
from learning.rendering import BlockView


class NoSuchBlock(LookupError):
    """The lesson has no block with this number."""


@dataclass(frozen=True, slots=True)
class StepDot:
    number: int
    title: str
    url: str | None
    state: Literal["done", "current", "ahead"]


@dataclass(frozen=True, slots=True)
class Step:
    """One block of a lesson as the player shows it; `number` counts from 1."""

    level: int
    gate: int
    lesson_title: str
    number: int
    total: int
    percent: int
    block: BlockView
    url: str
    previous_url: str | None
    continue_url: str
    is_last: bool
    steps: tuple[StepDot, ...]


def find(level: int, gate: int) -> Lesson:
    """The published lesson at this place, without its wide columns. Raises Lesson.DoesNotExist."""
    return Lesson.objects.published().light().get(level_id=level, gate_id=gate)


def step(*, user_id: uuid.UUID, lesson: Lesson, number: int) -> Step:
    """Block `number` of an open lesson. Raises access.Locked, NoSuchBlock. Five queries."""
    access.require(user_id, lesson.pk)
    titles, stored = _block(lesson, number)
    row = UserProgress.objects.filter(user_id=user_id, lesson=lesson).only("position").first()
    position = row.position if row else 0
    where = [lesson.level_id, lesson.gate_id]
    return Step(
        level=lesson.level_id,
        gate=lesson.gate_id,
        lesson_title=lesson.title,
        number=number,
        total=len(titles),
        percent=(number - 1) * 100 // len(titles),
        block=view_of(stored, data_url=reverse("learning:block-chart", args=[*where, number])),
        url=reverse("learning:block", args=[*where, number]),
        previous_url=reverse("learning:block", args=[*where, number - 1]) if number > 1 else None,
        continue_url=reverse("learning:continue", args=[*where, number]),
        is_last=number == len(titles),
        steps=tuple(_dot(lesson, n, title, number, position) for n, title in enumerate(titles, start=1)),
    )


def chart_data(*, user_id: uuid.UUID, lesson: Lesson, number: int) -> dict[str, Any]:
    """What the chart of block `number` draws. Raises access.Locked, NoSuchBlock."""
    access.require(user_id, lesson.pk)
    _, stored = _block(lesson, number)
    if not stored.get("chart"):
        raise NoSuchBlock
    payload: dict[str, Any] = stored["chart"]["payload"]
    return payload


def resume_at(*, user_id: uuid.UUID, lesson: Lesson) -> int | None:
    """The number of the first block not yet finished; None when all are: the assessment is next."""
    sizes = Lesson.objects.annotate(blocks=json_length("content_data__blocks"))
    total = sizes.values_list("blocks", flat=True).get(pk=lesson.pk) or 0
    row = UserProgress.objects.filter(user_id=user_id, lesson=lesson).only("position").first()
    position = row.position if row else 0
    return position + 1 if position < total else None


def _block(lesson: Lesson, number: int) -> tuple[list[str], dict[str, Any]]:
    """All titles and the one rendering asked for; the others stay in the database."""
    if not 1 <= number <= 1000:
        raise NoSuchBlock
    row = (
        Lesson.objects.filter(pk=lesson.pk)
        .annotate(content=F("content_data__blocks"), stored=F(f"rendered__blocks__{number - 1}"))
        .values("content", "stored")
        .get()
    )
    if row["stored"] is None:
        raise NoSuchBlock
    return [block["title"] for block in row["content"]], row["stored"]


def _dot(lesson: Lesson, number: int, title: str, current: int, position: int) -> StepDot:
    reachable = number <= position + 1
    url = reverse("learning:block", args=[lesson.level_id, lesson.gate_id, number]) if reachable else None
    state: Literal["done", "current", "ahead"] = (
        "current" if number == current else "done" if number <= position else "ahead"
    )
    return StepDot(number, title, url, state)
