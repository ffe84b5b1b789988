"""What a visitor sees of the course."""

from dataclasses import dataclass, replace

from learning.blocks import view_of
from learning.models import Lesson
from learning.path import LevelCard, path_of
from learning.rendering import ChartView


@dataclass(frozen=True, slots=True)
class Landing:
    """The levels with gates, all shown as open, and a real chart of the first gate."""

    levels: tuple[LevelCard, ...]
    sample_chart: ChartView | None


def landing() -> Landing:
    """The landing page's view of the course. Five queries, however long it is."""
    levels = tuple(
        replace(level, gates=tuple(replace(g, state="open", reasons=(), url=None) for g in level.gates))
        for level in path_of(None)
    )
    return Landing(levels, _sample_chart())


def _sample_chart() -> ChartView | None:
    rendered = (
        Lesson.objects.published().in_path_order().values_list("rendered__blocks", flat=True).first() or ()
    )
    stored = next((block for block in rendered if block.get("chart")), None)
    return view_of(stored, data_url="").chart if stored else None
