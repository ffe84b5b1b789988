"""What somebody wrote into a reflection: theirs alone."""

import uuid

from learning.models import LONGEST_NOTE, Note, NoteKind


class TooLong(ValueError):
    """More than LONGEST_NOTE characters."""


def text_of(user_id: uuid.UUID, lesson_id: uuid.UUID, block: str) -> str:
    rows = Note.objects.filter(user_id=user_id, lesson_id=lesson_id, block=block, kind=NoteKind.REFLECTION)
    return rows.values_list("text", flat=True).first() or ""


def write(*, user_id: uuid.UUID, lesson_id: uuid.UUID, block: str, text: str) -> None:
    """Keep the text in place of the one before, as the person; an empty one takes it away. Raises TooLong."""
    text = text.replace("\0", "")  # which no column takes
    if len(text) > LONGEST_NOTE:
        raise TooLong
    key = {"user_id": user_id, "lesson_id": lesson_id, "block": block, "kind": NoteKind.REFLECTION}
    if not text.strip():
        Note.objects.filter(**key).delete()
        return
    Note.objects.bulk_create(
        [Note(**key, text=text)],
        update_conflicts=True,
        unique_fields=["user", "lesson", "block", "kind"],
        update_fields=["text"],
    )
