from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from learning.blocks.base import Block, Reader
from learning.chart_spec import ChartSpec, End
from learning.rendering import ChartView, Renderer
from learning.texts import Paragraph, Strict


class Frame(Strict):
    """The chart up to `end`, and what is said there."""

    end: End
    markdown: Paragraph


class Replay(Block):
    """A chart that goes on step by step. Bars of a later step are sent only when somebody goes there.

    What is drawn over the chart belongs to its last bar: lines, zones and markers show from the step on in
    which all of their times have come.
    """

    template: ClassVar[str] = "learning/blocks/replay.html"

    type: Literal["replay"]
    chart: ChartSpec
    frames: tuple[Frame, ...] = Field(min_length=2, max_length=8)

    @model_validator(mode="after")
    def _goes_on(self) -> "Replay":
        ends = [frame.end for frame in self.frames]
        if ends != sorted(set(ends)):
            raise ValueError("each frame ends later than the one before")
        if not self.chart.start < ends[0] or ends[-1] != self.chart.end:
            raise ValueError("the first frame ends after the chart's start, the last one at its end")
        return self

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "frames": [
                {
                    "chart": renderer.chart(
                        _up_to(self.chart, frame), id=f"{self.id}-{number}", title=self.title
                    ).stored(),
                    "html": renderer.markdown(frame.markdown),
                }
                for number, frame in enumerate(self.frames, start=1)
            ]
        }

    @classmethod
    def view(cls, stored: dict[str, Any], reader: Reader) -> Mapping[str, Any]:
        frames = stored["frames"]
        wanted = next(iter(reader.query.get("frame", ())), "1")
        number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 3 else 1
        number = min(max(number, 1), len(frames))
        one = {"html": frames[number - 1]["html"]}
        return {
            **super().view(one, reader),
            "chart": ChartView.load(frames[number - 1]["chart"], data_url=reader.chart_url(number)),
            "number": number,
            "total": len(frames),
            "previous": number - 1 if number > 1 else None,
            "next": number + 1 if number < len(frames) else None,
        }


def _up_to(chart: ChartSpec, frame: Frame) -> ChartSpec:
    """The chart as it looked then: nothing on it tells of a later bar."""
    return chart.model_copy(
        update={
            "end": frame.end,
            "markers": tuple(one for one in chart.markers if one.time <= frame.end),
            "trend_lines": tuple(one for one in chart.trend_lines if one.end <= frame.end),
            "notes": tuple(one for one in chart.notes if one.time <= frame.end),
        }
    )
