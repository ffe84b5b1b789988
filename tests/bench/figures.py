"""Figures, what is kept of a run, and the table that tells them."""

import datetime as dt
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".bench"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `holds` is None where nothing was promised."""

    name: str
    value: float
    unit: str = ""
    limit: str = ""
    holds: bool | None = None

    def cells(self) -> tuple[str, str, str, str]:
        """As a row of the table."""
        verdict = {None: "", True: "holds", False: "MISSED"}[self.holds]
        return self.name, f"{_digits(self.value)} {self.unit}".strip(), self.limit, verdict


def told(name: str, value: float, unit: str = "") -> Figure:
    """A figure that has no limit."""
    return Figure(name, value, unit)


def at_most(name: str, value: float, limit: float, unit: str = "") -> Figure:
    return Figure(name, value, unit, f"≤ {_digits(limit)} {unit}".strip(), value <= limit)


def at_least(name: str, value: float, limit: float, unit: str = "") -> Figure:
    return Figure(name, value, unit, f"≥ {_digits(limit)} {unit}".strip(), value >= limit)


def ratio(those: Sequence[float], these: Sequence[float]) -> float:
    """The median of round by round quotients: what drifts during a run drifts in both."""
    return median(a / b for a, b in zip(those, these, strict=True))


def _digits(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


@dataclass(frozen=True, slots=True)
class Section:
    """What one section found, when, and how much of the processors others took meanwhile."""

    name: str
    title: str
    at: str
    learners: int
    minutes: float
    load: float
    others: float
    trusted: bool
    figures: tuple[Figure, ...]

    @property
    def missed(self) -> int:
        return sum(figure.holds is False for figure in self.figures)


def keep(section: Section, folder: Path = FOLDER / "results") -> None:
    """Keep the section's result in place of its last one."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{section.name}.{os.getpid()}"
    partial.write_text(json.dumps(asdict(section), indent=1, ensure_ascii=False), "utf-8")
    partial.replace(folder / f"{section.name}.json")


def kept(names: Iterable[str], folder: Path = FOLDER / "results") -> list[Section]:
    """The newest result of each of these sections that has one."""
    found = []
    for name in names:
        if (path := folder / f"{name}.json").exists():
            stored = json.loads(path.read_text("utf-8"))
            found.append(Section(**{**stored, "figures": tuple(Figure(**f) for f in stored["figures"])}))
    return found


# --- Told ----------------------------------------------------------------------------------------------


def as_text(section: Section) -> str:
    """For a terminal: columns side by side."""
    rows = [figure.cells() for figure in section.figures]
    widths = [max(len(row[n]) for row in rows) for n in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([f"\n{section.title} ({circumstances(section)})", *(line.rstrip() for line in lines)])


def as_markdown(sections: Sequence[Section]) -> str:
    """For the page: a table a section."""
    parts = []
    for section in sections:
        rows = ["| " + " | ".join(figure.cells()) + " |" for figure in section.figures]
        head = f"### {section.title}\n\n{circumstances(section)}."
        parts.append("\n".join([head, "", "| what | measured | limit | |", "|---|---:|---:|---|", *rows]))
    return "\n\n".join(parts)


def circumstances(section: Section) -> str:
    """When it was, with how many learners, and whether to believe it."""
    at = section.at[:16].replace("T", " ")
    words = f"{at} UTC, {section.learners:,} learners, {section.minutes:.1f} min"
    if section.trusted:
        return words
    return f"{words}; not to be trusted: others kept {section.others:.2f} processors busy meanwhile"


def write_page(sections: Sequence[Section], page: Path = PAGE) -> None:
    """Put the tables between the page's two markers; the words around them stay as they were written."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{page} has lost its markers {BEGIN} and {END}.")
    page.write_text(f"{before}{BEGIN}\n\n{as_markdown(sections)}\n\n{END}{after}", "utf-8")


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
