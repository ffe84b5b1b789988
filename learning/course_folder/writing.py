"""The course of the database as the files of a folder. The same course gives the same bytes."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dracarys.lib import yaml_layout
from learning import figures
from learning.course_folder import bars
from learning.course_folder.gates import as_data
from learning.course_folder.problems import CourseError, Problems
from learning.course_folder.reading import GATES, inside, place_of
from learning.course_folder.short_form import short
from learning.course_folder.tables import TABLES
from learning.models import Dataset, Figure, Lesson

# Which parts stand in which file; the first one is always there.
DESCRIBED = {
    "course.yaml": ("levels", "datasets"),
    "figures.yaml": ("figures",),
    "topics.yaml": ("topics",),
    "glossary.yaml": ("terms",),
}
# What an export may take away when the course has it no longer.
OURS = (GATES, "market-data/*.csv", "assets/*.webp", "figures.yaml", "topics.yaml", "glossary.yaml")
MARK = "course.yaml"

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Exported:
    """Names of files, from the folder."""

    files: int
    written: tuple[str, ...]
    removed: tuple[str, ...]


def files() -> Files:
    """Every file of the course by its place in the folder. Raises CourseError for what no file can say.

    A gate that was never published has nothing to say yet.
    """
    problems, made = Problems(), {}
    for name, parts in DESCRIBED.items():
        with problems.at(name):
            data = {part: [short(one) for one in TABLES[part].written()] for part in parts}
            if name == MARK or any(data.values()):
                made[name] = yaml_layout.write(data).encode()
    for code, decimals in Dataset.objects.order_by("code").values_list("code", "price_decimals"):
        made[f"market-data/{code}.csv"] = bars.written(code, decimals).encode()
    for code, digest in Figure.objects.order_by("code").values_list("code", "digest"):
        with problems.at(f"assets/{code}.webp"):
            made[f"assets/{code}.webp"] = figures.file_of(digest)
    written = Lesson.objects.exclude(content_data={})
    for lesson in written.in_path_order().defer("rendered").iterator(chunk_size=50):
        place = place_of(lesson.level_id, lesson.gate_id)
        with problems.at(place):
            made[place] = yaml_layout.write(as_data(lesson)).encode()
    problems.check()
    return made


def export(folder: Path) -> Exported:
    """Make the folder say what the database says. Raises CourseError; the folder is then as it was.

    A folder that is there has to be a course or empty; what an export does not know of, it leaves alone. All
    files are written beside before the first takes the place of an old one: a full disk leaves the old whole.
    """
    if folder.exists() and not folder.is_dir():
        raise CourseError([f"{folder}: it is not a folder"])
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise CourseError([f"{folder}: it has files, and no {MARK}: it is not a course"])
    made, problems, new = files(), Problems(), not folder.exists()
    with problems.at(folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return _put(folder, made)
        except BaseException:
            if new:
                shutil.rmtree(folder, ignore_errors=True)
            raise
    raise CourseError(problems.sentences)


def _put(folder: Path, made: Files) -> Exported:
    stale = [name for name in _ours(folder) if name not in made]
    changed = [name for name, data in made.items() if not _says(inside(folder, name), data)]
    # A folder in between that is a link would lead elsewhere.
    targets = {name: inside(folder, name) for name in (*changed, *stale)}
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as beside:
        for number, name in enumerate(changed):
            _write(Path(beside) / str(number), made[name])
        for name in changed:
            targets[name].parent.mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(changed):
            (Path(beside) / str(number)).replace(targets[name])
    for name in stale:
        targets[name].unlink()
        if not any(targets[name].parent.iterdir()):
            targets[name].parent.rmdir()
    return Exported(len(made), tuple(changed), tuple(stale))


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _says(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _ours(folder: Path) -> Iterator[str]:
    for pattern in OURS:
        yield from sorted(path.relative_to(folder).as_posix() for path in folder.glob(pattern))
