from fractions import Fraction
from html import escape
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from learning.questions import menus
from learning.questions.base import RIGHT, WRONG, Form, Given, Graded, Question, Shuffle, Token
from learning.questions.menus import MenuView
from learning.rendering import Renderer
from learning.texts import Line, Paragraph, PlainLine, Slug, Strict


class Pair(Strict):
    """What belongs together, and what is said to somebody who gave `left` another partner."""

    id: Slug
    left: Line
    right: PlainLine
    feedback: Paragraph
    misconception: Slug | None = None


class Matching(Question):
    """A partner for each left side; `decoys` are partners of nobody. Partners stand in menus: plain text."""

    template: ClassVar[str] = "learning/questions/matching.html"

    type: Literal["matching"]
    pairs: tuple[Pair, ...] = Field(min_length=2, max_length=8)
    decoys: tuple[PlainLine, ...] = Field(default=(), max_length=4)
    credit: Literal["exact", "proportional"] = "proportional"
    feedback: Paragraph

    @model_validator(mode="after")
    def _tells_partners_apart(self) -> "Matching":
        if len({pair.id for pair in self.pairs}) != len(self.pairs):
            raise ValueError("two pairs have the same id")
        partners = [pair.right.strip().casefold() for pair in self.pairs]
        partners += [decoy.strip().casefold() for decoy in self.decoys]
        if len(set(partners)) != len(partners):
            raise ValueError("two partners are the same")
        return self

    def identity(self) -> tuple[object, ...]:
        """The lines, and the words that one could choose from: a paper keeps partners by their words."""
        partners = (*(pair.right for pair in self.pairs), *self.decoys)
        return (*super().identity(), frozenset(pair.id for pair in self.pairs), frozenset(partners))

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "pairs": [
                {
                    **pair.model_dump(),
                    "left": renderer.line(pair.left),
                    "feedback": renderer.markdown(pair.feedback),
                }
                for pair in self.pairs
            ],
            "decoys": list(self.decoys),
            "credit": self.credit,
            "feedback": renderer.markdown(self.feedback),
        }

    @classmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        lefts = sorted(stored["pairs"], key=lambda pair: str(pair["id"]))
        partners = sorted([*(pair["right"] for pair in stored["pairs"]), *stored["decoys"]])
        shuffle(lefts)
        shuffle(partners)
        return {
            "lefts": [{"token": token(), "id": pair["id"], "text": pair["left"]} for pair in lefts],
            "partners": [{"token": token(), "text": text} for text in partners],
        }

    @classmethod
    def view(cls, paper: dict[str, Any], given: Given | None) -> tuple[MenuView, ...]:
        partners = tuple((partner["token"], partner["text"]) for partner in paper["partners"])
        return menus.views(paper["token"], paper["lefts"], partners, given)

    @classmethod
    def read(cls, paper: dict[str, Any], form: Form) -> Given | None:
        offered = {partner["token"] for partner in paper["partners"]}
        return menus.read(paper["token"], paper["lefts"], offered, form)

    @classmethod
    def lack(cls, paper: dict[str, Any], given: Given | None) -> str:
        whole = isinstance(given, dict) and len(given) == len(paper["lefts"])
        return "" if whole else _("choose a partner for every line")

    @classmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], given: Given) -> Graded:
        chosen = dict(given) if isinstance(given, dict) else {}
        partners = {partner["token"]: partner["text"] for partner in paper["partners"]}
        by_pair = {left["id"]: partners[chosen[left["token"]]] for left in paper["lefts"]}
        wrong = [pair for pair in stored["pairs"] if by_pair[pair["id"]] != pair["right"]]
        credit = Fraction(len(stored["pairs"]) - len(wrong), len(stored["pairs"]))
        return Graded(
            credit=credit if stored["credit"] == "proportional" or credit == RIGHT else WRONG,
            chosen=_table([(pair["left"], by_pair[pair["id"]]) for pair in stored["pairs"]]),
            feedback="".join(pair["feedback"] for pair in wrong) or stored["feedback"],
            right=_table([(pair["left"], pair["right"]) for pair in stored["pairs"]]),
            misconceptions=tuple(pair["misconception"] for pair in wrong if pair["misconception"]),
            keys=tuple(f"wrong: {pair['id']}" for pair in wrong),
        )

    @classmethod
    def solution(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        token = {partner["text"]: partner["token"] for partner in paper["partners"]}
        right = {pair["id"]: pair["right"] for pair in stored["pairs"]}
        return {left["token"]: token[right[left["id"]]] for left in paper["lefts"]}

    @classmethod
    def mistake(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        return menus.swapped(cls.solution(stored, paper))


def _table(rows: list[tuple[str, str]]) -> str:
    """Safe HTML: left sides were rendered, partners are plain text."""
    cells = "".join(f"<tr><td>{left}</td><td>{escape(right)}</td></tr>" for left, right in rows)
    return f"<table><tbody>{cells}</tbody></table>"
