"""A posted form back to raw data, by the same schema that the form was made of. Nothing that is sent raises.

What is empty is left out; what is no number stays as it was typed, so that its error can say so.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from learning import numbers
from learning.texts import Slug
from learning.workshop.shapes import Shape, shapes_of

Sent = Mapping[str, Sequence[str]]
Raw = Any
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?")
_SLUG = re.compile(Slug.__metadata__[0].metadata[0].pattern)  # type: ignore[attr-defined]
_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})(:\d{2})?( ?UTC| ?Z)?", re.IGNORECASE | re.ASCII)
_INDEX = re.compile(r"[0-9]{1,3}", re.ASCII)
# Rows that a form is believed to have where the schema sets no bound.
_MOST_ROWS = 60


def read(model: type[BaseModel], sent: Sent, before: Raw = None) -> dict[str, Any]:
    """What the form says a `model` is. Its own id stays that of `before`; rows bring theirs along."""
    made = _Reader(sent).group(model, "")
    known = before if isinstance(before, dict) else {}
    made.pop("id", None)
    return ({"id": known["id"]} if "id" in known else {}) | made


def same(model: type[BaseModel], one: Raw, other: Raw) -> bool:
    """Whether two raw values mean the same, such as 1.0 and 1.00, or a default that was said or left out."""
    if one == other:
        return True
    try:
        return model.model_validate(one) == model.model_validate(other)
    except ValidationError:
        return False


class _Reader:
    def __init__(self, sent: Sent) -> None:
        self.sent = sent
        self.rows_of = _rows_of(sent)

    def group(self, model: type[BaseModel], prefix: str) -> dict[str, Any]:
        made = {}
        for name, shape in shapes_of(model).items():
            value = shape.values[0] if shape.kind == "type" else self.value(shape, prefix + name)
            if value is not None:
                made[name] = value
        return made

    def value(self, shape: Shape, name: str) -> Raw:
        """What is sent for this field; None leaves it out."""
        if shape.kind == "rows":
            return self.rows(shape, name)
        if shape.kind == "group" and shape.model:
            return self.group(shape.model, f"{name}.") if shape.required or name in self.sent else None
        if shape.kind == "variant":
            return self.variant(shape, name)
        text = _clean(self.sent.get(name, ()))
        if shape.kind == "flag":
            return True if text else None
        return _LEAVES[shape.kind](text) if text.strip() else None

    def variant(self, shape: Shape, name: str) -> Raw:
        kind = _clean(self.sent.get(f"{name}.type", ()))[:40]
        model = shape.models.get(kind)
        return self.group(model, f"{name}.") if model else ({"type": kind} if kind else None)

    def rows(self, shape: Shape, name: str) -> Raw:
        inner = shape.inner or Shape("line")
        places = sorted(self.rows_of.get(name, ()))[: shape.most or _MOST_ROWS]
        rows = [self.row(inner, f"{name}.{place}") for place in places]
        return rows or ([] if shape.required else None)

    def row(self, inner: Shape, name: str) -> Raw:
        if inner.kind == "group" and inner.model:
            return self.group(inner.model, f"{name}.")
        found = self.value(inner, name)
        return "" if found is None else found


def _rows_of(sent: Iterable[str]) -> dict[str, set[int]]:
    """The numbers of the rows that the names of the fields speak of, by the name of their list."""
    found: dict[str, set[int]] = {}
    for name in sent:
        parts = name[:200].split(".")
        for place, part in enumerate(parts[1:], start=1):
            if _INDEX.fullmatch(part):
                found.setdefault(".".join(parts[:place]), set()).add(int(part))
    return found


def _clean(values: Sequence[str]) -> str:
    return _UNSTORABLE.sub("", _LINE_ENDS.sub("\n", values[-1])) if values else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _tag(text: str) -> str:
    """A short name: what was typed in words, in small letters with hyphens."""
    return _slug(text) or _line(text)[:40]


def _id(text: str) -> str | None:
    return text if _SLUG.fullmatch(text) else None


def _slug(text: str) -> str:
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")[:40]


def _decimal(text: str) -> str:
    try:
        return f"{numbers.parse(text):f}"
    except numbers.Unreadable:
        return _line(text)


def _whole(text: str) -> int | str:
    try:
        number = numbers.parse(text)
    except numbers.Unreadable:
        return _line(text)
    return int(number) if number == number.to_integral_value() and abs(number) < 10**9 else _line(text)


def _time(text: str) -> str:
    """A time of day without a zone is UTC, as the form says."""
    line = _line(text)
    match = _CLOCK.fullmatch(line)
    if not match:
        return line
    day, clock, seconds, _ = match.groups()
    try:
        time = dt.datetime.fromisoformat(f"{day}T{clock.zfill(5)}{seconds or ':00'}+00:00")
    except ValueError:
        return line
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


_LEAVES = {
    "made": _id,
    "line": _line,
    "text": lambda text: text,
    "tag": _tag,
    "code": lambda text: _line(text)[:40],
    "whole": _whole,
    "decimal": _decimal,
    "menu": _line,
    "time": _time,
}
