"""What can be done to an item and to its rows: add, duplicate, move, delete. Pure; raw data stays as it was.

Paths are those of the form's fields: `choices` is a list, `choices.1` its second row, `chart` a part.
"""

import copy
import string
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from learning.workshop.shapes import Shape, group_of, shapes_of

Raw = Any
VERBS = ("add", "copy", "up", "down", "delete", "turn")
LONGEST_ID = 40


class Impossible(ValueError):
    """There is nothing at this path to which this can be done, or no room for it."""


@dataclass(frozen=True, slots=True)
class Done:
    """The data afterwards, and the path of what was touched: where whoever did it wants to be."""

    raw: dict[str, Any]
    path: str


def starter(model: type[BaseModel], *, used: Collection[str] = ()) -> dict[str, Any]:
    """What an author begins with: as many empty rows as there have to be, the first value of each menu."""
    begins_with = getattr(model, "begins_with", ())
    made: dict[str, Any] = {}
    for name, shape in shapes_of(model).items():
        if shape.kind == "type":
            made[name] = shape.values[0]
        elif shape.required or name in begins_with:
            value = _start(shape, used)
            if value is not None:
                made[name] = value
    return made


def act(
    model: type[BaseModel], raw: Raw, path: str, verb: str, *, kind: str = "", used: Collection[str] = ()
) -> Done:
    """Do `verb` at `path`; `kind` is what a variant turns into. New rows get ids that `used` does not hold.

    Raises Impossible.
    """
    data = copy.deepcopy(raw) if isinstance(raw, dict) else {}
    place = _place(model, data, path)
    if verb == "turn" and place.shape.kind == "variant":
        return _turned(data, place, path, kind, used)
    if place.shape.kind == "rows" and verb == "add":
        return _grown(data, place, path, used)
    if place.rows is not None:
        return _row_moved(data, place, path, verb, used)
    if place.shape.kind == "group" and not place.shape.required and verb in ("add", "delete"):
        place.holder.pop(place.key, None)
        if verb == "add" and place.shape.model:
            place.holder[place.key] = starter(place.shape.model, used=used)
        return Done(data, path)
    raise Impossible(f"{path}: {verb}")


def mended(model: type[BaseModel], raw: Raw, paths: Iterable[str], *, stand_in: str) -> dict[str, Any]:
    """The data with `stand_in` for texts that are missing at these paths, and without the other rows of them.

    What is half written can be looked at so. A list keeps the rows that it has to have.
    """
    data: dict[str, Any] = copy.deepcopy(raw) if isinstance(raw, dict) else {}
    rows = {row for path in paths if (row := _filled_or_row(model, data, path, stand_in))}
    # From the last one on: the places of those before stay what they are.
    for row in sorted(rows, key=lambda path: [part.zfill(3) for part in path.split(".")], reverse=True):
        place = _place(model, data, row)
        if place.rows is not None and len(place.holder) > place.rows.least:
            del place.holder[place.key]
    return data


def replaced(model: type[BaseModel], raw: Raw, path: str, change: Callable[[Raw], Raw]) -> dict[str, Any]:
    """The data with `change` of what stands at `path` in its place. Raises Impossible."""
    data: dict[str, Any] = copy.deepcopy(raw)
    place = _place(model, data, path)
    if isinstance(place.holder, dict) and place.key in place.holder:
        place.holder[place.key] = change(place.holder[place.key])
    return data


def ids_in(raw: Raw) -> set[str]:
    """Every id that stands anywhere in the data."""
    return set(_ids(raw))


def new_id(wish: str, taken: Collection[str]) -> str:
    """`wish`, or `wish-2`, `wish-3`, … where it is taken."""
    made, n = wish[:LONGEST_ID], 1
    while made in taken:
        n += 1
        made = f"{wish[: LONGEST_ID - len(str(n)) - 1]}-{n}"
    return made


def with_ids(model: type[BaseModel], raw: Raw, *, used: Collection[str] = ()) -> Raw:
    """The same, with an id for every row that lacks one or has that of an earlier row."""
    data = copy.deepcopy(raw)
    _give_ids(group_of(model), data, used)
    return data


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands at a path: in `holder` under `key`; `rows` is the shape of the list that it is a row of."""

    shape: Shape
    holder: Any
    key: Any
    rows: Shape | None = None


def _place(model: type[BaseModel], data: Raw, path: str) -> _Place:
    found = _Place(group_of(model), {"": data}, "")
    for part in path.split("."):
        value = found.holder[found.key] if _has(found.holder, found.key) else None
        inner = found.shape.model_of(value)
        if inner and isinstance(value, dict) and part in shapes_of(inner):
            found = _Place(shapes_of(inner)[part], value, part)
        elif found.shape.kind == "rows" and isinstance(value, list) and found.shape.inner:
            index = int(part) if part.isascii() and part.isdecimal() and len(part) < 4 else -1
            if not 0 <= index < len(value):
                raise Impossible(path)
            found = _Place(found.shape.inner, value, index, rows=found.shape)
        else:
            raise Impossible(path)
    return found


def _filled_or_row(model: type[BaseModel], data: Raw, path: str, stand_in: str) -> str:
    """Fill in a text that is missing; else the path of the row that something else is wrong with."""
    try:
        place = _place(model, data, path)
    except Impossible:
        return ""
    if (
        place.shape.kind in ("line", "text")
        and isinstance(place.holder, dict)
        and place.key not in place.holder
    ):
        place.holder[place.key] = stand_in
        return ""
    while path and _place(model, data, path).rows is None:
        path = path.rpartition(".")[0]
    return path


def _has(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else True


def _grown(data: Raw, place: _Place, path: str, used: Collection[str]) -> Done:
    """One row more, at the end."""
    rows = place.holder.setdefault(place.key, [])
    if not isinstance(rows, list):
        rows = place.holder[place.key] = []
    _refuse_unless_room(place.shape, rows)
    rows.append(_row(place.shape.inner, rows, used))
    return Done(data, f"{path}.{len(rows) - 1}")


def _row_moved(data: Raw, place: _Place, path: str, verb: str, used: Collection[str]) -> Done:
    rows, index, shape = place.holder, place.key, place.rows
    listed, _, _ = path.rpartition(".")
    if shape is None:
        raise Impossible(path)
    if verb in ("add", "copy"):
        _refuse_unless_room(shape, rows)
        new = _row(shape.inner, rows, used) if verb == "add" else _copied(shape.inner, rows, index, used)
        rows.insert(index + 1, new)
        return Done(data, f"{listed}.{index + 1}")
    if verb == "delete":
        if len(rows) <= shape.least:
            raise Impossible(path)
        del rows[index]
        return Done(data, f"{listed}.{min(index, len(rows) - 1)}" if rows else listed)
    goal = index + {"up": -1, "down": 1}.get(verb, len(rows))
    if not 0 <= goal < len(rows):
        raise Impossible(path)
    rows[index], rows[goal] = rows[goal], rows[index]
    return Done(data, f"{listed}.{goal}")


def _turned(data: Raw, place: _Place, path: str, kind: str, used: Collection[str]) -> Done:
    """Another kind, with what the two have in common."""
    model = place.shape.models.get(kind)
    before = place.holder.get(place.key)
    known = place.shape.model_of(before)
    if model is None:
        raise Impossible(path)
    made = starter(model, used=used)
    if known and isinstance(before, dict):
        ours, theirs = shapes_of(known), shapes_of(model)
        kept = [
            name for name in before if name != "type" and name in theirs and ours.get(name) == theirs[name]
        ]
        made |= {name: before[name] for name in kept}
    place.holder[place.key] = {name: made[name] for name in shapes_of(model) if name in made}
    return Done(data, path)


def _refuse_unless_room(shape: Shape, rows: list[Any]) -> None:
    if shape.most is not None and len(rows) >= shape.most:
        raise Impossible("full")


def _start(shape: Shape, used: Collection[str]) -> Raw:
    if shape.kind == "menu":
        return shape.values[0]
    if shape.kind == "rows":
        rows: list[Any] = []
        while len(rows) < shape.least:
            rows.append(_row(shape.inner, rows, used))
        return rows
    if shape.kind == "variant":
        kind = "single_choice" if "single_choice" in shape.models else next(iter(shape.models))
        return starter(shape.models[kind], used=used)
    return starter(shape.model, used=used) if shape.kind == "group" and shape.model else None


def _row(inner: Shape | None, rows: list[Any], used: Collection[str]) -> Raw:
    if inner is None or inner.kind not in ("group", "variant"):
        return ""
    made = _start(inner, used)
    return {"id": _row_id(rows, used), **made} if _has_id(inner, made) else made


def _copied(inner: Shape | None, rows: list[Any], index: int, used: Collection[str]) -> Raw:
    made = copy.deepcopy(rows[index])
    return {**made, "id": _row_id(rows, used)} if inner and _has_id(inner, made) else made


def _has_id(shape: Shape, raw: Raw) -> bool:
    model = shape.model_of(raw)
    known = shapes_of(model).get("id") if model else None
    return known is not None and known.kind == "made"


def _row_id(rows: list[Any], used: Collection[str]) -> str:
    taken = {str(row.get("id")) for row in rows if isinstance(row, dict)} | set(used)
    return next((one for one in string.ascii_lowercase if one not in taken), "") or new_id("row", taken)


def _give_ids(shape: Shape, raw: Raw, used: Collection[str]) -> None:
    if shape.kind == "rows" and isinstance(raw, list) and shape.inner:
        seen: list[Any] = []
        for row in raw:
            known = {one.get("id") for one in seen}
            if isinstance(row, dict):
                if _has_id(shape.inner, row) and (not row.get("id") or row["id"] in known):
                    row["id"] = _row_id(raw, used)
                seen.append(row)
            _give_ids(shape.inner, row, used)
        return
    model = shape.model_of(raw)
    if model and isinstance(raw, dict):
        for name, inner in shapes_of(model).items():
            part = raw.get(name)
            if inner.kind != "rows" and isinstance(part, dict) and _has_id(inner, part):
                part.setdefault("id", name)
            _give_ids(inner, part, used)


def _ids(raw: Raw) -> Iterator[str]:
    values: Iterable[Any] = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    if isinstance(raw, dict) and isinstance(raw.get("id"), str):
        yield raw["id"]
    for value in values:
        yield from _ids(value)
