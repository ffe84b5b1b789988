"""The lesson player: one block at a time, each at its own address."""

import uuid
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import F, FilteredRelation, Q
from django.urls import reverse

from dracarys.db.compiled import Rows, columns_of, compiled, instance
from learning import access
from learning.blocks import view_of
from learning.models import WIDE, Lesson, UserProgress, json_path
from learning.rendering import BlockView

LIGHT = [column for column in columns_of(Lesson) if column not in WIDE]
TITLES = json_path("content_data", "$.blocks[*].title")


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
    row = next(iter(_at(level, gate)), None)
    if row is None:
        raise Lesson.DoesNotExist
    return instance(Lesson, row)


@compiled
def _at(level: int, gate: int) -> Rows:
    rows: Rows = Lesson.objects.published().filter(level_id=level, gate_id=gate).values(*LIGHT)
    return rows


def step(*, user_id: uuid.UUID, lesson: Lesson, number: int) -> Step:
    """Block `number` of an open lesson. Raises access.Locked, NoSuchBlock. Two queries."""
    access.require(user_id, lesson.pk)
    titles, stored, position = _block(user_id, lesson, number)
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
    _, stored, _ = _block(user_id, lesson, number)
    if not stored.get("chart"):
        raise NoSuchBlock
    payload: dict[str, Any] = stored["chart"]["payload"]
    return payload


def resume_at(*, user_id: uuid.UUID, lesson: Lesson) -> int | None:
    """The number of the first block not yet finished; None when all are: the assessment is next."""
    row = UserProgress.objects.filter(user_id=user_id, lesson=lesson).only("position").first()
    position = row.position if row else 0
    return position + 1 if position < lesson.blocks else None


def _block(user_id: uuid.UUID, lesson: Lesson, number: int) -> tuple[list[str], dict[str, Any], int]:
    """All titles, the one rendering asked for, and how far the person has come."""
    if not 1 <= number <= 1000:
        raise NoSuchBlock
    row = next(iter(_stored(user_id, lesson.pk, number - 1)), None)
    if row is None or row["stored"] is None:
        raise NoSuchBlock
    return row["titles"], row["stored"], row["mine__position"] or 0


@compiled
def _stored(user_id: uuid.UUID, lesson_id: uuid.UUID, index: int) -> Rows:
    """One block of a lesson; the others stay in the database."""
    return (
        Lesson.objects.filter(pk=lesson_id)
        .annotate(
            mine=FilteredRelation("progress", condition=Q(progress__user_id=user_id)),
            titles=TITLES,
            stored=F(f"rendered__blocks__{index}"),
        )
        .values("titles", "stored", "mine__position")
    )


def _dot(lesson: Lesson, number: int, title: str, current: int, position: int) -> StepDot:
    reachable = number <= position + 1
    url = reverse("learning:block", args=[lesson.level_id, lesson.gate_id, number]) if reachable else None
    state: Literal["done", "current", "ahead"] = (
        "current" if number == current else "done" if number <= position else "ahead"
    )
    return StepDot(number, title, url, state)
