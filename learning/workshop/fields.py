"""Forms made of the schema: a tree of fields for a model and raw data, which may be incomplete or wrong.

A field is named by its path, such as `chart.price_lines.1.price`. Nothing here asks the database: what menus
offer is brought along.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from learning.workshop import words
from learning.workshop.shapes import LONG, Shape, shapes_of

Raw = Any
# How high the box of a text is, in lines, by how long the text may be.
_HEIGHTS = ((400, 2), (LONG, 3))
_TALL, _TALLEST, _LETTERS = 5, 24, 80


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


# What the menus of codes offer, by the things that they name.
Offers = Mapping[str, Sequence[Option]]
NO_OFFERS: Offers = {}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. A group, a variant and a list of rows have `fields` of their own.

    `row` says what one row is called; `place` is a row's number from 1, `of` how many there are. `is_window`
    marks a window of a data set, and `hint` says from when to when that has bars.
    """

    name: str
    key: str
    kind: str
    label: str
    help: str = ""
    value: str = ""
    required: bool = False
    most: int | None = None
    lines: int = 1
    markup: bool = False
    on_chart: bool = False
    options: tuple[Option, ...] = ()
    fields: tuple["Field", ...] = ()
    there: bool = True  # an optional group that was not asked for is not
    row: str = ""
    place: int = 0
    of: int = 0
    can_grow: bool = False
    can_shrink: bool = False
    is_window: bool = False
    hint: str = ""
    errors: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def described_by(self) -> str:
        """The ids of what explains it, for `aria-describedby`."""
        parts = [("error", self.errors), ("help", self.help or self.markup)]
        return " ".join(f"{self.id}-{part}" for part, there in parts if there)


def build(
    model: type[BaseModel],
    raw: Raw,
    *,
    offers: Offers = NO_OFFERS,
    errors: Mapping[str, Sequence[str]] | None = None,
    leave_out: Sequence[str] = (),
) -> tuple[Field, ...]:
    """The fields of `model` with what `raw` has for them; `errors` are sentences by path."""
    builder = _Builder(offers, errors or {})
    return tuple(one for one in builder.group(model, raw, "", ()) if one.key not in leave_out)


@dataclass(frozen=True, slots=True)
class _Builder:
    offers: Offers
    errors: Mapping[str, Sequence[str]]

    def group(
        self, model: type[BaseModel], raw: Raw, prefix: str, around: tuple[Raw, ...]
    ) -> tuple[Field, ...]:
        """The fields of one model; `around` is the data that it stands in, the nearest first."""
        data = raw if isinstance(raw, dict) else {}
        return tuple(
            self.field(model, name, shape, data.get(name), prefix + name, (data, *around))
            for name, shape in shapes_of(model).items()
            if shape.kind != "type"
        )

    def field(
        self,
        model: type[BaseModel],
        key: str,
        shape: Shape,
        raw: Raw,
        name: str,
        around: tuple[Raw, ...],
    ) -> Field:
        said: dict[str, Any] = {
            "name": name,
            "key": key,
            "kind": shape.kind,
            "label": words.label(model, key),
            "help": words.help_text(model, key),
            "required": shape.required,
            "errors": tuple(self.errors.get(name, ())),
        }
        if shape.kind == "rows":
            return self.rows(said, shape, raw, around)
        if shape.kind in ("group", "variant"):
            return self.part(said, shape, raw, around)
        return self.leaf(said, shape, raw, around)

    def part(self, said: dict[str, Any], shape: Shape, raw: Raw, around: tuple[Raw, ...]) -> Field:
        """A model inside of a model."""
        there = shape.required or isinstance(raw, dict)
        model = shape.model_of(raw)
        fields = self.group(model, raw, said["name"] + ".", around) if model and there else ()
        kind = _text(raw.get("type")) if isinstance(raw, dict) else ""
        return Field(
            **said,
            there=there,
            value=kind if shape.kind == "variant" else "",
            options=tuple(Option(one, words.kind(one)) for one in shape.models),
            fields=fields,
            can_shrink=there and not shape.required,
            is_window=model is not None and is_window(model),
        )

    def rows(self, said: dict[str, Any], shape: Shape, raw: Raw, around: tuple[Raw, ...]) -> Field:
        rows = raw if isinstance(raw, list | tuple) else []
        inner = shape.inner or Shape("line")
        noun = words.row(said["key"])
        made = []
        for n, row in enumerate(rows):
            name = f"{said['name']}.{n}"
            told: dict[str, Any] = {
                "name": name,
                "key": str(n),
                "label": f"{noun} {n + 1}",
                "place": n + 1,
                "of": len(rows),
                "can_grow": shape.most is None or len(rows) < shape.most,
                "can_shrink": len(rows) > shape.least,
                "row": noun,
                "errors": tuple(self.errors.get(name, ())),
            }
            model = inner.model_of(row)
            if inner.kind in ("group", "variant"):
                fields = self.group(model, row, name + ".", around) if model else ()
                made.append(Field(**told, kind="row", fields=fields))
            else:
                made.append(self.leaf({**told, "kind": inner.kind, "required": True}, inner, row, around))
        can_grow = shape.most is None or len(rows) < shape.most
        return Field(**said, fields=tuple(made), row=noun, of=len(rows), most=shape.most, can_grow=can_grow)

    def leaf(self, said: dict[str, Any], shape: Shape, raw: Raw, around: tuple[Raw, ...]) -> Field:
        value = shown_time(raw, shape.is_end) if shape.kind == "time" else _text(raw)
        if raw is None and shape.default is not None and shape.default != ():
            value = _text(shape.default)
        return Field(
            **said,
            value=value,
            most=shape.most,
            lines=_height(shape, value) if shape.kind == "text" else 1,
            markup=shape.markup,
            on_chart=shape.on_chart,
            options=self.options(said["key"], shape, value, around),
        )

    def options(self, key: str, shape: Shape, value: str, around: tuple[Raw, ...]) -> tuple[Option, ...]:
        """What a menu offers; a value that it does not know stays in it, so that nothing is lost."""
        if shape.kind == "menu":
            known = [Option(one, words.option(key, one)) for one in shape.values]
            empty = [] if shape.required or shape.default is not None else [Option("", "–")]
        elif shape.kind == "code":
            known = list(self.offers.get(shape.things, ())) or _rows_named(shape.things, around)
            empty = [Option("", "–")]
        else:
            return ()
        strange = [Option(value, value)] if value and value not in {one.value for one in known} else []
        return (*empty, *known, *strange)


def is_window(model: type[BaseModel]) -> bool:
    """Whether the model is a window of a data set: a code of one, from a time to a time."""
    shapes = shapes_of(model)
    kinds = {name: shapes[name].kind for name in ("dataset", "start", "end") if name in shapes}
    return kinds == {"dataset": "code", "start": "time", "end": "time"}


def shown_time(raw: Raw, is_end: bool) -> str:
    """A time as an author would type it: a day for its first instant, or its last where something ends."""
    text = _text(raw)
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) <= len("2017-06-01") or time.tzinfo is None:
        return text
    try:
        time = time.astimezone(dt.UTC)
    except OverflowError:
        return text
    if time.time() == (dt.time.max if is_end else dt.time.min):
        return f"{time:%Y-%m-%d}"
    return f"{time:%Y-%m-%d %H:%M}" if not (time.second or time.microsecond) else text


def fields_in(fields: Sequence[Field]) -> list[Field]:
    """Every field of a tree, the outer ones first."""
    return [one for field in fields for one in (field, *fields_in(field.fields))]


def _text(raw: Raw) -> str:
    if raw is True:
        return "1"
    return "" if raw is None or raw is False or isinstance(raw, list | dict) else str(raw)


def _height(shape: Shape, value: str) -> int:
    """As high as what is there, and a line more, between what such a text needs and what a screen has."""
    least = next((lines for most, lines in _HEIGHTS if shape.most and shape.most <= most), _TALL)
    wanted = 1 + sum(1 + len(line) // _LETTERS for line in value.splitlines()) if value else 0
    return min(max(wanted, least), _TALLEST)


def _rows_named(things: str, around: tuple[Raw, ...]) -> list[Option]:
    """The rows of the nearest list of that name, by their ids and the first text of each."""
    for data in around:
        if isinstance(rows := data.get(things), list):
            return [
                Option(_text(row.get("id")), _first_text(row))
                for row in rows
                if isinstance(row, dict) and row.get("id")
            ]
    return []


def _first_text(row: dict[str, Any]) -> str:
    texts = [_text(value) for key, value in row.items() if key != "id" and isinstance(value, str)]
    return (texts or [_text(row.get("id"))])[0][:60]
