from fractions import Fraction
from itertools import combinations
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from learning.questions import menus
from learning.questions.base import RIGHT, WRONG, Form, Given, Graded, Question, Shuffle, Token
from learning.questions.menus import MenuView
from learning.rendering import Renderer
from learning.texts import CodeOf, Line, Paragraph, Slug, Strict


class Item(Strict):
    id: Slug
    text: Line


class Slip(Strict):
    """Two items in the wrong order, and what is said to somebody who put `first` before `second`."""

    first: Annotated[Slug, CodeOf("items")]
    second: Annotated[Slug, CodeOf("items")]
    feedback: Paragraph
    misconception: Slug | None = None


class Ordering(Question):
    """Items to put in order; they are written down here in the right one.

    `proportional` gives the share of pairs that stand in the right order, as Kendall's distance counts them.
    """

    template: ClassVar[str] = "learning/questions/ordering.html"

    type: Literal["ordering"]
    items: tuple[Item, ...] = Field(min_length=3, max_length=8)
    credit: Literal["exact", "proportional"] = "exact"
    slips: tuple[Slip, ...] = Field(default=(), max_length=8)
    feedback: Paragraph

    @model_validator(mode="after")
    def _fits_together(self) -> "Ordering":
        ids = [item.id for item in self.items]
        if len(set(ids)) != len(ids):
            raise ValueError("two items have the same id")
        for slip in self.slips:
            if slip.first not in ids or slip.second not in ids:
                raise ValueError(f"a slip names {slip.first!r} and {slip.second!r}, which are not both items")
            if ids.index(slip.first) <= ids.index(slip.second):
                raise ValueError(f"{slip.first!r} before {slip.second!r} is the right order and no slip")
        return self

    def identity(self) -> tuple[object, ...]:
        return (*super().identity(), frozenset(item.id for item in self.items))

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "items": [{"id": item.id, "text": renderer.line(item.text)} for item in self.items],
            "credit": self.credit,
            "feedback": renderer.markdown(self.feedback),
            "slips": [{**s.model_dump(), "feedback": renderer.markdown(s.feedback)} for s in self.slips],
        }

    @classmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        items = sorted(stored["items"], key=lambda item: str(item["id"]))
        shuffle(items)
        return {"items": [{"token": token(), "id": item["id"], "text": item["text"]} for item in items]}

    @classmethod
    def view(cls, paper: dict[str, Any], given: Given | None) -> tuple[MenuView, ...]:
        places = tuple((place, place) for place in _places(paper))
        return menus.views(paper["token"], paper["items"], places, given)

    @classmethod
    def read(cls, paper: dict[str, Any], form: Form) -> Given | None:
        return menus.read(paper["token"], paper["items"], _places(paper), form)

    @classmethod
    def lack(cls, paper: dict[str, Any], given: Given | None) -> str:
        if not isinstance(given, dict) or len(given) < len(paper["items"]):
            return _("give every line a place")
        if len(set(given.values())) < len(given):
            return _("two lines have the same place")
        return ""

    @classmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], given: Given) -> Graded:
        ids = {item["token"]: item["id"] for item in paper["items"]}
        placed = dict(given) if isinstance(given, dict) else {}
        order = [ids[token] for token in sorted(placed, key=lambda token: int(placed[token]))]
        right = [item["id"] for item in stored["items"]]
        rank = {one: n for n, one in enumerate(right)}
        pairs = list(combinations(order, 2))
        credit = Fraction(sum(rank[a] < rank[b] for a, b in pairs), len(pairs))
        at = {one: n for n, one in enumerate(order)}
        slips = [slip for slip in stored["slips"] if at[slip["first"]] < at[slip["second"]]]
        return Graded(
            credit=credit if stored["credit"] == "proportional" or credit == RIGHT else WRONG,
            chosen=_listed(order, stored),
            feedback="".join(slip["feedback"] for slip in slips) or stored["feedback"],
            right=_listed(right, stored),
            misconceptions=tuple(slip["misconception"] for slip in slips if slip["misconception"]),
            keys=tuple(f"{slip['first']} before {slip['second']}"[:80] for slip in slips),
        )

    @classmethod
    def solution(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        place = {item["id"]: str(n) for n, item in enumerate(stored["items"], start=1)}
        return {item["token"]: place[item["id"]] for item in paper["items"]}

    @classmethod
    def mistake(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        return menus.swapped(cls.solution(stored, paper))


def _places(paper: dict[str, Any]) -> list[str]:
    return [str(n) for n in range(1, len(paper["items"]) + 1)]


def _listed(order: list[str], stored: dict[str, Any]) -> str:
    texts = {item["id"]: item["text"] for item in stored["items"]}
    return "<ol>" + "".join(f"<li>{texts[one]}</li>" for one in order) + "</ol>"
