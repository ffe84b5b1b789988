"""What the schema of lessons asks for, field by field: the one source of the workshop's forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from learning.chart_spec import End
from learning.texts import MARKUP, ON_CHART, CodeOf, Slug

Kind = Literal[
    "type", "made", "line", "text", "tag", "code", "whole", "decimal", "flag", "menu", "time",
    "group", "rows", "variant",
]  # fmt: skip
SHORT, LONG = 100, 2_000
_MODEL, _TAG_PATTERN = BaseModel, get_args(Slug)[1].metadata
_LAST_INSTANT = next(one for one in get_args(End) if isinstance(one, BeforeValidator))


@dataclass(frozen=True, slots=True)
class Shape:
    """How one field is asked for.

    A `type` says what kind of thing this is, a `made` id is ours: nobody is asked. `most` and `least`
    bound the letters of a text and the number of rows. `values` are those of a menu, `things` what a code
    names. A group is a model of its own, a variant one of several; `inner` is the shape of each row.
    """

    kind: Kind
    required: bool = True
    default: Any = None
    least: int = 0
    most: int | None = None
    markup: bool = False
    on_chart: bool = False  # a place on a chart: a click there can say it
    is_end: bool = False  # a bare date stands for its last instant
    values: tuple[str, ...] = ()
    things: str = ""
    model: type[BaseModel] | None = None
    models: Mapping[str, type[BaseModel]] = field(default_factory=lambda: MappingProxyType({}))
    inner: "Shape | None" = None

    def model_of(self, raw: object) -> type[BaseModel] | None:
        """The model of a group or variant that `raw` is meant to be; None where it says no kind."""
        if self.kind == "variant":
            kind = raw.get("type") if isinstance(raw, dict) else None
            return self.models.get(kind) if isinstance(kind, str) else None
        return self.model


@cache
def shapes_of(model: type[BaseModel]) -> Mapping[str, Shape]:
    """The shapes of a model's fields, by name, in the order of the schema."""
    return MappingProxyType({name: _of_field(name, info) for name, info in model.model_fields.items()})


@cache
def group_of(model: type[BaseModel]) -> Shape:
    """The shape of a whole model."""
    return Shape("group", model=model)


def _of_field(name: str, info: FieldInfo) -> Shape:
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    said = _Said(name=name, required=info.is_required(), default=default)
    return said.shape(info.annotation, list(info.metadata))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a field says beside its type."""

    name: str
    required: bool
    default: Any

    def shape(self, annotation: Any, metadata: list[Any]) -> Shape:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            return self.shape(annotation, [*_flat(more), *metadata])
        parts = [part for part in get_args(annotation) if part is not NoneType]
        if get_origin(annotation) in (Union, UnionType):
            if len(parts) == 1:
                return self.shape(parts[0], metadata)
            return self._made("variant", models={_type_of(_bare(part)): _bare(part) for part in parts})
        if get_origin(annotation) is tuple:
            inner = _Said(name="", required=True, default=None).shape(parts[0], [])
            return self._made("rows", inner=inner, **_lengths(metadata))
        if get_origin(annotation) is Literal:
            kind: Kind = "type" if self.name == "type" and len(parts) == 1 else "menu"
            return self._made(kind, values=tuple(map(str, parts)))
        if isinstance(annotation, type) and issubclass(annotation, _MODEL):
            return self._made("group", model=annotation)
        return self._leaf(annotation, metadata)

    def _leaf(self, annotation: Any, metadata: list[Any]) -> Shape:
        if annotation is bool:
            return self._made("flag")
        if annotation is int:
            return self._made("whole")
        if annotation is Decimal or annotation is float:
            return self._made("decimal", on_chart=ON_CHART in metadata)
        if annotation is not str:
            return self._made("time", on_chart=True, is_end=_LAST_INSTANT in metadata)
        is_tag = any(rule in metadata for rule in _TAG_PATTERN)
        if code := next((one for one in metadata if isinstance(one, CodeOf)), None):
            return self._made("code", things=code.things)
        if is_tag:
            return self._made("made" if self.name == "id" else "tag")
        bounds = _lengths(metadata)
        has_pattern = any(getattr(one, "pattern", None) for one in metadata)
        long = (bounds["most"] or LONG + 1) > SHORT and not has_pattern
        return self._made("text" if long else "line", markup=MARKUP in metadata, **bounds)

    def _made(self, kind: Kind, **more: Any) -> Shape:
        return Shape(kind, required=self.required, default=self.default, **more)


def _flat(metadata: list[Any]) -> list[Any]:
    """Metadata, that of fields inside of it included."""
    return [one for item in metadata for one in (item.metadata if isinstance(item, FieldInfo) else [item])]


def _lengths(metadata: list[Any]) -> dict[str, Any]:
    least = next((one.min_length for one in metadata if isinstance(one, MinLen)), 0)
    return {
        "least": least,
        "most": next((one.max_length for one in metadata if isinstance(one, MaxLen)), None),
    }


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _type_of(model: type[BaseModel]) -> str:
    kind: str = get_args(model.model_fields["type"].annotation)[0]
    return kind
