"""Files of the course that unfold, repeat themselves or lie about their types: an error with the name."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dracarys.lib import yaml_text
from gamification import catalogue
from learning import course_folder
from learning.course_folder import STARTER, CourseError
from tests.amounts import amount
from tests.bad_input.hostile import CORPUS
from tests.bad_input.lessons import paths, with_value, without
from tests.database.rows import undone
from tests.factories.fuzz import steady
from tests.learning.test_course_files import course, gate

pytestmark = pytest.mark.django_db
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
HOSTILE = {
    "a bomb of aliases": BOMB + "blocks: *a11",
    "a bomb in a number": BOMB + "xp_reward: *a11",
    "an alias of itself": "a: &a [*a]",
    "merged keys": "a: &a {b: c}\nd:\n  <<: *a",
    "an object of Python": "a: !!python/object/apply:os.system [id]",
    "a module of Python": "!!python/module:os",
    "an unknown tag": "a: !video x",
    "a yes that is none": "a: !!bool x",
    "a time that is none": "a: !!timestamp x",
    "a number that is none": "a: !!int ''",
    "bytes that are none": "a: !!binary é",
    "a key twice": "title: A\ntitle: B",
    "a key that is a list": "? [a]\n: b",
    "depth 200": "[" * 200 + "]" * 200,
    "depth 5,000": "[" * 5_000 + "]" * 5_000,
    "depth 5,000 of keys": "{a: " * 5_000,
    "a day that is none": "a: 2024-13-45",
    "a number of 5,000 digits": "a: " + "9" * 5_000,
    "NUL": "a: \0",
    "NUL by name": 'a: "\\0"',
    "half a surrogate pair": 'a: "\\ud800"',
    "not a number": "a: .nan",
    "two documents": "a: 1\n---\na: 2",
    "another encoding": "%YAML 9.9\n---\na",
    "10 MB": "a: " + "x" * 10_000_000,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "level-1").mkdir()
    (tmp_path / "bars.csv").write_text("time,open,high,low,close,volume\n2024-01-01,1,2,0.5,1.5,9\n")
    (tmp_path / "course.yaml").write_text(yaml.safe_dump(course()))
    (tmp_path / "level-1/gate-1.yaml").write_text(yaml.safe_dump(gate()))
    return tmp_path


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("name", ["course.yaml", "level-1/gate-1.yaml"])
def test_a_hostile_file_is_refused_with_its_name_and_in_few_words(folder: Path, name: str, what: str) -> None:
    (folder / name).write_text(HOSTILE[what], "utf-8")
    with pytest.raises(CourseError, match=r"\.yaml: ") as caught:
        course_folder.load(folder)
    assert len(str(caught.value)) < 2_000


@pytest.mark.parametrize("what", HOSTILE)
def test_so_is_a_hostile_catalogue_of_achievements(tmp_path: Path, what: str) -> None:
    path = tmp_path / "achievements.yaml"
    path.write_text(HOSTILE[what], "utf-8")
    with pytest.raises(catalogue.CatalogueError, match=r"achievements\.yaml: "):
        catalogue.load(path)


values: st.SearchStrategy[object] = (
    st.sampled_from(CORPUS)
    | st.integers()
    | st.floats()
    | st.none()
    | st.dates()
    | st.just({})
    | st.binary(max_size=4)
)


def test_a_spoilt_file_loads_or_is_refused_with_its_name(folder: Path, tally: Counter[str]) -> None:
    good = {"course.yaml": course(), "level-1/gate-1.yaml": gate()}

    @steady(amount(50, 4_000))
    @given(st.sampled_from(sorted(good)), st.data(), values, st.booleans())
    def spoil(name: str, data: st.DataObject, value: object, drop: bool) -> None:
        spot = data.draw(st.sampled_from(paths(good[name])))
        spoilt = without(good[name], spot) if drop else with_value(good[name], spot, value)
        (folder / name).write_text(yaml.dump(spoilt), "utf-8", "surrogatepass")
        with undone():
            said = ".yaml: "
            try:
                course_folder.load(folder)
            except CourseError as error:
                said = str(error)
        assert ".yaml: " in said or ".csv: " in said
        (folder / name).write_text(yaml.safe_dump(good[name]), "utf-8")
        tally["fuzz cases: course files"] += 1

    spoil()


def test_the_real_files_are_read_as_ever() -> None:
    for path in (*STARTER.rglob("*.yaml"), Path(catalogue.__file__).parent / "achievements.yaml"):
        text = path.read_text("utf-8")
        assert yaml_text.read(text) == yaml.safe_load(text)
