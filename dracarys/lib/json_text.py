"""JSON as a person types it: what Python reads and PostgreSQL could not hold is refused, with the place."""

import json
import math
from typing import Any

DEEPEST = 40
LONGEST_NUMBER = 18  # digits: fits a bigint, and is kept exactly


class Illegible(ValueError):
    """A sentence that says what cannot be kept."""


def read(text: str) -> Any:
    """The value. Raises Illegible, and json.JSONDecodeError with line and column."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except RecursionError as error:
        raise Illegible("The JSON is nested too deeply") from error
    _check(value, ())
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Python would keep the last of two twins and lose the other without a word."""
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twin = next(key for key in keys if keys.count(key) > 1)
        raise Illegible(f"The key {twin[:40]!a} stands twice in the same object")
    return made


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > LONGEST_NUMBER:
        raise Illegible(f"The number {digits[:12]}… is too long")
    return int(digits)


def _check(value: Any, place: tuple[object, ...]) -> None:
    if isinstance(value, str) and not _is_storable(value):
        raise Illegible(f"{_words(place)}has a character that cannot be stored")
    if isinstance(value, float) and not math.isfinite(value):
        raise Illegible(f"{_words(place)}is not a number that can be stored")
    if not isinstance(value, list | dict):
        return
    if len(place) >= DEEPEST:
        raise Illegible("The JSON is nested too deeply")
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        _check(key, place)
        _check(part, (*place, key))


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _words(place: tuple[object, ...]) -> str:
    return f"{', '.join(map(str, place))}: " if place else "It "
