"""What content looks like once rendered; made when a lesson is published and kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from html import escape
from typing import Any, Protocol

from django.utils.safestring import SafeString, mark_safe

from learning.chart_spec import ChartSpec
from learning.charting import ChartTable


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart ready to be shown: the picture and the words; `payload` is what the browser may fetch."""

    id: str
    title: str
    summary: str
    figures: str
    svg: str
    table: ChartTable
    payload: dict[str, Any]
    dataset_title: str
    source: str
    bars: int
    digest: str
    curves: tuple[str, ...] = ()
    data_url: str = ""
    synthetic: bool = False  # the prices are made up, and the learner is told

    @property
    def rows(self) -> SafeString:
        """The rows of the table. In a template's loops these hundreds of cells were half of a page's cost."""
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in self.table.rows)
        return mark_safe("".join(f"<tr>{row}</tr>" for row in cells))  # noqa: S308  (escaped cell by cell)

    def stored(self) -> dict[str, Any]:
        # `asdict` would copy every cell of the table and every bar, which took as long as drawing the chart.
        table = {"columns": list(self.table.columns), "rows": [list(row) for row in self.table.rows]}
        return {field.name: getattr(self, field.name) for field in fields(self)} | {"table": table}

    @classmethod
    def load(cls, stored: dict[str, Any] | None, *, data_url: str) -> "ChartView | None":
        """The view of a stored chart, with the address its data is fetched from; None stays None."""
        if stored is None:
            return None
        table = ChartTable(
            tuple(stored["table"]["columns"]), tuple(tuple(r) for r in stored["table"]["rows"])
        )
        return cls(
            **{
                **stored,
                "svg": mark_safe(stored["svg"]),  # noqa: S308  (drawn by learning.charting_svg, texts escaped)
                "table": table,
            }
        ).at(data_url)

    def at(self, data_url: str) -> "ChartView":
        """The same with the address of its data, which carries the digest: it may be kept for good."""
        joint = "&" if "?" in data_url else "?"
        return replace(self, data_url=f"{data_url}{joint}v={self.digest}")


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block as its template shows it; `shown` is what its kind says of it."""

    id: str
    type: str
    title: str
    template: str
    shown: Mapping[str, Any]


class Renderer(Protocol):
    """What a kind of block or question may ask for when it is rendered."""

    def markdown(self, text: str) -> str: ...

    def line(self, text: str) -> str: ...

    def chart(self, spec: ChartSpec, *, id: str, title: str) -> ChartView: ...

    def figure(self, code: str) -> dict[str, Any]: ...

    def topic(self, code: str) -> str: ...
