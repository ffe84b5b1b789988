"""The course goes out as a folder and comes in again: the same bytes, a difference first, all or nothing."""

import datetime as dt
import os
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from dracarys.db.acting import acting_as_service
from dracarys.lib import yaml_layout, yaml_text
from learning import pictures
from learning.course_folder import STARTER, CourseError, export, load, rehearse, report
from learning.figures import file_of, is_stored
from learning.market_data import Prices, keep
from learning.models import Dataset, Figure, GlossaryTerm, Lesson, LessonVersion, Level, Topic
from learning.publishing import publish
from learning.synthetic import Recipe
from tests.amounts import amount
from tests.database.rows import undone
from tests.factories.fuzz import steady
from tests.factories.learning import assessment, chart, content, make_gate, take
from tests.factories.media import make_figure, picture
from tests.faults.disks import small_files
from tests.learning.test_course_files import course, folder, gate, write

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
FIRST, SECOND = "576d3ec4-9e93-40b1-ae24-1e583d7d68d0", "576d3ec4-9e93-40b1-ae24-1e583d7d68d1"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def told(folder: Path) -> str:
    """The dry run's difference."""
    return "\n".join(report(rehearse(folder).differences))


def problems(folder: Path) -> str:
    with pytest.raises(CourseError) as caught:
        load(folder)
    return str(caught.value)


def second(**changes: Any) -> dict[str, Any]:
    return gate(id=SECOND, gate=2, title="Another gate", **changes)


# --- Out and in again ------------------------------------------------------------------------------------


def test_the_starter_course_is_in_the_form_that_an_export_writes(tmp_path: Path) -> None:
    """When this fails: `manage.py load_course`, then `manage.py export_course learning/course`."""
    load(STARTER)
    export(tmp_path)
    assert contents(tmp_path) == contents(STARTER)


def test_everything_a_course_has_goes_out_and_comes_in_again(folder: Path, tmp_path: Path) -> None:
    load(folder)
    risk, _ = Topic.objects.update_or_create(
        code="risk", defaults={"title": "Risk: what it is", "position": 5}
    )
    Topic.objects.create(code="aaa-size", title="Size", parent=risk, position=0)
    Topic.objects.create(code="trend", title="Trend", position=1)
    GlossaryTerm.objects.create(
        code="gap", term="Gap", definition="A *hole*.\n\n- twice", rendered="", topic=risk
    )
    Level.objects.create(number=2, title="Two", is_active=False)
    lesson = make_gate(2, 3, title="What: a gap, # is", is_active=False)
    midnight = chart(end="2024-01-14T00:00:00Z", price_lines=[{"price": "105.50", "label": "yes"}])
    blocks = [{"id": "a", "type": "chart", "title": "No", "chart": midnight, "markdown": "  code\n\nend "}]
    publish(lesson, content_data={"blocks": blocks}, assessment_data=None)
    Lesson.objects.filter(pk=lesson.pk).update(
        test_out=True, subtitle=None, description="", estimated_time=None
    )
    first, again = tmp_path / "first", tmp_path / "again"
    export(first)
    with undone():
        for model in (LessonVersion, Lesson, GlossaryTerm, Topic, Dataset, Level):
            forget(model)
        load(first)
        export(again)
        assert contents(again) == contents(first)
        known = Lesson.objects.get(pk=lesson.pk)
        assert (known.test_out, known.is_active, known.subtitle) == (True, False, None)
        assert known.content_data == {"blocks": [*lesson_blocks(lesson)]}
        assert list(Topic.objects.order_by("position").values_list("code", flat=True)) == [
            "trend",
            "risk",
            "aaa-size",
        ]
        assert "<em>hole</em>" in GlossaryTerm.objects.get().rendered
    assert told(first).endswith("unchanged.")


def forget(model: Any) -> None:
    """As if there had never been any."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


def lesson_blocks(lesson: Lesson) -> list[Any]:
    return list(Lesson.objects.filter(pk=lesson.pk).values_list("content_data", flat=True)[0]["blocks"])


def test_markdown_stands_in_blocks_and_days_are_days(folder: Path, tmp_path: Path) -> None:
    text = "# A heading\n\nIt is *so*: `a: b`\n"
    write(
        folder / "level-1/gate-1.yaml",
        gate(blocks=[{**content()["blocks"][0], "markdown": text}, chart_block()]),
    )
    load(folder)
    export(tmp_path / "out")
    read = (tmp_path / "out/level-1/gate-1.yaml").read_text("utf-8")
    assert "    markdown: |\n      # A heading\n\n      It is *so*: `a: b`\n" in read
    assert "      start: 2024-01-05\n      end: 2024-01-14\n" in read
    assert "volume" not in read
    assert read.endswith("\n")
    assert yaml.safe_load(read)["blocks"][0]["markdown"] == text


def chart_block() -> dict[str, Any]:
    return {"id": "b", "type": "chart", "title": "A chart", "chart": chart()}


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=300)
ROUGH = st.text(alphabet=" \n\t:#-|>'\"\\ab,[]{}&*!%@é\u2028\x85\x07\ufeff", min_size=1, max_size=120)
KEYS = st.text(st.characters(codec="utf-8"), max_size=30)
SCALARS = (
    TEXTS
    | ROUGH
    | st.booleans()
    | st.integers()
    | st.none()
    | st.dates()
    | st.sampled_from(["yes", "1.5", "~"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@steady(amount(200, 20_000))
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_what_is_laid_out_reads_as_it_was(value: dict[str, Any]) -> None:
    assert yaml_text.read(yaml_layout.write(value)) == value


PROSE = st.fixed_dictionaries(
    {"type": st.just("prose"), "title": st.text("ab: #é", min_size=1, max_size=80), "markdown": TEXTS | ROUGH}
)
CHARTS = st.fixed_dictionaries(
    {
        "type": st.just("chart"),
        "title": st.just("A chart"),
        "chart": st.fixed_dictionaries(
            {
                "dataset": st.just("test-daily"),
                "start": st.sampled_from(
                    ["2024-01-03", "2024-01-03T00:00:00.000001Z", "2024-01-03T12:00:00+02:00"]
                ),
                "end": st.sampled_from(["2024-01-20", "2024-01-20T00:00:00Z", "2024-01-20T23:59:59Z"]),
                "summary": ROUGH | TEXTS,
                "price_lines": st.lists(
                    st.fixed_dictionaries(
                        {
                            "price": st.decimals("0.01", 9999, places=3).map(str),
                            "label": st.text("a: ", min_size=1, max_size=30),
                        }
                    ),
                    max_size=3,
                ),
            }
        ),
    }
)


def test_a_drawn_course_goes_out_comes_in_and_goes_out_the_same(folder: Path, tmp_path: Path) -> None:
    load(folder)
    lesson, outs = Lesson.objects.get(), iter(range(1_000_000))

    @steady(amount(25, 1_000))
    @given(st.lists(PROSE | CHARTS, min_size=1, max_size=4), st.booleans())
    def there_and_back(blocks: list[dict[str, Any]], asks: bool) -> None:
        drawn = {"blocks": [{"id": f"b{number}", **block} for number, block in enumerate(blocks)]}
        first, again = (tmp_path / f"{name}-{next(outs)}" for name in ("first", "again"))
        with undone():
            publish(lesson, content_data=drawn, assessment_data=assessment() if asks else None)
            stored = Lesson.objects.values("content_data", "assessment_data", "rendered__digest").get()
            export(first)
            assert load(first).gates_published == 0
            assert (
                Lesson.objects.values("content_data", "assessment_data", "rendered__digest").get() == stored
            )
            forget(LessonVersion)
            forget(Lesson)
            load(first)
            assert (
                Lesson.objects.values("content_data", "assessment_data", "rendered__digest").get() == stored
            )
            export(again)
            assert contents(again) == contents(first)

    there_and_back()


# --- The difference --------------------------------------------------------------------------------------


def test_a_dry_run_tells_what_would_change_and_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(folder)
    make_gate(3, 1, title="Only here")
    before = {
        path: list(path.objects.order_by("pk").values()) for path in (Level, Lesson, LessonVersion, Dataset)
    }
    changed = gate(title="Renamed", blocks=[*content()["blocks"][::-1], chart_block()])
    changed["blocks"][0] = {
        **changed["blocks"][0],
        "markdown": "Text of another part.\n\nAnd more, so that it is long.",
    }
    write(folder / "level-1/gate-1.yaml", changed)
    write(folder / "level-1/gate-2.yaml", second(prerequisites=[FIRST]))
    call_command("load_course", folder, "--dry-run")
    read = capsys.readouterr().out
    for line in (
        "gate 1.1 (Renamed): changed",
        "  title: 'A gate' → 'Renamed'",
        "  block block-3 (prose): changed",
        "      -Text of part **3**.",
        "      +Text of another part.",
        "  block b (chart): added",
        "  blocks: in another order",
        "gate 1.2 (Another gate): added",
        "gate 3.1 (Only here): not in the folder; it stays as it is",
        "level 3: not in the folder; it stays as it is",
    ):
        assert f"{line}\n" in read
    assert read.endswith("3 unchanged.\n")
    assert {path: list(path.objects.order_by("pk").values()) for path in before} == before


def test_a_dry_run_finds_what_cannot_be_rendered(folder: Path) -> None:
    block = {**chart_block(), "chart": chart(start="1990-01-01", end="1990-02-01")}
    write(folder / "level-1/gate-1.yaml", gate(blocks=[block]))
    with pytest.raises(CommandError, match="the window holds no bar"):
        call_command("load_course", folder, "--dry-run")


def test_facts_of_a_data_set_and_other_prices_are_told(folder: Path) -> None:
    load(folder)
    write(folder / "course.yaml", course(title="Renamed"))
    with (folder / "bars.csv").open("a") as bars:
        bars.write("2024-03-01,1,2,0.5,1.5,9\n")
    assert "data set test-daily: changed\n  title: 'Test' → 'Renamed'\n  bars: other prices" in told(folder)


# --- Ids and places --------------------------------------------------------------------------------------


def test_gates_change_places_and_stay_the_same_lessons(folder: Path) -> None:
    write(folder / "level-1/gate-2.yaml", second())
    load(folder)
    write(folder / "level-1/gate-1.yaml", second() | {"gate": 1})
    write(folder / "level-1/gate-2.yaml", gate(gate=2))
    assert load(folder).gates_published == 0
    stand = Lesson.objects.in_path_order().values_list("pk", flat=True)
    assert [str(pk) for pk in stand] == [SECOND, FIRST]


def test_a_gate_with_progress_keeps_its_place(folder: Path, ash: User) -> None:
    load(folder)
    with acting_as_service():
        take(ash, Lesson.objects.get(), at=timezone.now())
    (folder / "level-1/gate-1.yaml").unlink()
    write(folder / "level-1/gate-4.yaml", gate(gate=4))
    assert "it cannot move from 1.1 to 1.4: learners have progress in it." in problems(folder)
    assert Lesson.objects.get().gate_id == 1


def test_a_place_that_another_gate_has_is_refused(folder: Path) -> None:
    make_gate(1, 1)
    assert "at 1.1 stands another gate" in problems(folder)


def test_gates_that_wait_for_each_other_are_refused_by_name(folder: Path) -> None:
    write(folder / "level-1/gate-1.yaml", gate(prerequisites=[SECOND]))
    write(folder / "level-1/gate-2.yaml", second(prerequisites=[FIRST]))
    assert "these gates wait for each other: 1.1 → 1.2 → 1.1" in problems(folder)


def test_so_are_those_of_which_the_folder_has_only_one(folder: Path) -> None:
    there = make_gate(1, 2)
    Lesson.objects.filter(pk=there.pk).update(prerequisites=[uuid.UUID(FIRST)])
    write(folder / "level-1/gate-1.yaml", gate(prerequisites=[str(there.pk)]))
    assert "these gates wait for each other" in problems(folder)


def test_topics_that_belong_to_each_other_and_unknown_ones_are_refused(folder: Path) -> None:
    topic = {"code": "risk", "title": "Risk", "parent": "size"}
    write(folder / "topics.yaml", {"topics": [topic, {**topic, "code": "size", "parent": "risk"}]})
    assert "these topics wait for each other: risk → size → risk" in problems(folder)
    write(folder / "topics.yaml", {"topics": [{**topic, "parent": "nothing"}]})
    term = {"code": "gap", "term": "Gap", "definition": "A hole.", "topic": "nowhere"}
    write(folder / "glossary.yaml", {"terms": [term]})
    found = problems(folder)
    assert "topic risk: there is no topic nothing" in found
    assert "glossary term gap: there is no topic nowhere" in found


# --- What is wrong, all of it ----------------------------------------------------------------------------


def test_every_mistake_is_told_with_its_file_and_place(folder: Path) -> None:
    blocks = [{"id": "a", "type": "essay", "title": "A"}, {"id": "b", "type": "prose", "title": "B"}]
    write(folder / "level-1/gate-1.yaml", gate(blocks=blocks))
    write(folder / "level-1/gate-2.yaml", second(xp_reward=-1, difficulty="hard"))
    (folder / "bars.csv").write_text(
        "time,open,high,low,close,volume\n2024-01-01,1,2,0.5,1,3\n2024-01-02,x,2,1,1,3\n"
    )
    found = problems(folder)
    for sentence in (
        "gate-1.yaml: Block 1 (essay): has the unknown type 'essay'",
        "gate-1.yaml: Block 2 (prose) – markdown: is missing",
        "gate-2.yaml: xp_reward: ",
        "gate-2.yaml: difficulty: ",
        "bars.csv: Line 3: open “x” is no number",
    ):
        assert sentence in found
    assert not Lesson.objects.exists()


def test_what_cannot_be_rendered_is_told_for_every_gate(folder: Path) -> None:
    block = {**chart_block(), "chart": chart(dataset="nothing")}
    write(folder / "level-1/gate-1.yaml", gate(blocks=[block]))
    write(folder / "level-1/gate-2.yaml", second(blocks=[block]))
    found = problems(folder)
    for number in (1, 2):
        assert f"gate-{number}.yaml: Block 1 (chart) – chart: there is no data set 'nothing'" in found
    assert not Lesson.objects.exists()


@pytest.mark.parametrize(
    "file", ["../../../etc/hostname.csv", "/etc/hostname.csv", "a/../../b.csv", "a\n.csv", 7]
)
def test_a_data_set_cannot_name_a_file_outside(folder: Path, file: object) -> None:
    write(folder / "course.yaml", course(file=file))
    assert "datasets, 0, file" in problems(folder)


@pytest.mark.parametrize("name", ["course.yaml", "bars.csv", "level-1/gate-1.yaml", "topics.yaml"])
def test_a_link_that_leads_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path.parent / f"outside-{uuid.uuid4()}"
    outside.write_text("SECRET")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(outside)
    found = problems(folder)
    assert f"{name}: it leads out of the folder" in found
    assert "SECRET" not in found


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / "bars.csv").unlink()
    os.mkfifo(folder / "bars.csv")
    assert "bars.csv: it is not a file" in problems(folder)


def test_a_file_that_stands_in_the_wrong_place_says_where_it_belongs(folder: Path) -> None:
    write(folder / "level-1/gate-1.yaml", gate(gate=3))
    assert "a gate of these numbers stands in level-1/gate-3.yaml" in problems(folder)


def test_twins_are_refused(folder: Path) -> None:
    write(folder / "level-1/gate-2.yaml", gate(gate=2))
    write(folder / "course.yaml", {**course(), "levels": course()["levels"] * 2})
    found = problems(folder)
    assert f"the gate {FIRST} stands there 2 times" in found
    assert "the level 1 stands there 2 times" in found


# --- Writing a folder ------------------------------------------------------------------------------------


def test_an_export_leaves_alone_what_it_does_not_know_and_takes_away_what_is_gone(folder: Path) -> None:
    load(folder)
    (folder / "README.md").write_text("Ours.")
    (folder / "level-9").mkdir()
    write(folder / "level-9/gate-1.yaml", gate(level=9))
    exported = export(folder)
    assert (folder / "README.md").read_text() == "Ours."
    assert "level-9/gate-1.yaml" in exported.removed
    assert not (folder / "level-9").exists()
    assert export(folder).written == ()


def test_an_export_refuses_a_folder_that_is_no_course(folder: Path, tmp_path: Path) -> None:
    load(folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("Dear")
    with pytest.raises(CommandError, match="it is not a course"):
        call_command("export_course", other)
    with pytest.raises(CommandError, match="not a folder"):
        call_command("export_course", other / "letter.txt")
    assert contents(other) == {"letter.txt": b"Dear"}


def test_an_export_does_not_write_through_a_link(folder: Path, tmp_path: Path) -> None:
    load(folder)
    outside = tmp_path.parent / f"outside-{uuid.uuid4()}"
    outside.mkdir()
    (folder / "market-data").symlink_to(outside)
    with pytest.raises(CommandError, match="leads out of the folder"):
        call_command("export_course", folder)
    assert list(outside.iterdir()) == []


def test_where_there_is_no_room_the_old_folder_stays_whole(folder: Path, tmp_path: Path) -> None:
    load(folder)
    before = contents(folder)
    with small_files(1024), pytest.raises(CommandError):
        call_command("export_course", folder)
    assert contents(folder) == before
    with small_files(1024), pytest.raises(CommandError):
        call_command("export_course", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_what_no_file_can_say_is_told_with_its_place(folder: Path, tmp_path: Path) -> None:
    load(folder)
    Lesson.objects.update(title="long " * 40)
    with pytest.raises(CommandError, match=r"level-1/gate-1\.yaml: title"):
        call_command("export_course", tmp_path / "new")
    assert not (tmp_path / "new").exists()


# --- What is not rendered again --------------------------------------------------------------------------


def mark() -> None:
    """Something that would be gone after another rendering."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lessons SET rendered = jsonb_set(rendered, '{blocks,0,html}', '\"MARKED\"')")


def is_marked() -> bool:
    return bool(Lesson.objects.get().rendered["blocks"][0]["html"] == "MARKED")


def test_a_gate_is_rendered_again_only_when_what_it_follows_from_has_changed(folder: Path) -> None:
    load(folder)
    mark()
    load(folder)
    write(folder / "level-1/gate-1.yaml", gate(title="Renamed"))
    load(folder)
    assert is_marked()
    write(folder / "course.yaml", course(source="Another source."))
    load(folder)
    assert not is_marked()
    mark()
    write(folder / "level-1/gate-1.yaml", gate(blocks=content(4)["blocks"]))
    load(folder)
    assert not is_marked()


def test_whole_data_sets_and_windows_give_the_same_rendering(folder: Path) -> None:
    load(folder)
    lesson = Lesson.objects.get()
    rendered = lesson.rendered
    Lesson.objects.update(rendered={})
    publish(lesson, content_data=lesson.content_data, assessment_data=lesson.assessment_data)
    assert Lesson.objects.get().rendered == rendered | {"version": 2}


# --- Figures and made-up prices --------------------------------------------------------------------------


def test_figures_go_out_and_come_in_again_to_the_byte(folder: Path, tmp_path: Path) -> None:
    load(folder)
    make_figure("a-drawing", stored=True)
    first, again = tmp_path / "first", tmp_path / "again"
    export(first)
    assert (first / "assets/a-drawing.webp").read_bytes() == file_of(Figure.objects.get().digest)
    with undone():
        forget(Figure)
        assert "figure a-drawing: added" in told(first)
        load(first)
        export(again)
        assert contents(again) == contents(first)
    assert told(first).endswith("unchanged.")


def test_any_picture_may_lie_in_a_folder_and_a_rehearsal_leaves_no_file(folder: Path) -> None:
    (folder / "assets").mkdir()
    (folder / "assets/drawn.png").write_bytes(picture(size=(70, 50)))
    facts = {"title": "T", "alt": "A.", "source": "S.", "ground_of_use": "Ours."}
    write(folder / "figures.yaml", {"figures": [{"code": "drawn", **facts, "file": "assets/drawn.png"}]})
    digest = pictures.read(picture(size=(70, 50)), name="a.png").digest
    assert "figure drawn: added" in told(folder)
    assert not is_stored(digest)
    load(folder)
    figure = Figure.objects.get()
    assert (figure.digest, figure.width, is_stored(digest)) == (digest, 70, True)
    (folder / "assets/drawn.png").write_bytes(picture(size=(80, 50)))
    assert "picture: another one" in told(folder)
    (folder / "assets/drawn.png").write_bytes(b"GIF89a")
    assert "drawn.png: The file is no picture" in problems(folder)


def test_a_picture_that_the_storage_lost_is_named(folder: Path, tmp_path: Path) -> None:
    load(folder)
    make_figure("lost", alt="Seen by nobody.", stored=False)
    Figure.objects.update(digest="0" * 64)
    with pytest.raises(CourseError, match=r"assets/lost\.webp: the storage has no picture 0000"):
        export(tmp_path / "out")


def test_a_webp_with_something_else_in_it_is_written_anew() -> None:
    ours = pictures.read(picture(), name="a.png").data
    assert pictures.read_again(ours, name="a.webp").data == ours
    told_more = picture("WEBP", lossless=True, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")
    assert b"EXIF" in told_more
    assert b"EXIF" not in pictures.read_again(told_more, name="a.webp").data
    large = picture("WEBP", size=(1700, 20))
    assert pictures.read_again(large, name="a.webp").width == pictures.LONGEST_SIDE
    with pytest.raises(pictures.NotAPicture):
        pictures.read_again(ours + b"PK\x03\x04", name="a.webp")


def test_the_recipe_of_made_up_prices_comes_along(folder: Path, tmp_path: Path) -> None:
    recipe = Recipe(
        seed=7,
        timeframe="1d",
        bars=20,
        start=dt.date(2024, 1, 1),
        start_price=Decimal(100),
        price_decimals=2,
        volatility=Decimal("0.2"),
    )
    made = Prices.made(recipe)
    row = Dataset(code="made-up", title="Made up", symbol="M", timeframe="1d", source="S", ground_of_use="G")
    row.synthetic, row.recipe = True, recipe.model_dump(mode="json")
    keep(row, made)
    load(folder)
    first, again = tmp_path / "first", tmp_path / "again"
    export(first)
    with undone():
        forget(Dataset)
        load(first)
        export(again)
        assert contents(again) == contents(first)
        assert Dataset.objects.get(pk="made-up").recipe == recipe.model_dump(mode="json")
    assert told(first).endswith("unchanged.")
    bars = first / "market-data/made-up.csv"
    bars.write_text("".join(bars.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    assert "made-up.csv: these are not the bars that its recipe makes" in problems(first)


def test_a_gate_that_was_never_published_stays_at_home(folder: Path, tmp_path: Path) -> None:
    load(folder)
    Lesson.objects.create(level_id=1, gate_id=9, title="Not yet", is_active=False)
    export(tmp_path / "out")
    assert not (tmp_path / "out/level-1/gate-9.yaml").exists()
    assert "gate 1.9 (Not yet): not in the folder" in told(folder)


# --- What people edited since ----------------------------------------------------------------------------


def restart(folder: Path) -> str:
    """As every start of the site loads the starter course; the gate's title and first text."""
    load(folder, keeps_edits=True)
    lesson = Lesson.objects.get(pk=FIRST)
    return f"{lesson.title}: {lesson.content_data['blocks'][0]['markdown']}"


def test_a_restart_leaves_alone_what_people_edited(folder: Path) -> None:
    assert restart(folder) == "A gate: Text of part **1**."
    lesson = Lesson.objects.get(pk=FIRST)
    edited = content()
    edited["blocks"][0]["markdown"] = "By a person."
    publish(lesson, content_data=edited, assessment_data=assessment())
    Level.objects.update(title="Renamed")
    assert restart(folder) == "A gate: By a person."
    # Also when the folder brings something new to the same gate, while what nobody touched follows it.
    write(folder / "level-1/gate-1.yaml", gate(title="A new title"))
    write(folder / "topics.yaml", {"topics": [{"code": "risk", "title": "Risk, said anew"}]})
    assert restart(folder) == "A gate: By a person."
    assert (Level.objects.get().title, Topic.objects.get().title) == ("Renamed", "Risk, said anew")
    # Whoever asks for the folder gets it.
    load(folder)
    assert restart(folder) == "A new title: Text of part **1**."


def test_a_restart_brings_what_is_new_to_a_gate_that_nobody_edited(folder: Path) -> None:
    restart(folder)
    write(folder / "level-1/gate-1.yaml", gate(title="A new title"))
    assert restart(folder) == "A new title: Text of part **1**."


def test_a_course_that_no_longer_fits_does_not_keep_the_site_from_starting(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_course", folder, keep_edits=True, verbosity=0)
    write(folder / "level-1/gate-1.yaml", gate(blocks=[]))
    call_command("load_course", folder, keep_edits=True, verbosity=0)
    assert "The course is left as it is: " in capsys.readouterr().err
    assert Lesson.objects.get().blocks == 3
