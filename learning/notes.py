"""Private notes beside the blocks of a lesson: read and written as the person, never as the service."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from dracarys.db.compiled import Row
from learning import access
from learning.models import Bookmark, Lesson, Note, NoteKind, json_path
from learning.rules import GateFacts

LONGEST_QUERY = 200
IDS = json_path("content_data", "$.blocks[*].id")
SHOWN = ("lesson_id", "block", "kind", "text", "updated_at")
TITLES = json_path("content_data", "$.blocks[*].title")


class NoSuchBlock(LookupError):
    """The lesson has no block with this id."""


class Changed(Exception):
    """The note was changed since the form was made, in another tab perhaps; `stored` is what it says now."""

    def __init__(self, stored: str) -> None:
        super().__init__("the note has changed")
        self.stored = stored


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as the page of all notes shows it; without an address its block is gone or its gate locked."""

    block_title: str
    text: str
    kind: str
    updated_at: dt.datetime
    url: str | None


@dataclass(frozen=True, slots=True)
class NotedGate:
    """A gate with its bookmark and its notes, in the order of the blocks."""

    place: str
    title: str
    url: str | None
    bookmarked: bool
    notes: tuple[NoteLine, ...]


@dataclass(frozen=True, slots=True)
class NotesPage:
    query: str
    gates: tuple[NotedGate, ...]
    has_any: bool


def number_of(*, lesson: Lesson, block: str) -> int:
    """Where in the lesson the block with this id stands, from 1. Raises NoSuchBlock."""
    ids: list[str] = Lesson.objects.filter(pk=lesson.pk).values_list(IDS, flat=True).get()
    if block not in ids:
        raise NoSuchBlock(block)
    return ids.index(block) + 1


def seen(text: str) -> str:
    """A short mark of what a form was made from; empty for no note."""
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


def save(*, user_id: uuid.UUID, lesson: Lesson, block: str, text: str, last_seen: str) -> int:
    """Keep the note, or delete it when `text` is empty; the number of its block.

    `last_seen` is the mark of the text that the writer saw. Saving the same text twice is fine.
    Raises Changed when the note says something else by now, access.Locked, and NoSuchBlock.
    """
    access.require(user_id, lesson.pk)
    number = number_of(lesson=lesson, block=block)
    mine = Note.objects.filter(user_id=user_id, lesson=lesson, block=block, kind=NoteKind.NOTE)
    with transaction.atomic():
        stored = _locked(mine)
        if stored is None:
            if not text:
                return number
            fresh = Note(user_id=user_id, lesson=lesson, block=block, kind=NoteKind.NOTE, text=text)
            # Whoever was faster in another tab wins; the second is told, below.
            Note.objects.bulk_create([fresh], ignore_conflicts=True)
            stored = _locked(mine) or text
        elif stored != text and seen(stored) == last_seen:
            stored = text
            if text:
                mine.update(text=text)
            else:
                mine.delete()
        if stored != text:
            raise Changed(stored)
    return number


def _locked(mine: "QuerySet[Note]") -> str | None:
    """What the note says; it is locked until the transaction ends."""
    return mine.select_for_update().values_list("text", flat=True).first()


def page_of(user_id: uuid.UUID, query: str = "") -> NotesPage:
    """Every note and bookmark of the person by gate, or those that hold the query. Four queries."""
    wanted = query.strip()[:LONGEST_QUERY]
    notes = list(Note.objects.filter(user_id=user_id).order_by("created_at", "pk").values(*SHOWN))
    kept = set(Bookmark.objects.filter(user_id=user_id).values_list("lesson_id", flat=True))
    used = kept | {note["lesson_id"] for note in notes}
    by_lesson = {row["pk"]: row for row in _blocks(used)}
    decides = access.access_of(user_id)
    places = [facts for facts in decides.course if facts.lesson_id in used]
    gates = [_gate(facts, decides, by_lesson[facts.lesson_id], notes, kept) for facts in places]
    hidden = used - {facts.lesson_id for facts in places}
    gates += [_hidden(lesson_id, notes, kept) for lesson_id in sorted(hidden)]
    found = (_holding(gate, wanted.casefold()) for gate in gates)
    return NotesPage(wanted, tuple(gate for gate in found if gate), has_any=bool(used))


def _blocks(lessons: set[uuid.UUID]) -> "QuerySet[Lesson, Row]":
    described = Lesson.objects.filter(pk__in=lessons).annotate(ids=IDS, titles=TITLES)
    return described.values("pk", "ids", "titles")


def _gate(
    facts: GateFacts, decides: access.Access, row: Row, notes: list[Row], kept: set[uuid.UUID]
) -> NotedGate:
    where = [facts.level, facts.gate]
    is_open = decides.is_open(facts.lesson_id)
    order = {block: number for number, block in enumerate(row["ids"], start=1)}
    own = [note for note in notes if note["lesson_id"] == facts.lesson_id]
    lines = []
    for note in sorted(own, key=lambda note: order.get(note["block"], len(order) + 1)):
        number = order.get(note["block"])
        title = row["titles"][number - 1] if number else _("A block that is no longer there")
        url = reverse("learning:block", args=[*where, number]) if number and is_open else None
        lines.append(NoteLine(title, note["text"], note["kind"], note["updated_at"], url))
    url = reverse("learning:gate", args=where) if is_open else None
    place = _("Level %(level)s · Gate %(gate)s") % {"level": facts.level, "gate": facts.gate}
    return NotedGate(place, facts.title, url, facts.lesson_id in kept, tuple(lines))


def _hidden(lesson_id: uuid.UUID, notes: list[Row], kept: set[uuid.UUID]) -> NotedGate:
    """Of a gate that is out of use the notes are still there."""
    lines = tuple(
        NoteLine("", note["text"], note["kind"], note["updated_at"], None)
        for note in notes
        if note["lesson_id"] == lesson_id
    )
    return NotedGate("", _("A gate that is being rewritten"), None, lesson_id in kept, lines)


def _holding(gate: NotedGate, wanted: str) -> NotedGate | None:
    """The gate with what holds the words: all of it when its title does."""
    if wanted in gate.title.casefold():
        return gate
    notes = tuple(note for note in gate.notes if wanted in f"{note.block_title}\n{note.text}".casefold())
    return replace(gate, notes=notes) if notes else None
