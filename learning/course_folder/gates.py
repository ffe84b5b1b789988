"""A gate as a file and as columns of its row."""

import datetime as dt
import math
from typing import Any

from learning.content import parse_assessment, parse_content
from learning.course_folder.schema import GateFile
from learning.course_folder.short_form import short
from learning.models import Lesson

_COLUMNS = {field.name for field in Lesson._meta.concrete_fields if not field.generated}
# Fields that are columns under their own names; the others are translated below.
_SAME = tuple(
    name
    for name in GateFile.model_fields
    if name in _COLUMNS and name not in ("id", "prerequisites", "level")
)


def columns(file: GateFile) -> dict[str, Any]:
    """What the file says of the row, beside its id and its content."""
    minutes = file.estimated_minutes
    return {
        "level_id": file.level,
        "gate_id": file.gate,
        **{name: getattr(file, name) for name in _SAME},
        "description": file.description.strip() if file.description else None,
        "estimated_time": None if minutes is None else dt.timedelta(minutes=minutes),
        "prerequisites": list(file.prerequisites),
    }


def as_data(lesson: Lesson) -> dict[str, Any]:
    """The gate as the data of its file. Raises ValidationError and ContentErrors where it cannot be one."""
    time = lesson.estimated_time
    # The texts of a row may be empty, those of a file are left out instead.
    facts = {name: getattr(lesson, name) for name in _SAME}
    file = GateFile(
        id=lesson.pk,
        level=lesson.level_id,
        gate=lesson.gate_id,
        **{name: None if value == "" else value for name, value in facts.items()},
        estimated_minutes=None if time is None else math.ceil(time / dt.timedelta(minutes=1)),
        prerequisites=tuple(lesson.prerequisites or ()),
        blocks=[],
    )
    made = short(file)
    made["blocks"] = [short(block) for block in parse_content(lesson.content_data).blocks]
    if lesson.assessment_data is not None:
        made["assessment"] = short(parse_assessment(lesson.assessment_data))
    return made
