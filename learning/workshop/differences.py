"""What differs between two versions of a gate, in words: pure, over the JSON of lessons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from learning.item_pairs import Pair, paired

Json = dict[str, Any]
Part = Literal["block", "question", "assessment"]
State = Literal["added", "removed", "moved", "changed"]
Path = tuple[str, ...]

_ABSENT = object()
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
# Above it, words are compared line by line only: the effort grows with the product of both lengths.
MANY_WORDS = 600
# Texts that have less than this in common are two texts, and a patchwork of marks would not help.
ALIKE = 0.3
# What one of a list is called; any other field is called by its own name.
ONE_OF = {
    "cards": gettext_noop("card"),
    "choices": gettext_noop("choice"),
    "decoys": gettext_noop("decoy"),
    "frames": gettext_noop("frame"),
    "indicators": gettext_noop("indicator"),
    "items": gettext_noop("item"),
    "markers": gettext_noop("marker"),
    "near_misses": gettext_noop("near miss"),
    "notes": gettext_noop("note on the chart"),
    "pairs": gettext_noop("pair"),
    "parameters": gettext_noop("parameter"),
    "price_lines": gettext_noop("price line"),
    "rules": gettext_noop("rule"),
    "slips": gettext_noop("slip"),
    "spots": gettext_noop("spot"),
    "steps": gettext_noop("step"),
    "trend_lines": gettext_noop("trend line"),
    "zones": gettext_noop("zone"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text; whether only this side has it."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field: its name in words, and what it said and says. A side that has nothing has no marks."""

    name: str
    old: tuple[Mark, ...]
    new: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """A block, a question, or the rules of the assessment; numbers count from 1 in their own version.

    Of one that was added or removed the fields are all that it says or said.
    """

    part: Part
    id: str
    kind: str
    title: str
    states: tuple[State, ...]
    old_number: int | None
    new_number: int | None
    fields: tuple[FieldDifference, ...]


def differences(
    old_content: Json, old_assessment: Json | None, new_content: Json, new_assessment: Json | None
) -> tuple[ItemDifference, ...]:
    """Everything that differs, in the order of the new version; what was removed comes last in its part."""
    before, after = old_assessment or {}, new_assessment or {}
    rules = tuple(_fields(_without_questions(before), _without_questions(after), ()))
    return (
        *_items("block", _those(old_content, "blocks"), _those(new_content, "blocks")),
        *_items("question", _those(before, "questions"), _those(after, "questions")),
        *([ItemDifference("assessment", "", "", "", ("changed",), None, None, rules)] if rules else ()),
    )


def _without_questions(assessment: Json) -> Json:
    return {name: value for name, value in assessment.items() if name != "questions"}


def _those(data: Json, key: str) -> list[Json]:
    found = data.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _items(part: Part, before: list[Json], after: list[Json]) -> Iterator[ItemDifference]:
    for pair in paired(before, after):
        found = _fields(_told(pair.old), _told(pair.new), ())
        fields = tuple(one for one in found if one.old or one.new)
        if states := _states(pair, bool(fields)):
            item = pair.new or pair.old or {}
            title = str(item.get("title") or item.get("prompt") or "")
            kind = str(item.get("type", "")).replace("_", " ")
            yield ItemDifference(part, pair.id, kind, title, states, pair.old_number, pair.new_number, fields)


def _told(item: Json | None) -> object:
    """What is compared; an item that came or went is named with its kind."""
    return _ABSENT if item is None else item


def _states(pair: Pair, differs: bool) -> tuple[State, ...]:
    if pair.old is None:
        return ("added",)
    if pair.new is None:
        return ("removed",)
    moved: tuple[State, ...] = ("moved",) if pair.moved else ()
    return (*moved, "changed") if differs else moved


# --- Fields -------------------------------------------------------------------------------------------


def _fields(old: object, new: object, path: Path) -> Iterator[FieldDifference]:
    """The fields that differ, however deep; those of lists by the ids of what is in them, or by number."""
    if old == new:
        return
    if _are(dict, old, new):
        yield from _of_maps(_map(old), _map(new), path)
    elif _are(list, old, new) and any(isinstance(one, dict | list) for one in (*_list(old), *_list(new))):
        before, after = _numbered(_list(old)), _numbered(_list(new))
        yield from _of_maps(before, after, path)
        if [key for key in before if key in after] != [key for key in after if key in before]:
            yield _difference((*path, _("order")), ", ".join(before), ", ".join(after))
    else:
        yield _difference(path, _in_words(old), _in_words(new))


def _of_maps(old: Json, new: Json, path: Path) -> Iterator[FieldDifference]:
    # Ids are made by the site and mean nothing to an author.
    for name in (one for one in dict.fromkeys([*old, *new]) if one != "id"):
        yield from _fields(old.get(name, _ABSENT), new.get(name, _ABSENT), (*path, name))


def _are(kind: type, old: object, new: object) -> bool:
    """Whether both are of the kind, or one is and the other is not there at all."""
    there = [one for one in (old, new) if one is not _ABSENT and one is not None]
    return bool(there) and all(isinstance(one, kind) for one in there)


def _map(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _numbered(values: list[Any]) -> Json:
    """By the id or the name that each has, else by number from 1."""
    for key in ("id", "name", "rule"):
        names = [one.get(key) if isinstance(one, dict) else None for one in values]
        if all(isinstance(one, str) for one in names) and len(set(names)) == len(names):
            return dict(zip(map(str, names), values, strict=True))
    return {str(number): one for number, one in enumerate(values, start=1)}


def _difference(path: Path, old: str, new: str) -> FieldDifference:
    return FieldDifference(name_of(path), *marks(old, new))


def name_of(path: Path) -> str:
    """The name of a field in words: `choices`, `b`, `feedback` is `Choice b, feedback`."""
    words: list[str] = []
    inside = False
    for place, part in enumerate(path, start=1):
        one_of = part in ONE_OF and place < len(path) and not inside
        if inside:
            words[-1] += f" {part}"
        else:
            words.append(_(ONE_OF[part]) if one_of else part.replace("_", " "))
        inside = one_of
    said = ", ".join(words)
    return said[:1].upper() + said[1:]


def _in_words(value: object) -> str:
    if value is _ABSENT or value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(_in_words, value))
    return str(value)


# --- Texts --------------------------------------------------------------------------------------------


def marks(old: str, new: str) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Both texts in pieces, word by word; put together they are the texts."""
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    before: list[Mark] = []
    after: list[Mark] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b).get_opcodes():
        left, right = "".join(a[i1:i2]), "".join(b[j1:j2])
        pieces = ([Mark(left, False)], [Mark(right, False)]) if tag == "equal" else _words(left, right)
        before += pieces[0]
        after += pieces[1]
    return _joined(before), _joined(after)


def _words(old: str, new: str) -> tuple[list[Mark], list[Mark]]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > MANY_WORDS:
        return [Mark(old, True)], [Mark(new, True)]
    words = SequenceMatcher(None, before, after, autojunk=False)
    if words.ratio() < ALIKE:
        return [Mark(old, True)], [Mark(new, True)]
    pieces = [
        (tag != "equal", "".join(before[i1:i2]), "".join(after[j1:j2]))
        for tag, i1, i2, j1, j2 in words.get_opcodes()
    ]
    return [Mark(left, differs) for differs, left, _ in pieces], [
        Mark(right, differs) for differs, _, right in pieces
    ]


def _joined(pieces: list[Mark]) -> tuple[Mark, ...]:
    """Neighbours that say the same of themselves as one; none that is empty."""
    made: list[Mark] = []
    for one in pieces:
        if made and made[-1].differs == one.differs:
            made[-1] = Mark(made[-1].text + one.text, one.differs)
        elif one.text:
            made.append(one)
    return tuple(made)
