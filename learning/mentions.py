"""Which gates speak of a thing by its code: a data set in a chart, a figure in a block."""

from typing import Literal

from django.db.models import BooleanField, Exists, F, Func, JSONField, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from learning.models import Lesson, LessonVersion, VersionState


def gates_that_name(kind: Literal["dataset", "figure"], code: str) -> list[Lesson]:
    """Gates whose lesson, assessment or draft has `code` under the key `kind`, however deep, in path order.

    What an earlier version says does not count: it keeps the charts and pictures it was rendered with.
    """
    named = Q(in_lesson=True) | Q(in_assessment=True)
    found = {
        "in_lesson": _names("content_data", kind, code),
        "in_assessment": _names("assessment_data", kind, code),
    }
    drafts = LessonVersion.objects.filter(state=VersionState.DRAFT, lesson=OuterRef("pk")).annotate(**found)
    lessons = Lesson.objects.annotate(**found).filter(named | Exists(drafts.filter(named)))
    return list(lessons.light().in_path_order())


def _names(column: str, kind: str, code: str) -> Coalesce:
    path = Func(Value(f"$.**.{kind} ? (@ == $code)"), template="%(expressions)s::jsonpath")
    variables = Value({"code": code}, output_field=JSONField())
    found = Func(F(column), path, variables, function="jsonb_path_exists", output_field=BooleanField())
    return Coalesce(found, Value(False))
