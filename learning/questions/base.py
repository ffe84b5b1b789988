"""What every kind of question is: a schema, what a learner may see, and how an answer is read and graded.

What a learner may see is an allow-list: `paper` builds it from the rendering key by key. Answers and feedback
stay in the pinned version until the attempt was graded.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from learning.chart_spec import ChartSpec
from learning.rendering import Renderer
from learning.texts import Markdown, Slug, Strict, TopicCode

Token = Callable[[], str]
Shuffle = Callable[[MutableSequence[Any]], None]
# What a browser sent: every field with all its values.
Form = Mapping[str, Sequence[str]]
# An answer as JSON, as `attempts.answers` keeps it.
Given = str | list[str] | dict[str, str]

RIGHT, WRONG = Fraction(1), Fraction(0)


class Unsound(ValueError):
    """The question cannot be published: its chart and its answer do not fit together. One sentence."""


@dataclass(frozen=True, slots=True)
class Graded:
    """The outcome of one answer: `credit` from 0 to 1; the texts are safe HTML.

    `keys` say what was chosen in words that stay the same from paper to paper, for item statistics.
    """

    credit: Fraction
    chosen: str
    feedback: str
    right: str
    misconceptions: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def counted_as(self) -> tuple[str, ...]:
        return self.keys or (("right",) if self.correct else ("other",))

    @property
    def correct(self) -> bool:
        return self.credit == RIGHT


class Question(Strict):
    """A kind of question. A subclass says its `type`, its fields, how it is shown, answered and graded."""

    template: ClassVar[str]
    # What an author is asked for from the start, though not every kind needs it.
    begins_with: ClassVar[tuple[str, ...]] = ()

    id: Slug
    type: str
    topic: TopicCode
    prompt: Markdown
    chart: ChartSpec | None = None
    # Whether to ask how sure somebody is.
    confidence: bool = False
    explanation: Markdown

    def rendered(self, renderer: Renderer, place: str) -> dict[str, Any]:
        """The stored rendering, answers included. `place` tells its chart from others of the page."""
        # Papers are shuffled: the chart's title cannot say a number.
        chart = (
            renderer.chart(self.chart, id=f"question-{place}", title="The chart of this question")
            if self.chart
            else None
        )
        return {
            "id": self.id,
            "type": self.type,
            "topic": renderer.topic(self.topic),
            "confidence": self.confidence,
            "prompt": renderer.markdown(self.prompt),
            "chart": chart.stored() if chart else None,
            "explanation": renderer.markdown(self.explanation),
            **self.render(renderer),
        }

    @classmethod
    def paper(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        """What one attempt keeps of the question: what is shown, and what its tokens mean."""
        shown = {key: stored[key] for key in ("id", "type", "prompt", "chart")}
        shown["confidence"] = stored.get("confidence", False)
        return {**shown, "token": token(), **cls.paper_of_kind(stored, token, shuffle)}

    @abstractmethod
    def render(self, renderer: Renderer) -> dict[str, Any]:
        """The part of the rendering that belongs to this kind."""

    @classmethod
    @abstractmethod
    def paper_of_kind(cls, stored: dict[str, Any], token: Token, shuffle: Shuffle) -> dict[str, Any]:
        """The part of the paper that belongs to this kind."""

    @classmethod
    @abstractmethod
    def view(cls, paper: dict[str, Any], given: Given | None) -> object:
        """What its template shows besides prompt and chart, with the answer given so far; never a query."""

    @classmethod
    @abstractmethod
    def read(cls, paper: dict[str, Any], form: Form) -> Given | None:
        """The answer in a form, as far as this paper offers it; None where there is none, not even a part."""

    @classmethod
    @abstractmethod
    def lack(cls, paper: dict[str, Any], given: Given | None) -> str:
        """What is missing before it can be graded, as the end of `Question 3: …`; empty for nothing."""

    @classmethod
    @abstractmethod
    def grade(cls, stored: dict[str, Any], paper: dict[str, Any], given: Given) -> Graded:
        """The outcome of an answer that lacks nothing."""

    @classmethod
    def reason(cls, stored: dict[str, Any], paper: dict[str, Any]) -> str:
        """Why the right answer is right, as safe HTML; seen after grading."""
        explained: str = stored["explanation"]
        return explained

    def problems(self) -> list[str]:
        """What stands in the way of publishing that the schema cannot say, in sentences."""
        return []

    def identity(self) -> tuple[object, ...]:
        """What the meaning of old answers rests on. While it stays the same, so may the question's id.

        A kind adds whatever `grade` reads of a stored paper: what is equal here grades every old paper.
        Wording, feedback, tolerance and which answer is right may change.
        """
        return (self.type,)

    @classmethod
    @abstractmethod
    def solution(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        """An answer to this paper that is right."""

    @classmethod
    @abstractmethod
    def mistake(cls, stored: dict[str, Any], paper: dict[str, Any]) -> Given:
        """An answer to this paper that lacks nothing and earns less than full credit."""


def as_form(token: str, given: Given) -> dict[str, list[str]]:
    """The form fields that `read` makes this answer of."""
    if isinstance(given, dict):
        return {f"{token}-{part}": [value] for part, value in given.items()}
    return {token: given if isinstance(given, list) else [given]}
