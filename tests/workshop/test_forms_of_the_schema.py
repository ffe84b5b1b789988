"""Forms made of the schema: every kind of block and question goes through one and comes back the same."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from learning.blocks import KINDS as BLOCKS
from learning.content import AssessmentContent, parse_assessment, parse_content
from learning.questions import KINDS as QUESTIONS
from learning.workshop import acts, fields, reading
from learning.workshop.problems import problems_of
from learning.workshop.shapes import shapes_of
from tests.factories.fuzz import steady
from tests.secrecy import samples
from tests.workshop.browsing import sent_by

KINDS: dict[str, type[BaseModel]] = {**BLOCKS, **QUESTIONS}
COURSE = sorted(Path("learning/course").glob("level-*/*.yaml"))


def items_of_the_samples() -> list[dict[str, Any]]:
    return [*samples.content("a", 0)["blocks"], *samples.assessment("ab", 1)["questions"]]


def items_of_a_gate(path: Path) -> list[dict[str, Any]]:
    said = yaml.safe_load(path.read_text("utf-8"))
    content, assessment = parse_content({"blocks": said["blocks"]}), parse_assessment(said["assessment"])
    kept = [one.model_dump(mode="json", exclude_defaults=True) for one in (content, assessment)]
    return [*kept[0]["blocks"], *kept[1]["questions"]]


def comes_back(raw: dict[str, Any]) -> dict[str, Any]:
    model = KINDS[raw["type"]]
    return reading.read(model, sent_by(fields.build(model, raw)), raw)


def test_every_kind_comes_back_from_its_form_as_it_was() -> None:
    raws = items_of_the_samples()
    assert {raw["type"] for raw in raws} == set(KINDS)
    for raw in raws:
        model = KINDS[raw["type"]]
        assert model.model_validate(comes_back(raw)) == model.model_validate(raw), raw["type"]


@pytest.mark.parametrize("path", COURSE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_starter_course_comes_back_from_its_forms_as_it_was(path: Path) -> None:
    for raw in items_of_a_gate(path):
        model = KINDS[raw["type"]]
        assert model.model_validate(comes_back(raw)) == model.model_validate(raw), raw["id"]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_asked_for_a_type_or_an_id(kind: str) -> None:
    raw = next(one for one in items_of_the_samples() if one["type"] == kind)
    asked = fields.fields_in(fields.build(KINDS[kind], raw))
    assert not [one for one in asked if one.key == "type"]
    assert {one.kind for one in asked if one.key == "id"} <= {"made"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_author_begins_with_lacks_words_and_nothing_else(kind: str) -> None:
    model = KINDS[kind]
    raw = acts.with_ids(model, {"id": "new", **acts.starter(model)})
    told = {one.words for one in problems_of(model, raw)}
    assert told <= {"fill this in", "choose one"}
    assert told or kind == "calculator"


class Odd(BaseModel):
    """A kind that nobody has written a word about."""

    odd_words: str
    how_many: int = 3


def test_a_kind_that_is_new_has_a_form_at_once() -> None:
    made = fields.build(Odd, {"odd_words": "Two\nlines"})
    assert [(one.name, one.label, one.kind, one.value) for one in made] == [
        ("odd_words", "Odd words", "text", "Two\nlines"),
        ("how_many", "How many", "whole", "3"),
    ]


def test_the_policy_is_a_form_too() -> None:
    raw = {"pass_score": 70, "draw": 2}
    made = fields.build(AssessmentContent, raw, leave_out=("questions",))
    back = reading.read(AssessmentContent, sent_by(made), raw)
    assert (back["pass_score"], back["draw"], back["counts"]) == (70, 2, "best")
    assert "attempts" not in back


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12,5", "12.5"),
        ("1.234,5", "1234.5"),
        ("1,234", "1,234"),  # could be two numbers: it stays, and its error says so
        ("a lot", "a lot"),
        ("  7 ", "7"),
        ("", None),
    ],
)
def test_numbers_are_understood_or_left_as_they_were_typed(typed: str, kept: str | None) -> None:
    raw = reading.read(QUESTIONS["numeric"], {"tolerance": [typed]})
    assert raw.get("tolerance") == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2017-06-01", "2017-06-01"),
        ("2017-06-01 9:30", "2017-06-01T09:30:00Z"),
        ("2017-06-01T09:30:15Z", "2017-06-01T09:30:15Z"),
        ("yesterday", "yesterday"),
        ("2017-06-31 10:00", "2017-06-31 10:00"),
    ],
)
def test_times_are_utc(typed: str, kept: str) -> None:
    assert reading.read(QUESTIONS["chart_point"], {"time": [typed]})["time"] == kept


@pytest.mark.parametrize("typed", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_beyond_time_is_an_error_in_words(typed: str) -> None:
    chart = {"dataset": "d", "start": typed, "end": typed, "summary": "s"}
    raw = {"id": "a", "type": "chart", "title": "t", "chart": chart}
    assert [one.path for one in problems_of(BLOCKS["chart"], raw)] == ["chart.start", "chart.end"]
    asked = fields.fields_in(fields.build(BLOCKS["chart"], raw))
    assert [one.value for one in asked if one.key == "start"] == [typed]


def test_line_ends_and_letters_that_cannot_be_stored_are_put_right() -> None:
    raw = reading.read(BLOCKS["prose"], {"markdown": ["one\r\ntwo\0\rthree\ud800"], "title": [" A\ntitle "]})
    assert raw == {"type": "prose", "title": "A title", "markdown": "one\ntwo\nthree"}


def test_a_short_name_may_be_typed_in_words() -> None:
    sent = {"choices.0.text": ["x"], "choices.0.misconception": ["Stop too tight!"]}
    assert reading.read(QUESTIONS["single_choice"], sent)["choices"][0]["misconception"] == "stop-too-tight"


def test_an_item_keeps_its_id_whatever_is_sent() -> None:
    raw = reading.read(BLOCKS["prose"], {"id": ["another"], "title": ["T"]}, {"id": "mine"})
    assert raw["id"] == "mine"


def names() -> st.SearchStrategy[str]:
    """Names of fields that are there, and names that look like them."""
    parts = [
        "choices",
        "chart",
        "question",
        "zones",
        "steps",
        "0",
        "1",
        "999",
        "-1",
        "¹",
        "type",
        "id",
        "text",
        "",
    ]
    return st.lists(st.sampled_from(parts), max_size=6).map(".".join) | st.text(max_size=20)


@pytest.mark.parametrize("kind", KINDS)
def test_no_form_breaks_the_reading_and_what_was_read_is_a_form_again(kind: str) -> None:
    model = KINDS[kind]

    @steady(25)
    @given(
        st.dictionaries(names(), st.lists(st.text(max_size=30) | st.sampled_from(sorted(KINDS)), max_size=2))
    )
    def read(sent: dict[str, list[str]]) -> None:
        raw = acts.with_ids(model, reading.read(model, sent))
        assert fields.build(model, raw)
        assert problems_of(model, raw)

    read()


@pytest.mark.parametrize(
    "data", [None, [], "x", 7, {"chart": [1], "choices": {"a": 1}, "question": {"type": []}}]
)
def test_a_form_is_made_of_any_data(data: Any) -> None:
    for model in KINDS.values():
        assert fields.build(model, data)
        assert len(shapes_of(model)) >= 3
