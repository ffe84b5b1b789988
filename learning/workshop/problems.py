"""What is wrong with an item, in plain words, with the field of its form that has to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from learning import numbers
from learning.workshop import words
from learning.workshop.shapes import Shape, group_of, shapes_of

Raw = Any


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is that of the form's field, empty for the item as a whole; `where` says it in words."""

    path: str
    where: str
    words: str

    @property
    def anchor(self) -> str:
        return "f-" + self.path.replace(".", "-") if self.path else "item"

    @property
    def sentence(self) -> str:
        """As in: Zone 2, low: write a number, such as 1250 or 12.5"""
        return f"{self.where}: {self.words}" if self.where else self.words[:1].upper() + self.words[1:]


def problems_of(model: type[BaseModel], raw: Raw) -> list[Problem]:
    """Everything that the schema has to say against `raw`."""
    try:
        model.model_validate(raw)
    except ValidationError as error:
        found = (_problem(model, raw, detail) for detail in error.errors(include_url=False))
        return list(dict.fromkeys(one for one in found if one))
    return []


def of_sentence(model: type[BaseModel], raw: Raw, sentence: str) -> Problem:
    """A sentence of publishing, such as `chart: the window holds no bar` or `steps, 0, markdown: …`."""
    head, colon, rest = sentence.partition(": ")
    parts = head.split(", ")
    if colon and len(parts) < 9 and parts[0] in shapes_of(model):
        place = _Walk(model, raw)
        for part in parts:
            place.step(int(part) if part.isdecimal() else part)
        return Problem(place.path, place.where, _(rest))
    return Problem("", "", _(sentence))


class _Walk:
    """From the item as a whole down to the field that an error speaks of."""

    def __init__(self, model: type[BaseModel], raw: Raw) -> None:
        self.shape: Shape | None = group_of(model)
        self.raw = raw
        self.parts: list[str] = []
        self.said: list[str] = []
        self.list_name, self.is_told = "", False

    @property
    def path(self) -> str:
        return ".".join(self.parts)

    @property
    def where(self) -> str:
        return ", ".join([*self.said[:1], *(one[:1].lower() + one[1:] for one in self.said[1:])])

    def step(self, part: str | int) -> None:
        """One step down; a step to nowhere, or to the name of a variant, stays where it is."""
        if self.shape is None:
            return
        if self.shape.kind == "rows" and isinstance(part, int):
            self.said[-1:] = [f"{words.row(self.list_name)} {part + 1}"]
            inside = isinstance(self.raw, list | tuple) and part < len(self.raw)
            self._go(self.shape.inner, self.raw[part] if inside else None, str(part))
            return
        if self.shape.kind == "variant" and not self.is_told and part == _type_of(self.raw):
            self.is_told = True  # a union's own tag comes after the name of the field
            return
        model = self.shape.model_of(self.raw)
        if model and isinstance(part, str) and part in shapes_of(model):
            self.said.append(words.label(model, part))
            self.list_name = part
            value = self.raw.get(part) if isinstance(self.raw, dict) else None
            self._go(shapes_of(model)[part], value, part)

    def _go(self, shape: Shape | None, raw: Raw, part: str) -> None:
        self.shape, self.raw, self.is_told = shape, raw, False
        self.parts.append(part)


def _type_of(raw: Raw) -> Raw:
    return raw.get("type") if isinstance(raw, dict) else None


def _problem(model: type[BaseModel], raw: Raw, detail: Any) -> Problem | None:
    place = _Walk(model, raw)
    for part in detail["loc"]:
        place.step(part)
    if detail["type"] == "too_short" and place.shape and len(place.raw or ()) >= place.shape.least:
        return None  # there are enough rows; what is wrong with them is told row by row
    return Problem(place.path, place.where, _words(detail, place.shape))


def _words(detail: Any, shape: Shape | None) -> str:
    said, kind = _plain(detail), shape.kind if shape else ""
    if detail["type"] == "missing":
        return _("fill this in") if kind not in ("code", "menu", "variant") else _("choose one")
    if kind in ("whole", "decimal") and detail["type"].endswith(("_parsing", "_type", "_from_float")):
        return numbers.lack(str(detail["input"])[: numbers.LONGEST]) or _("write a whole number")
    if kind == "time":
        return _("write a day such as 2017-06-01, or a time in UTC such as 2017-06-01 14:00")
    if kind == "tag":
        return _("use small letters, digits and hyphens, 40 at most")
    return said


def _plain(detail: Any) -> str:
    """The words for what is wrong, whatever it is."""
    bounds = detail.get("ctx") or {}
    texts: dict[str, str] = {
        "string_too_short": _("fill this in"),
        "string_too_long": _("at most %(max_length)s letters"),
        "too_short": _("needs at least %(min_length)s"),
        "too_long": _("at most %(max_length)s"),
        "greater_than": _("has to be more than %(gt)s"),
        "greater_than_equal": _("has to be %(ge)s or more"),
        "less_than": _("has to be less than %(lt)s"),
        "less_than_equal": _("has to be %(le)s or less"),
        "decimal_max_places": _("at most %(decimal_places)s digits after the point"),
        "decimal_max_digits": _("at most %(max_digits)s digits"),
        "decimal_whole_digits": _("at most %(whole_digits)s digits before the point"),
        "finite_number": _("write a number, such as 1250 or 12.5"),
        "literal_error": _("choose one"),
        "union_tag_not_found": _("choose a kind"),
        "union_tag_invalid": _("choose a kind"),
        "extra_forbidden": _("is not a field of this kind"),
    }
    if detail["type"] in texts:
        return texts[detail["type"]] % bounds
    return _(str(detail["msg"]).removeprefix("Value error, "))


def by_path(problems: Sequence[Problem]) -> dict[str, list[str]]:
    """The words of the problems for the fields of a form."""
    found: dict[str, list[str]] = {}
    for one in problems:
        found.setdefault(one.path, []).append(one.words)
    return found
