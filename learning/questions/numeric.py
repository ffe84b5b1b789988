import random
import re
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from learning import formulas, numbers
from learning.formulas import FormulaError
from learning.questions.base import RIGHT, WRONG, Form, Given, Graded, Question, Shuffle, Token
from learning.rendering import Renderer
from learning.texts import FormulaText, Label, Paragraph, Slug, Strict

SEEDS = 1000
PLACE = re.compile(r"\{([a-z][a-z_]{0,29})\}")
Amount = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=20, decimal_places=8)]


class Parameter(Strict):
    """A number that is drawn for every attempt: `low`, `low + step`, … up to `high`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    low: Amount
    high: Amount
    step: Annotated[Amount, Field(gt=0)]

    @model_validator(mode="after")
    def _runs_up(self) -> "Parameter":
        if self.low > self.high:
            raise ValueError("low is above high")
        if (self.high - self.low) / self.step > 10_000:
            raise ValueError("has more than 10,000 values")
        return self

    def drawn(self, chance: random.Random) -> Decimal:
        return self.low + self.step * chance.randint(0, int((self.high - self.low) / self.step))


class NearMiss(Strict):
    """A number that tells of a certain mistake, and what is said to somebody who gave it."""

    formula: FormulaText
    feedback: Paragraph
    misconception: Slug | None = None


@dataclass(frozen=True, slots=True)
class NumberView:
    text: str
    unit: str


class Numeric(Question):
    """A number to work out. With `parameters` every attempt has numbers of its own.

    `answer` is a formula of the parameters, in the simplest case a number. An answer is right within
    `tolerance` (absolute) or `tolerance_percent` (of the answer). `least` and `most` bound what the formula
    may give for any of the numbers that can be drawn; `problems` tries it on a thousand of them.
    """

    template: ClassVar[str] = "learning/questions/numeric.html"

    type: Literal["numeric"]
    answer: FormulaText
    tolerance: Annotated[Amount, Field(ge=0)] | None = None
    tolerance_percent: Annotated[Amount, Field(gt=0, le=50)] | None = None
    unit: Label | None = None
    decimals: Annotated[int, Field(ge=0, le=8)] = 2
    parameters: tuple[Parameter, ...] = Field(default=(), max_length=8)
    least: Amount | None = None
    most: Amount | None = None
    near_misses: tuple[NearMiss, ...] = Field(default=(), max_length=6)
    feedback: Paragraph

    @model_validator(mode="after")
    def _says_how_near(self) -> "Numeric":
        if self.tolerance is None and self.tolerance_percent is None:
            raise ValueError("needs a tolerance, absolute or in percent")
        names = [parameter.name for parameter in self.parameters]
        if len(set(names)) != len(names):
            raise ValueError("two parameters have the same name")
        if unknown := set(PLACE.findall(self.prompt)) - set(names):
            raise ValueError(f"the prompt asks for {{{min(unknown)}}}, which is no parameter")
        if unused := set(names) - set(PLACE.findall(self.prompt)):
            raise ValueError(f"the prompt does not say {{{min(unused)}}}")
        return self

    def problems(self) -> list[str]:
        """What goes wrong for some of the numbers that can be drawn, the first of each kind."""
        found: dict[str, str] = {}
        tried = set()
        for seed in range(SEEDS if self.parameters else 1):
            values = self.values(seed)
            if (drawn := tuple(values.values())) in tried:
                continue
            tried.add(drawn)
            said = ", ".join(f"{name} = {value}" for name, value in values.items()) or "the answer"
            for kind, words in self._problems_with(values):
                found.setdefault(kind, f"{words} ({said})")
        return list(found.values())

    def identity(self) -> tuple[object, ...]:
        """The unit, and what is drawn: so every old paper is one of those that `problems` tries."""
        drawn = tuple((one.name, one.low, one.high, one.step) for one in self.parameters)
        return (*super().identity(), (self.unit or "").casefold(), drawn)

    def values(self, seed: int) -> dict[str, Decimal]:
        """The parameters of one attempt: the same seed gives the same numbers."""
        chance = random.Random(seed)  # noqa: S311  (numbers of an exercise, no secret)
        return {parameter.name: parameter.drawn(chance) for parameter in self.parameters}

    def _problems_with(self, values: dict[str, Decimal]) -> list[tuple[str, str]]:
        try:
            right = formulas.value_of(self.answer, values)
        except FormulaError as error:
            return [("answer", f"answer: {error}")]
        if self.least is not None and right < self.least:
            return [("least", f"answer: {right} is below the least that is allowed, {self.least}")]
        if self.most is not None and right > self.most:
            return [("most", f"answer: {right} is above the most that is allowed, {self.most}")]
        around = _around(right, self.tolerance, self.tolerance_percent)
        if not around and self.tolerance is None:
            return [("zero", "tolerance_percent: nothing is within a percentage of zero; give a tolerance")]
        return [
            problem for near in self.near_misses for problem in _problem_with(near, values, right, around)
        ]

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "answer": self.answer,
            "tolerance": None if self.tolerance is None else str(self.tolerance),
            "tolerance_percent": None if self.tolerance_percent is None else str(self.tolerance_percent),
            "unit": self.unit or "",
            "decimals": self.decimals,
            "parameters": [parameter.model_dump(mode="json") for parameter in self.parameters],
            "feedback": renderer.markdown(self.feedback),
            "near_misses": [
                {**near.model_dump(), "feedback": renderer.markdown(near.feedback)}
                for near in self.near_misses
            ],
        }

    @classmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        seeds = list(range(SEEDS))
        shuffle(seeds)
        chance = random.Random(seeds[0])  # noqa: S311  (as above)
        parameters = [Parameter.model_validate(one) for one in stored["parameters"]]
        values = {parameter.name: str(parameter.drawn(chance)) for parameter in parameters}
        return {"prompt": _filled(stored["prompt"], values), "values": values, "unit": stored["unit"]}

    @classmethod
    def view(cls, paper: dict[str, Any], given: Given | None) -> NumberView:
        return NumberView(given if isinstance(given, str) else "", paper["unit"])

    @classmethod
    def read(cls, paper: dict[str, Any], form: Form) -> Given | None:
        typed = [value.strip()[: numbers.LONGEST] for value in form.get(paper["token"], ())]
        return next((value for value in reversed(typed) if value and "\0" not in value), None)

    @classmethod
    def lack(cls, paper: dict[str, Any], given: Given | None) -> str:
        return numbers.lack(given, unit=paper["unit"]) if isinstance(given, str) else _("write a number")

    @classmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], given: Given) -> Graded:
        said = numbers.parse(str(given), unit=paper["unit"])
        values = {name: Decimal(value) for name, value in paper["values"].items()}
        right = formulas.value_of(stored["answer"], values)
        around = _around(right, _decimal(stored["tolerance"]), _decimal(stored["tolerance_percent"]))
        near = next(
            (
                one
                for one in stored["near_misses"]
                if abs(said - formulas.value_of(one["formula"], values)) <= around
            ),
            None,
        )
        correct = abs(said - right) <= around
        missed = None if correct else near
        return Graded(
            credit=RIGHT if correct else WRONG,
            chosen=escape(_with_unit(str(given), paper["unit"])),
            feedback=missed["feedback"] if missed else stored["feedback"],
            right=escape(_with_unit(numbers.shown(right, stored["decimals"]), paper["unit"])),
            misconceptions=tuple(filter(None, [missed["misconception"]])) if missed else (),
            keys=(f"near-miss-{1 + stored['near_misses'].index(missed)}",) if missed else (),
        )

    @classmethod
    def reason(cls, stored: dict[str, Any], paper: dict[str, Any]) -> str:
        return _filled(super().reason(stored, paper), paper["values"])

    @classmethod
    def solution(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        values = {name: Decimal(value) for name, value in paper["values"].items()}
        return f"{formulas.value_of(stored['answer'], values):f}"[: numbers.LONGEST]

    @classmethod
    def mistake(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        values = {name: Decimal(value) for name, value in paper["values"].items()}
        if stored["near_misses"]:
            return f"{formulas.value_of(stored['near_misses'][0]['formula'], values):f}"[: numbers.LONGEST]
        right = formulas.value_of(stored["answer"], values)
        around = _around(right, _decimal(stored["tolerance"]), _decimal(stored["tolerance_percent"]))
        return f"{right + 2 * around + 1:f}"[: numbers.LONGEST]


def _around(right: Decimal, tolerance: Decimal | None, percent: Decimal | None) -> Decimal:
    """How far from `right` an answer may be: the wider of the two tolerances."""
    return max(tolerance or Decimal(0), abs(right) * (percent or Decimal(0)) / 100)


def _problem_with(
    near: NearMiss, values: dict[str, Decimal], right: Decimal, around: Decimal
) -> list[tuple[str, str]]:
    kind = f"near miss {near.formula}"
    try:
        missed = formulas.value_of(near.formula, values)
    except FormulaError as error:
        return [(kind, f"near miss {near.formula!r}: {error}")]
    if abs(missed - right) <= 2 * around:
        return [(kind, f"near miss {near.formula!r}: cannot be told from the right answer, {right}")]
    return []


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _filled(html: str, values: dict[str, str]) -> str:
    """Safe HTML with the numbers of an attempt in their places."""

    def number(place: re.Match[str]) -> str:
        value = values.get(place[1])
        return place[0] if value is None else f"{Decimal(value):,f}".replace("-", "−")

    return PLACE.sub(number, html)


def _with_unit(number: str, unit: str) -> str:
    return number if not unit or number.casefold().endswith(unit.casefold()) else f"{number} {unit}"
