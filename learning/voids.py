"""Which questions of a gate count for nobody."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from learning.models import VoidedQuestion


def of_lesson(outer: str = "pk") -> ArraySubquery:
    """The ids of a lesson's voided questions, for any query whose column `outer` is the lesson."""
    return ArraySubquery(VoidedQuestion.objects.filter(lesson_id=OuterRef(outer)).values("question"))


def drawable(pool: Mapping[str, Any], voided: Collection[str]) -> list[str]:
    """The ids of a pool that may be drawn; all of them where none is left, for no paper may be empty."""
    return [one for one in pool if one not in voided] or list(pool)


def counting(paper: Sequence[Mapping[str, Any]], voided: Collection[str]) -> frozenset[str]:
    """The tokens of a paper's questions that count; all of them where it would be none."""
    tokens = [one["token"] for one in paper if one["id"] not in voided]
    return frozenset(tokens or (one["token"] for one in paper))
