"""The course as a folder: five hundred lessons with charts loaded, compared and written."""

import shutil
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command

from dracarys.lib import yaml_layout, yaml_text
from learning.course_folder import STARTER
from learning.models import Lesson
from tests.bench.figures import Figure, at_most, told
from tests.bench.house import House, copy, drop, using

TITLE = "The course as a folder: lessons with charts"
LESSONS, GATES_OF_A_LEVEL = 500, 20
SECONDS = 30
FIRST_LEVEL = 100


def measure(house: House) -> list[Figure]:
    name = "bench_course"
    with house.superuser() as server:
        copy(house, name, house.small)
        try:
            with using(name):
                return figures(LESSONS)
        finally:
            drop(server, name)


def figures(lessons: int) -> list[Figure]:
    """Seconds for so many lessons, on a database that has the starter course."""
    parent = Path(tempfile.mkdtemp(prefix="dracarys-course-"))
    try:
        folder = synthetic(parent / "course", lessons)
        before = Lesson.objects.count()
        first = seconds(lambda: call_command("load_course", folder, verbosity=0))
        if Lesson.objects.count() != before + lessons:
            raise RuntimeError("Not every lesson was loaded.")
        again = seconds(lambda: call_command("load_course", folder, verbosity=0))
        written = seconds(lambda: call_command("export_course", parent / "exported", verbosity=0))
        files = len(list((parent / "exported").glob("level-*/gate-*.yaml")))
    finally:
        shutil.rmtree(parent)
    return [
        at_most(f"load {lessons} new lessons", first, SECONDS, "s"),
        at_most(f"load {lessons} lessons again, unchanged", again, SECONDS, "s"),
        at_most(f"export {files} lessons", written, SECONDS, "s"),
        told("one new lesson", first / lessons * 1000, "ms"),
    ]


def seconds(act: Callable[[], object]) -> float:
    begin = time.monotonic()
    act()
    return time.monotonic() - begin


def synthetic(folder: Path, lessons: int) -> Path:
    """So many copies of the starter's gates under levels of their own, no two with the same text."""
    shutil.copytree(STARTER, folder)
    sources = [yaml_text.read(path.read_text("utf-8")) for path in sorted(folder.glob("level-*/*.yaml"))]
    for path in folder.glob("level-*"):
        shutil.rmtree(path)
    course = yaml_text.read((folder / "course.yaml").read_text("utf-8"))
    levels = range(FIRST_LEVEL, FIRST_LEVEL + -(-lessons // GATES_OF_A_LEVEL))
    course["levels"] += [{"number": number, "title": f"Level {number}"} for number in levels]
    (folder / "course.yaml").write_text(yaml_layout.write(course), "utf-8")
    for number in range(lessons):
        level, gate = FIRST_LEVEL + number // GATES_OF_A_LEVEL, number % GATES_OF_A_LEVEL + 1
        made = changed(sources[number % len(sources)], number, level, gate)
        path = folder / f"level-{level}" / f"gate-{gate}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml_layout.write(made), "utf-8")
    return folder


def changed(source: dict[str, object], number: int, level: int, gate: int) -> dict[str, object]:
    """The gate in another place, with the number of the copy in every text of its blocks."""
    blocks = source["blocks"]
    assert isinstance(blocks, list)
    return {
        **source,
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"lesson {number}")),
        "level": level,
        "gate": gate,
        "prerequisites": [],
        "blocks": [
            {**block, "markdown": f"Copy {number}. {block['markdown']}"} if block.get("markdown") else block
            for block in blocks
        ],
    }
