"""What the workshop calls the parts of a lesson; what is not in these tables, by its name in the schema."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

Words = Mapping[str, str | Promise]

# By `Model.field`, or by the field alone where it means the same everywhere.
LABELS: Words = {
    "about": _("What the video shows"),
    "account": _("Account"),
    "address": _("Address of the video"),
    "answer": _("Answer"),
    "answers_shown": _("Right answers are shown"),
    "asks": _("The learner points at"),
    "attempts": _("Attempts"),
    "calculator": _("Calculator"),
    "confidence": _("Ask how sure the learner is"),
    "correct": _("This is a right answer"),
    "counts": _("The score that counts"),
    "credit": _("Credit"),
    "dataset": _("Data set"),
    "decoys": _("Partners of nobody"),
    "draw": _("Questions on a paper"),
    "ChartSpec.end": _("To"),
    "ChartSpec.start": _("From"),
    "ChartSpec.summary": _("What there is to see"),
    "ChartSpec.notes": _("Notes on the chart"),
    "example": _("An example of a right plan"),
    "feedback": _("What the learner is told"),
    "Frame.end": _("The chart goes up to"),
    "Frame.markdown": _("What is said here"),
    "frames": _("Steps of the replay"),
    "Indicator.kind": _("Indicator"),
    "Indicator.length": _("Length in bars"),
    "ratio": _("Reward to risk"),
    "least": _("Least possible answer"),
    "most": _("Greatest possible answer"),
    "markdown": _("Text"),
    "minutes": _("Length in minutes"),
    "misconception": _("Misconception"),
    "near_misses": _("Near misses"),
    "Pair.left": _("Left side"),
    "Pair.right": _("Its partner"),
    "pass_score": _("Score to pass"),
    "percent": _("Percent of the account"),
    "site": _("Where the video is"),
    "Slip.first": _("Put first"),
    "Slip.second": _("Put after it"),
    "slips": _("Slips"),
    "spots": _("Other places on the chart"),
    "ChartPoint.time": _("The bar"),
    "tolerance_in": _("Unit of the tolerance"),
    "tolerance_percent": _("Tolerance in percent"),
    "volume": _("Show volume below the candles"),
    "wait_minutes": _("Minutes between attempts"),
    "within_bars": _("Bars beside it that count too"),
}

HELP: Words = {
    "address": _("Begins with https://"),
    "Numeric.answer": _("A number, or a formula of the numbers below, such as risk / (entry - stop)."),
    "attempts": _("Empty for as many as somebody likes."),
    "confidence": _("It is scored by a fair rule and shown to the learner as a curve."),
    "decimals": _("Digits after the point when numbers are shown."),
    "decoys": _("Partners in the menu that belong to no left side."),
    "draw": _("Empty for all of them. Otherwise each paper draws so many, those not seen yet first."),
    "explanation": _("Why the right answer is right; seen after grading."),
    "ChartSpec.summary": _(
        "For those who do not see the picture: name the bars, the prices and what follows."
    ),
    "least": _("Checked for a thousand draws before the lesson is published."),
    "most": _("Checked for a thousand draws before the lesson is published."),
    "misconception": _("A short name for the mistake, such as stop-too-tight; statistics count by it."),
    "near_misses": _("Wrong numbers that tell of a certain mistake, each with words of its own."),
    "parameters": _("Numbers that are drawn for every attempt. The prompt says each as {name}."),
    "Parameter.name": _("Small letters, such as entry; the prompt says it as {entry}."),
    "pass_score": _("Percent, from 1 to 100."),
    "rules": _("What a sound plan keeps to. Each rule stands once."),
    "PlanRule.rule": _("A price, a span from low to high, a ratio or percent: give what the rule speaks of."),
    "slips": _("Two items in the wrong order that tell of a certain mistake."),
    "spots": _("What is said to somebody who points there: a span of time, or of prices."),
    "items": _("Written down in the right order; learners get them shuffled."),
    "tolerance": _("How far an answer may be away."),
    "transcript": _("All that is said, so that nobody has to leave to learn it."),
}

# Values of menus, by `field.value` or by the value alone.
OPTIONS: Words = {
    "above": _("above the bar"),
    "after_passing": _("after passing"),
    "always": _("always"),
    "asks.bar": _("a bar"),
    "asks.price": _("a price"),
    "atr": _("ATR (average true range)"),
    "tolerance_in.atr": _("ATR of the last bar"),
    "average": _("the average"),
    "below": _("below the bar"),
    "best": _("the best"),
    "ema": _("EMA (exponential average)"),
    "entry_within": _("the entry lies from low to high"),
    "exact": _("all or nothing"),
    "first": _("the first"),
    "key": _("a key idea"),
    "last": _("the last"),
    "never": _("never"),
    "proportional": _("in proportion"),
    "reward_to_risk_at_least": _("reward to risk is at least the ratio"),
    "risk_at_least": _("the risk is at least the percentage"),
    "risk_at_most": _("the risk is at most the percentage"),
    "rsi": _("RSI (relative strength)"),
    "sma": _("SMA (simple average)"),
    "stop_beyond": _("the stop lies beyond the price"),
    "target_before": _("the target comes before the price"),
    "ticks": _("ticks (the last digit shown)"),
    "tip": _("a tip"),
    "warning": _("a warning"),
}

# One row of a list, by the name of the list.
ROWS: Words = {
    "blocks": _("Block"),
    "cards": _("Card"),
    "choices": _("Choice"),
    "decoys": _("Partner"),
    "frames": _("Step"),
    "indicators": _("Indicator"),
    "items": _("Item"),
    "markers": _("Marker"),
    "near_misses": _("Near miss"),
    "notes": _("Note"),
    "pairs": _("Pair"),
    "parameters": _("Number"),
    "price_lines": _("Price line"),
    "questions": _("Question"),
    "rules": _("Rule"),
    "slips": _("Slip"),
    "spots": _("Place"),
    "steps": _("Step"),
    "trend_lines": _("Trend line"),
    "zones": _("Zone"),
}

KINDS: Words = {
    "chart_point": _("a place on the chart"),
    "figure": _("picture"),
    "numeric": _("a number to work out"),
    "prose": _("text"),
    "trade_plan": _("a trade plan"),
}


def label(model: type[BaseModel], name: str) -> str:
    """What a field is called in a form."""
    return _found(LABELS, f"{model.__name__}.{name}", name) or _plain(name)


def help_text(model: type[BaseModel], name: str) -> str:
    """A sentence for whoever fills the field in; often none."""
    return _found(HELP, f"{model.__name__}.{name}", name)


def option(field: str, value: str) -> str:
    """What a value of a menu is called there."""
    return _found(OPTIONS, f"{field}.{value}", value) or value.replace("_", " ")


def row(name: str) -> str:
    """What one row of a list is called."""
    return _found(ROWS, name) or _plain(name.removesuffix("s"))


def kind(name: str) -> str:
    """What a kind of block or question is called, without a capital."""
    return _found(KINDS, name) or name.replace("_", " ")


def about(model: type[BaseModel]) -> str:
    """What a kind of block or question is for: the first lines of its docstring."""
    first = (model.__doc__ or "").strip().partition("\n\n")[0]
    return gettext(" ".join(first.replace("`", "").split())) if first else ""


def _found(table: Words, *names: str) -> str:
    return next((str(table[name]) for name in names if name in table), "")


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()
