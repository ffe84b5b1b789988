"""A sample of every kind of block and question, once for each of several worlds.

`shown(…)` marks what somebody may see once the gate is open to them, `secret(…)` what nobody may see before
their paper was graded. The worlds differ in the secrets only: in their words, and in which answer is right.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any, get_args

from pydantic import BaseModel

from learning import blocks, questions

SHOWN, SECRET = "SHOWN", "SECRET"
MARK = re.compile(f"(?:{SHOWN}|{SECRET})[a-z0-9]+")
WORLDS = 3  # one for each choice that may be right


def shown(*what: object) -> str:
    """A word that is found nowhere else, and may be seen."""
    return SHOWN + _run_together(what)


def secret(*what: object) -> str:
    """A word that is found nowhere else, and may not be seen."""
    return SECRET + _run_together(what)


def _run_together(what: tuple[object, ...]) -> str:
    return re.sub("[^a-z0-9]", "", "x".join(map(str, what)).lower()) + "z"


def marks_in(data: object) -> set[str]:
    """Every mark that the words of some content hold."""
    return set(MARK.findall(str(data)))


def chart(at: str, dataset: str) -> dict[str, Any]:
    """A chart with everything on it. What comes after its last bar is the secret of its data set."""
    return {
        "dataset": dataset,
        "start": "1991-03-04",
        "end": "1991-03-13",
        "summary": shown("summary", at),
        "volume": True,
        "price_lines": [{"price": "105", "label": shown("line", at)}],
        "zones": [{"low": "101", "high": "103", "label": shown("zone", at)}],
        "markers": [{"time": "1991-03-06", "label": shown("sign", at), "side": "below"}],
        "indicators": [{"kind": "sma", "length": 2}],
        "trend_lines": [
            {
                "start": "1991-03-05",
                "start_price": "101",
                "end": "1991-03-08",
                "end_price": "104",
                "label": shown("trend", at),
            }
        ],
        "notes": [{"time": "1991-03-07", "price": "104", "label": shown("note", at)}],
    }


# --- Blocks -------------------------------------------------------------------------------------------


def _prose(at: str, world: int) -> dict[str, Any]:
    return {"markdown": shown("prose", at)}


def _callout(at: str, world: int) -> dict[str, Any]:
    return {"tone": "tip", "markdown": shown("callout", at)}


def _chart(at: str, world: int) -> dict[str, Any]:
    return {"chart": chart(at, "for-blocks"), "markdown": shown("beside", at)}


def _worked_example(at: str, world: int) -> dict[str, Any]:
    steps = [{"title": shown("step", at, n), "markdown": shown("steptext", at, n)} for n in (1, 2)]
    return {"markdown": shown("example", at), "steps": steps}


def _flash_cards(at: str, world: int) -> dict[str, Any]:
    cards = [{"front": shown("front", at, n), "back": shown("back", at, n)} for n in (1, 2)]
    return {"markdown": shown("cards", at), "cards": cards}


def _comparison(at: str, world: int) -> dict[str, Any]:
    first, second = (
        {
            "title": shown("side", at, n),
            "chart": chart(f"{at}s{n}", "for-blocks"),
            "markdown": shown("under", at, n),
        }
        for n in (1, 2)
    )
    return {"markdown": shown("compared", at), "first": first, "second": second}


def _replay(at: str, world: int) -> dict[str, Any]:
    frames = [
        {"end": end, "markdown": shown("frame", at, n)}
        for n, end in enumerate(("1991-03-08", "1991-03-13"), start=1)
    ]
    return {"chart": chart(at, "for-blocks"), "frames": frames}


def _video(at: str, world: int) -> dict[str, Any]:
    return {
        "address": "https://video.example.org/one",
        "site": shown("site", at),
        "minutes": 4,
        "about": shown("about", at),
        "transcript": shown("transcript", at),
    }


def _reflection(at: str, world: int) -> dict[str, Any]:
    return {"markdown": shown("reflect", at)}


def _calculator(at: str, world: int) -> dict[str, Any]:
    return {"calculator": "position_size", "markdown": shown("calculate", at)}


def _figure(at: str, world: int) -> dict[str, Any]:
    return {"figure": "a-figure", "caption": shown("caption", at), "markdown": shown("below", at)}


# --- Questions ----------------------------------------------------------------------------------------


def _single_choice(at: str, world: int) -> dict[str, Any]:
    choices = [
        {
            "id": letter,
            "text": shown("choice", at, letter),
            "feedback": secret("feedback", at, letter, world),
            "correct": number == world % 3,
            "misconception": f"mistaken-{letter}-{world}",
        }
        for number, letter in enumerate("abc")
    ]
    return {"choices": choices}


def _multiple_choice(at: str, world: int) -> dict[str, Any]:
    choices = [
        {**choice, "correct": number != world % 3}
        for number, choice in enumerate(_single_choice(at, world)["choices"])
    ]
    return {"choices": choices, "credit": ("exact", "proportional")[world % 2]}


def _numeric(at: str, world: int) -> dict[str, Any]:
    return {
        "prompt": shown("prompt", at) + " {lots} lots",
        "parameters": [{"name": "lots", "low": "1", "high": "50", "step": "1"}],
        "answer": f"lots * {100 + world}",
        "tolerance": f"0.{world + 1}",
        "tolerance_percent": f"0.0{world + 1}",
        "unit": "pips",
        "decimals": world,
        "least": f"-{world}",
        "most": f"{world + 1}0000",
        "near_misses": [
            {
                "formula": f"lots * {200 + world}",
                "feedback": secret("near", at, world),
                "misconception": f"mistaken-{world}",
            }
        ],
        "feedback": secret("feedback", at, world),
    }


def _ordering(at: str, world: int) -> dict[str, Any]:
    letters = "abc"[world % 3 :] + "abc"[: world % 3]
    return {
        "items": [{"id": letter, "text": shown("item", at, letter)} for letter in letters],
        "credit": ("exact", "proportional")[world % 2],
        "slips": [
            {
                "first": letters[2],
                "second": letters[0],
                "feedback": secret("slip", at, world),
                "misconception": f"mistaken-{world}",
            }
        ],
        "feedback": secret("feedback", at, world),
    }


def _matching(at: str, world: int) -> dict[str, Any]:
    rights = "xyz"[world % 3 :] + "xyz"[: world % 3]
    return {
        "pairs": [
            {
                "id": left,
                "left": shown("left", at, left),
                "right": shown("right", at, right),
                "feedback": secret("pair", at, left, world),
                "misconception": f"mistaken-{left}-{world}",
            }
            for left, right in zip("abc", rights, strict=True)
        ],
        "decoys": [shown("decoy", at)],
        "credit": ("exact", "proportional")[world % 2],
        "feedback": secret("feedback", at, world),
    }


def _chart_point(at: str, world: int) -> dict[str, Any]:
    """A bar in one question of the paper and a price in the other: both kinds of answer are asked for."""
    spot: dict[str, Any] = {"feedback": secret("spot", at, world), "misconception": f"mistaken-{world}"}
    if len(at) % 2:
        asked: dict[str, Any] = {"asks": "bar", "time": f"1991-03-0{5 + world}", "within_bars": world % 2}
        spot |= {"start": "1991-03-11", "end": "1991-03-13"}
    else:
        asked = {"asks": "price", "low": f"{99 + world}.5", "high": f"{100 + world}.5"}
        asked |= {"time": None, "within_bars": 0}
        asked |= {"tolerance": f"0.{world + 1}", "tolerance_in": ("price", "ticks", "price")[world % 3]}
        spot |= {"low": "150", "high": "151", "start": None, "end": None}
    return {**asked, "spots": [spot], "feedback": secret("feedback", at, world)}


def _trade_plan(at: str, world: int) -> dict[str, Any]:
    first = {"rule": "entry_within", "low": f"{110 + world}", "high": f"{111 + world}", "price": None}
    second = {"rule": "risk_at_most", "percent": f"{world + 1}"}
    told = {"feedback": secret("rule", at, world), "misconception": f"mistaken-{world}"}
    empty = {"ratio": None, "percent": None}
    more = {"rule": "stop_beyond", "price": f"{105 + world}", "feedback": secret("beyond", at, world)}
    return {
        "side": "long",
        "account": "10000",
        "rules": [{**empty, **first, **told}, {**second, **told}, more],
        "example": {"entry": f"{110 + world}.5", "stop": "100", "target": f"{140 + world}", "size": "5"},
        "credit": ("exact", "proportional")[world % 2],
        "feedback": secret("feedback", at, world),
    }


Sample = Callable[[str, int], dict[str, Any]]
BLOCKS: dict[str, Sample] = {
    "prose": _prose,
    "callout": _callout,
    "chart": _chart,
    "worked_example": _worked_example,
    "flash_cards": _flash_cards,
    "comparison": _comparison,
    "replay": _replay,
    "video": _video,
    "reflection": _reflection,
    "calculator": _calculator,
    "figure": _figure,
}
QUESTIONS: dict[str, Sample] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "numeric": _numeric,
    "ordering": _ordering,
    "matching": _matching,
    "chart_point": _chart_point,
    "trade_plan": _trade_plan,
}


def content(at: str, world: int) -> dict[str, Any]:
    """A lesson with a block of every kind, and a question of every kind inside of it."""
    made = [
        {"id": f"block-{n}", "type": kind, "title": shown("title", at, n), **sample(f"{at}b{n}", world)}
        for n, (kind, sample) in enumerate(BLOCKS.items(), start=1)
    ]
    inside = [
        {
            "id": f"inside-{n}",
            "type": "checkpoint",
            "title": shown("title", at, "inside", n),
            "markdown": shown("before", at, n),
            "question": _question(f"{at}i{n}", n, world, kind, "for-blocks"),
        }
        for n, kind in enumerate(QUESTIONS, start=1)
    ]
    return {"blocks": made + inside}


def assessment(at: str, world: int) -> dict[str, Any]:
    """A paper with two questions of every kind, so that one answer never completes it."""
    kinds = itertools.chain(*[QUESTIONS] * 2)
    made = [_question(f"{at}q{n}", n, world, kind, "for-questions") for n, kind in enumerate(kinds, start=1)]
    return {"pass_score": 50, "questions": made}


def _question(at: str, number: int, world: int, kind: str, dataset: str) -> dict[str, Any]:
    return {
        "id": f"q{number}",
        "type": kind,
        "topic": "risk",
        "confidence": True,
        "prompt": shown("prompt", at),
        "chart": chart(at, dataset),
        "explanation": secret("explanation", at, world),
        **QUESTIONS[kind](at, world),
    }


# --- What the samples lack ----------------------------------------------------------------------------


def kinds_of_blocks() -> dict[str, type[BaseModel]]:
    return dict(blocks.KINDS)


def missing() -> list[str]:
    """In words what has to be added here for kinds and fields that the samples do not know."""
    blocks_made = {one["type"]: one for one in content("a", 0)["blocks"]}
    questions_made = {one["type"]: one for one in assessment("a", 0)["questions"]}
    return [
        *_lacking("block", "BLOCKS", kinds_of_blocks(), blocks_made),
        *_lacking("question", "QUESTIONS", dict(questions.KINDS), questions_made),
    ]


def _lacking(
    noun: str, table: str, kinds: dict[str, type[BaseModel]], made: dict[str, dict[str, Any]]
) -> Iterator[str]:
    for kind, model in kinds.items():
        if kind not in made:
            yield (
                f"Kind of {noun} {kind!r} has no sample: add to {table} in tests/secrecy/samples.py:  "
                f'"{kind}": _{kind},'
            )
            continue
        for path in _unfilled(model, made[kind]):
            yield (
                f"Kind of {noun} {kind!r} has a field {path!r} that its sample lacks: add it to _{kind} in "
                "tests/secrecy/samples.py, as secret(…) unless a learner may see it before grading."
            )


def _unfilled(model: type[BaseModel], data: dict[str, Any], at: str = "") -> Iterator[str]:
    for name, info in model.model_fields.items():
        if name not in data:
            yield f"{at}{name}"
            continue
        value = data[name][0] if isinstance(data[name], list) else data[name]
        for inner in _models(info.annotation):
            yield from _unfilled(inner, value, f"{at}{name}.")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    # Each kind of question is looked at by itself, not inside of a checkpoint.
    model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    if model and not issubclass(annotation, questions.Question):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
