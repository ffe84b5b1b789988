from typing import Any, ClassVar, Literal

from pydantic import Field

from learning.blocks.base import Block
from learning.rendering import Renderer
from learning.texts import Markdown, Strict, Title


class WorkedStep(Strict):
    title: Title
    markdown: Markdown


class WorkedExample(Block):
    """A situation and the steps through it, opened one by one."""

    template: ClassVar[str] = "learning/blocks/worked_example.html"

    type: Literal["worked_example"]
    markdown: Markdown
    steps: tuple[WorkedStep, ...] = Field(min_length=1, max_length=12)

    def render(self, renderer: Renderer) -> dict[str, Any]:
        steps = [{"title": step.title, "html": renderer.markdown(step.markdown)} for step in self.steps]
        return {"html": renderer.markdown(self.markdown), "steps": steps}
