"""What stands beside a block in the lesson player: a person's note, bookmark and rating."""

import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from learning import notes
from learning.models import Bookmark, Lesson, Note, NoteKind, PlaceKind, Rating


@dataclass(frozen=True, slots=True)
class Beside:
    """Texts and addresses of the forms; `seen` is the mark of the note that the form was made from."""

    note: str
    seen: str
    bookmarked: bool
    stars: int | None
    note_url: str
    rate_url: str
    report_url: str
    bookmark_url: str


def of_block(*, user_id: uuid.UUID, level: int, gate: int, number: int, block: str) -> Beside:
    """What the person has beside this block of a published gate. One query."""
    at = {"user_id": user_id, "lesson": OuterRef("pk")}
    rated = Rating.objects.filter(**at, place_kind=PlaceKind.BLOCK, place=block).order_by("-version")
    noted = Note.objects.filter(**at, block=block, kind=NoteKind.NOTE)
    row = (
        Lesson.objects.published()
        .filter(level_id=level, gate_id=gate)
        .values(
            note=Subquery(noted.values("text")[:1]),
            stars=Subquery(rated.values("stars")[:1]),
            kept=Exists(Bookmark.objects.filter(**at)),
        )
        .first()
    ) or {"note": None, "stars": None, "kept": False}
    text = row["note"] or ""
    where = [level, gate]
    return Beside(
        note=text,
        seen=notes.seen(text),
        bookmarked=row["kept"],
        stars=row["stars"],
        note_url=reverse("learning:note", args=[*where, block]),
        rate_url=reverse("learning:rate-block", args=[*where, number]),
        report_url=reverse("learning:report-block", args=[*where, number]),
        bookmark_url=reverse("learning:bookmark", args=where),
    )
