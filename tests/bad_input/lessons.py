"""Lessons by the thousand, drawn from the very schema that judges them; and the same with something wrong.

What a schema of JSON cannot say stands below, by the name of the model: ids that differ, one right answer, a
chart that fits its data. A new kind of block or question is drawn without a word here.
"""

import copy
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from learning.content import AssessmentContent, LessonContent
from tests.bad_input import hostile
from tests.factories.learning import FIRST_DAY

Json = Any
prices = st.sampled_from((1, "105.5", "0.00000001", 99_999))
BARS = 40  # of the test data set
letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = (
    "Text.",
    hostile.MARKUP,
    "# A\n\n- b\n\n> c\n\n| d |\n|---|\n| e |",
    "👩‍👩‍👧‍👦",
    "Z" + "\u0341" * 30,
    "`",
    "[a](b",
    "***",
)


def _text(schema: Json) -> st.SearchStrategy[str]:
    shortest, longest = schema.get("minLength", 0), min(schema.get("maxLength", 200), 200)
    fitting = [text for text in TEXTS if shortest <= len(text) <= longest]
    return st.text(letters, min_size=shortest, max_size=min(longest, 40)) | st.sampled_from(fitting)


def _times(draw: st.DrawFn, made: Json) -> Json:
    """A window of the data set; markers stand on its bars."""
    first = draw(st.integers(0, BARS - 1))
    days = [FIRST_DAY + dt.timedelta(days=n) for n in range(first, draw(st.integers(first, BARS - 1)) + 1)]
    made |= {"dataset": "test-daily", "start": str(days[0]), "end": str(days[-1])}
    for point in (*made.get("markers", ()), *made.get("notes", ())):
        point["time"] = str(draw(st.sampled_from(days)))
    if len(days) < 2:
        made.pop("trend_lines", None)
    for line in made.get("trend_lines", ()):
        line |= {"start": str(days[0]), "end": str(days[-1])}
    below = [one for one in made.get("indicators", ()) if one["kind"] in ("rsi", "atr")]
    made["indicators"] = [one for one in made.get("indicators", ()) if one not in below[1:]]
    return made if not below else made | {"volume": False}


def _step_by_step(draw: st.DrawFn, made: Json) -> Json:
    """Frames that go on to the chart's end."""
    ends = [str(FIRST_DAY + dt.timedelta(days=n)) for n in range(1, 1 + len(made["frames"]))]
    made["frames"] = [{**frame, "end": end} for frame, end in zip(made["frames"], ends, strict=True)]
    drawn = {"dataset": "test-daily", "start": str(FIRST_DAY), "end": ends[-1], "summary": "Bars."}
    return made | {"chart": drawn}


def _a_sound_plan(draw: st.DrawFn, made: Json) -> Json:
    """Rules that the example keeps to, each of them once."""
    limits: dict[str, Json] = {
        "stop_beyond": {"price": 95},
        "target_before": {"price": 130},
        "entry_within": {"low": 99, "high": 101},
        "reward_to_risk_at_least": {"ratio": 2},
        "risk_at_most": {"percent": 1},
        "risk_at_least": {"percent": "0.5"},
    }
    names = draw(st.lists(st.sampled_from(sorted(limits)), min_size=1, max_size=6, unique=True))
    made["rules"] = [
        {"rule": name, "feedback": draw(_text({"minLength": 1})), **limits[name]} for name in names
    ]
    made |= {"side": "long", "account": 10_000, "chart": {"dataset": "test-daily", "summary": "A bar."}}
    made["chart"] |= {"start": str(FIRST_DAY), "end": str(FIRST_DAY)}
    return made | {"example": {"entry": 100, "stop": 90, "target": 125, "size": 8}}


def _low_below_high(draw: st.DrawFn, made: Json) -> Json:
    low, high = sorted((draw(st.integers(1, 10_000)), draw(st.integers(1, 10_000))))
    return made | {"low": low, "high": f"{high}.5"}


def _one_is_right(draw: st.DrawFn, made: Json) -> Json:
    right = draw(st.integers(0, len(made["choices"]) - 1))
    made["choices"] = [{**one, "correct": n == right} for n, one in enumerate(_apart(made["choices"]))]
    return made


def _some_are_right(draw: st.DrawFn, made: Json) -> Json:
    made["choices"] = [
        {**one, "correct": n == 0 or draw(st.booleans())} for n, one in enumerate(_apart(made["choices"]))
    ]
    return made


def _computable(draw: st.DrawFn, made: Json) -> Json:
    names = "abcdefgh"[: len(made.get("parameters", ()))]
    if names:
        made["parameters"] = [{"name": name, "low": 1, "high": "5.5", "step": "0.5"} for name in names]
    made["prompt"] = made["prompt"][:100].replace("{", "") + "".join(f" {{{name}}}" for name in names)
    made["answer"] = " + ".join(["1", *names])
    made |= {"tolerance": draw(st.sampled_from((0, "0.5"))), "tolerance_percent": "1.5"}
    for near in made.get("near_misses", ()):
        near["formula"] = "1000000 / 8"
    return {name: value for name, value in made.items() if name not in ("least", "most")}


def _on_the_chart(draw: st.DrawFn, made: Json) -> Json:
    """Asks for a price: any fits any chart."""
    left_out = ("time", "within_bars", "spots", "tolerance_in")
    kept = {name: value for name, value in made.items() if name not in left_out}
    bars = {"dataset": "test-daily", "start": str(FIRST_DAY), "end": str(FIRST_DAY), "summary": "A bar."}
    asked = {"asks": "price", "low": 1, "high": "2.5", "tolerance": "0.5"}
    return kept | asked | {"chart": made.get("chart") or bars}


def _an_order(draw: st.DrawFn, made: Json) -> Json:
    made["items"] = _apart(made["items"])
    ids = [item["id"] for item in made["items"]]
    made["slips"] = [{**slip, "first": ids[1], "second": ids[0]} for slip in made.get("slips", ())]
    return made


def _partners(draw: st.DrawFn, made: Json) -> Json:
    made["pairs"] = [
        {**pair, "right": f"{pair['right'][:90]} {n}"} for n, pair in enumerate(_apart(made["pairs"]))
    ]
    return made | {"decoys": [f"{text[:90]} d{n}" for n, text in enumerate(made.get("decoys", ()))]}


def _apart(things: list[Json]) -> list[Json]:
    return [{**one, "id": f"{one['id'][:30]}-{n}"} for n, one in enumerate(things)]


BEYOND_THE_SCHEMA: dict[str, Callable[[st.DrawFn, Json], Json]] = {
    "ChartSpec": _times,
    "Zone": _low_below_high,
    "PriceLine": lambda draw, made: made | {"price": draw(prices)},
    "SingleChoice": _one_is_right,
    "MultipleChoice": _some_are_right,
    "Numeric": _computable,
    "Ordering": _an_order,
    "ChartPoint": _on_the_chart,
    "Matching": _partners,
    "Replay": _step_by_step,
    "TradePlan": _a_sound_plan,
    "PlanRule": lambda draw, made: {"rule": "stop_beyond", "price": 5, "feedback": "Beyond."},
    "TrendLine": lambda draw, made: (
        made
        | {
            "start": "2024-01-01",
            "end": "2024-01-02",
            "start_price": draw(prices),
            "end_price": draw(prices),
        }
    ),
    "ChartNote": lambda draw, made: made | {"price": draw(prices)},
    "FigureBlock": lambda draw, made: made | {"figure": "a-figure"},
    "Video": lambda draw, made: made | {"address": "https://video.example.org/one"},
    "LessonContent": lambda draw, made: made | {"blocks": _apart(made["blocks"])},
    "AssessmentContent": lambda draw, made: (
        made | {"questions": _apart(made["questions"]), "draw": draw(st.sampled_from((None, 1)))}
    ),
}


@st.composite
def _value(draw: st.DrawFn, schema: Json, names: Json) -> Json:
    if "$ref" in schema:
        schema = names[schema["$ref"].rsplit("/", 1)[-1]]
    if "const" in schema or "enum" in schema:
        return draw(st.sampled_from(schema.get("enum") or [schema["const"]]))
    if one_of := schema.get("oneOf") or schema.get("anyOf"):
        return draw(_value(draw(st.sampled_from(one_of)), names))
    return draw(_plain(schema, names))


def _plain(schema: Json, names: Json) -> st.SearchStrategy[Json]:
    if "(?!" in schema.get("pattern", ""):  # a decimal as a text
        return st.sampled_from(("1", "2.5", "40"))
    if "pattern" in schema:
        return st.from_regex(schema["pattern"].replace("$", r"\Z"), alphabet="abcxyz019-")
    drawn: dict[str, Callable[[], st.SearchStrategy[Json]]] = {
        "string": lambda: _text(schema),
        "integer": lambda: st.integers(schema.get("minimum", 0), schema.get("maximum", 100)),
        "number": lambda: st.integers(1, 10_000),
        "boolean": st.booleans,
        "null": st.none,
        "array": lambda: st.lists(
            _value(schema["items"], names),
            min_size=schema.get("minItems", 0),
            max_size=min(schema.get("maxItems", 3), 3),
        ),
        "object": lambda: _object(schema, names),
    }
    return drawn[schema["type"]]()


@st.composite
def _object(draw: st.DrawFn, schema: Json, names: Json) -> Json:
    wanted = set(schema.get("required", ()))
    fields = [name for name in schema["properties"] if name in wanted or draw(st.booleans())]
    made = {name: draw(_value(schema["properties"][name], names)) for name in fields}
    if "topic" in made:
        made["topic"] = "risk"
    also = BEYOND_THE_SCHEMA.get(schema["title"])
    return also(draw, made) if also else made


def _of(model: type[LessonContent] | type[AssessmentContent]) -> st.SearchStrategy[Json]:
    schema = model.model_json_schema()
    return _value(schema, schema["$defs"])


contents, assessments = _of(LessonContent), _of(AssessmentContent)


def one_of_each(model: type[LessonContent] | type[AssessmentContent], kinds: Iterable[type]) -> Any:
    """A list with a block or question of each of these kinds."""
    names = model.model_json_schema()["$defs"]
    return st.tuples(*(_value(names[kind.__name__], names) for kind in kinds)).map(
        lambda made: _apart(list(made))
    )


class Deep(list[Json]):
    """Python cannot print what is very deep, and pytest would stumble over that."""

    def __repr__(self) -> str:
        return "[…]"


def nested(depth: int) -> Json:
    made: Json = "bottom"
    for _ in range(depth):
        made = [made]
    return Deep(made)


# No place of a lesson takes one of these, whatever the place. Made when needed: their names are drawn.
NOWHERE_GOOD: dict[str, Callable[[], Json]] = {
    "not a number": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "less than everything": lambda: -float("inf"),
    "NUL": lambda: "a\0b",
    "half a surrogate pair": lambda: "\ud800",
    "the other half as a key": lambda: {"\udfff": 1},
    "a number of 400 digits": lambda: 10**400,
    "less than that": lambda: -(10**400),
    "keys that are no texts": lambda: {1: 2, None: None},
    "depth 200": lambda: nested(200),
    "depth 5,000": lambda: nested(5_000),
    "1 MB": lambda: "x" * 1_000_000,
    "a long list": lambda: ["x"] * 10_000,
    "something of Python's": object,
    "an unknown kind": lambda: {"type": "video"},
    "a kind that is no text": lambda: {"type": "\ud800"},
    "a kind that is a list": lambda: {"type": nested(300)},
    "a kind that is a number": lambda: {"type": 7},
}


def paths(data: Json, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at] * bool(at) + [path for key, value in items for path in paths(value, (*at, key))]


def holder(data: Json, path: tuple[Any, ...]) -> Json:
    for key in path[:-1]:
        data = data[key]
    return data


def with_value(data: Json, path: tuple[Any, ...], value: Json) -> Json:
    made = copy.deepcopy(data)
    holder(made, path)[path[-1]] = value
    return made


def without(data: Json, path: tuple[Any, ...]) -> Json:
    made = copy.deepcopy(data)
    del holder(made, path)[path[-1]]
    return made
