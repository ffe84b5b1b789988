"""The course as a folder: levels, data sets and one YAML file a gate. Loading it twice changes nothing."""

import csv
import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import psycopg
from django.db import DatabaseError, connection
from pydantic import Field, ValidationError

from dracarys.lib import yaml_text
from learning.content import ContentErrors
from learning.models import Dataset, Lesson, Level
from learning.publishing import publish
from learning.texts import Label, Line, Paragraph, Slug, Strict, Title
from learning.vocabulary_files import VocabularyError, load_glossary, load_topics

ModelT = TypeVar("ModelT", bound=Strict)


class LevelFile(Strict):
    number: Annotated[int, Field(ge=1, le=1000)]
    title: Title
    description: Paragraph


class DatasetFile(Strict):
    code: Slug
    title: Title
    symbol: Annotated[Label, Field(max_length=20)]
    timeframe: Literal["1h", "1d", "1w", "1mo"]
    price_decimals: Annotated[int, Field(ge=0, le=8)]
    volume_unit: Label | Literal[""] = ""
    timezone: Literal["UTC"] = "UTC"
    file: Annotated[str, Field(pattern=r"^([a-z0-9-]+/)?[a-z0-9-]+\.csv$")]
    source: Paragraph
    ground_of_use: Paragraph


class CourseFile(Strict):
    levels: tuple[LevelFile, ...]
    datasets: tuple[DatasetFile, ...]


class GateFile(Strict):
    id: uuid.UUID
    level: Annotated[int, Field(ge=1, le=1000)]
    gate: Annotated[int, Field(ge=1, le=1000)]
    title: Title
    subtitle: Line
    description: Paragraph
    difficulty: Literal["beginner", "intermediate", "advanced"]
    estimated_minutes: Annotated[int, Field(ge=1, le=600)]
    xp_reward: Annotated[int, Field(ge=0, le=10_000)]
    prerequisites: tuple[uuid.UUID, ...] = ()
    blocks: list[dict[str, Any]]
    assessment: dict[str, Any]


class CourseError(ValueError):
    """A file of the course cannot be loaded; the message names file and place."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did."""

    levels: int
    datasets_changed: int
    gates: int
    gates_published: int


def load(folder: Path) -> Loaded:
    """Bring the database to what the folder says, in the caller's transaction. Raises CourseError."""
    course = _read(folder / "course.yaml", CourseFile)
    try:
        load_topics(folder)
        load_glossary(folder)
    except VocabularyError as error:
        raise CourseError(str(error)) from error
    for level in course.levels:
        Level.objects.update_or_create(
            number=level.number, defaults={"title": level.title, "description": level.description}
        )
    changed = sum(_load_dataset(folder, dataset) for dataset in course.datasets)
    files = sorted(folder.glob("level-*/gate-*.yaml"))
    published = sum(_load_gate(path) for path in files)
    return Loaded(len(course.levels), changed, len(files), published)


def _load_gate(path: Path) -> bool:
    gate = _read(path, GateFile)
    lesson = Lesson.objects.filter(pk=gate.id).first() or Lesson(pk=gate.id)
    lesson.level_id, lesson.gate_id, lesson.order_index = gate.level, gate.gate, gate.gate
    lesson.title, lesson.subtitle, lesson.description = gate.title, gate.subtitle, gate.description.strip()
    lesson.difficulty, lesson.xp_reward = gate.difficulty, gate.xp_reward
    lesson.estimated_time = dt.timedelta(minutes=gate.estimated_minutes)
    lesson.prerequisites = list(gate.prerequisites)
    try:
        version = publish(lesson, content_data={"blocks": gate.blocks}, assessment_data=gate.assessment)
    except (ContentErrors, DatabaseError) as error:
        # The database speaks of a level that is not there, a place that is taken, a gate that needs itself.
        raise CourseError(f"{path}: {error}") from error
    return version is not None


def _load_dataset(folder: Path, described: DatasetFile) -> bool:
    path = folder / described.file
    facts = described.model_dump(exclude={"code", "file", "timezone"})
    dataset, _ = Dataset.objects.update_or_create(code=described.code, defaults=facts)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if dataset.digest == digest:
            return False
        dataset.bars.all().delete()
        count = _copy_bars(described.code, path)
    except KeyError as error:
        raise CourseError(f"{path}: there is no column {error}") from error
    except (OSError, ValueError, DatabaseError, psycopg.Error) as error:
        raise CourseError(f"{path}: {error}") from error
    Dataset.objects.filter(pk=described.code).update(digest=digest, bar_count=count)
    return True


def _copy_bars(code: str, path: Path) -> int:
    """Bars by COPY, through a temporary table: a table with row policies takes no COPY itself."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE fresh_bars (LIKE market_bars) ON COMMIT DROP")
        with cursor.copy(
            "COPY fresh_bars (dataset_id, time, open, high, low, close, volume) FROM STDIN"
        ) as copy:
            for row in _bars(path):
                copy.write_row((code, *row))
        cursor.execute("INSERT INTO market_bars SELECT * FROM fresh_bars")
        count: int = cursor.rowcount
        cursor.execute("DROP TABLE fresh_bars")
    return count


def _bars(path: Path) -> Iterator[tuple[str, ...]]:
    with path.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            time = row["time"] if "T" in row["time"] else f"{row['time']}T00:00:00Z"
            yield time, row["open"], row["high"], row["low"], row["close"], row["volume"]


def _read(path: Path, model: type[ModelT]) -> ModelT:
    try:
        data = yaml_text.read(path.read_text(encoding="utf-8"))
        return model.model_validate(data)
    except ValidationError as error:
        raise CourseError(f"{path}: {_sentences(error)}") from error
    except (OSError, ValueError) as error:
        raise CourseError(f"{path}: {error}") from error


def _sentences(error: ValidationError) -> str:
    """Place and mistake; without the value, which may be as long as the file."""
    details = error.errors(include_url=False, include_input=False)
    return "; ".join(f"{', '.join(map(str, detail['loc']))}: {detail['msg']}" for detail in details)
