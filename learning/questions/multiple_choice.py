from fractions import Fraction
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from learning.questions import choices
from learning.questions.base import RIGHT, WRONG, Form, Given, Graded, Question, Shuffle, Token
from learning.questions.choices import Choice, ChoiceView
from learning.rendering import Renderer


class MultipleChoice(Question):
    """Several answers may be right.

    `exact` wants all of them and no other. `proportional` gives the share of choices that were rightly ticked
    or rightly left; ticking everything earns no more than the share of those that are right.
    """

    template: ClassVar[str] = "learning/questions/multiple_choice.html"

    type: Literal["multiple_choice"]
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=8)
    credit: Literal["exact", "proportional"] = "exact"

    @model_validator(mode="after")
    def _some_are_right(self) -> "MultipleChoice":
        if not any(choice.correct for choice in self.choices):
            raise ValueError("at least one choice must be correct")
        choices.distinct(self.choices)
        return self

    def identity(self) -> tuple[object, ...]:
        return (*super().identity(), frozenset(choice.id for choice in self.choices))

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {"choices": choices.stored(self.choices, renderer), "credit": self.credit}

    @classmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        return {"choices": choices.on_paper(stored["choices"], token, shuffle)}

    @classmethod
    def view(cls, paper: dict[str, Any], given: Given | None) -> tuple[ChoiceView, ...]:
        return choices.views(paper, given if isinstance(given, list) else ())

    @classmethod
    def read(cls, paper: dict[str, Any], form: Form) -> Given | None:
        sent = set(form.get(paper["token"], ()))
        return [c["token"] for c in paper["choices"] if c["token"] in sent] or None

    @classmethod
    def lack(cls, paper: dict[str, Any], given: Given | None) -> str:
        return "" if given else _("choose at least one answer")

    @classmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], given: Given) -> Graded:
        all_choices: dict[str, Any] = stored["choices"]
        ticked = [c["id"] for c in paper["choices"] if c["token"] in given]
        treated = sum(choice["correct"] is (name in ticked) for name, choice in all_choices.items())
        credit = Fraction(treated, len(all_choices))
        chosen = [all_choices[name] for name in ticked]
        # What was left out is told as well: it is half of the answer.
        missed = [c for name, c in all_choices.items() if c["correct"] and name not in ticked]
        return Graded(
            credit=credit if stored["credit"] == "proportional" or credit == RIGHT else WRONG,
            chosen=choices.listed([one["text"] for one in chosen]),
            feedback="".join(one["feedback"] for one in (*chosen, *missed)),
            right=choices.listed([one["text"] for one in all_choices.values() if one["correct"]]),
            misconceptions=tuple(one["misconception"] for one in chosen if one["misconception"]),
            keys=tuple(ticked),
        )

    @classmethod
    def solution(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        return [c["token"] for c in paper["choices"] if stored["choices"][c["id"]]["correct"]]

    @classmethod
    def mistake(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        wrong = [c["token"] for c in paper["choices"] if not stored["choices"][c["id"]]["correct"]]
        return wrong or [paper["choices"][0]["token"]]
