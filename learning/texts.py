"""Kinds of text and number that content may hold: bounded, and free of what PostgreSQL's jsonb refuses."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from learning.formulas import LONGEST

# What the forms of the workshop know of a text or number that says so.
MARKUP = "markup"
ON_CHART = "on the chart"


@dataclass(frozen=True, slots=True)
class CodeOf:
    """The text names one of `things`: data sets, figures or topics, or rows of the same item by their id."""

    things: str


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(text: str) -> str:
    # jsonb takes neither NUL nor a lone surrogate; refused here they are an error message, not a 500.
    if _UNSTORABLE.search(text):
        raise ValueError("contains a character that cannot be stored")
    return text


Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
DatasetCode = Annotated[Slug, CodeOf("datasets")]
FigureCode = Annotated[Slug, CodeOf("figures")]
TopicCode = Annotated[Slug, CodeOf("topics")]
Title = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_storable)]
Label = Annotated[str, Field(min_length=1, max_length=30), AfterValidator(_storable)]
Line = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_storable), MARKUP]
# Stands in a menu, where there is no markup.
PlainLine = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_storable)]
FormulaText = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_storable)]
Paragraph = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_storable), MARKUP]
PlainParagraph = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_storable)]
Markdown = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_storable), MARKUP]
Positive = Annotated[Decimal, Field(allow_inf_nan=False, gt=0, max_digits=20, decimal_places=8)]
Price = Annotated[Positive, ON_CHART]


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt one would otherwise be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)
