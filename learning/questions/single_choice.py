from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from learning.questions.base import Graded, Question, Shuffle, Token
from learning.rendering import Renderer
from learning.texts import Line, Paragraph, Slug, Strict


class Choice(Strict):
    """One answer, and what is said to somebody who gave it."""

    id: Slug
    text: Line
    feedback: Paragraph
    correct: bool = False


class SingleChoice(Question):
    """One of a few answers is right. Choices are shuffled for every attempt."""

    template: ClassVar[str] = "learning/questions/single_choice.html"

    type: Literal["single_choice"]
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=6)

    @model_validator(mode="after")
    def _one_is_right(self) -> "SingleChoice":
        if sum(choice.correct for choice in self.choices) != 1:
            raise ValueError("exactly one choice must be correct")
        if len({choice.id for choice in self.choices}) != len(self.choices):
            raise ValueError("two choices have the same id")
        return self

    def render(self, renderer: Renderer) -> dict[str, Any]:
        choices = {
            c.id: {
                "text": renderer.line(c.text),
                "feedback": renderer.markdown(c.feedback),
                "correct": c.correct,
            }
            for c in self.choices
        }
        return {"choices": choices}

    @classmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        order = sorted(stored["choices"])
        shuffle(order)
        return {
            "choices": [
                {"token": token(), "id": choice, "text": stored["choices"][choice]["text"]}
                for choice in order
            ]
        }

    @classmethod
    def accepts(cls, paper: dict[str, Any], answer: str) -> bool:
        return any(choice["token"] == answer for choice in paper["choices"])

    @classmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], answer: str) -> Graded:
        chosen_id = next(choice["id"] for choice in paper["choices"] if choice["token"] == answer)
        chosen = stored["choices"][chosen_id]
        right = next(choice for choice in stored["choices"].values() if choice["correct"])
        return Graded(
            correct=chosen["correct"], chosen=chosen["text"], feedback=chosen["feedback"], right=right["text"]
        )
