"""The parts of a course that are rows: levels, data sets, figures, topics, terms, as columns and as files.

A new part is one more entry of TABLES: what its file says as columns, how the rows
are written as a file, and what else is done when a row is saved. `writing.files` writes what lies beside.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from learning import figures, markdown, market_data
from learning.course_folder.reading import Course
from learning.course_folder.schema import DatasetFile, FigureFile, LevelFile, TermFile, TopicFile
from learning.models import Dataset, Figure, GlossaryTerm, Level, Topic
from learning.texts import Strict

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One part. `told` is what a folder says, by key; `written` what the rows say in a file, in order."""

    noun: str
    model: type[Model]
    columns: tuple[str, ...]
    told: Callable[[Course], Mapping[Any, Columns]]
    written: Callable[[], Iterable[Strict]]
    save: Callable[[Course, Any, Columns], object]
    other_file: str = ""  # what another digest says

    def stored(self) -> dict[Any, Columns]:
        """The rows of the database by their key."""
        rows = self.model._default_manager.order_by("pk").values("pk", *self.columns)
        return {row.pop("pk"): row for row in rows}


def _saves(model: type[Model]) -> Callable[[Course, Any, Columns], object]:
    def save(course: Course, key: Any, columns: Columns) -> None:
        model._default_manager.update_or_create(pk=key, defaults=columns)

    return save


# --- Levels ----------------------------------------------------------------------------------------------


def _levels_told(course: Course) -> dict[int, Columns]:
    return {level.number: level.model_dump(exclude={"number"}) for level in course.levels}


def _levels_written() -> Iterable[LevelFile]:
    for level in Level.objects.order_by("number"):
        yield LevelFile(
            number=level.number,
            title=level.title,
            description=level.description,
            is_active=level.is_active,
        )


# --- Data sets -------------------------------------------------------------------------------------------


# Fields of the file that are columns under their own names; a new one is written in the schema only.
_DATASET_FACTS = tuple(
    name
    for name in DatasetFile.model_fields
    if name != "code" and name in {field.name for field in Dataset._meta.concrete_fields}
)


def _datasets_told(course: Course) -> dict[str, Columns]:
    return {
        one.code: {
            **one.model_dump(mode="json", include={*_DATASET_FACTS}),
            "digest": course.bars[one.code].digest,
        }
        for one in course.datasets
    }


def _datasets_written() -> Iterable[DatasetFile]:
    for row in Dataset.objects.order_by("code"):
        facts = {name: getattr(row, name) for name in _DATASET_FACTS}
        yield DatasetFile(code=row.code, **facts, file=f"market-data/{row.code}.csv")


def _save_dataset(course: Course, key: str, columns: Columns) -> None:
    known = Dataset.objects.filter(pk=key).values_list("digest", flat=True).first()
    read = course.bars[key]
    Dataset.objects.update_or_create(pk=key, defaults={**columns, "bar_count": len(read.bars)})
    if known != read.digest:
        market_data.put(key, read.bars)


# --- Figures ---------------------------------------------------------------------------------------------

_FIGURE_FACTS = ("title", "alt", "source", "ground_of_use")


def _figures_told(course: Course) -> dict[str, Columns]:
    return {
        one.code: {**one.model_dump(include={*_FIGURE_FACTS}), "digest": course.pictures[one.code].digest}
        for one in course.figures
    }


def _figures_written() -> Iterable[FigureFile]:
    for row in Figure.objects.order_by("code"):
        facts = {name: getattr(row, name) for name in _FIGURE_FACTS}
        yield FigureFile(code=row.code, **facts, file=f"assets/{row.code}.webp")


def _save_figure(course: Course, key: str, columns: Columns) -> None:
    figure = Figure.objects.filter(pk=key).first() or Figure(code=key)
    for name in _FIGURE_FACTS:
        setattr(figure, name, columns[name])
    picture = course.pictures[key]
    if not figures.is_stored(picture.digest):
        course.stored.append(picture.digest)
    figures.keep(figure, picture)


# --- Topics and terms ------------------------------------------------------------------------------------


def _topics_told(course: Course) -> dict[str, Columns]:
    return {
        one.code: {"title": one.title, "parent_id": one.parent, "position": number}
        for number, one in enumerate(course.topics)
    }


def _topics_written() -> Iterable[TopicFile]:
    """Each topic before those that belong to it."""
    below: dict[str | None, list[Topic]] = {}
    for topic in Topic.objects.order_by("position", "code"):
        below.setdefault(topic.parent_id, []).append(topic)
    waiting = below.pop(None, [])[::-1]
    while waiting:
        topic = waiting.pop()
        yield TopicFile(code=topic.code, title=topic.title, parent=topic.parent_id)
        waiting += below.pop(topic.code, [])[::-1]


def _terms_told(course: Course) -> dict[str, Columns]:
    return {
        one.code: {"term": one.term, "definition": one.definition, "topic_id": one.topic}
        for one in course.terms
    }


def _terms_written() -> Iterable[TermFile]:
    for row in GlossaryTerm.objects.order_by("code"):
        yield TermFile(code=row.code, term=row.term, definition=row.definition, topic=row.topic_id)


def _save_term(course: Course, key: str, columns: Columns) -> None:
    """Raises markdown.UnknownTerms for a term that neither the folder nor the database has."""
    words = dict(GlossaryTerm.objects.values_list("code", "term")) | {t.code: t.term for t in course.terms}
    markdown.check_terms(columns["definition"], words)
    rendered = markdown.render(columns["definition"], words)
    GlossaryTerm.objects.update_or_create(pk=key, defaults={**columns, "rendered": rendered})


# In this order they are saved: what others refer to comes first.
TABLES: Mapping[str, Table] = {
    "levels": Table(
        "level", Level, ("title", "description", "is_active"), _levels_told, _levels_written, _saves(Level)
    ),
    "datasets": Table(
        "data set",
        Dataset,
        (*_DATASET_FACTS, "digest"),
        _datasets_told,
        _datasets_written,
        _save_dataset,
        "bars: other prices",
    ),
    "figures": Table(
        "figure",
        Figure,
        (*_FIGURE_FACTS, "digest"),
        _figures_told,
        _figures_written,
        _save_figure,
        "picture: another one",
    ),
    "topics": Table(
        "topic", Topic, ("title", "parent_id", "position"), _topics_told, _topics_written, _saves(Topic)
    ),
    "terms": Table(
        "glossary term",
        GlossaryTerm,
        ("term", "definition", "topic_id"),
        _terms_told,
        _terms_written,
        _save_term,
    ),
}
