"""Content as an author would type it: days for instants, numbers for texts, defaults left out."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

LAST_INSTANT = dt.time.max
_LEAVES = (str, bool, int, float, type(None))


def short(model: BaseModel) -> dict[str, Any]:
    """The fields in their order. A model that would be read as something else stands in its long form.

    So it stays right for kinds of block and question that this module has never heard of.
    """
    stored = model.model_dump(mode="json", exclude_defaults=True)
    made = {name: _short(getattr(model, name)) for name in type(model).model_fields if name in stored}
    try:
        read = type(model).model_validate(made).model_dump(mode="json", exclude_defaults=True)
    except ValidationError:
        return stored
    return made if read == stored else stored


def _short(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return short(value)
    if isinstance(value, list | tuple):
        return [_short(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(_short(one) for one in value)
    if isinstance(value, dict):
        return {_short(key): _short(inner) for key, inner in value.items()}
    if isinstance(value, dt.datetime):
        return value.date() if value.time() in (dt.time.min, LAST_INSTANT) else value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    return value if isinstance(value, _LEAVES) or type(value) is dt.date else to_jsonable_python(value)


def _number(value: Decimal) -> int | float | str:
    """A number that is read as just this decimal, or its text: 1.50 is not 1.5 to those who compare texts."""
    text = str(value)
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if str(number) == text:
            return number
    return text
