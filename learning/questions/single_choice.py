from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from learning.questions import choices
from learning.questions.base import RIGHT, WRONG, Form, Given, Graded, Question, Shuffle, Token
from learning.questions.choices import Choice, ChoiceView
from learning.rendering import Renderer


class SingleChoice(Question):
    """One of a few answers is right."""

    template: ClassVar[str] = "learning/questions/single_choice.html"

    type: Literal["single_choice"]
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=6)

    @model_validator(mode="after")
    def _one_is_right(self) -> "SingleChoice":
        if sum(choice.correct for choice in self.choices) != 1:
            raise ValueError("exactly one choice must be correct")
        choices.distinct(self.choices)
        return self

    def identity(self) -> tuple[object, ...]:
        return (*super().identity(), frozenset(choice.id for choice in self.choices))

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {"choices": choices.stored(self.choices, renderer)}

    @classmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        return {"choices": choices.on_paper(stored["choices"], token, shuffle)}

    @classmethod
    def view(cls, paper: dict[str, Any], given: Given | None) -> tuple[ChoiceView, ...]:
        return choices.views(paper, (given,) if isinstance(given, str) else ())

    @classmethod
    def read(cls, paper: dict[str, Any], form: Form) -> Given | None:
        offered = {choice["token"] for choice in paper["choices"]}
        return next((value for value in reversed(form.get(paper["token"], ())) if value in offered), None)

    @classmethod
    def lack(cls, paper: dict[str, Any], given: Given | None) -> str:
        return "" if given else _("choose an answer")

    @classmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], given: Given) -> Graded:
        key = next(c["id"] for c in paper["choices"] if c["token"] == given)
        chosen = stored["choices"][key]
        right = next(choice for choice in stored["choices"].values() if choice["correct"])
        return Graded(
            credit=RIGHT if chosen["correct"] else WRONG,
            chosen=chosen["text"],
            feedback=chosen["feedback"],
            right=right["text"],
            misconceptions=tuple(filter(None, [chosen.get("misconception")])),
            keys=(key,),
        )

    @classmethod
    def solution(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        right: str = next(c["token"] for c in paper["choices"] if stored["choices"][c["id"]]["correct"])
        return right

    @classmethod
    def mistake(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        wrong: str = next(c["token"] for c in paper["choices"] if not stored["choices"][c["id"]]["correct"])
        return wrong
