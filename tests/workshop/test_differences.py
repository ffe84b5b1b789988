"""The difference of two versions, in words that an author understands."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.workshop.differences import FieldDifference, ItemDifference, differences, marks, name_of
from tests.factories.blocks import prose, replay, worked_example
from tests.factories.fuzz import steady
from tests.factories.learning import assessment, content, question
from tests.factories.questions import matching, numeric

Json = dict[str, Any]


def of(before: list[Json], after: list[Json], noun: str = "questions") -> tuple[ItemDifference, ...]:
    """The difference of two lists of questions or blocks."""
    if noun == "blocks":
        return differences({"blocks": before}, None, {"blocks": after}, None)
    return differences({}, {"questions": before}, {}, {"questions": after})


def text(side: tuple[Any, ...]) -> str:
    """One side of a field; what only it has stands in brackets."""
    return "".join(f"[{mark.text}]" if mark.differs else mark.text for mark in side)


def told(fields: tuple[FieldDifference, ...]) -> dict[str, tuple[str, str]]:
    return {field.name: (text(field.old), text(field.new)) for field in fields}


def altered(made: Json, change: Callable[[Json], object]) -> Json:
    after = copy.deepcopy(made)
    change(after)
    return after


def test_the_same_has_no_difference() -> None:
    assert differences(content(), assessment(), content(), assessment()) == ()
    assert differences({}, None, {}, {}) == ()


def test_blocks_that_came_went_and_moved() -> None:
    first, second, third, fourth = (prose(id=f"p{n}", title=f"P{n}") for n in range(1, 5))
    found = of([first, second, third], [third, first, fourth], "blocks")
    assert [(one.id, one.states, one.old_number, one.new_number) for one in found] == [
        ("p3", ("moved",), 3, 1),
        ("p4", ("added",), None, 3),
        ("p2", ("removed",), 2, None),
    ]
    assert told(found[1].fields)["Markdown"] == ("", "[Some **words**.]")
    assert told(found[2].fields)["Title"] == ("[P2]", "")


def test_one_that_moved_and_changed_is_both() -> None:
    first, second = prose(id="p1"), prose(id="p2")
    (found,) = of([first, second], [second | {"title": "Other"}, first], "blocks")[:1]
    assert (found.id, found.states) in [("p2", ("moved", "changed")), ("p2", ("changed",))]
    both = of([first, second], [second | {"title": "Other"}, first], "blocks")
    assert sorted(state for one in both for state in one.states) == ["changed", "moved"]


@pytest.mark.parametrize(
    ("made", "change", "name", "sides"),
    [
        (
            question(1),
            lambda q: q["choices"][1].update(feedback="FEEDBACK-1-b and more"),
            "Choice b, feedback",
            ("FEEDBACK-1-b", "FEEDBACK-1-b[ and more]"),
        ),
        (question(1), lambda q: q["choices"].reverse(), "Choice order", ("[a], b, [c]", "[c], b, [a]")),
        (question(1), lambda q: q.update(confidence=True), "Confidence", ("", "[yes]")),
        (
            numeric(),
            lambda q: q["parameters"][1].update(high=3),
            "Parameter risk, high",
            ("[2]", "[3]"),
        ),
        (matching(), lambda q: q.update(decoys=["Both", "None"]), "Decoys", ("Both", "Both[, None]")),
        (matching(), lambda q: q["pairs"].pop(), "Pair stop, right", ("[A trigger]", "")),
        (
            numeric(),
            lambda q: q["near_misses"][0].update(feedback="FORGOT the percent"),
            "Near miss 1, feedback",
            ("[FORGOT-PERCENT]", "[FORGOT the percent]"),
        ),
    ],
)
def test_fields_have_names_in_words(
    made: Json, change: Callable[[Json], object], name: str, sides: tuple[str, str]
) -> None:
    (found,) = of([made], [altered(made, change)])
    fields = told(found.fields)
    assert found.states == ("changed",)
    assert fields[name] == sides


def test_fields_deep_inside_of_a_block() -> None:
    before, other = worked_example(), replay()
    after = altered(before, lambda b: b["steps"][1].update(markdown="Otherwise"))
    later = altered(other, lambda b: b["chart"].update(summary="Ten falling days."))
    first, second = of([before, other], [after, later], "blocks")
    assert list(told(first.fields)) == ["Step 2, markdown"]
    assert told(second.fields) == {
        "Chart, summary": ("Ten [rising] days.", "Ten [falling] days."),
    }


def test_the_rules_of_the_assessment_are_told_too() -> None:
    (found,) = differences({}, assessment(1), {}, assessment(1, pass_score=90) | {"attempts": 2})
    assert (found.part, found.states) == ("assessment", ("changed",))
    assert told(found.fields) == {"Pass score": ("[80]", "[90]"), "Attempts": ("", "[2]")}


def test_a_first_assessment_is_all_new() -> None:
    found = differences(content(1), None, content(1), assessment(2))
    assert [(one.part, one.states) for one in found] == [
        ("question", ("added",)),
        ("question", ("added",)),
        ("assessment", ("changed",)),
    ]


def test_a_change_of_kind_tells_every_field() -> None:
    (found,) = of([question(1)], [numeric(1)])
    fields = told(found.fields)
    assert fields["Type"] == ("[single_choice]", "[numeric]")
    assert fields["Choice a, text"] == ("[Answer a of 1]", "")


@given(st.text(max_size=60), st.text(max_size=60))
@steady(200)
def test_marks_put_together_are_the_texts(old: str, new: str) -> None:
    before, after = marks(old, new)
    assert ("".join(one.text for one in before), "".join(one.text for one in after)) == (old, new)
    common = ["".join(one.text for one in side if not one.differs) for side in (before, after)]
    assert common[0] == common[1]
    assert all(one.text for one in (*before, *after))


def test_long_texts_are_compared_line_by_line_in_no_time() -> None:
    before = "\n".join(f"Line {n} of a lesson." for n in range(900))
    after = before.replace("Line 450 of", "Line 450 in")
    assert [one.text for one in marks(before, after)[1] if one.differs] == ["in"]
    one_line = "word " * 4_000
    assert marks(one_line, one_line + "more")[0][0].differs
    assert marks("\n" * 20_000, "x\n" * 10_000)[0]


def test_names_of_fields() -> None:
    assert name_of(("first", "chart", "markers", "2", "label")) == "First, chart, marker 2, label"
    assert name_of(("tolerance_percent",)) == "Tolerance percent"


def test_what_no_editor_writes_is_still_told() -> None:
    before: Json = {"blocks": [{"type": 1}, "stray", prose()], "more": None}
    after: Json = {"blocks": [prose(), {"id": "x", "steps": {"a": [1, [2]]}}]}
    assert [one.states for one in differences(before, {"questions": 5}, after, None)]
