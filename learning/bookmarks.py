"""Gates that people keep for themselves. Read and written as the person."""

import uuid

from learning import access
from learning.models import Bookmark, Lesson


def keep(*, user_id: uuid.UUID, lesson: Lesson) -> None:
    """Bookmark an open gate; once or ten times is the same. Raises access.Locked."""
    access.require(user_id, lesson.pk)
    Bookmark.objects.bulk_create([Bookmark(user_id=user_id, lesson=lesson)], ignore_conflicts=True)


def drop(*, user_id: uuid.UUID, lesson: Lesson) -> None:
    """Take the bookmark away, if there is one; the gate may be locked by now."""
    Bookmark.objects.filter(user_id=user_id, lesson=lesson).delete()


def gates_of(user_id: uuid.UUID) -> frozenset[tuple[int, int]]:
    """Level and gate of each bookmarked gate. One query."""
    rows = Bookmark.objects.filter(user_id=user_id)
    return frozenset(rows.values_list("lesson__level_id", "lesson__gate_id"))
