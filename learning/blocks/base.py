"""What every kind of block is: a schema, a rendering and a template."""

from abc import abstractmethod
from typing import Any, ClassVar

from learning.rendering import Renderer
from learning.texts import Slug, Strict, Title


class Block(Strict):
    """A kind of block. A subclass says its `type`, its fields, and how they are rendered."""

    template: ClassVar[str]

    id: Slug
    title: Title
    type: str

    @abstractmethod
    def render(self, renderer: Renderer) -> dict[str, Any]:
        """The stored rendering; its keys are the fields of BlockView that this kind fills, as JSON."""

    def rendered(self, renderer: Renderer) -> dict[str, Any]:
        return {"id": self.id, "type": self.type, "title": self.title, **self.render(renderer)}
