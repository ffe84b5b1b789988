"""What single and multiple choice share: answers to choose from, shuffled for every attempt."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from learning.questions.base import Shuffle, Token
from learning.rendering import Renderer
from learning.texts import Line, Paragraph, Slug, Strict


class Choice(Strict):
    """One answer, what is said to somebody who gave it, and the misconception that it tells of."""

    id: Slug
    text: Line
    feedback: Paragraph
    correct: bool = False
    misconception: Slug | None = None


@dataclass(frozen=True, slots=True)
class ChoiceView:
    token: str
    text: SafeString
    selected: bool


def distinct(choices: Collection[Choice]) -> None:
    """Raises ValueError when two choices have the same id."""
    if len({choice.id for choice in choices}) != len(choices):
        raise ValueError("two choices have the same id")


def stored(choices: Collection[Choice], renderer: Renderer) -> dict[str, Any]:
    return {
        c.id: {
            "text": renderer.line(c.text),
            "feedback": renderer.markdown(c.feedback),
            "correct": c.correct,
            "misconception": c.misconception,
        }
        for c in choices
    }


def on_paper(choices: dict[str, Any], token: Token, shuffle: Shuffle) -> list[dict[str, Any]]:
    """Text and token of each choice in an order that says nothing."""
    order = sorted(choices)
    shuffle(order)
    return [{"token": token(), "id": choice, "text": choices[choice]["text"]} for choice in order]


def views(paper: dict[str, Any], selected: Collection[str]) -> tuple[ChoiceView, ...]:
    return tuple(
        ChoiceView(c["token"], mark_safe(c["text"]), c["token"] in selected)  # noqa: S308  (rendered by learning.markdown)
        for c in paper["choices"]
    )


def listed(texts: Collection[str]) -> str:
    """Safe HTML of one text, or of several as a list."""
    if len(texts) == 1:
        return next(iter(texts))
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>" if texts else ""
