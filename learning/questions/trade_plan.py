from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from learning import numbers
from learning.chart_spec import window_of
from learning.questions.base import RIGHT, WRONG, Form, Given, Graded, Question, Shuffle, Token
from learning.rendering import Renderer
from learning.texts import Paragraph, Positive, Price, Slug, Strict

PARTS = ("entry", "stop", "target", "size")
Ratio = Annotated[Decimal, Field(gt=0, le=1000, allow_inf_nan=False, decimal_places=4)]
RuleName = Literal[
    "stop_beyond", "reward_to_risk_at_least", "risk_at_most", "entry_within", "target_before", "risk_at_least"
]
# What a rule needs: a price, a span of prices, a ratio or a percentage.
_NEEDS: dict[str, tuple[str, ...]] = {
    "stop_beyond": ("price",),
    "target_before": ("price",),
    "entry_within": ("low", "high"),
    "reward_to_risk_at_least": ("ratio",),
    "risk_at_most": ("percent",),
    "risk_at_least": ("percent",),
}


class PlanRule(Strict):
    """One thing that a sound plan keeps to, with what is said to somebody whose plan does not.

    `stop_beyond` and `target_before` name a price: for a long trade the stop lies below the first, the
    target not above the second; for a short one the other way round. `risk_…` are percent of the account.
    """

    rule: RuleName
    price: Price | None = None
    low: Price | None = None
    high: Price | None = None
    ratio: Ratio | None = None
    percent: Annotated[Decimal, Field(gt=0, le=100, decimal_places=4)] | None = None
    feedback: Paragraph
    misconception: Slug | None = None

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "PlanRule":
        given = {
            name for name in ("price", "low", "high", "ratio", "percent") if getattr(self, name) is not None
        }
        if given != set(_NEEDS[self.rule]):
            raise ValueError(f"{self.rule} takes {' and '.join(_NEEDS[self.rule])}, nothing else")
        return self


class Plan(Strict):
    """Prices and a size in units."""

    entry: Price
    stop: Price
    target: Price
    size: Positive


@dataclass(frozen=True, slots=True)
class PlanField:
    part: str
    name: str
    label: str
    value: str
    is_price: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    fields: tuple[PlanField, ...]
    side: str
    account: str
    decimals: int


class TradePlan(Question):
    """Entry, stop, target and size of a trade, graded by named rules, each with a word of its own.

    Any plan that keeps to all of them is right, such as `example`; `proportional` gives the share of them.
    """

    template: ClassVar[str] = "learning/questions/trade_plan.html"
    begins_with: ClassVar[tuple[str, ...]] = ("chart",)

    type: Literal["trade_plan"]
    side: Literal["long", "short"]
    account: Positive
    rules: tuple[PlanRule, ...] = Field(min_length=1, max_length=8)
    example: Plan
    credit: Literal["exact", "proportional"] = "proportional"
    feedback: Paragraph

    @model_validator(mode="after")
    def _has_a_chart(self) -> "TradePlan":
        if self.chart is None:
            raise ValueError("needs a chart to plan on")
        names = [rule.rule for rule in self.rules]
        if len(set(names)) != len(names):
            raise ValueError("each rule stands once")
        return self

    def identity(self) -> tuple[object, ...]:
        """What the plan was made for: a side, an account, and these bars."""
        return (*super().identity(), self.side, self.account, *window_of(self.chart))

    def problems(self) -> list[str]:
        plan = {part: getattr(self.example, part) for part in PARTS}
        broken = [
            rule.rule for rule in self.rules if not _keeps(rule.model_dump(), plan, self.side, self.account)
        ]
        if not _makes_sense(plan, self.side):
            return ["example: stop and target are not on the sides where they belong"]
        return [f"example: does not keep to {name}" for name in broken]

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "side": self.side,
            "account": str(self.account),
            "credit": self.credit,
            "rules": [
                {**rule.model_dump(mode="json"), "feedback": renderer.markdown(rule.feedback)}
                for rule in self.rules
            ],
            "example": {part: str(getattr(self.example, part)) for part in PARTS},
            "feedback": renderer.markdown(self.feedback),
        }

    @classmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        return {"side": stored["side"], "account": stored["account"]}

    @classmethod
    def view(cls, paper: dict[str, Any], given: Given | None) -> PlanView:
        said = given if isinstance(given, dict) else {}
        labels = {"entry": _("Entry"), "stop": _("Stop"), "target": _("Target"), "size": _("Size, in units")}
        fields = [
            PlanField(part, f"{paper['token']}-{part}", labels[part], said.get(part, ""), part != "size")
            for part in PARTS
        ]
        decimals = paper["chart"]["payload"]["decimals"]
        account = numbers.shown(Decimal(paper["account"]), 2).removesuffix(".00")
        return PlanView(tuple(fields), paper["side"], account, decimals)

    @classmethod
    def read(cls, paper: dict[str, Any], form: Form) -> Given | None:
        sent = {
            part: [v.strip()[: numbers.LONGEST] for v in form.get(f"{paper['token']}-{part}", ())]
            for part in PARTS
        }
        return {part: v[-1] for part, v in sent.items() if v and v[-1] and "\0" not in v[-1]} or None

    @classmethod
    def lack(cls, paper: dict[str, Any], given: Given | None) -> str:
        said = given if isinstance(given, dict) else {}
        if any(part not in said for part in PARTS):
            return _("give entry, stop, target and size")
        for part in PARTS:
            if lack := numbers.lack(said[part]):
                return lack
            if numbers.parse(said[part]) <= 0:
                return _("prices and sizes are more than zero")
        return ""

    @classmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], given: Given) -> Graded:
        plan = {part: numbers.parse(given[part]) for part in PARTS} if isinstance(given, dict) else {}
        account = Decimal(stored["account"])
        sense = _makes_sense(plan, stored["side"])
        broken = [r for r in stored["rules"] if not (sense and _keeps(r, plan, stored["side"], account))]
        share = Fraction(len(stored["rules"]) - len(broken), len(stored["rules"]))
        decimals = paper["chart"]["payload"]["decimals"]
        example = {part: Decimal(value) for part, value in stored["example"].items()}
        words = [] if sense else [f"<p>{escape(_wrong_sides(stored['side']))}</p>"]
        told = words + [rule["feedback"] for rule in broken] if sense else words
        return Graded(
            credit=share if stored["credit"] == "proportional" or share == RIGHT else WRONG,
            chosen=escape(_in_words(plan, decimals)),
            feedback="".join(told) or stored["feedback"],
            right=escape(_("For example: %s") % _in_words(example, decimals)),
            misconceptions=tuple(rule["misconception"] for rule in broken if sense and rule["misconception"]),
            keys=tuple(f"broken: {rule['rule']}" for rule in broken) if sense else ("wrong sides",),
        )

    @classmethod
    def solution(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        return dict(stored["example"])

    @classmethod
    def mistake(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        """Far from the chart and far too large, with hardly a reward."""
        example = {part: Decimal(value) for part, value in stored["example"].items()}
        factor = 2 if stored["side"] == "long" else Decimal("0.5")
        entry, stop = factor * example["entry"], factor * example["stop"]
        target = entry + (entry - stop) / 1000
        plan = {"entry": entry, "stop": stop, "target": target, "size": 1000 * example["size"]}
        return {part: f"{value.normalize():f}"[: numbers.LONGEST] for part, value in plan.items()}


def _makes_sense(plan: Mapping[str, Decimal], side: str) -> bool:
    """Whether the stop is on the losing side of the entry and the target on the winning one."""
    if side == "long":
        return plan["stop"] < plan["entry"] < plan["target"]
    return plan["target"] < plan["entry"] < plan["stop"]


def _keeps(rule: Mapping[str, Any], plan: Mapping[str, Decimal], side: str, account: Decimal) -> bool:
    """Whether the plan keeps to the rule. Short trades are long ones with the sign of prices turned."""
    sign = 1 if side == "long" else -1
    risk = sign * (plan["entry"] - plan["stop"])
    limit = {name: Decimal(str(rule[name])) for name in _NEEDS[rule["rule"]]}
    percent = 100 * risk * plan["size"] / account
    kept: dict[str, bool] = {
        "stop_beyond": "price" in limit and sign * plan["stop"] < sign * limit["price"],
        "target_before": "price" in limit and sign * plan["target"] <= sign * limit["price"],
        "entry_within": "low" in limit and limit["low"] <= plan["entry"] <= limit["high"],
        "reward_to_risk_at_least": "ratio" in limit
        and sign * (plan["target"] - plan["entry"]) >= limit["ratio"] * risk,
        "risk_at_most": "percent" in limit and percent <= limit["percent"],
        "risk_at_least": "percent" in limit and percent >= limit["percent"],
    }
    return kept[rule["rule"]]


def _wrong_sides(side: str) -> str:
    if side == "long":
        return _("This is no long trade: its stop belongs below the entry, its target above.")
    return _("This is no short trade: its stop belongs above the entry, its target below.")


def _in_words(plan: Mapping[str, Decimal], decimals: int) -> str:
    return _("entry %(entry)s, stop %(stop)s, target %(target)s, size %(size)s") % {
        **{part: numbers.shown(plan[part], decimals) for part in ("entry", "stop", "target")},
        "size": f"{plan['size'].normalize():,f}",
    }
