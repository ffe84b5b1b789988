"""A block of every kind, as an author writes it."""

from typing import Any

from tests.factories.learning import chart, question

Json = dict[str, Any]


def prose(**changes: Any) -> Json:
    return {"id": "words", "type": "prose", "title": "Words", "markdown": "Some **words**."} | changes


def flash_cards(**changes: Any) -> Json:
    cards = [{"front": f"FRONT-{n}", "back": f"BACK-{n}"} for n in (1, 2)]
    return {"id": "cards", "type": "flash_cards", "title": "Cards", "cards": cards} | changes


def comparison(**changes: Any) -> Json:
    first, second = (
        {"title": f"SIDE-{n}", "chart": chart(end=end)} for n, end in ((1, "2024-01-09"), (2, "2024-01-14"))
    )
    made = {"id": "both", "type": "comparison", "title": "Side by side", "markdown": "Two windows."}
    return made | {"first": first, "second": second} | changes


def replay(**changes: Any) -> Json:
    ends = ("2024-01-08", "2024-01-11", "2024-01-14")
    frames = [{"end": end, "markdown": f"FRAME-{n}"} for n, end in enumerate(ends, start=1)]
    return {"id": "then", "type": "replay", "title": "And then", "chart": chart(), "frames": frames} | changes


def video(**changes: Any) -> Json:
    made = {"id": "watch", "type": "video", "title": "Watch", "address": "https://video.example.org/7"}
    return made | {"site": "Example", "minutes": 6, "about": "ABOUT", "transcript": "TRANSCRIPT"} | changes


def calculator(code: str = "position_size", **changes: Any) -> Json:
    return {"id": "sum", "type": "calculator", "title": "Work it out", "calculator": code} | changes


def checkpoint(**changes: Any) -> Json:
    return {"id": "check", "type": "checkpoint", "title": "Try it", "question": question(7)} | changes


def reflection(**changes: Any) -> Json:
    return {"id": "think", "type": "reflection", "title": "Think", "markdown": "PONDER this."} | changes


def worked_example(**changes: Any) -> Json:
    steps = [{"title": f"STEP-{n}", "markdown": f"HOW-{n}"} for n in (1, 2)]
    return {
        "id": "example",
        "type": "worked_example",
        "title": "Worked",
        "markdown": "SITUATION",
        "steps": steps,
    } | changes


def lesson_of(*made: Json) -> Json:
    return {"blocks": list(made)}
