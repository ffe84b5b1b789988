"""Renders the parts of a lesson from what the database has: glossary, figures, data sets and their bars."""

import datetime as dt
import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from learning import charting_curves, markdown
from learning.chart_spec import ChartSpec
from learning.charting import Bar, figures, payload, table
from learning.charting_curves import Overlays
from learning.charting_svg import svg
from learning.content import ContentErrors
from learning.figures import NoSuchFigure, view_of
from learning.models import Dataset, GlossaryTerm, PriceBar, Topic
from learning.rendering import ChartView


class PageRenderer:
    """Renders Markdown and charts; data sets are read from the database once each.

    With `whole_datasets` so are all their bars, for somebody who renders many lessons one after the other.
    """

    def __init__(self, *, whole_datasets: bool = False) -> None:
        self._datasets: dict[str, Dataset] = {}
        self._topics: set[str] | None = None
        self._whole: dict[str, tuple[Bar, ...]] | None = {} if whole_datasets else None

    def markdown(self, text: str) -> str:
        """Raises markdown.UnknownTerms."""
        return markdown.render(text, self._terms_of(text))

    def line(self, text: str) -> str:
        """Raises markdown.UnknownTerms."""
        return markdown.render_line(text, self._terms_of(text))

    @cached_property
    def _terms(self) -> dict[str, str]:
        return dict(GlossaryTerm.objects.values_list("code", "term"))

    def _terms_of(self, text: str) -> Mapping[str, str]:
        """The glossary where the text uses it; most texts do not."""
        if "[[" not in text:
            return markdown.NO_TERMS
        markdown.check_terms(text, self._terms)
        return self._terms

    def figure(self, code: str) -> dict[str, Any]:
        """What shows a figure. Raises ContentErrors for one that is not there."""
        try:
            return asdict(view_of(code))
        except NoSuchFigure as error:
            raise ContentErrors([f"figure: {error}"]) from error

    def topic(self, code: str) -> str:
        """The code of a topic that there is. Raises ContentErrors for another."""
        if self._topics is None:
            self._topics = set(Topic.objects.values_list("code", flat=True))
        if code not in self._topics:
            raise ContentErrors([f"topic: there is no topic {code!r}"])
        return code

    def chart(self, spec: ChartSpec, *, id: str, title: str) -> ChartView:
        """Raises ContentErrors when the data set is unknown, the window empty or a marker beside a bar."""
        dataset = self.dataset(spec.dataset)
        bars = self._bars(spec)
        overlays = self._overlays(spec, bars)
        data = {
            **payload(bars, spec, dataset.timeframe, dataset.price_decimals),
            **charting_curves.payload(bars, overlays),
        }
        digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
        return ChartView(
            id=id,
            title=title,
            summary=spec.summary,
            figures=figures(bars, dataset.timeframe, dataset.price_decimals),
            svg=svg(
                bars,
                spec,
                dataset.timeframe,
                dataset.price_decimals,
                title=title,
                title_id=f"chart-{id}-name",
                desc_id=f"chart-{id}-desc",
                overlays=overlays,
            ),
            curves=tuple(curve.label for curve in overlays.curves if not curve.in_pane),
            table=table(bars, dataset.timeframe, dataset.price_decimals, dataset.volume_unit),
            payload=data,
            dataset_title=dataset.title,
            source=dataset.source,
            bars=len(bars),
            digest=digest,
            synthetic=dataset.synthetic,
        )

    def _overlays(self, spec: ChartSpec, bars: tuple[Bar, ...]) -> Overlays:
        """Raises ContentErrors for a line or a note beside the window."""
        for time in [t for line in spec.trend_lines for t in (line.start, line.end)] + [
            note.time for note in spec.notes
        ]:
            if not spec.start <= time <= spec.end:
                raise ContentErrors([f"chart: {time:%Y-%m-%d %H:%M} UTC is beside the window"])
        before = self._before(spec, charting_curves.lead_in(spec.indicators))
        return Overlays(
            curves=charting_curves.curves(spec.indicators, before, bars),
            trends=tuple(
                (charting_curves.place(bars, line.start), charting_curves.place(bars, line.end), line)
                for line in spec.trend_lines
            ),
            notes=tuple((charting_curves.place(bars, note.time), note) for note in spec.notes),
        )

    def _before(self, spec: ChartSpec, count: int) -> tuple[Bar, ...]:
        """The last `count` bars before the window, oldest first."""
        if not count:
            return ()
        if self._whole is not None:
            bars = self._bars_of(spec.dataset)
            end = bisect_left(bars, spec.start, key=_time)
            return bars[max(0, end - count) : end]
        earlier = PriceBar.objects.filter(dataset_id=spec.dataset, time__lt=spec.start).order_by("-time")
        return tuple(reversed(_as_bars(earlier[:count])))

    def _bars_of(self, code: str) -> tuple[Bar, ...]:
        """All bars of a data set, read once."""
        whole = {} if self._whole is None else self._whole
        if code not in whole:
            whole[code] = _as_bars(PriceBar.objects.filter(dataset_id=code).order_by("time"))
        return whole[code]

    def dataset(self, code: str) -> Dataset:
        """Raises ContentErrors when there is none."""
        if code not in self._datasets:
            found = Dataset.objects.filter(pk=code).first()
            if found is None:
                raise ContentErrors([f"chart: there is no data set {code!r}"])
            self._datasets[code] = found
        return self._datasets[code]

    def _bars(self, spec: ChartSpec) -> tuple[Bar, ...]:
        if self._whole is not None:
            whole = self._bars_of(spec.dataset)
            bars = whole[bisect_left(whole, spec.start, key=_time) : bisect_right(whole, spec.end, key=_time)]
        else:
            rows = PriceBar.objects.filter(dataset_id=spec.dataset, time__range=(spec.start, spec.end))
            bars = _as_bars(rows.order_by("time"))
        if not bars:
            raise ContentErrors(["chart: the window holds no bar"])
        if strays := {marker.time for marker in spec.markers} - {bar.time for bar in bars}:
            raise ContentErrors([f"chart: no bar at {min(strays):%Y-%m-%d %H:%M} UTC for its marker"])
        return bars


def _time(bar: Bar) -> dt.datetime:
    return bar.time


def _as_bars(rows: "QuerySet[PriceBar]") -> tuple[Bar, ...]:
    return tuple(Bar(*row) for row in rows.values_list("time", "open", "high", "low", "close", "volume"))
