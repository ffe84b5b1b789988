"""The lesson player: one block at a time, each at its own address."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from django.db.models import F, FilteredRelation, Q
from django.urls import reverse

from dracarys.db.compiled import Rows, columns_of, compiled, instance
from learning import access, checkpoints, reflections
from learning.blocks import KINDS, Reader, view_of
from learning.models import WIDE, Lesson, UserProgress, json_path
from learning.questions import Form
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
    check_url: str
    reflect_url: str
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


def step(
    *,
    user_id: uuid.UUID,
    lesson: Lesson,
    number: int,
    query: Form | None = None,
    unfinished: checkpoints.NotYet | None = None,
) -> Step:
    """Block `number` of an open lesson. Raises access.Locked, NoSuchBlock. At most three queries.

    `query` is that of the address, for blocks that work something out; `unfinished` is what came back.
    """
    access.require(user_id, lesson.pk)
    titles, stored, position, version = _block(user_id, lesson, number)
    where = [lesson.level_id, lesson.gate_id]
    reader = _reader(user_id, lesson, number, stored, version, query or {})
    if unfinished:
        reader = replace(reader, answer={"given": unfinished.given, "lack": unfinished.lack})
    return Step(
        level=lesson.level_id,
        gate=lesson.gate_id,
        lesson_title=lesson.title,
        number=number,
        total=len(titles),
        percent=(number - 1) * 100 // len(titles),
        block=view_of(stored, reader),
        url=reverse("learning:block", args=[*where, number]),
        check_url=reverse("learning:check", args=[*where, number]),
        reflect_url=reverse("learning:reflect", args=[*where, number]),
        previous_url=reverse("learning:block", args=[*where, number - 1]) if number > 1 else None,
        continue_url=reverse("learning:continue", args=[*where, number]),
        is_last=number == len(titles),
        steps=tuple(_dot(lesson, n, title, number, position) for n, title in enumerate(titles, start=1)),
    )


def check(*, user_id: uuid.UUID, lesson: Lesson, number: int, form: Form, at: dt.datetime) -> None:
    """Grade an answer to the question in block `number`.

    Raises access.Locked, NoSuchBlock, checkpoints.NotYet.
    """
    stored, version = _keeping(user_id, lesson, number, "answer")
    checkpoints.answer(user_id=user_id, lesson_id=lesson.pk, stored=stored, version=version, form=form, at=at)


def reflect(*, user_id: uuid.UUID, lesson: Lesson, number: int, text: str) -> None:
    """Keep what was written in block `number`.

    Raises access.Locked, NoSuchBlock, reflections.TooLong.
    """
    stored, _ = _keeping(user_id, lesson, number, "words")
    reflections.write(user_id=user_id, lesson_id=lesson.pk, block=stored["id"], text=text)


def chart_data(*, user_id: uuid.UUID, lesson: Lesson, number: int, which: int) -> dict[str, Any]:
    """What chart `which` (from 1) of block `number` draws. Raises access.Locked, NoSuchBlock."""
    access.require(user_id, lesson.pk)
    stored = _block(user_id, lesson, number).stored
    charts = KINDS[stored["type"]].charts(stored)
    if not 1 <= which <= len(charts):
        raise NoSuchBlock
    payload: dict[str, Any] = charts[which - 1]["payload"]
    return payload


def resume_at(*, user_id: uuid.UUID, lesson: Lesson) -> int | None:
    """The number of the first block not yet finished; None when all are: the assessment is next."""
    row = UserProgress.objects.filter(user_id=user_id, lesson=lesson).only("position").first()
    position = row.position if row else 0
    return position + 1 if position < lesson.blocks else None


class Found(NamedTuple):
    """All titles, the one rendering asked for, how far the person has come, and the version's number."""

    titles: list[str]
    stored: dict[str, Any]
    position: int
    version: int


def _keeping(user_id: uuid.UUID, lesson: Lesson, number: int, keeps: str) -> tuple[dict[str, Any], int]:
    access.require(user_id, lesson.pk)
    found = _block(user_id, lesson, number)
    if KINDS[found.stored["type"]].keeps != keeps:
        raise NoSuchBlock
    return found.stored, found.version


def _reader(
    user_id: uuid.UUID, lesson: Lesson, number: int, stored: dict[str, Any], version: int, query: Form
) -> Reader:
    """What this person brings along; a query only where the block keeps something of them."""
    where = [lesson.level_id, lesson.gate_id, number]
    reader = Reader(
        chart_url=lambda which: reverse("learning:block-chart", args=[*where, which]), query=query
    )
    keeps, block = KINDS[stored["type"]].keeps, stored["id"]
    if keeps == "answer":
        seed = checkpoints.seed_of(user_id, lesson.pk, block, version)
        answer = checkpoints.answer_of(user_id, lesson.pk, block, version)
        return replace(reader, seed=seed, answer=answer)
    if keeps == "words":
        return replace(reader, text=reflections.text_of(user_id, lesson.pk, block))
    return reader


def _block(user_id: uuid.UUID, lesson: Lesson, number: int) -> Found:
    if not 1 <= number <= 1000:
        raise NoSuchBlock
    row = next(iter(_stored(user_id, lesson.pk, number - 1)), None)
    if row is None or row["stored"] is None:
        raise NoSuchBlock
    # Lessons rendered before versions were numbered there say none.
    return Found(row["titles"], row["stored"], row["mine__position"] or 0, row["version"] or 0)


@compiled
def _stored(user_id: uuid.UUID, lesson_id: uuid.UUID, index: int) -> Rows:
    """One block of a lesson; the others stay in the database."""
    return (
        Lesson.objects.filter(pk=lesson_id)
        .annotate(
            mine=FilteredRelation("progress", condition=Q(progress__user_id=user_id)),
            titles=TITLES,
            stored=F(f"rendered__blocks__{index}"),
            version=F("rendered__version"),
        )
        .values("titles", "stored", "version", "mine__position")
    )


def _dot(lesson: Lesson, number: int, title: str, current: int, position: int) -> StepDot:
    reachable = number <= position + 1
    url = reverse("learning:block", args=[lesson.level_id, lesson.gate_id, number]) if reachable else None
    state: Literal["done", "current", "ahead"] = (
        "current" if number == current else "done" if number <= position else "ahead"
    )
    return StepDot(number, title, url, state)
