"""The starter course loads, twice changes nothing, and keeps its promises; broken files say what is wrong."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from learning.content import parse_assessment
from learning.course_folder import STARTER, CourseError, load
from learning.models import Dataset, Lesson, LessonVersion, Level, PriceBar
from tests.factories.learning import assessment, content

GATES = sorted(STARTER.glob("level-*/gate-*.yaml"))
HEADER = "time,open,high,low,close,volume\n"


def gate_file(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return read


# --- The starter course --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_starter_course_loads_and_a_second_time_changes_nothing() -> None:
    first = load(STARTER)
    assert (first.levels, first.gates, first.gates_published) == (2, 10, 10)
    assert first.datasets_changed == Dataset.objects.count() == 7
    versions = set(LessonVersion.objects.values_list("pk", flat=True))
    lessons = list(Lesson.objects.in_path_order().values("pk", "rendered", "prerequisites"))
    second = load(STARTER)
    assert (second.gates_published, second.datasets_changed) == (0, 0)
    assert set(LessonVersion.objects.values_list("pk", flat=True)) == versions
    assert list(Lesson.objects.in_path_order().values("pk", "rendered", "prerequisites")) == lessons
    for dataset in Dataset.objects.all():
        assert dataset.bar_count == dataset.bars.count() > 100
        assert dataset.source
        assert dataset.ground_of_use


def test_there_are_five_gates_a_level_each_behind_the_one_before() -> None:
    read = [gate_file(path) for path in GATES]
    assert [(gate["level"], gate["gate"]) for gate in read] == [(n, m) for n in (1, 2) for m in range(1, 6)]
    assert [gate.get("prerequisites", []) for gate in read] == [[], *([gate["id"]] for gate in read[:-1])]
    assert [gate["xp_reward"] for gate in read] == [500] * 10


def charts_in(data: Any) -> int:
    """How many charts are shown somewhere in the content."""
    if isinstance(data, dict):
        return ("dataset" in data) + sum(charts_in(part) for part in data.values())
    return sum(charts_in(part) for part in data) if isinstance(data, list) else 0


def words_in(data: Any) -> list[str]:
    """What is said to those who answered, wherever it stands."""
    if isinstance(data, dict):
        own = [data["feedback"].strip()] if "feedback" in data else []
        return own + [word for part in data.values() for word in words_in(part)]
    return [word for part in data for word in words_in(part)] if isinstance(data, list) else []


@pytest.mark.parametrize("path", GATES, ids=lambda path: f"{path.parent.stem}-{path.stem}")
def test_a_gate_teaches_with_charts_and_explains_every_answer(path: Path) -> None:
    gate = gate_file(path)
    blocks, questions = gate["blocks"], gate["assessment"]["questions"]
    second = gate["level"] == 2
    assert len(blocks) >= (8 if second else 6)
    assert charts_in(blocks) >= (3 if second else 2)
    assert len(questions) >= (6 if second else 5)
    assert len({question["type"] for question in questions}) >= (4 if second else 3)
    assert parse_assessment(gate["assessment"]).pass_score == 80
    for question in questions:
        assert question["explanation"].strip()
        feedback = words_in(question)
        assert feedback
        assert all(feedback)
        assert len(set(feedback)) == len(feedback), question["id"]


@pytest.mark.parametrize("path", GATES, ids=lambda path: f"{path.parent.stem}-{path.stem}")
def test_the_right_answer_is_not_given_away_by_its_length_or_place(path: Path) -> None:
    chosen = [q for q in gate_file(path)["assessment"]["questions"] if q["type"] == "single_choice"]
    longest = 0
    for question in chosen:
        lengths = [len(choice["text"]) for choice in question["choices"]]
        right = next(n for n, choice in enumerate(question["choices"]) if choice.get("correct"))
        longest += lengths[right] == max(lengths) and lengths.count(max(lengths)) == 1
    assert longest < max(2, len(chosen))


# --- Folders of our own ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small course of one level, one data set and one gate."""
    (tmp_path / "level-1").mkdir()
    rows = "".join(
        f"{dt.date(2024, 1, 1) + dt.timedelta(days=n)},{100 + n},{103 + n},{98 + n},{102 + n},5\n"
        for n in range(30)
    )
    (tmp_path / "bars.csv").write_text(HEADER + rows, "utf-8")
    write(tmp_path / "course.yaml", course())
    write(tmp_path / "topics.yaml", {"topics": [{"code": "risk", "title": "Risk"}]})
    write(tmp_path / "level-1/gate-1.yaml", gate())
    return tmp_path


def write(path: Path, data: object) -> None:
    path.write_text(yaml.safe_dump(data), "utf-8")


def course(**changes: Any) -> dict[str, Any]:
    dataset = {
        "code": "test-daily",
        "title": "Test",
        "symbol": "T",
        "timeframe": "1d",
        "price_decimals": 2,
        "file": "bars.csv",
        "source": "Made for tests.",
        "ground_of_use": "Synthetic.",
    }
    level = {"number": 1, "title": "One", "description": "The first."}
    return {"levels": [level], "datasets": [{**dataset, **changes}]}


def gate(**changes: Any) -> dict[str, Any]:
    return {
        "id": "576d3ec4-9e93-40b1-ae24-1e583d7d68d0",
        "level": 1,
        "gate": 1,
        "title": "A gate",
        "subtitle": "About it",
        "description": "More.",
        "difficulty": "beginner",
        "estimated_minutes": 10,
        "xp_reward": 500,
        "blocks": content()["blocks"],
        "assessment": assessment(),
        **changes,
    }


@pytest.mark.django_db
def test_a_changed_file_publishes_that_gate_and_a_changed_data_set_is_read_again(folder: Path) -> None:
    assert load(folder).gates_published == 1
    write(folder / "level-1/gate-1.yaml", gate(assessment=assessment(4)))
    changed = load(folder)
    assert (changed.gates_published, changed.datasets_changed) == (1, 0)
    with (folder / "bars.csv").open("a", encoding="utf-8") as bars:
        bars.write("2024-03-01,1,2,0.5,1.5,9\n")
    again = load(folder)
    assert (again.gates_published, again.datasets_changed) == (0, 1)
    assert PriceBar.objects.count() == Dataset.objects.get().bar_count == 31


@pytest.mark.django_db
def test_facts_of_a_gate_change_without_a_new_version(folder: Path) -> None:
    load(folder)
    write(folder / "level-1/gate-1.yaml", gate(title="Renamed", xp_reward=450))
    assert load(folder).gates_published == 0
    lesson = Lesson.objects.get()
    assert (lesson.title, lesson.xp_reward) == ("Renamed", 450)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"xp_reward": -1}, "xp_reward"),
        ({"id": "not-an-id"}, "id"),
        ({"difficulty": "hard"}, "difficulty"),
        ({"colour": "red"}, "colour"),
        ({"level": 0}, "level"),
        ({"blocks": []}, "blocks"),
        ({"blocks": [{"id": "a", "type": "video", "title": "A"}]}, "Block 1"),
        ({"assessment": {**assessment(), "pass_score": 0}}, "pass_score"),
        ({"assessment": {"questions": []}}, "questions"),
        ({"level": 7}, "level-7/gate-1.yaml"),
        ({"prerequisites": ["576d3ec4-9e93-40b1-ae24-1e583d7d68d0"]}, "wait for each other: 1.1 → 1.1"),
        ({"prerequisites": ["576d3ec4-9e93-40b1-ae24-000000000000"]}, "there is no gate 576d3ec4"),
    ],
)
def test_a_mistake_in_a_gate_names_its_file_and_place(
    folder: Path, changes: dict[str, Any], named: str
) -> None:
    path = folder / "level-1/gate-1.yaml"
    write(path, gate(**changes))
    with pytest.raises(CourseError) as caught:
        load(folder)
    assert str(folder) in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "[", "- 1", "a: *b", "blocks: {", "\t", "? !!python/object:os.system"])
def test_a_gate_that_is_no_yaml_of_a_gate_names_its_file(folder: Path, text: str) -> None:
    path = folder / "level-1/gate-1.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(CourseError) as caught:
        load(folder)
    assert str(path) in str(caught.value)


@pytest.mark.django_db
def test_a_file_that_is_no_text_names_itself(folder: Path) -> None:
    (folder / "level-1/gate-1.yaml").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(CourseError, match="gate-1"):
        load(folder)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bars", "named"),
    [
        ("time,open,high,low,close\n2024-01-01,1,2,0.5,1\n", "volume"),
        (HEADER + "2024-01-01,1,2,0.5,one,3\n", "one"),
        (HEADER + "soon,1,2,0.5,1,3\n", "soon"),
        (HEADER + "2024-01-01,1,2,0.5,9,3\n", "Line 2: high 2 is below close 9."),
        (HEADER + "2024-01-01,1,2,0.5,1,3\n2024-01-01,1,2,0.5,1,3\n", "2024-01-01"),
    ],
)
def test_a_mistake_in_prices_names_the_file(folder: Path, bars: str, named: str) -> None:
    (folder / "bars.csv").write_text(bars, "utf-8")
    with pytest.raises(CourseError) as caught:
        load(folder)
    assert str(folder / "bars.csv") in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.django_db
def test_missing_files_name_themselves(folder: Path) -> None:
    (folder / "bars.csv").unlink()
    with pytest.raises(CourseError, match=r"bars\.csv"):
        load(folder)
    (folder / "course.yaml").unlink()
    with pytest.raises(CourseError, match=r"course\.yaml"):
        load(folder)


@pytest.mark.django_db
def test_the_command_says_what_it_did_and_what_is_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_course", folder)
    assert "1 levels, 1 gates (1 newly published), 1 data sets changed." in capsys.readouterr().out
    shutil.rmtree(folder / "level-1")
    (folder / "course.yaml").write_text("[", "utf-8")
    with pytest.raises(CommandError, match=r"course\.yaml"):
        call_command("load_course", folder)


@pytest.mark.django_db
def test_a_broken_file_leaves_the_course_as_it_was(folder: Path) -> None:
    call_command("load_course", folder, verbosity=0)
    before = list(Level.objects.values()), list(Lesson.objects.values())
    write(
        folder / "course.yaml",
        {**course(), "levels": [{"number": 1, "title": "Changed", "description": "x"}]},
    )
    (folder / "level-1/gate-1.yaml").write_text("[", "utf-8")
    with pytest.raises(CommandError):
        call_command("load_course", folder, verbosity=0)
    assert (list(Level.objects.values()), list(Lesson.objects.values())) == before
