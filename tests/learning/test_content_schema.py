"""The one judge of content: good content passes, every mistake gets a sentence that says where it is."""

import copy
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.blocks.chart import Chart
from learning.content import ContentErrors, parse_assessment, parse_content
from learning.models import Lesson, LessonVersion
from learning.publishing import publish
from tests.factories.fuzz import steady
from tests.factories.learning import assessment, chart, content, make_dataset, make_gate
from tests.factories.questions import chart_point, chart_price, matching, multiple_choice, numeric, ordering

Json = dict[str, Any]
HUGE = "x" * 10_000_000


def prose(**changes: Any) -> Json:
    return {"id": "one", "type": "prose", "title": "One", "markdown": "Text.", **changes}


def rich() -> Json:
    """Content with a block of every kind and everything that a chart may have."""
    drawn = chart(
        volume=True,
        price_lines=[{"price": "105.5", "label": "Entry"}],
        zones=[{"low": 100, "high": 104.25, "label": "Support"}],
        markers=[{"time": "2024-01-06", "label": "Here", "side": "below"}],
    )
    return {
        "blocks": [
            prose(),
            {"id": "two", "type": "callout", "title": "Two", "tone": "key", "markdown": "Key."},
            {"id": "three", "type": "chart", "title": "Three", "chart": drawn, "markdown": "Look."},
            {
                "id": "four",
                "type": "worked_example",
                "title": "Four",
                "markdown": "A case.",
                "steps": [{"title": "First", "markdown": "Do."}],
            },
        ]
    }


def test_a_time_may_be_given_in_any_zone_and_is_kept_in_utc() -> None:
    mark = {"time": "2024-01-06T02:00:00+02:00", "label": "Here", "side": "below"}
    data = {"id": "a", "type": "chart", "title": "A", "chart": chart(markers=[mark]), "markdown": "Look."}
    (block,) = parse_content({"blocks": [data]}).blocks
    assert isinstance(block, Chart)
    assert block.chart.markers[0].time.isoformat() == "2024-01-06T00:00:00+00:00"


def blocks(*found: object) -> Json:
    return {"blocks": list(found)}


def refused(parse: Callable[[object], object], data: object) -> tuple[str, ...]:
    with pytest.raises(ContentErrors) as caught:
        parse(data)
    assert caught.value.sentences
    return caught.value.sentences


def nested(depth: int) -> Any:
    made: Any = "bottom"
    for _ in range(depth):
        made = [made]
    return made


def test_good_content_passes_and_says_what_it_said() -> None:
    parsed = parse_content(rich())
    assert [block.type for block in parsed.blocks] == ["prose", "callout", "chart", "worked_example"]
    again = parse_content(parsed.model_dump(mode="json"))
    assert again == parsed


def test_good_questions_pass() -> None:
    parsed = parse_assessment(assessment(7, pass_score=60))
    assert (len(parsed.questions), parsed.pass_score) == (7, 60)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "dict"),
        ([], "dict"),
        ({}, "blocks: is missing"),
        (blocks(), "blocks: "),
        (blocks(*[prose(id=f"b{n}") for n in range(61)]), "blocks: "),
        ({"blocks": [prose()], "more": 1}, "more: is not a field of this kind"),
        (blocks(prose(), prose(id="two", type="video")), "Block 2 (video)"),
        (blocks({k: v for k, v in prose().items() if k != "type"}), "Block 1: says no type"),
        (
            blocks({k: v for k, v in prose().items() if k != "markdown"}),
            "Block 1 (prose) – markdown: is missing",
        ),
        (blocks(prose(colour="red")), "Block 1 (prose) – colour: is not a field of this kind"),
        (blocks(prose(), prose()), "two blocks have the id 'one'"),
        (blocks(prose(id="Not a slug")), "Block 1 (prose) – id: "),
        (blocks(prose(title="")), "Block 1 (prose) – title: "),
        (blocks(prose(title="t" * 81)), "Block 1 (prose) – title: "),
        (blocks(prose(markdown="a\x00b")), "Block 1 (prose) – markdown: contains a character that cannot"),
        (blocks(prose(title="a\ud800b")), "Block 1 (prose) – title: "),
        (blocks(prose(markdown=HUGE)), "Block 1 (prose) – markdown: "),
        (blocks(prose(markdown=7)), "Block 1 (prose) – markdown: "),
        (blocks(prose(), nested(5000)), "Block 2: "),
        (blocks(prose(markdown=nested(5000))), "Block 1 (prose) – markdown: "),
        ({"blocks": nested(5000)}, "Block 1: "),
        (
            blocks({**prose(type="callout"), "tone": "loud"}),
            "Block 1 (callout) – tone: ",
        ),
        (blocks({**prose(type="worked_example"), "steps": []}), "Block 1 (worked_example) – steps: "),
        (
            blocks({**prose(type="worked_example"), "steps": [{"title": "A"}]}),
            "Block 1 (worked_example) – steps, 0, markdown: is missing",
        ),
    ],
)
def test_a_mistake_in_content_is_named_by_block_and_field(data: object, said: str) -> None:
    sentences = refused(parse_content, data)
    assert any(said in sentence for sentence in sentences), sentences
    assert all(len(sentence) < 500 for sentence in sentences)


def of_chart(**changes: Any) -> Json:
    drawn = {k: v for k, v in chart(**changes).items() if v is not None}
    return blocks(prose(), {"id": "two", "type": "chart", "title": "Two", "chart": drawn})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start": None}, "chart, start: is missing"),
        ({"summary": None}, "chart, summary: is missing"),
        ({"summary": ""}, "chart, summary: "),
        ({"dataset": "../secret"}, "chart, dataset: "),
        ({"start": "2024-02-30"}, "chart, start: "),
        ({"start": "2024-01-05T00:00:00"}, "chart, start: times need a zone"),
        ({"start": "2024-02-01"}, "chart: the window ends before it starts"),
        ({"zones": [{"low": 9, "high": 1, "label": "Z"}]}, "chart: a zone's low is above its high"),
        ({"price_lines": [{"price": math.nan, "label": "L"}]}, "chart, price_lines, 0, price: "),
        ({"price_lines": [{"price": math.inf, "label": "L"}]}, "chart, price_lines, 0, price: "),
        ({"price_lines": [{"price": "NaN", "label": "L"}]}, "chart, price_lines, 0, price: "),
        ({"price_lines": [{"price": 0, "label": "L"}]}, "chart, price_lines, 0, price: "),
        ({"price_lines": [{"price": -4, "label": "L"}]}, "chart, price_lines, 0, price: "),
        ({"price_lines": [{"price": "1e400", "label": "L"}]}, "chart, price_lines, 0, price: "),
        ({"price_lines": [{"price": 1, "label": "L" * 31}]}, "chart, price_lines, 0, label: "),
        ({"price_lines": [{"price": 1, "label": "L"}] * 9}, "chart, price_lines: "),
        ({"markers": [{"time": "soon", "label": "M"}]}, "chart, markers, 0, time: "),
        ({"markers": [{"time": "2024-01-06", "label": "M", "side": "left"}]}, "chart, markers, 0, side: "),
        ({"colour": "red"}, "chart, colour: is not a field of this kind"),
    ],
)
def test_a_mistake_in_a_chart_is_named_by_block_and_field(changes: Json, field: str) -> None:
    sentences = refused(parse_content, of_chart(**changes))
    assert any(sentence.startswith(f"Block 2 (chart) – {field}") for sentence in sentences), sentences


def of_question(**changes: Any) -> Json:
    made = assessment(2)
    made["questions"][1].update(changes)
    return made


def marked(*marks: bool, ids: str = "abcdefgh") -> list[Json]:
    return [{"id": ids[n], "text": "T", "feedback": "F", "correct": mark} for n, mark in enumerate(marks)]


def choices(*marks: bool, ids: str = "abcdefgh") -> Json:
    return of_question(choices=marked(*marks, ids=ids))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"questions": []}, "questions: "),
        ({**assessment(), "pass_score": 0}, "pass_score: "),
        ({**assessment(), "pass_score": 101}, "pass_score: "),
        ({**assessment(), "pass_score": math.nan}, "pass_score: "),
        (of_question(type="essay"), "Question 2 (essay)"),
        (of_question(explanation=""), "Question 2 (single_choice) – explanation: "),
        (of_question(id="q1"), "two questions have the id 'q1'"),
        (choices(True, True, False), "Question 2 (single_choice): exactly one choice must be correct"),
        (choices(False, False), "Question 2 (single_choice): exactly one choice must be correct"),
        (choices(True, False, ids="aa"), "Question 2 (single_choice): two choices have the same id"),
        (choices(True), "Question 2 (single_choice) – choices: "),
        (choices(True, *[False] * 6), "Question 2 (single_choice) – choices: "),
        (of_question(answer="b"), "Question 2 (single_choice) – answer: is not a field of this kind"),
        (of_question(prompt="\x00"), "Question 2 (single_choice) – prompt: contains a character"),
        (of_question(chart=chart(summary="")), "Question 2 (single_choice) – chart, summary: "),
    ],
)
def test_a_mistake_in_an_assessment_is_named_by_question_and_field(data: object, said: str) -> None:
    sentences = refused(parse_assessment, data)
    assert any(said in sentence for sentence in sentences), sentences


# --- What only publishing can know ----------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dataset": "nowhere"}, "Block 2 (chart) – chart: there is no data set 'nowhere'"),
        ({"start": "1999-01-01", "end": "1999-02-01"}, "Block 2 (chart) – chart: the window holds no bar"),
        (
            {"markers": [{"time": "2024-01-06T12:00:00Z", "label": "M"}]},
            "Block 2 (chart) – chart: no bar at 2024-01-06 12:00 UTC for its marker",
        ),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused_and_nothing_is_saved(changes: Json, said: str) -> None:
    make_dataset()
    gate = make_gate()
    before = Lesson.objects.filter(pk=gate.pk).values().get()
    with pytest.raises(ContentErrors) as caught:
        publish(gate, content_data=of_chart(**changes), assessment_data=assessment())
    assert caught.value.sentences == (said,)
    assert Lesson.objects.filter(pk=gate.pk).values().get() == before
    assert LessonVersion.objects.count() == 1


@pytest.mark.django_db
def test_a_question_s_chart_is_named_by_its_number() -> None:
    gate = make_gate()
    asked = of_question(chart=chart(dataset="nowhere"))
    with pytest.raises(ContentErrors, match=r"Question 2 .* there is no data set"):
        publish(gate, content_data=content(), assessment_data=asked)


@pytest.mark.django_db
def test_good_content_of_every_kind_is_published_and_shown() -> None:
    version = publish(make_gate(), content_data=rich(), assessment_data=assessment())
    assert version is not None
    drawn = version.rendered["blocks"][2]["chart"]
    assert drawn["bars"] == 10
    assert "Support" in drawn["svg"]


# --- Never another exception ------------------------------------------------------------------------------

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=12)
    | st.sampled_from(
        ["prose", "chart", "single_choice", "2024-01-06", "1e9999", "\ud800", "\x00", "9" * 5000]
    )
    | st.dates()
    | st.datetimes()
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.integers() | st.none() | st.dates(), inner, max_size=3)
    ),
    max_leaves=8,
)


def paths(data: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += paths(value, (*at, key))
    return found


def mutated(data: Any, path: tuple[Any, ...], value: Any, *, how: str) -> Any:
    made = copy.deepcopy(data)
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    if how == "drop":
        del holder[path[-1]]
    elif how == "add" and isinstance(holder, dict):
        holder[value if isinstance(value, str) else "odd"] = value
    elif how == "twice" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[path[-1]]))
    else:
        holder[path[-1]] = value
    return made


def never_another_exception(parse: Callable[[object], object], data: object) -> None:
    sentences: tuple[object, ...] = ("none",)
    try:
        parse(data)
    except ContentErrors as error:
        sentences = error.sentences
    assert sentences
    assert all(isinstance(sentence, str) and sentence for sentence in sentences)


@given(anything)
@steady(150)
def test_arbitrary_data_never_raises_anything_else(data: object) -> None:
    never_another_exception(parse_content, data)
    never_another_exception(parse_assessment, data)


@given(st.data(), st.sampled_from(["set", "drop", "add", "twice"]), anything)
@steady(300)
def test_mutated_content_never_raises_anything_else(data: st.DataObject, how: str, value: object) -> None:
    good = rich()
    path = data.draw(st.sampled_from(paths(good)))
    never_another_exception(parse_content, mutated(good, path, value, how=how))


@given(st.data(), st.sampled_from(["set", "drop", "add", "twice"]), anything)
@steady(200)
def test_mutated_questions_never_raise_anything_else(data: st.DataObject, how: str, value: object) -> None:
    good = of_question(chart=chart())
    path = data.draw(st.sampled_from(paths(good)))
    never_another_exception(parse_assessment, mutated(good, path, value, how=how))


@pytest.mark.django_db
@given(st.data(), anything)
@steady(40)
def test_whatever_passes_can_be_published_or_is_refused_in_words(data: st.DataObject, value: object) -> None:
    make_dataset()
    good = rich()
    path = data.draw(st.sampled_from(paths(good)))
    lesson = Lesson.objects.filter(level_id=1, gate_id=1).first() or make_gate()
    never_another_exception(
        lambda found: publish(lesson, content_data=found, assessment_data=None),
        mutated(good, path, value, how="set"),
    )


# --- Kinds of question ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (multiple_choice(choices=marked(False, False)), "at least one choice must be correct"),
        (multiple_choice(choices=marked(True, False, ids="aa")), "two choices have the same id"),
        (multiple_choice(credit="half"), "credit: Input should be 'exact' or 'proportional'"),
        (numeric(tolerance=None), "needs a tolerance, absolute or in percent"),
        (numeric(tolerance=-1), "tolerance: Input should be greater than or equal to 0"),
        (numeric(prompt="How many?"), "the prompt does not say {account}"),
        (numeric(parameters=[]), "the prompt asks for {account}, which is no parameter"),
        (
            numeric(parameters=[{"name": "account", "low": 2, "high": 1, "step": 1}]),
            "parameters, 0: low is above high",
        ),
        (
            numeric(parameters=[{"name": "account", "low": 0, "high": 9, "step": "0.0001"}]),
            "parameters, 0: has more than 10,000 values",
        ),
        (
            numeric(parameters=[{"name": "account", "low": 0, "high": 9, "step": 1}] * 2),
            "two parameters have the same name",
        ),
        (ordering(items=[{"id": "a", "text": "A"}] * 3), "two items have the same id"),
        (
            ordering(slips=[{"first": "idea", "second": "luck", "feedback": "No."}]),
            "a slip names 'idea' and 'luck', which are not both items",
        ),
        (
            ordering(slips=[{"first": "idea", "second": "stop", "feedback": "No."}]),
            "'idea' before 'stop' is the right order and no slip",
        ),
        (matching(decoys=["a PRICE "]), "two partners are the same"),
        (chart_point(chart=None), "needs a chart to point at"),
        (chart_point(time=None), "asks for a bar: needs its time and no prices"),
        (chart_price(high=None), "asks for a price: needs low and high and no time"),
        (chart_price(low=106), "low is above high"),
        (chart_price(spots=chart_point()["spots"]), "spots are spans of what is asked for"),
        (chart_point(spots=[{"start": "2024-01-12", "feedback": "No."}]), "a spot has start and end"),
        (chart_point(spots=[{"feedback": "No."}]), "a spot is a span of time or of prices"),
    ],
)
def test_a_mistake_in_a_question_is_named(made: Json, sentence: str) -> None:
    (said, *_) = refused(parse_assessment, {"questions": [made]})
    assert said.startswith(f"Question 1 ({made['type']})")
    assert sentence in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"answer": "account / (risk - risk)"}, "answer: divides by zero (account = "),
        ({"answer": "account *"}, "answer: cannot be read"),
        ({"answer": "profit"}, "answer: does not know 'profit'"),
        ({"most": 100}, "is above the most that is allowed, 100 (account = "),
        ({"least": 20}, "is below the least that is allowed, 20 (account = "),
        (
            {"near_misses": [{"formula": "account * risk / 100 / distance + 0.4", "feedback": "Near."}]},
            "cannot be told from the right answer",
        ),
        (
            {"near_misses": [{"formula": "account /", "feedback": "Near."}]},
            "near miss 'account /': cannot be read",
        ),
        (
            {"answer": "account - account", "least": 0, "tolerance": None, "tolerance_percent": 1},
            "nothing is within a percentage of zero",
        ),
    ],
)
@pytest.mark.django_db
def test_numbers_that_cannot_be_drawn_are_found_when_publishing(changes: Json, sentence: str) -> None:
    asked = {"questions": [numeric(**changes)]}
    with pytest.raises(ContentErrors) as caught:
        make_gate(assessment_data=asked)
    assert caught.value.sentences[0].startswith("Question 1 (numeric) – ")
    assert sentence in caught.value.sentences[0]
