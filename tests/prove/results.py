"""What became of a part of the proof, kept in .prove/ so that a run that was cut short can go on."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.supply.tracked import ROOT, tracked_files

FOLDER = ROOT / ".prove"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure beside what it had to be; `limit` may be empty."""

    name: str
    value: float | str
    limit: str = ""

    def __str__(self) -> str:
        return self.value if isinstance(self.value, str) else f"{self.value:,.10g}"


@dataclass(frozen=True, slots=True)
class Result:
    """A part that ran: on which `source`, when (ISO, UTC), for how many seconds, with what outcome."""

    part: str
    source: str
    date: str
    seconds: int
    tests: int
    failed: tuple[str, ...]
    figures: tuple[Figure, ...]

    @property
    def passed(self) -> bool:
        return self.tests > 0 and not self.failed


def source() -> str:
    """A short name of the code as it is, pages of docs apart: the same files give the same name."""
    whole = hashlib.sha256()
    for path in tracked_files():
        place = path.relative_to(ROOT)
        if place.parts[0] != "docs":
            whole.update(str(place).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()[:12]


def save(result: Result, folder: Path = FOLDER) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{result.part}.json").write_text(json.dumps(asdict(result), indent=1))


def load(part: str, folder: Path = FOLDER) -> Result | None:
    """The last result of a part, of whatever source; None when it never came to an end."""
    try:
        kept: dict[str, Any] = json.loads((folder / f"{part}.json").read_text())
    except FileNotFoundError:
        return None
    figures = tuple(Figure(**one) for one in kept.pop("figures"))
    return Result(**{**kept, "failed": tuple(kept["failed"]), "figures": figures})


def figures_in(noted: Path) -> tuple[Figure, ...]:
    """The figures that the tests of a part noted, each name once; see tests.figures."""
    found: dict[str, Figure] = {}
    for line in noted.read_text().splitlines() if noted.exists() else ():
        one = json.loads(line)
        name, value, before = one["name"], one["value"], found.get(one["name"])
        if before and not isinstance(value, str) and not isinstance(before.value, str):
            value = max(value, before.value) if one["largest"] else value + before.value
        found[name] = Figure(name, value, one["limit"])
    return tuple(found.values())
