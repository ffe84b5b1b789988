"""What the buttons of a form do to its rows: pure, bounded by the schema, and ids stay what they were."""

from typing import Any

import pytest

from learning.blocks import KINDS as BLOCKS
from learning.questions import KINDS as QUESTIONS
from learning.workshop import acts
from learning.workshop.problems import by_path, of_sentence, problems_of

CHOICE = QUESTIONS["single_choice"]


def choices(ids: str) -> dict[str, Any]:
    return {"type": "single_choice", "choices": [{"id": one, "text": one.upper()} for one in ids]}


def ids(raw: dict[str, Any]) -> str:
    return "".join(one["id"] for one in raw["choices"])


@pytest.mark.parametrize(
    ("path", "verb", "after", "back_at"),
    [
        ("choices", "add", "abcd", "choices.3"),
        ("choices.0", "add", "adbc", "choices.1"),
        ("choices.1", "copy", "abdc", "choices.2"),
        ("choices.1", "up", "bac", "choices.0"),
        ("choices.1", "down", "acb", "choices.2"),
        ("choices.1", "delete", "ac", "choices.1"),
        ("choices.2", "delete", "ab", "choices.1"),
    ],
)
def test_rows(path: str, verb: str, after: str, back_at: str) -> None:
    before = choices("abc")
    done = acts.act(CHOICE, before, path, verb)
    assert (ids(done.raw), done.path) == (after, back_at)
    assert ids(before) == "abc", "what was there stays as it was"


@pytest.mark.parametrize(
    ("start", "path", "verb"),
    [
        ("ab", "choices.0", "delete"),  # two are needed
        ("abcdef", "choices", "add"),  # and six are the most
        ("abcdef", "choices.0", "copy"),
        ("abc", "choices.0", "up"),
        ("abc", "choices.2", "down"),
        ("abc", "choices.3", "up"),
        ("abc", "choices.-1", "up"),
        ("abc", "choices", "delete"),
        ("abc", "prompt", "delete"),
        ("abc", "nothing.0", "up"),
        ("abc", "", "add"),
        ("abc", "choices.0", "turn"),
        ("abc", "choices.0", "explode"),
    ],
)
def test_what_cannot_be_done_is_refused(start: str, path: str, verb: str) -> None:
    with pytest.raises(acts.Impossible):
        acts.act(CHOICE, choices(start), path, verb)


def test_a_new_choice_never_takes_the_id_of_one_that_learners_chose() -> None:
    assert ids(acts.act(CHOICE, choices("ab"), "choices", "add", used={"c", "d"}).raw) == "abe"


def test_a_part_that_may_be_left_out_is_added_and_taken_away() -> None:
    with_chart = acts.act(CHOICE, choices("ab"), "chart", "add").raw
    assert with_chart["chart"] == {}
    deep = acts.act(CHOICE, with_chart, "chart.zones", "add")
    assert (deep.raw["chart"], deep.path) == ({"zones": [{}]}, "chart.zones.0")
    assert "chart" not in acts.act(CHOICE, deep.raw, "chart", "delete").raw


def test_a_checkpoint_turns_into_another_kind_and_keeps_what_they_share() -> None:
    model = BLOCKS["checkpoint"]
    raw = acts.with_ids(model, {"id": "check", **acts.starter(model)})
    raw["question"] |= {"topic": "risk", "prompt": "How much?"}
    turned = acts.act(model, raw, "question", "turn", kind="numeric").raw["question"]
    assert turned == {"id": "question", "type": "numeric", "topic": "risk", "prompt": "How much?"}
    with pytest.raises(acts.Impossible):
        acts.act(model, raw, "question", "turn", kind="prose")


def test_what_is_half_written_is_mended_to_be_looked_at() -> None:
    zones = [{"low": "1", "high": "2", "label": "whole"}, {"low": "1"}, {"label": "no prices"}]
    raw = {"type": "chart", "chart": {"zones": zones}}
    paths = ["title", "chart.zones.1.high", "chart.zones.2.low", "chart.zones.2.high", "chart.nothing", ""]
    made = acts.mended(BLOCKS["chart"], raw, paths, stand_in="…")
    assert made == {"type": "chart", "title": "…", "chart": {"zones": zones[:1]}}


def test_rows_of_words_are_added_too() -> None:
    assert acts.act(QUESTIONS["matching"], {"type": "matching"}, "decoys", "add").raw["decoys"] == [""]


def test_a_missing_or_doubled_id_is_made() -> None:
    raw = {"type": "single_choice", "choices": [{"id": "a"}, {"id": "a"}, {}]}
    assert ids(acts.with_ids(CHOICE, raw)) == "abc"


def test_ids_of_items_are_unique_and_bounded() -> None:
    assert acts.new_id("prose", {"prose", "prose-2"}) == "prose-3"
    assert len(acts.new_id("x" * 60, {"x" * 40})) == 40


def test_errors_name_row_and_field_in_plain_words() -> None:
    raw = {
        "id": "a-chart",
        "type": "chart",
        "title": "A chart",
        "chart": {
            "dataset": "test-daily",
            "start": "2024-13-01",
            "end": "2024-01-14",
            "summary": "Ten days.",
            "zones": [
                {"low": "1", "high": "2", "label": "x"},
                {"low": "much", "high": "2", "label": "x" * 31},
            ],
        },
    }
    assert [(one.path, one.sentence) for one in problems_of(BLOCKS["chart"], raw)] == [
        (
            "chart.start",
            "Chart, from: write a day such as 2017-06-01, or a time in UTC such as 2017-06-01 14:00",
        ),
        ("chart.zones.1.low", "Chart, zone 2, low: write a number, such as 1250 or 12.5"),
        ("chart.zones.1.label", "Chart, zone 2, label: at most 30 letters"),
    ]


def test_errors_of_a_checkpoint_stand_at_the_fields_of_its_question() -> None:
    question = choices("ab") | {"id": "q", "topic": "risk", "prompt": "?", "explanation": "."}
    question["choices"] = [one | {"feedback": ".", "correct": True} for one in question["choices"]]
    raw = {"id": "c", "type": "checkpoint", "title": "T", "question": question}
    assert by_path(problems_of(BLOCKS["checkpoint"], raw)) == {
        "question": ["exactly one choice must be correct"]
    }


def test_what_publishing_says_finds_its_field() -> None:
    raw = {"type": "worked_example", "steps": [{}, {}]}
    told = of_sentence(BLOCKS["worked_example"], raw, "steps, 1, markdown: there is no glossary term 'x'")
    assert (told.path, told.sentence) == ("steps.1.markdown", "Step 2, text: there is no glossary term 'x'")
    assert of_sentence(BLOCKS["prose"], {}, "something else").path == ""
