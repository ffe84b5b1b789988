import base64
import random
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from django.utils.safestring import mark_safe

from learning.blocks.base import Block, Reader
from learning.questions import KINDS, AnyQuestion
from learning.rendering import ChartView, Renderer
from learning.texts import Markdown

# From the second wrong answer on the right one is shown: a checkpoint teaches, it does not keep anybody out.
TRIES = 2


class Checkpoint(Block):
    """A question inside the lesson, graded at once. It pays nothing and keeps nobody from going on."""

    template: ClassVar[str] = "learning/blocks/checkpoint.html"
    keeps: ClassVar[str] = "answer"

    type: Literal["checkpoint"]
    markdown: Markdown | None = None
    question: AnyQuestion

    def render(self, renderer: Renderer) -> dict[str, Any]:
        return {
            "html": renderer.markdown(self.markdown) if self.markdown else "",
            "question": self.question.rendered(renderer, self.id),
        }

    def problems(self) -> list[str]:
        return self.question.problems()

    @classmethod
    def view(cls, stored: dict[str, Any], reader: Reader) -> Mapping[str, Any]:
        """From the paper, key by key: the answer stays behind until there is one."""
        paper = paper_of(stored, reader.seed)
        kind = KINDS[paper["type"]]
        answer = reader.answer or {}
        return {
            "html": mark_safe(stored["html"]),  # noqa: S308  (rendered by learning.markdown)
            "question": {
                "token": paper["token"],
                "field_id": f"question-{stored['id']}",
                "template": kind.template,
                "prompt": mark_safe(paper["prompt"]),  # noqa: S308  (as above)
                "chart": ChartView.load(paper["chart"], data_url=reader.chart_url(1)),
                "asked": kind.view(paper, answer.get("given")),
                "error": answer.get("lack", ""),
            },
            "outcome": {
                name: mark_safe(part) if isinstance(part, str) else part  # noqa: S308  (as above)
                for name, part in (answer.get("outcome") or {}).items()
            },
        }

    @classmethod
    def charts(cls, stored: dict[str, Any]) -> list[dict[str, Any]]:
        chart = stored["question"]["chart"]
        return [chart] if chart else []


def paper_of(stored: dict[str, Any], seed: str) -> dict[str, Any]:
    """The question as this person is shown it, each time the same: all of it that varies comes of `seed`."""
    chance = random.Random(seed)  # noqa: S311  (seeded by a keyed hash)
    kind = KINDS[stored["question"]["type"]]

    def token() -> str:
        return base64.urlsafe_b64encode(chance.randbytes(9)).decode()

    return kind.paper(stored["question"], token, chance.shuffle)
