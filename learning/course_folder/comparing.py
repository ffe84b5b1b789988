"""What loading a course would change, told so that an author can judge it."""

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models.fields.json import KT

from learning.course_folder import bars
from learning.course_folder.gates import columns
from learning.course_folder.reading import Course, Gate
from learning.course_folder.tables import TABLES, Table
from learning.item_pairs import paired
from learning.models import Lesson

State = Literal["added", "changed", "unchanged", "only here", "edited here"]
WORDS = {
    "added": "added",
    "changed": "changed",
    "unchanged": "unchanged",
    "only here": "not in the folder; it stays as it is",
    "edited here": "edited here since the folder was last loaded; it stays as it is",
}
LONG = 120  # characters of two texts that are told as old → new
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One level, data set, topic, term or gate; `part` and `key` say which, `lines` what is different.

    `told` and `stored` are digests of what the folder and the database say of it.
    """

    part: str
    key: Any
    name: str
    state: State
    lines: tuple[str, ...] = ()
    source: str | None = None  # of a gate's rendering
    told: str = ""
    stored: str = ""

    @property
    def heading(self) -> str:
        return f"{self.name}: {WORDS[self.state]}"

    @property
    def text(self) -> str:
        """What is different, line by line."""
        return "\n".join(self.lines)

    @property
    def changes(self) -> bool:
        return self.state in ("added", "changed")


def compare(course: Course) -> list[Difference]:
    """All of it, in the order of the path; what only the database has comes last in its part."""
    course.bars = {code: bars.recognised(code, read) for code, read in course.bars.items()}
    found: list[Difference] = []
    for part, table in TABLES.items():
        told, stored = table.told(course), table.stored()
        for key, wanted in told.items():
            found.append(_row(part, table, key, wanted, stored.get(key)))
        found += [
            Difference(part, key, f"{table.noun} {key}", "only here") for key in stored if key not in told
        ]
    return [*found, *_gates(course)]


def report(differences: Sequence[Difference]) -> list[str]:
    """Lines for people: what changes, then how much stays."""
    lines = []
    for one in differences:
        if one.state != "unchanged":
            lines.append(one.heading)
            lines += [f"  {line}" for line in one.lines]
    same = sum(one.state == "unchanged" for one in differences)
    return [*lines, f"{same} unchanged."]


def _row(
    part: str, table: Table, key: Any, wanted: Mapping[str, Any], stored: Mapping[str, Any] | None
) -> Difference:
    name = f"{table.noun} {key}"
    if stored is None:
        return Difference(part, key, name, "added", told=_digest(wanted))
    digests = [columns.get("digest") for columns in (stored, wanted)]
    texts = [{k: v for k, v in columns.items() if k != "digest"} for columns in (stored, wanted)]
    lines = (*_fields(*texts), *([table.other_file] if digests[0] != digests[1] else ()))
    state: State = "changed" if lines else "unchanged"
    return Difference(part, key, name, state, lines, told=_digest(wanted), stored=_digest(stored))


def _gates(course: Course) -> Iterator[Difference]:
    wanted = {gate.file.id: gate for gate in course.gates}
    names = (*(columns(course.gates[0].file) if course.gates else ("level_id", "gate_id", "title")),)
    rows = Lesson.objects.in_path_order().values(
        "pk", *names, "content_data", "assessment_data", source=KT("rendered__source")
    )
    stored = {row["pk"]: row for row in rows}
    for key, gate in wanted.items():
        yield _gate(gate, stored.get(key))
    for key, row in stored.items():
        if key not in wanted:
            name = f"gate {row['level_id']}.{row['gate_id']} ({row['title']})"
            yield Difference("gates", key, name, "only here")


def _gate(gate: Gate, row: dict[str, Any] | None) -> Difference:
    name = f"gate {gate.file.level}.{gate.file.gate} ({gate.file.title})"
    wanted = columns(gate.file)
    told = _digest([wanted, gate.content_data, gate.assessment_data])
    if row is None:
        return Difference("gates", gate.file.id, name, "added", told=told)
    # None and nothing say the same of a row.
    before = {field: row[field] or (None if wanted[field] is None else row[field]) for field in wanted}
    before["prerequisites"] = row["prerequisites"] or []
    lines = [
        *_fields(before, wanted),
        *_items("block", row["content_data"].get("blocks", ()), gate.content_data["blocks"]),
        *_assessment(row["assessment_data"] or {}, gate.assessment_data or {}),
    ]
    return Difference(
        "gates",
        gate.file.id,
        name,
        "changed" if lines else "unchanged",
        tuple(lines),
        row["source"],
        told=told,
        stored=_digest([before, row["content_data"], row["assessment_data"]]),
    )


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _assessment(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    facts = [{key: value for key, value in one.items() if key != "questions"} for one in (before, after)]
    yield from _fields(flat(facts[0]), flat(facts[1]))
    yield from _items("question", before.get("questions", ()), after.get("questions", ()))


def _items(noun: str, before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Blocks or questions, told apart by their ids."""
    pairs = paired(before, after)
    for one in pairs:
        if one.old is None or one.new is None:
            kind = (one.new or one.old or {}).get("type")
            yield f"{noun} {one.id} ({kind}): {'added' if one.old is None else 'taken away'}"
        elif lines := list(_fields(flat(one.old), flat(one.new))):
            yield f"{noun} {one.id} ({one.new['type']}): changed"
            yield from (f"  {line}" for line in lines)
    if any(one.moved for one in pairs):
        yield f"{noun}s: in another order"


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """What is nested as one map: `steps.2.title` and the value there."""
    parts: Iterable[tuple[Any, Any]]
    if isinstance(value, dict) and value:
        parts = value.items()
    elif isinstance(value, list) and value:
        parts = enumerate(value, start=1)
    else:
        return {path: value}
    found: dict[str, Any] = {}
    for key, inner in parts:
        found |= flat(inner, f"{path}.{key}" if path else str(key))
    return found


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, _ABSENT), after.get(name, _ABSENT)
        if old != new:
            yield from _field(name, old, new)


def _field(name: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, str) and isinstance(new, str) and ("\n" in old + new or len(old + new) > LONG):
        yield f"{name}:"
        made = difflib.unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm="")
        yield from (f"  {line}" for line in list(made)[2:] or ["(only the end of its last line)"])
    else:
        yield f"{name}: {_told(old)} → {_told(new)}"


def _told(value: Any) -> str:
    if value is _ABSENT or value is None:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return repr(value) if isinstance(value, str) else str(value)
