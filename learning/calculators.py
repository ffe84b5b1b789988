"""Calculators of lessons: what they ask for and work out. Exact decimals; money has no currency."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Code = Literal["position_size", "reward_to_risk", "tick_value", "expectancy", "drawdown_recovery"]
Text = str | Promise
Values = Mapping[str, Decimal]


class Impossible(ValueError):
    """These numbers give no result together; the message says why, to the reader."""


@dataclass(frozen=True, slots=True)
class Input:
    """A number to fill in, from `least` to `most`, with the one it begins with."""

    name: str
    label: Text
    unit: Text
    start: Decimal
    least: Decimal = Decimal("0.00000001")
    most: Decimal = Decimal(1_000_000_000)


@dataclass(frozen=True, slots=True)
class Result:
    label: str
    value: Decimal
    unit: str
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Calculator:
    """`formula` says in words what `results` computes; `results` raises Impossible."""

    inputs: tuple[Input, ...]
    formula: Text
    results: Callable[[Values], tuple[Result, ...]]


def _position_size(values: Values) -> tuple[Result, ...]:
    distance = abs(values["entry"] - values["stop"]) * values["unit_value"]
    if not distance:
        raise Impossible(_("Entry and stop are the same: there is no distance to size by."))
    at_risk = values["account"] * values["risk"] / 100
    size = (at_risk / distance).to_integral_value(ROUND_FLOOR)
    return (
        Result(_("Amount at risk"), at_risk, ""),
        Result(_("Loss of one unit at the stop"), distance, "", 4),
        Result(_("Position size, rounded down"), size, _("units"), 0),
        Result(_("Loss if the stop is hit at its price"), size * distance, ""),
    )


def _reward_to_risk(values: Values) -> tuple[Result, ...]:
    risk = values["entry"] - values["stop"]
    reward = values["target"] - values["entry"]
    if not risk or not reward or (risk > 0) != (reward > 0):
        raise Impossible(_("Stop and target have to be on different sides of the entry."))
    ratio = reward / risk
    return (
        Result(_("Risk per unit"), abs(risk), "", 4),
        Result(_("Reward per unit"), abs(reward), "", 4),
        Result(_("Reward to risk"), ratio, "R"),
        Result(_("Wins needed to break even, before costs"), 100 / (1 + ratio), "%", 1),
    )


def _tick_value(values: Values) -> tuple[Result, ...]:
    one = values["tick"] * values["contract"] * values["rate"]
    return (
        Result(_("One tick of one contract or lot"), one, "", 4),
        Result(_("One tick of the whole position"), one * values["size"], "", 4),
        Result(_("Ticks of the stop, in money"), one * values["size"] * values["ticks"], ""),
    )


def _expectancy(values: Values) -> tuple[Result, ...]:
    wins = values["win_rate"] / 100
    each = wins * values["win"] - (1 - wins) * values["loss"]
    return (
        Result(_("Expectancy of one trade"), each, "R", 3),
        Result(_("On average over 100 trades"), 100 * each, "R", 1),
        Result(
            _("Win rate that would break even"),
            100 * values["loss"] / (values["win"] + values["loss"]),
            "%",
            1,
        ),
    )


def _drawdown_recovery(values: Values) -> tuple[Result, ...]:
    left = 1 - values["drawdown"] / 100
    each = 1 - values["loss"] / 100
    losses = next((n for n in range(1, 1001) if each**n <= left), None)
    found = [Result(_("Gain that brings the account back"), 100 * (1 / left - 1), "%", 1)]
    if losses:
        found.append(Result(_("Losses in a row that lead there"), Decimal(losses), _("trades"), 0))
    return tuple(found)


_money, _price, _percent = gettext_lazy("in your currency"), "", "%"

CALCULATORS: dict[Code, Calculator] = {
    "position_size": Calculator(
        inputs=(
            Input("account", gettext_lazy("Account"), _money, Decimal(10_000)),
            Input("risk", gettext_lazy("Risk of the account"), _percent, Decimal(1), most=Decimal(100)),
            Input("entry", gettext_lazy("Entry"), _price, Decimal(50)),
            Input("stop", gettext_lazy("Stop"), _price, Decimal(48)),
            Input("unit_value", gettext_lazy("Value of one point of one unit"), _money, Decimal(1)),
        ),
        formula=gettext_lazy(
            "Position size = account × risk ÷ (distance from entry to stop × value of one point), "
            "rounded down: rounding up would risk more than you decided."
        ),
        results=_position_size,
    ),
    "reward_to_risk": Calculator(
        inputs=(
            Input("entry", gettext_lazy("Entry"), _price, Decimal(50)),
            Input("stop", gettext_lazy("Stop"), _price, Decimal(48)),
            Input("target", gettext_lazy("Target"), _price, Decimal(56)),
        ),
        formula=gettext_lazy(
            "Reward to risk = (target − entry) ÷ (entry − stop). A plan breaks even when its share of "
            "wins is 1 ÷ (1 + reward to risk), before costs."
        ),
        results=_reward_to_risk,
    ),
    "tick_value": Calculator(
        inputs=(
            Input("tick", gettext_lazy("Size of a tick or pip"), _price, Decimal("0.0001")),
            Input(
                "contract",
                gettext_lazy("Units in one contract or lot"),
                gettext_lazy("units"),
                Decimal(100_000),
            ),
            Input("rate", gettext_lazy("Account money for one of the quote currency"), _money, Decimal(1)),
            Input("size", gettext_lazy("Contracts or lots"), gettext_lazy("lots"), Decimal("0.1")),
            Input("ticks", gettext_lazy("Distance of the stop"), gettext_lazy("ticks"), Decimal(40)),
        ),
        formula=gettext_lazy(
            "Value of a tick = size of the tick × units in a contract × exchange rate into the account's "
            "money."
        ),
        results=_tick_value,
    ),
    "expectancy": Calculator(
        inputs=(
            Input(
                "win_rate", gettext_lazy("Wins"), _percent, Decimal(40), least=Decimal(0), most=Decimal(100)
            ),
            Input("win", gettext_lazy("Average win"), "R", Decimal(2), most=Decimal(1000)),
            Input("loss", gettext_lazy("Average loss"), "R", Decimal(1), most=Decimal(1000)),
        ),
        formula=gettext_lazy(
            "Expectancy = share of wins × average win − share of losses × average loss, in R: multiples of "
            "what was risked. It is an average of the past, no promise for the next trade."
        ),
        results=_expectancy,
    ),
    "drawdown_recovery": Calculator(
        inputs=(
            Input("drawdown", gettext_lazy("Drawdown"), _percent, Decimal(20), most=Decimal(99)),
            Input("loss", gettext_lazy("Loss of one trade"), _percent, Decimal(2), most=Decimal(99)),
        ),
        formula=gettext_lazy(
            "Gain needed = 1 ÷ (1 − drawdown) − 1. Losses in a row multiply: each takes its share of what "
            "is left."
        ),
        results=_drawdown_recovery,
    ),
}
