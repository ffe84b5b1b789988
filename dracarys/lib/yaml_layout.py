"""Plain data as YAML that is pleasant to edit: text in blocks as it reads, one layout for one value.

`yaml_text.read(write(value)) == value` for maps, lists, texts, numbers, days and instants (UTC). The same
value gives the same bytes.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

WIDTH = 110
SHORT = 100  # characters of a list or map that stands on one line
_PLAIN = re.compile(r"[^\W_](?:[^\n:#]|:(?=\S)|(?<=\S)#)*")
# libyaml takes `?` and `:` inside of a word there, other readers do not.
_BRACKETS = re.compile(r"[,\[\]{}?:]")
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_FOLDABLE = re.compile(r"(?<=\S) (?=\S)")
_KINDS = Resolver()


def write(value: Mapping[str, Any]) -> str:
    """The document, with a newline at its end."""
    return "\n".join(_map(value, 0) if value else ["{}"]) + "\n"


def _map(value: Mapping[str, Any], indent: int, *, nested: bool = False) -> Iterator[str]:
    """The lines of a map; `nested` within an item of a list."""
    for key, inner in value.items():
        head = " " * indent + scalar(key) + ":"
        if isinstance(inner, Mapping) and inner:
            yield head
            yield from _map(inner, indent + 2, nested=nested)
        elif (line := _flow(inner)) is not None and len(head) + len(line) < SHORT:
            yield f"{head} {line}"
        elif isinstance(inner, list | tuple):
            yield head
            yield from _list(inner, indent + 2, nested=nested)
        else:
            yield from _long(head, inner, indent)


def _list(value: Sequence[Any], indent: int, *, nested: bool) -> Iterator[str]:
    """The lines of a list; maps of several lines stand apart, but for those inside another item."""
    for number, inner in enumerate(value):
        head = " " * indent + "-"
        if (line := _flow(inner)) is not None and len(head) + len(line) < SHORT:
            yield f"{head} {line}"
        elif isinstance(inner, Mapping) and inner:
            if number and not nested:
                yield ""
            lines = list(_map(inner, indent + 2, nested=True))
            yield f"{head} {lines[0].lstrip(' ')}"
            yield from lines[1:]
        elif isinstance(inner, list | tuple) and inner:
            lines = list(_list(inner, indent + 2, nested=True))
            yield f"{head} {lines[0].lstrip(' ')}"
            yield from lines[1:]
        else:
            yield from _long(head, inner, indent)


def _flow(value: Any, *, among_others: bool = False) -> str | None:
    """The value on one line; None where it is better spread out."""
    if isinstance(value, Mapping):
        parts = [
            None if isinstance(one, Mapping | list | tuple) else _flow(one, among_others=True)
            for one in value.values()
        ]
        if any(part is None for part in parts) or len("".join(map(str, parts))) > SHORT:
            return None
        return (
            "{"
            + ", ".join(
                f"{scalar(k, among_others=True)}: {part}" for k, part in zip(value, parts, strict=True)
            )
            + "}"
        )
    if isinstance(value, list | tuple):
        if any(isinstance(one, Mapping | list | tuple) for one in value):
            return None
        parts = [_flow(one, among_others=True) for one in value]
        return None if None in parts else "[" + ", ".join(map(str, parts)) + "]"
    if isinstance(value, str) and ("\n" in value or len(value) > SHORT):
        return None
    return scalar(value, among_others=among_others)


def scalar(value: Any, *, among_others: bool = False) -> str:
    """A value on one line; `among_others` within a list or map on one line, where commas have a meaning."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, int | float | Decimal | dt.date):
        return str(value)
    text = str(value)
    return _quoted(text) if (among_others and _BRACKETS.search(text)) or not _is_plain(text) else text


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or text != text.strip() or _UNPRINTABLE.search(text) or "\t" in text:
        return False
    kind = _KINDS.resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(kind == "tag:yaml.org,2002:str")


def _quoted(text: str) -> str:
    made = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", made)


def _long(head: str, value: Any, indent: int) -> Iterator[str]:
    """A long text: as a block that keeps its lines, folded where it has only one, or else in quotes."""
    if not isinstance(value, str):
        yield f"{head} {scalar(value)}"
        return
    text, space = value, " " * (indent + 2)
    lines = text.removesuffix("\n").split("\n")
    blank = any(line != line.strip() and not line.strip() for line in lines)
    if _UNPRINTABLE.search(text) or blank or not lines[0] or not lines[-1]:
        yield f"{head} {_quoted(text)}"
    elif "\n" in text:
        # Where the first line begins with space, the reader has to be told how far the block is set in.
        mark = ("2" if lines[0][0].isspace() else "") + ("" if text.endswith("\n") else "-")
        yield f"{head} |{mark}"
        yield from (space + line if line else "" for line in lines)
    elif text == text.strip():
        yield f"{head} >-"
        yield from _folded(text, space)
    else:
        yield f"{head} {_quoted(text)}"


def _folded(text: str, space: str) -> Iterator[str]:
    """Lines no longer than WIDTH where spaces allow it; joined by single spaces they are the text again."""
    line = ""
    for word in _FOLDABLE.split(text):
        if line and len(space) + len(line) + 1 + len(word) > WIDTH:
            yield space + line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield space + line
