"""Windows of data sets: which bars there are, and a window chosen by a word instead of by dates."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from learning.models import Dataset, Figure, PriceBar, Topic
from learning.workshop.fields import Field, Option, shown_time

Raw = Any
# What a window may be moved to, as (word, label).
LENGTHS = (60, 120, 250)


def verbs() -> list[tuple[str, str]]:
    """The words that `moved` knows, and what they are called."""
    lasts = [(f"last-{n}", _("The last %(n)s bars") % {"n": n}) for n in LENGTHS]
    return [
        *lasts,
        ("first-60", _("The first %(n)s bars") % {"n": 60}),
        ("earlier", _("Half a window earlier")),
        ("later", _("Half a window later")),
    ]


def offers() -> dict[str, Sequence[Option]]:
    """What the menus of data sets, figures and topics offer. Three queries."""
    datasets = Dataset.objects.order_by("title", "pk").only(
        "pk", "title", "timeframe", "bar_count", "synthetic"
    )
    topics = Topic.objects.order_by("position", "title", "pk").values_list("pk", "title", "parent__title")
    return {
        "datasets": [Option(one.pk, _called(one)) for one in datasets],
        "figures": [
            Option(*row) for row in Figure.objects.order_by("title", "pk").values_list("pk", "title")
        ],
        "topics": [Option(code, f"{parent}: {title}" if parent else title) for code, title, parent in topics],
    }


def span(code: str) -> str:
    """From when to when the data set has bars (UTC), in words; empty where there is none."""
    ends = PriceBar.objects.filter(dataset_id=code).aggregate(first=Min("time"), last=Max("time"))
    if not ends["first"]:
        return ""
    said = {name: shown_time(_said(time), is_end=False) for name, time in ends.items()}
    return _("Its bars go from %(first)s to %(last)s (UTC).") % said


def with_spans(fields: Sequence[Field]) -> tuple[Field, ...]:
    """The fields; each window says from when to when its data set has bars. A query for each window."""
    return tuple(_with_span(one) if one.fields else one for one in fields)


def _with_span(field: Field) -> Field:
    inner = with_spans(field.fields)
    if not field.is_window:
        return replace(field, fields=inner)
    code = next((one.value for one in inner if one.key == "dataset"), "")
    return replace(field, fields=inner, hint=span(code) if code else "")


def moved(window: Raw, verb: str) -> Raw:
    """The window at the place that the word says, as far as its data set has bars; else as it was."""
    code = window.get("dataset") if isinstance(window, dict) else None
    if not isinstance(code, str):
        return window
    bars = PriceBar.objects.filter(dataset_id=code)
    edge, _, count = verb.partition("-")
    if edge in ("first", "last") and count in map(str, LENGTHS):
        times = bars.order_by("time" if edge == "first" else "-time").values_list("time", flat=True)
        chosen = sorted(times[: int(count)])
    else:
        chosen = _shifted(bars, window, verb)
    if not chosen:
        return window
    return {**window, "start": _said(chosen[0]), "end": _said(chosen[-1])}


def _shifted(bars: Any, window: dict[str, Any], verb: str) -> list[dt.datetime]:
    """The times of the bars half a window before or after."""
    start, end = (_time(window.get(name), last) for name, last in (("start", False), ("end", True)))
    if not start or not end or verb not in ("earlier", "later"):
        return []
    count = bars.filter(time__range=(start, end)).count()
    half = max(1, count // 2)
    beyond = bars.filter(time__lt=start) if verb == "earlier" else bars.filter(time__gt=end)
    order = "-time" if verb == "earlier" else "time"
    new = list(beyond.order_by(order).values_list("time", flat=True)[:half])
    kept = list(bars.filter(time__range=(start, end)).order_by("time").values_list("time", flat=True))
    steps = len(new)
    return sorted([*new, *(kept[: count - steps] if verb == "earlier" else kept[steps:])])


def _time(raw: Raw, is_end: bool) -> dt.datetime | None:
    try:
        time = dt.datetime.fromisoformat(str(raw))
    except ValueError:
        return None
    if time.tzinfo is None:
        time = dt.datetime.combine(time.date(), dt.time.max if is_end else dt.time.min, dt.UTC)
    return time


def _said(time: dt.datetime) -> str:
    time = time.astimezone(dt.UTC)
    return f"{time:%Y-%m-%d}" if time.time() == dt.time.min else f"{time:%Y-%m-%dT%H:%M:%SZ}"


def _called(dataset: Dataset) -> str:
    said = _("%(title)s – %(n)s bars") % {"title": dataset.title, "n": f"{dataset.bar_count:,}"}
    return f"{said} – {_('made-up prices')}" if dataset.synthetic else said
