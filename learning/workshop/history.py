"""The versions of a gate: what was published when and by whom, and how two of them differ."""

import datetime as dt
import uuid
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Value

from learning.content import AssessmentContent, ContentErrors, parse_block, parse_question
from learning.models import Lesson, LessonVersion
from learning.workshop.differences import ItemDifference, differences
from learning.workshop.source import Source
from learning.workshop.trial import Json, items_of

# The rules of attempts, and what holds where nothing is said.
RULES = {name: one.default for name, one in AssessmentContent.model_fields.items() if name != "questions"}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version. `attempts` are pinned to it; `before` is the number of the one before, if any."""

    number: int
    published_at: dt.datetime
    published_by: str
    words: str
    attempts: int
    blocks: int
    questions: int
    before: int | None


def versions_of(lesson_id: uuid.UUID) -> tuple[VersionLine, ...]:
    """All published versions, the newest first. One query; the texts stay in the database."""
    rows = (
        LessonVersion.objects.published()
        .filter(lesson_id=lesson_id)
        .annotate(
            pinned=Count("attempts"),
            blocks=_length("content_data", "$.blocks[*]"),
            questions=_length("assessment_data", "$.questions[*]"),
            by=F("published_by__profile__full_name"),
            address=F("published_by__email"),
        )
        .order_by("-number")
        .values("number", "published_at", "words", "pinned", "blocks", "questions", "by", "address")
    )
    found = list(rows)
    return tuple(
        VersionLine(
            number=row["number"],
            published_at=row["published_at"],
            published_by=row["by"] or row["address"] or "",
            words=row["words"],
            attempts=row["pinned"],
            blocks=row["blocks"] or 0,
            questions=row["questions"] or 0,
            before=before["number"] if before else None,
        )
        for row, before in zip_longest(found, found[1:])
    )


def _length(column: str, path: str) -> Func:
    return Func(
        F(column),
        Value(path),
        template="jsonb_array_length(jsonb_path_query_array(%(expressions)s::jsonpath))",
        output_field=IntegerField(),
    )


def questions_of_all_versions(lesson: Lesson) -> list[Json]:
    """Every stored question of every version, the newest last: what `identities.renewed` compares with."""
    rows = LessonVersion.objects.published().filter(lesson_id=lesson.pk).order_by("number")
    return [
        question
        for assessment in rows.values_list("assessment_data", flat=True)
        for question in (assessment or {}).get("questions", ())
    ]


def difference(old: Source, new: Source) -> tuple[ItemDifference, ...]:
    """What differs between two sources; what only spells out a default is no difference."""
    return differences(_content(old), _assessment(old), _content(new), _assessment(new))


def _content(source: Source) -> Json:
    blocks = items_of(source.content, "blocks")
    return {"blocks": [_plain(one, n, parse_block) for n, one in enumerate(blocks, start=1)]}


def _assessment(source: Source) -> Json | None:
    if not isinstance(source.assessment, dict):
        return None
    questions = items_of(source.assessment, "questions")
    said = {name: source.assessment.get(name, default) for name, default in RULES.items()}
    rules = {name: value for name, value in said.items() if value is not None}
    made = [_plain(one, n, parse_question) for n, one in enumerate(questions, start=1)]
    return {**rules, "questions": made}


def _plain(item: object, number: int, parse: Any) -> object:
    """The item as publishing would keep it; as it was written where it is not valid."""
    try:
        kept: object = parse(item, number).model_dump(mode="json", exclude_defaults=True)
    except ContentErrors:
        return item
    return kept
