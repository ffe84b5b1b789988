"""Every number in a gate's texts is true: it comes from the bars, from arithmetic, or it is no result.

A gate has a table of claims: the numeral as it stands in the text, and how it is computed. Numerals that
are no result (a length, a number of an example) are listed. `faults` finds what is neither, what is computed
differently, and what is listed although no text says it. Sums that a text shows ("3 × 4 = 12") are worked
out, and their results need no claim. Nothing here needs a database.
"""

import csv
import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from dracarys.lib import yaml_text
from learning import formulas
from learning.blocks import Block
from learning.chart_spec import ChartSpec
from learning.charting import Bar, EmptyWindow
from learning.content import ContentErrors, parse_assessment, parse_content
from learning.course_folder import STARTER as COURSE
from learning.models import Dataset
from learning.page_renderer import PageRenderer
from learning.questions import Question, Unsound

Number = Decimal | Fraction | float | int


@dataclass(frozen=True, slots=True)
class Near:
    """A number that the text rounds more than its digits say: "about 500"."""

    value: Number
    within: Number


# One numeral may stand for several things: then all of them have to hold.
Claims = Mapping[str, Number | Near | tuple[Number | Near, ...]]


# --- Market data ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Series:
    """The bars of one data set, oldest first. Times are UTC, as "2014-10-15" or "2017-09-20 18:00"."""

    bars: tuple[Bar, ...]

    def at(self, time: str) -> Bar:
        return self.bars[self.index(time)]

    def index(self, time: str) -> int:
        """The place of the bar at this very time. Raises LookupError."""
        wanted = _time(time)
        for place, bar in enumerate(self.bars):
            if bar.time == wanted:
                return place
        raise LookupError(f"There is no bar at {time}.")

    def between(self, start: str, end: str) -> tuple[Bar, ...]:
        """From the bar at `start` to that at `end`, both included; both have to exist."""
        return self.bars[self.index(start) : self.index(end) + 1]

    def until(self, end: str, count: int) -> tuple[Bar, ...]:
        """The last `count` bars up to the one at `end`, which is included."""
        return self.bars[self.index(end) + 1 - count : self.index(end) + 1]

    def before(self, end: str, count: int) -> tuple[Bar, ...]:
        """The last `count` bars before the one at `end`."""
        return self.bars[self.index(end) - count : self.index(end)]

    def after(self, start: str, count: int) -> tuple[Bar, ...]:
        """The first `count` bars after the one at `start`."""
        return self.bars[self.index(start) + 1 : self.index(start) + 1 + count]


@lru_cache
def series(code: str) -> Series:
    with (COURSE / "market-data" / f"{code}.csv").open(newline="", encoding="utf-8") as lines:
        return Series(
            tuple(
                Bar(
                    _time(row["time"]),
                    *(Decimal(row[name]) for name in ("open", "high", "low", "close", "volume")),
                )
                for row in csv.DictReader(lines)
            )
        )


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.replace("Z", "")).replace(tzinfo=dt.UTC)


def highest(bars: Sequence[Bar]) -> Decimal:
    return max(bar.high for bar in bars)


def lowest(bars: Sequence[Bar]) -> Decimal:
    return min(bar.low for bar in bars)


def reach(bar: Bar) -> Decimal:
    """High minus low."""
    return bar.high - bar.low


def body(bar: Bar) -> Decimal:
    """From open to close, without a sign."""
    return abs(bar.close - bar.open)


def upper_wick(bar: Bar) -> Decimal:
    return bar.high - max(bar.open, bar.close)


def lower_wick(bar: Bar) -> Decimal:
    return min(bar.open, bar.close) - bar.low


def mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def mean_reach(bars: Sequence[Bar]) -> Decimal:
    return mean([reach(bar) for bar in bars])


def closes(bars: Sequence[Bar]) -> list[float]:
    """As learning.indicators takes them."""
    return [float(bar.close) for bar in bars]


def rises(bars: Sequence[Bar]) -> int:
    """How many closes are above the close before; the first bar has none before it."""
    return sum(later.close > earlier.close for earlier, later in pairwise(bars))


def falls(bars: Sequence[Bar]) -> int:
    return sum(later.close < earlier.close for earlier, later in pairwise(bars))


def swing_highs(bars: Sequence[Bar], around: int = 5) -> list[Bar]:
    """Bars whose high is above those of `around` bars on each side."""
    return [
        bars[n]
        for n in range(around, len(bars) - around)
        if bars[n].high > highest([*bars[n - around : n], *bars[n + 1 : n + 1 + around]])
    ]


def swing_lows(bars: Sequence[Bar], around: int = 5) -> list[Bar]:
    return [
        bars[n]
        for n in range(around, len(bars) - around)
        if bars[n].low < lowest([*bars[n - around : n], *bars[n + 1 : n + 1 + around]])
    ]


# --- A gate and its texts ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gate:
    path: Path

    @property
    def data(self) -> Any:
        """As it is loaded."""
        return yaml_text.read(self.path.read_text("utf-8"))

    def texts(self) -> list[str]:
        """Every text of the gate, and every price of a chart or a plan, as written: 476.00 stays 476.00."""
        written = yaml.load(self.path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  (strings only)
        return list(_texts({name: written[name] for name in _SPOKEN}))


_SPOKEN = ("title", "subtitle", "description", "blocks", "assessment")
# Fields that say how something works and nothing to a reader.
_SILENT = {
    "id", "type", "topic", "dataset", "start", "end", "time", "misconception", "tone", "side", "kind",
    "length", "asks", "calculator", "correct", "credit", "rule", "formula", "parameters", "tolerance",
    "tolerance_percent", "tolerance_in", "decimals", "within_bars", "least", "most", "confidence", "volume",
    "pass_score", "draw", "attempts", "wait_minutes", "counts", "answers_shown",
}  # fmt: skip


def gate(level: int, number: int) -> Gate:
    return Gate(COURSE / f"level-{level}" / f"gate-{number}.yaml")


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one)
    else:
        for name, one in part.items():
            if name not in _SILENT and not (name == "answer" and re.search("[a-z]", one)):
                yield from _texts(one)


# --- Numerals ---------------------------------------------------------------------------------------------

_N = r"\d+(?:,\d{3})*(?:\.\d+)?"
# Not the 1 of "H1"; a minus belongs to the number it touches.
_NUMERAL = re.compile(rf"(?<![\w.−])(?:(?<![\d%]))(−?{_N}%?)")
_TERM = rf"\(?−?{_N}%?R?\)?"
_EQUATION = re.compile(rf"({_TERM}(?: [−+×÷] {_TERM})+) = (−?{_N}%?)")
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NO_NUMERALS = re.compile(
    rf"(?<![\d.,])\d{{1,2}}(?:(?:,| and| to|–)\s?\d{{1,2}})*(?:st|nd|rd|th)?\s+{_MONTH}(?:\s+\d{{4}})?"
    rf"|{_MONTH}\s+(?:\d{{4}}|\d{{1,2}}(?!\d))"
    r"|\d{1,2}:\d{2}|(?m:^ *\d\. )|S&P\s+500|\{[a-z_]+\}"
)


@dataclass(frozen=True, slots=True)
class Found:
    numeral: str
    place: str


def numerals(texts: Collection[str]) -> list[Found]:
    """Every numeral of the texts but those of dates, times and list items."""
    found = []
    for text in map(_plain, texts):
        spoken = _NO_NUMERALS.sub(lambda match: "·" * len(match[0]), text)
        for match in _NUMERAL.finditer(spoken):
            place = text[max(0, match.start() - 40) : match.end() + 20]
            found.append(Found(match[1], " ".join(place.split())))
    return found


def _as_known(one: Found, known: Collection[str]) -> Found:
    """A price that stands alone is known by its value: an export writes 476.00 as 476.0."""
    if one.place != one.numeral or one.numeral in known:
        return one
    value = Decimal(one.numeral.replace("−", "-").replace(",", ""))
    bare = (numeral for numeral in known if re.fullmatch(_N, numeral))
    same = next((numeral for numeral in bare if Decimal(numeral.replace(",", "")) == value), one.numeral)
    return replace(one, numeral=same)


def _plain(text: str) -> str:
    return text.replace("*", "")


def faults(gate: Gate, claims: Claims, plain: Collection[str]) -> list[str]:
    """What is wrong with the numbers of a gate, a sentence for each; an empty list is what a test wants."""
    texts = gate.texts()
    found = numerals(texts)
    shown, wrong = _equations(texts)
    known = set(claims) | set(plain) | shown
    found = [_as_known(one, known) for one in found]
    said = {one.numeral for one in found}
    return [
        *wrong,
        *(
            f"{one.numeral} is neither claimed nor listed: …{one.place}…"
            for one in found
            if one.numeral not in known
        ),
        *(f"{numeral} is listed and in no text" for numeral in sorted({*claims, *plain} - said)),
        *(f"{numeral} is both claimed and listed" for numeral in sorted({*claims} & {*plain})),
        *(sentence for numeral, claim in claims.items() for sentence in _false(numeral, claim)),
    ]


def _equations(texts: Collection[str]) -> tuple[set[str], list[str]]:
    """The results of the sums that are shown in the texts, and the sums that are wrong."""
    results, wrong = set(), []
    for text in map(_plain, texts):
        for match in _EQUATION.finditer(" ".join(text.split())):
            formula = re.sub(rf"({_N})%", r"(\1/100)", match[1].replace("R", "")).replace(",", "")
            value = formulas.value_of(formula.replace("−", "-").replace("×", "*").replace("÷", "/"), {})
            results.add(match[2])
            wrong += [f"{match[0]} is wrong: {s}" for s in _false(match[2], value)]
    return results, wrong


def _false(numeral: str, claim: Number | Near | tuple[Number | Near, ...]) -> list[str]:
    if isinstance(claim, tuple):
        return [sentence for one in claim for sentence in _false(numeral, one)]
    said = Decimal(numeral.replace(",", "").replace("−", "-").rstrip("%"))
    computed, within = (claim.value, claim.within) if isinstance(claim, Near) else (claim, None)
    value = Fraction(computed) * (100 if numeral.endswith("%") else 1)
    digits = -int(said.as_tuple().exponent)
    # Half a unit of the last digit; floats come a hair beside what they mean.
    allowed = Fraction(within) if within is not None else Fraction(1, 2 * 10**digits) + Fraction(1, 10**9)
    if abs(value - Fraction(said)) <= allowed:
        return []
    return [f"{numeral} is {float(value):.6g} when computed"]


# --- Publishing without a database --------------------------------------------------------------------------


class CsvRenderer(PageRenderer):
    """Renders as publishing does; bars, data sets, topics and terms come from the course's own files."""

    def topic(self, code: str) -> str:
        if code not in _topics():
            raise ContentErrors([f"topic: there is no topic {code!r}"])
        return code

    @cached_property
    def _terms(self) -> dict[str, str]:
        return _terms()

    def dataset(self, code: str) -> Dataset:
        if code not in _datasets():
            raise ContentErrors([f"chart: there is no data set {code!r}"])
        return _datasets()[code]

    def _bars(self, spec: ChartSpec) -> tuple[Bar, ...]:
        bars = tuple(bar for bar in series(spec.dataset).bars if spec.start <= bar.time <= spec.end)
        if not bars:
            raise ContentErrors(["chart: the window holds no bar"])
        if strays := {marker.time for marker in spec.markers} - {bar.time for bar in bars}:
            raise ContentErrors([f"chart: no bar at {min(strays):%Y-%m-%d %H:%M} UTC for its marker"])
        return bars

    def _before(self, spec: ChartSpec, count: int) -> tuple[Bar, ...]:
        earlier = tuple(bar for bar in series(spec.dataset).bars if bar.time < spec.start)
        return earlier[-count:] if count else ()


def obstacles(gate: Gate) -> list[str]:
    """What stands in the way of publishing the gate, a sentence for each."""
    data = gate.data
    try:
        content = parse_content({"blocks": data["blocks"]})
        assessment = parse_assessment(data["assessment"])
    except ContentErrors as error:
        return list(error.sentences)
    renderer = CsvRenderer()
    found = [s for block in content.blocks for s in _lacks(block, partial(block.rendered, renderer))]
    for place, question in enumerate(assessment.questions, start=1):
        found += _lacks(question, partial(question.rendered, renderer, str(place)))
    return found


def _lacks(part: Block | Question, render: Callable[[], object]) -> list[str]:
    try:
        render()
    except (ContentErrors, EmptyWindow, Unsound) as error:
        return [f"{part.id}: {error}"]
    return [f"{part.id}: {problem}" for problem in part.problems()]


@lru_cache
def _topics() -> frozenset[str]:
    def codes(part: Any) -> Iterator[str]:
        for topic in part:
            yield topic["code"]
            yield from codes(topic.get("topics", []))

    return frozenset(codes(yaml_text.read((COURSE / "topics.yaml").read_text("utf-8"))["topics"]))


@lru_cache
def _terms() -> dict[str, str]:
    glossary = yaml_text.read((COURSE / "glossary.yaml").read_text("utf-8"))
    return {term["code"]: term["term"] for term in glossary["terms"]}


@lru_cache
def _datasets() -> dict[str, Dataset]:
    course = yaml_text.read((COURSE / "course.yaml").read_text("utf-8"))
    names = ("code", "title", "timeframe", "price_decimals", "volume_unit", "source")
    return {one["code"]: Dataset(**{name: one[name] for name in names}) for one in course["datasets"]}
