"""A course folder, read and judged without the database."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from dracarys.lib import yaml_text
from learning import pictures, synthetic
from learning.content import parse_assessment, parse_content
from learning.course_folder.bars import Bars
from learning.course_folder.problems import Problems
from learning.course_folder.schema import (
    CourseFile,
    DatasetFile,
    FigureFile,
    FiguresFile,
    GateFile,
    GlossaryFile,
    LevelFile,
    TermFile,
    TopicFile,
    TopicsFile,
)
from learning.pictures import Picture
from learning.texts import Strict

LARGEST_YAML = 4_000_000  # bytes: a million characters of four bytes each
LARGEST_CSV = 20_000_000
MOST_GATES = 5_000
GATES = "level-*/gate-*.yaml"

ModelT = TypeVar("ModelT", bound=Strict)


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate as its file has it, its content judged and as it is stored. `place` names the file."""

    place: str
    file: GateFile
    content_data: dict[str, Any]
    assessment_data: dict[str, Any] | None


@dataclass(slots=True)
class Course:
    """A whole course, as a folder says it."""

    place: str
    levels: tuple[LevelFile, ...] = ()
    datasets: tuple[DatasetFile, ...] = ()
    figures: tuple[FigureFile, ...] = ()
    topics: tuple[TopicFile, ...] = ()
    terms: tuple[TermFile, ...] = ()
    gates: tuple[Gate, ...] = ()
    bars: dict[str, Bars] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    # Digests of pictures that loading has put into the storage.
    stored: list[str] = field(default_factory=list)


def read(folder: Path) -> Course:
    """The course of a folder. Raises CourseError with everything that is wrong."""
    problems = Problems()
    course = Course(str(folder))
    if described := _described(folder, "course.yaml", CourseFile, problems):
        course.levels, course.datasets = described.levels, described.datasets
    if drawn := _described(folder, "figures.yaml", FiguresFile, problems, required=False):
        course.figures = drawn.figures
    if topics := _described(folder, "topics.yaml", TopicsFile, problems, required=False):
        course.topics = topics.topics
    if glossary := _described(folder, "glossary.yaml", GlossaryFile, problems, required=False):
        course.terms = glossary.terms
    course.bars = dict(_bars(folder, course.datasets, problems))
    course.pictures = dict(_pictures(folder, course.figures, problems))
    course.gates = tuple(_gates(folder, problems))
    _refuse_twins(course, problems)
    problems.check()
    return course


def inside(folder: Path, relative: str) -> Path:
    """A plain file of the folder. Raises ValueError for what lies outside or is no file."""
    path = folder / relative
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError("it leads out of the folder")
    if path.exists() and not path.is_file():
        raise ValueError("it is not a file")
    return path


def bytes_of(folder: Path, relative: str, largest: int) -> bytes:
    """What is in a file. Raises OSError and ValueError."""
    path = inside(folder, relative)
    if path.stat().st_size > largest:
        raise ValueError(f"it is larger than {largest // 1_000_000} MB")
    return path.read_bytes()


def text_of(folder: Path, relative: str, largest: int) -> str:
    """The text of a file. Raises OSError and ValueError, UnicodeDecodeError among them."""
    return bytes_of(folder, relative, largest).decode("utf-8").replace("\r\n", "\n")


def _described(
    folder: Path, name: str, model: type[ModelT], problems: Problems, *, required: bool = True
) -> ModelT | None:
    if not required and not (folder / name).exists():
        return None
    with problems.at(folder / name):
        return model.model_validate(yaml_text.read(text_of(folder, name, LARGEST_YAML)))
    return None


def _bars(folder: Path, datasets: Iterable[DatasetFile], problems: Problems) -> Iterator[tuple[str, Bars]]:
    for dataset in datasets:
        with problems.at(folder / dataset.file):
            read = Bars.read(text_of(folder, dataset.file, LARGEST_CSV))
            if dataset.recipe and synthetic.make(dataset.recipe) != read.bars:
                raise ValueError("these are not the bars that its recipe makes")
            yield dataset.code, read


def _pictures(
    folder: Path, figures: Iterable[FigureFile], problems: Problems
) -> Iterator[tuple[str, Picture]]:
    for figure in figures:
        with problems.at(folder / figure.file):
            data = bytes_of(folder, figure.file, pictures.MOST_BYTES)
            yield figure.code, pictures.read_again(data, name=figure.file)


def _gates(folder: Path, problems: Problems) -> Iterator[Gate]:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.glob(GATES))
    if len(names) > MOST_GATES:
        problems.add(folder, f"there are more than {MOST_GATES:,} gates")
        return
    for name in names:
        file = _described(folder, name, GateFile, problems)
        if file is None:
            continue
        if name != place_of(file.level, file.gate):
            problems.add(
                folder / name, f"a gate of these numbers stands in {place_of(file.level, file.gate)}"
            )
        with problems.at(folder / name):
            yield _gate(str(folder / name), file)


def _gate(place: str, file: GateFile) -> Gate:
    """Raises ContentErrors."""
    content = parse_content({"blocks": file.blocks})
    assessment = None if file.assessment is None else parse_assessment(file.assessment)
    return Gate(
        place=place,
        file=file,
        content_data=content.model_dump(mode="json", exclude_defaults=True),
        assessment_data=assessment.model_dump(mode="json", exclude_defaults=True) if assessment else None,
    )


def place_of(level: int, gate: int) -> str:
    """Where a gate stands in the folder."""
    return f"level-{level}/gate-{gate}.yaml"


def _refuse_twins(course: Course, problems: Problems) -> None:
    keys: Mapping[str, Iterable[object]] = {
        "level": (level.number for level in course.levels),
        "data set": (dataset.code for dataset in course.datasets),
        "figure": (figure.code for figure in course.figures),
        "topic": (topic.code for topic in course.topics),
        "term": (term.code for term in course.terms),
        "gate": (gate.file.id for gate in course.gates),
    }
    for noun, found in keys.items():
        for key, times in Counter(found).items():
            if times > 1:
                where = ", ".join(gate.place for gate in course.gates if gate.file.id == key)
                problems.add(where or course.place, f"the {noun} {key} stands there {times} times")
    for codes, noun in (({t.code: {t.parent} for t in course.topics}, "topics"), (_needs(course), "gates")):
        if circle := circle_in(codes):
            problems.add(course.place, f"these {noun} wait for each other: {_told(circle, course)}")


def _needs(course: Course) -> dict[object, set[object]]:
    return {gate.file.id: set(gate.file.prerequisites) for gate in course.gates}


def _told(circle: list[object], course: Course) -> str:
    names: dict[object, str] = {g.file.id: f"{g.file.level}.{g.file.gate}" for g in course.gates}
    return " → ".join(names.get(one, str(one)) for one in circle)


def circle_in(needs: Mapping[Any, Iterable[Any]]) -> list[Any]:
    """A circle of what waits for each other, its first member again at its end; empty when there is none."""
    done: set[Any] = set()
    for start in needs:
        trail: list[Any] = []
        steps: list[Iterator[Any]] = [iter((start,))]
        while steps:
            following = next(steps[-1], _END)
            if following is _END:
                steps.pop()
                if trail:
                    done.add(trail.pop())
            elif following in trail:
                return [*trail[trail.index(following) :], following]
            elif following in needs and following not in done:
                trail.append(following)
                steps.append(iter(needs[following]))
    return []


_END = object()
