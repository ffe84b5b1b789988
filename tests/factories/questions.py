"""A question of every kind, as an author writes it."""

from typing import Any

from tests.factories.learning import chart

Json = dict[str, Any]


def _texts(number: int) -> Json:
    return {
        "id": f"q{number}",
        "topic": "risk",
        "prompt": f"Question {number}?",
        "explanation": f"EXPLANATION-{number}",
    }


def multiple_choice(number: int = 1, **changes: Any) -> Json:
    """Of four choices `a` and `b` are right."""
    choices = [
        {"id": one, "text": f"Answer {one}", "feedback": f"FEEDBACK-{one}", "correct": one in "ab"}
        for one in "abcd"
    ]
    choices[2]["misconception"] = "stop-is-a-price"
    return {**_texts(number), "type": "multiple_choice", "choices": choices, **changes}


def numeric(number: int = 1, **changes: Any) -> Json:
    """How many shares: account × risk ÷ distance, with numbers of its own for every attempt."""
    made = {
        **_texts(number),
        "type": "numeric",
        "prompt": "An account of {account} risks {risk} % on a stop {distance} away. How many shares?",
        "explanation": "The risk of {account} at {risk} % divided by {distance}.",
        "parameters": [
            {"name": "account", "low": 5000, "high": 20000, "step": 500},
            {"name": "risk", "low": "0.5", "high": 2, "step": "0.5"},
            {"name": "distance", "low": 2, "high": 5, "step": 1},
        ],
        "answer": "account * risk / 100 / distance",
        "tolerance": "0.5",
        "unit": "shares",
        "decimals": 1,
        "least": 1,
        "most": 500,
        "near_misses": [
            {
                "formula": "account * risk / distance",
                "feedback": "FORGOT-PERCENT",
                "misconception": "percent-is-whole",
            }
        ],
        "feedback": "FEEDBACK-NUMBER",
    }
    return made | changes


def ordering(number: int = 1, **changes: Any) -> Json:
    """Four steps; to size before setting a stop is a known slip."""
    steps = ("idea", "stop", "size", "order")
    made = {
        **_texts(number),
        "type": "ordering",
        "items": [{"id": step, "text": f"The {step}"} for step in steps],
        "slips": [
            {"first": "size", "second": "stop", "feedback": "SIZE-NEEDS-STOP", "misconception": "size-first"}
        ],
        "feedback": "FEEDBACK-ORDER",
    }
    return made | changes


def chart_point(number: int = 1, **changes: Any) -> Json:
    """The third of ten bars, or the one beside it; the last three are a known mistake."""
    made = {
        **_texts(number),
        "type": "chart_point",
        "chart": chart(),
        "asks": "bar",
        "time": "2024-01-07",
        "within_bars": 1,
        "spots": [
            {
                "start": "2024-01-12",
                "end": "2024-01-14",
                "feedback": "TOO-LATE",
                "misconception": "after-the-fact",
            }
        ],
        "feedback": "FEEDBACK-BAR",
    }
    return made | changes


def chart_price(number: int = 1, **changes: Any) -> Json:
    """A price around 105; a price above 110 is a known mistake."""
    bar = {name: value for name, value in chart_point(number).items() if name not in ("time", "within_bars")}
    spot = {"low": 110, "high": 200, "feedback": "TOO-HIGH", "misconception": "target-is-support"}
    made = {"asks": "price", "low": "104.5", "high": "105.5", "spots": [spot], "feedback": "FEEDBACK-PRICE"}
    return {**bar, **made, **changes}


def matching(number: int = 1, **changes: Any) -> Json:
    """Three orders and what each promises; one promise belongs to none."""
    promises = {"market": "A trade", "limit": "A price", "stop": "A trigger"}
    made = {
        **_texts(number),
        "type": "matching",
        "pairs": [
            {"id": order, "left": f"A {order} order", "right": promise, "feedback": f"PAIR-{order}"}
            for order, promise in promises.items()
        ],
        "decoys": ["Both"],
        "feedback": "FEEDBACK-MATCH",
    }
    return made | changes
