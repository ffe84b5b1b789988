"""What every kind of question is: a schema, what a learner may see, and how an answer is graded.

What a learner may see is an allow-list: `paper` builds it from the rendering key by key. Answers and feedback
stay in the pinned version until the attempt was graded.
"""

from abc import abstractmethod
from collections.abc import Callable, MutableSequence
from dataclasses import dataclass
from typing import Any, ClassVar

from learning.chart_spec import ChartSpec
from learning.rendering import Renderer
from learning.texts import Markdown, Slug, Strict

Token = Callable[[], str]
Shuffle = Callable[[MutableSequence[Any]], None]


@dataclass(frozen=True, slots=True)
class Graded:
    """The outcome of one answer; the texts are safe HTML."""

    correct: bool
    chosen: str
    feedback: str
    right: str


class Question(Strict):
    """A kind of question. A subclass says its `type`, its fields, its paper and its grading."""

    template: ClassVar[str]

    id: Slug
    type: str
    prompt: Markdown
    chart: ChartSpec | None = None
    explanation: Markdown

    def rendered(self, renderer: Renderer, number: int) -> dict[str, Any]:
        """The stored rendering, answers included: it stays in the version."""
        # Papers are shuffled: the chart's title cannot say a number.
        chart = (
            renderer.chart(self.chart, id=f"question-{number}", title="The chart of this question")
            if self.chart
            else None
        )
        return {
            "id": self.id,
            "type": self.type,
            "prompt": renderer.markdown(self.prompt),
            "chart": chart.stored() if chart else None,
            "explanation": renderer.markdown(self.explanation),
            **self.render(renderer),
        }

    @abstractmethod
    def render(self, renderer: Renderer) -> dict[str, Any]:
        """The part of the rendering that belongs to this kind."""

    @classmethod
    def paper(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        """What one attempt keeps of the question: what is shown, and what its tokens mean."""
        shown = {key: stored[key] for key in ("id", "type", "prompt", "chart")}
        return {**shown, "token": token(), **cls.paper_of_kind(stored, token, shuffle)}

    @classmethod
    @abstractmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        """The part of the paper that belongs to this kind."""

    @classmethod
    @abstractmethod
    def accepts(cls, paper: dict[str, Any], answer: str) -> bool:
        """Whether `answer` is one that this paper offers."""

    @classmethod
    @abstractmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], answer: str) -> Graded:
        """The outcome of an accepted answer."""
