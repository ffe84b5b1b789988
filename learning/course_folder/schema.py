"""What the files of a course folder say. The order of the fields is their order in the files."""

import uuid
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from learning.synthetic import Recipe
from learning.texts import Label, Line, Markdown, Paragraph, Slug, Strict, Title

Number = Annotated[int, Field(ge=1, le=1000)]


class LevelFile(Strict):
    number: Number
    title: Title
    description: Paragraph | Literal[""] = ""
    is_active: bool = True


class DatasetFile(Strict):
    """A data set; its bars stand in `file`, from the folder."""

    code: Slug
    title: Title
    symbol: Annotated[Label, Field(max_length=20)]
    timeframe: Literal["1h", "1d", "1w", "1mo"]
    price_decimals: Annotated[int, Field(ge=0, le=8)]
    volume_unit: Label | Literal[""] = ""
    timezone: Literal["UTC"] = "UTC"
    file: Annotated[str, Field(pattern=r"^([a-z0-9-]+/)?[a-z0-9-]+\.csv$", max_length=200)]
    source: Paragraph
    ground_of_use: Paragraph
    synthetic: bool = False
    recipe: Recipe | None = None

    @model_validator(mode="after")
    def _made_up_says_so(self) -> "DatasetFile":
        if self.recipe and not self.synthetic:
            raise ValueError("recipe: what is made from one is synthetic")
        return self


class FigureFile(Strict):
    """A figure; its picture stands in `file`, from the folder."""

    code: Slug
    title: Title
    alt: Line
    source: Paragraph
    ground_of_use: Paragraph
    file: Annotated[str, Field(pattern=r"^assets/[a-z0-9-]+\.(webp|png|jpe?g)$", max_length=200)]


class TopicFile(Strict):
    """A topic; the order in the file is the order of the tree."""

    code: Slug
    title: Title
    parent: Slug | None = None


class TermFile(Strict):
    code: Slug
    term: Title
    definition: Markdown
    topic: Slug | None = None


class CourseFile(Strict):
    """`course.yaml`."""

    levels: tuple[LevelFile, ...]
    datasets: tuple[DatasetFile, ...] = ()


class FiguresFile(Strict):
    """`figures.yaml`."""

    figures: tuple[FigureFile, ...]


class TopicsFile(Strict):
    """`topics.yaml`."""

    topics: tuple[TopicFile, ...]


class GlossaryFile(Strict):
    """`glossary.yaml`."""

    terms: tuple[TermFile, ...]


class GateFile(Strict):
    """`level-N/gate-M.yaml`. Blocks and assessment are judged by `learning.content`.

    A field with the name of a column of `Lesson` is that column: to add one, write it here.
    """

    id: uuid.UUID
    level: Number
    gate: Number
    title: Title
    subtitle: Line | None = None
    description: Paragraph | None = None
    difficulty: Literal["beginner", "intermediate", "advanced"]
    estimated_minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    xp_reward: Annotated[int, Field(ge=0, le=10_000)]
    test_out: bool = False
    is_active: bool = True
    prerequisites: Annotated[tuple[uuid.UUID, ...], Field(max_length=100)] = ()
    blocks: list[Any]
    assessment: dict[str, Any] | None = None
