"""Writing a lesson: every act is saved into the draft at once. All of it acts as the service.

Items are addressed by their ids, never by their places: two who work on different blocks of one lesson do not
disturb each other, and two who work on the same one are told.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from learning.models import Lesson, LessonVersion, VersionState, json_path
from learning.workshop import acts, drafts, items, reading, windows
from learning.workshop.drafts import Draft, Json
from learning.workshop.items import Item, NoSuchItem, Part
from learning.workshop.reading import Sent

# How often an act is tried again when somebody else saved another part in that very moment.
TRIES = 5
_WINDOW_VERBS = frozenset(verb for verb, _ in windows.verbs())
_COLUMNS = {"blocks": "content_data", "questions": "assessment_data"}
Change = Callable[[Draft], tuple[Json, Json | None]]


class ChangedMeanwhile(Exception):
    """Somebody else changed the item since it was read. `item` is it now, `typed` what was written here.

    With `is_gone` it was deleted; `item` then is what was written.
    """

    def __init__(self, item: Item, typed: Json, *, is_gone: bool = False) -> None:
        super().__init__(item.id)
        self.item, self.typed, self.is_gone = item, typed, is_gone


class Full(ValueError):
    """There is no room for another block or question."""


@dataclass(frozen=True, slots=True)
class State:
    """When the draft was saved last (UTC), and by whom, where that is known."""

    saved_at: dt.datetime
    saved_by: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An item as it was saved, and the path of the field to come back to."""

    item: Item
    path: str = ""


def state_of(lesson: Lesson) -> State | None:
    """What is known of the draft that is saved; None where there is none."""
    rows = LessonVersion.objects.filter(lesson_id=lesson.pk, state=VersionState.DRAFT)
    row = rows.values_list("updated_at", "published_by__email").first()
    return State(row[0], row[1] or "") if row else None


def keep(lesson: Lesson, known: Item, sent: Sent, *, seen: str, do: str, by: uuid.UUID) -> Kept:
    """Save what a form says of an item; then do `do`, such as `choices.1:up`, if it is possible.

    `known` is the item as it stands in the draft, or stood there; `seen` says as what the author saw it.
    Raises ChangedMeanwhile.
    """
    typed = typed_of(lesson, known, sent)
    path, _, verb = do.rpartition(":")
    kind = (sent.get(f"{path}:kind") or [""])[-1]
    done = acts.Done({}, "")

    def changed(draft: Draft) -> tuple[Json, Json | None]:
        nonlocal done
        item = _present(draft, known, seen, typed)
        raw = item.raw if reading.same(item.model, item.raw, typed) else typed
        done = _acted(item, raw, path, verb, kind, _used(lesson, item))
        return items.with_item(draft, item, done.raw)

    draft = _saved(lesson, changed, by)
    return Kept(items.find(draft, known.part, known.id), done.path)


def typed_of(lesson: Lesson, known: Item, sent: Sent) -> Json:
    """What a form says of an item, with ids for new rows."""
    typed = reading.read(known.model, sent, known.raw)
    if known.part == "policy":
        typed[items.LISTED] = known.raw.get(items.LISTED, [])
    made: Json = acts.with_ids(known.model, typed, used=_used(lesson, known))
    return made


def add(lesson: Lesson, part: Part, kind: str, *, after: str, by: uuid.UUID) -> str:
    """A new block or question behind the one with the id `after`, else at the end; its id.

    Raises NoSuchItem for a kind that is not there, Full.
    """
    model = items.KINDS[part].get(kind)
    if model is None:
        raise NoSuchItem(kind)

    made = ""

    def added(draft: Draft) -> tuple[Json, Json | None]:
        nonlocal made
        made = acts.new_id(kind.replace("_", "-"), _taken(lesson, draft, part))
        rows = _with_room(draft, part)
        start = acts.with_ids(model, {"id": made, **acts.starter(model)})
        rows.insert(_index(rows, after) + 1 if after else len(rows), start)
        return items.with_raws(draft, part, rows)

    _saved(lesson, added, by)
    return made


def duplicate(lesson: Lesson, part: Part, item: str, *, by: uuid.UUID) -> str:
    """The same again behind it, with an id of its own; that id. Raises NoSuchItem, Full."""

    made = ""

    def doubled(draft: Draft) -> tuple[Json, Json | None]:
        nonlocal made
        raw = items.find(draft, part, item).raw
        made = acts.new_id(item, _taken(lesson, draft, part))
        rows = _with_room(draft, part)
        rows.insert(_index(rows, item) + 1, {**raw, "id": made})
        return items.with_raws(draft, part, rows)

    _saved(lesson, doubled, by)
    return made


def move(lesson: Lesson, part: Part, item: str, *, by_places: int, by: uuid.UUID) -> None:
    """Up or down; at the ends it stays. Raises NoSuchItem."""

    def moved(draft: Draft) -> tuple[Json, Json | None]:
        rows = items.raws_of(draft, part)
        index = _index(rows, item)
        goal = min(max(index + by_places, 0), len(rows) - 1)
        rows.insert(goal, rows.pop(index))
        return items.with_raws(draft, part, rows)

    _saved(lesson, moved, by)


def delete(lesson: Lesson, part: Part, item: str, *, by: uuid.UUID) -> None:
    """Raises NoSuchItem. With the last question the assessment is gone."""

    def deleted(draft: Draft) -> tuple[Json, Json | None]:
        rows = items.raws_of(draft, part)
        del rows[_index(rows, item)]
        return items.with_raws(draft, part, rows)

    _saved(lesson, deleted, by)


def _saved(lesson: Lesson, change: Change, by: uuid.UUID) -> Draft:
    """The draft with the change; tried anew when somebody else saved in between. Raises drafts.Outdated."""
    for tries_left in reversed(range(TRIES)):
        draft = drafts.draft_of(lesson)
        content, assessment = change(draft)
        if (content, assessment) == (draft.content, draft.assessment):
            return draft
        try:
            return drafts.save(draft, content=content, assessment=assessment, by=by)
        except drafts.Outdated:
            if not tries_left:
                raise
    raise AssertionError("unreachable")


def _present(draft: Draft, known: Item, seen: str, typed: Json) -> Item:
    """The item in the draft, unless somebody changed it since it was seen."""
    try:
        item = items.find(draft, known.part, known.id)
    except NoSuchItem:
        gone = replace(known, raw={})
        if seen == gone.seen:
            return gone  # its author was told, and wants it back
        raise ChangedMeanwhile(gone, typed, is_gone=True) from None
    if item.kind != known.kind or (item.seen != seen and not reading.same(item.model, item.raw, typed)):
        raise ChangedMeanwhile(item, typed)
    return item


def _acted(item: Item, raw: Json, path: str, verb: str, kind: str, used: Collection[str]) -> acts.Done:
    if verb in _WINDOW_VERBS:
        return acts.Done(_with_window(item, raw, path, verb), path)
    try:
        done = acts.act(item.model, raw, path, verb, kind=kind, used=used)
    except acts.Impossible:
        return acts.Done(raw, path)
    return replace(done, raw=acts.with_ids(item.model, done.raw, used=used))


def _with_window(item: Item, raw: Json, path: str, verb: str) -> Json:
    """The item with the window at `path` moved."""
    try:
        return acts.replaced(item.model, raw, path, lambda window: windows.moved(window, verb))
    except acts.Impossible:
        return raw


def _used(lesson: Lesson, item: Item) -> set[str]:
    """Ids of rows that learners have seen in this item: a new row is never taken for one of them."""
    if item.part == "policy":
        return set()
    published = getattr(lesson, _COLUMNS[item.part]) or {}
    known = [one for one in published.get(item.part, ()) if one.get("id") == item.id]
    return acts.ids_in(known)


def _taken(lesson: Lesson, draft: Draft, part: Part) -> set[str]:
    """Ids that stand in the draft, or stood in any version: what learners left there belongs to those."""
    versions = LessonVersion.objects.filter(lesson_id=lesson.pk)
    found = versions.values_list(json_path(_COLUMNS[part], f"$.{part}[*].id"), flat=True)
    return {one for ids in found for one in ids or ()} | {str(_id(raw)) for raw in items.raws_of(draft, part)}


def _with_room(draft: Draft, part: Part) -> list[Any]:
    rows = items.raws_of(draft, part)
    if len(rows) >= items.MOST:
        raise Full
    return rows


def _index(rows: list[Any], item: str) -> int:
    for n, raw in enumerate(rows):
        if str(_id(raw)) == item:
            return n
    raise NoSuchItem(item)


def _id(raw: Any) -> Any:
    return raw.get("id") if isinstance(raw, dict) else None
