"""Bringing the database to what a course folder says. Loading it twice changes nothing."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import F

from learning import figures, sources
from learning.course_folder import origins
from learning.course_folder.comparing import Difference, compare
from learning.course_folder.gates import columns
from learning.course_folder.problems import Problems
from learning.course_folder.reading import Course, Gate, circle_in, read
from learning.course_folder.tables import TABLES
from learning.models import Lesson, Topic, UserProgress
from learning.page_renderer import PageRenderer
from learning.publishing import publish

ASIDE = 1_000_000  # added to the number of a gate that makes room for another


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did."""

    levels: int
    datasets_changed: int
    gates: int
    gates_published: int
    differences: tuple[Difference, ...]


class _Undone(Exception):
    """No mistake: the end of a rehearsal."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__()
        self.loaded = loaded


def load(
    folder: Path,
    *,
    by: uuid.UUID | None = None,
    keeps_edits: bool = False,
    approve: Callable[[Loaded], object] = lambda loaded: None,
) -> Loaded:
    """Bring the database to what the folder says, all of it or nothing. Acts as the service.

    What the folder does not name stays as it is, and with `keeps_edits` what people changed since the folder
    was last loaded so. Raises CourseError with everything that is wrong, and what `approve` raises when it
    has seen what was done: then it is undone.
    """
    course = read(folder)
    try:
        with transaction.atomic():
            loaded = apply(course, by=by, keeps_edits=keeps_edits)
            approve(loaded)
    except BaseException:
        # A transaction takes back rows, but no files.
        figures.forget_unused(course.stored)
        raise
    return loaded


def rehearse(folder: Path) -> Loaded:
    """What `load` would do and say, with every check; nothing is changed. Raises CourseError."""

    def undo(loaded: Loaded) -> None:
        raise _Undone(loaded)

    try:
        return load(folder, approve=undo)
    except _Undone as undone:
        return undone.loaded


def apply(course: Course, *, by: uuid.UUID | None = None, keeps_edits: bool = False) -> Loaded:
    """As `load`, for a course that was read."""
    problems = Problems()
    with transaction.atomic():
        differences = origins.spared(compare(course)) if keeps_edits else compare(course)
        _check(course, problems)
        problems.check()
        _save_tables(course, differences, problems)
        problems.check()
        published = _load_gates(course, differences, by, problems)
        problems.check()
        if keeps_edits:
            origins.remember(differences)
    changed = [one.part for one in differences if one.changes]
    return Loaded(
        levels=len(course.levels),
        datasets_changed=changed.count("datasets"),
        gates=len(course.gates),
        gates_published=published,
        differences=tuple(differences),
    )


# --- What only the database can tell ---------------------------------------------------------------------


def _check(course: Course, problems: Problems) -> None:
    _check_gates(course, problems)
    _check_references(course, problems)
    parents: dict[str, str | None] = {**dict(Topic.objects.values_list("code", "parent_id"))}
    parents |= {topic.code: topic.parent for topic in course.topics}
    if circle := circle_in({code: {parent} for code, parent in parents.items()}):
        problems.add(course.place, f"these topics wait for each other: {' → '.join(circle)}")


def _check_gates(course: Course, problems: Problems) -> None:
    rows = list(Lesson.objects.values_list("pk", "level_id", "gate_id", "prerequisites"))
    own = {gate.file.id: gate for gate in course.gates}
    places = {(level, number): pk for pk, level, number, _ in rows if pk not in own}
    stood = {pk: (level, number) for pk, level, number, _ in rows}
    known = {*own, *stood}
    walked = set(
        UserProgress.objects.filter(lesson_id__in=_moved(own, stood)).values_list("lesson_id", flat=True)
    )
    for pk, gate in own.items():
        place = (gate.file.level, gate.file.gate)
        if place in places:
            problems.add(gate.place, f"at {place[0]}.{place[1]} stands another gate, {places[place]}")
        if pk in walked:
            was, now = (f"{level}.{number}" for level, number in (stood[pk], place))
            problems.add(
                gate.place,
                f"it cannot move from {was} to {now}: learners have progress in it. "
                f"Keep its level and number, and change what it says.",
            )
        for needed in gate.file.prerequisites:
            if needed not in known:
                problems.add(gate.place, f"prerequisites: there is no gate {needed}")
    needs = {pk: set(needed or ()) for pk, _, _, needed in rows} | {
        pk: set(gate.file.prerequisites) for pk, gate in own.items()
    }
    if circle := circle_in(needs):
        names = [own[pk].place if pk in own else str(pk) for pk in circle]
        problems.add(course.place, f"these gates wait for each other: {' → '.join(names)}")


def _moved(own: dict[uuid.UUID, Gate], stood: dict[uuid.UUID, tuple[int, int]]) -> list[uuid.UUID]:
    return [pk for pk, gate in own.items() if stood.get(pk, (gate.file.level, gate.file.gate))
            != (gate.file.level, gate.file.gate)]  # fmt: skip


def _check_references(course: Course, problems: Problems) -> None:
    known = {part: {*table.told(course), *table.stored()} for part, table in TABLES.items()}
    for gate in course.gates:
        if gate.file.level not in known["levels"]:
            problems.add(gate.place, f"level: there is no level {gate.file.level}")
    for noun, code, refers in (
        *(("topic", topic.code, topic.parent) for topic in course.topics),
        *(("glossary term", term.code, term.topic) for term in course.terms),
    ):
        if refers is not None and refers not in known["topics"]:
            problems.add(course.place, f"{noun} {code}: there is no topic {refers}")


# --- Writing ---------------------------------------------------------------------------------------------


def _save_tables(course: Course, differences: Iterable[Difference], problems: Problems) -> None:
    told = {part: table.told(course) for part, table in TABLES.items()}
    files = {dataset.code: str(Path(course.place) / dataset.file) for dataset in course.datasets}
    for one in differences:
        if one.part in TABLES and one.changes:
            place = files.get(one.key, "") if one.part == "datasets" else course.place
            with problems.at(place or course.place), transaction.atomic():
                TABLES[one.part].save(course, one.key, told[one.part][one.key])


def _load_gates(
    course: Course, differences: Iterable[Difference], by: uuid.UUID | None, problems: Problems
) -> int:
    of_gate = {one.key: one for one in differences if one.part == "gates"}
    stood = {
        pk: (level, number) for pk, level, number in Lesson.objects.values_list("pk", "level_id", "gate_id")
    }
    moved = _moved({gate.file.id: gate for gate in course.gates}, stood)
    # Two gates may change places: each is put aside before the first is put down.
    with problems.at(course.place), transaction.atomic():
        Lesson.objects.filter(pk__in=moved).update(gate_id=F("gate_id") + ASIDE)
    renderer, published = PageRenderer(whole_datasets=True), 0
    for gate in course.gates:
        known, content, assessment = of_gate[gate.file.id], gate.content_data, gate.assessment_data
        source = sources.digest_of(content, assessment, renderer.dataset)
        renewed = known.state != "edited here" and (not source or known.source != source)
        if known.changes or renewed:
            with problems.at(gate.place), transaction.atomic():
                published += _load_gate(gate, renderer, by)
    return published


def _load_gate(gate: Gate, renderer: PageRenderer, by: uuid.UUID | None) -> bool:
    rows = Lesson.objects.defer("content_data", "assessment_data", "rendered")
    lesson = rows.filter(pk=gate.file.id).first() or Lesson(pk=gate.file.id, created_by_id=by)
    lesson.order_index = gate.file.gate
    for name, value in columns(gate.file).items():
        setattr(lesson, name, value)
    version = publish(
        lesson,
        content_data=gate.content_data,
        assessment_data=gate.assessment_data,
        by=by,
        renderer=renderer,
        # Of the whole folder at once: half of a new order may look like a circle.
        circles_checked=True,
    )
    return version is not None
