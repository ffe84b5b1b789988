"""What a visitor sees of the course."""

from dataclasses import dataclass, replace

from dracarys.db.compiled import Rows, compiled
from learning.models import Lesson, json_path
from learning.path import LevelCard, path_of
from learning.rendering import ChartView


@dataclass(frozen=True, slots=True)
class Landing:
    """The levels with gates, all shown as open, and a real chart of the first gate."""

    levels: tuple[LevelCard, ...]
    sample_chart: ChartView | None


def landing() -> Landing:
    """The landing page's view of the course. Three queries, however long it is."""
    levels = tuple(
        replace(level, gates=tuple(replace(g, state="open", reasons=(), url=None) for g in level.gates))
        for level in path_of(None)
    )
    return Landing(levels, _sample_chart())


def _sample_chart() -> ChartView | None:
    row = next(iter(_first_chart()), None)
    return ChartView.load(row["block"]["chart"], data_url="") if row and row["block"] else None


@compiled
def _first_chart() -> Rows:
    """The first block with a chart of the first gate; the rest of the gate stays in the database."""
    first = Lesson.objects.published().in_path_order().values("pk")[:1]
    block = json_path("rendered", "$.blocks[*] ? (@.chart != null)", function="jsonb_path_query_first")
    return Lesson.objects.filter(pk__in=first).annotate(block=block).values("block")
