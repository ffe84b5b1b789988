"""The schema of lessons: the one judge for the admin, the import, the nightly check and the fuzzer."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from learning.blocks import AnyBlock, Block
from learning.questions import AnyQuestion, Question
from learning.texts import Strict

# What the readers of an error need in plain words; the rest of pydantic's messages are plain enough.
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this kind",
    "union_tag_not_found": "says no type",
}

_BLOCK: TypeAdapter[Block] = TypeAdapter(AnyBlock)
_QUESTION: TypeAdapter[Question] = TypeAdapter(AnyQuestion)


class LessonContent(Strict):
    """`lessons.content_data`."""

    blocks: Annotated[tuple[AnyBlock, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _ids_differ(self) -> "LessonContent":
        _refuse_twins("block", (block.id for block in self.blocks))
        return self


class AssessmentContent(Strict):
    """`lessons.assessment_data`: the questions, and the policy of their attempts.

    `pass_score` is a percentage. `attempts` bounds how many there are, `wait_minutes` the time between them;
    `counts` says which score counts. `draw` is how many questions a paper has, the ones not seen yet first.
    """

    pass_score: Annotated[int, Field(ge=1, le=100)] = 80
    attempts: Annotated[int, Field(ge=1, le=100)] | None = None
    wait_minutes: Annotated[int, Field(ge=0, le=10_080)] = 0
    counts: Literal["best", "last", "first", "average"] = "best"
    answers_shown: Literal["always", "after_passing", "never"] = "always"
    draw: Annotated[int, Field(ge=1, le=60)] | None = None
    questions: Annotated[tuple[AnyQuestion, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _ids_differ(self) -> "AssessmentContent":
        _refuse_twins("question", (question.id for question in self.questions))
        if self.draw and self.draw > len(self.questions):
            raise ValueError("draw: there are fewer questions than that")
        return self


class ContentErrors(ValueError):
    """What is wrong, a sentence for each thing, naming block or question and field."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = tuple(sentences)


def parse_content(data: object) -> LessonContent:
    """The content, checked. Raises ContentErrors."""
    try:
        return LessonContent.model_validate(data)
    except ValidationError as error:
        raise ContentErrors(_sentences(error, data, "blocks", "Block")) from error


def parse_assessment(data: object) -> AssessmentContent:
    """The assessment, checked. Raises ContentErrors."""
    try:
        return AssessmentContent.model_validate(data)
    except ValidationError as error:
        raise ContentErrors(_sentences(error, data, "questions", "Question")) from error


def parse_block(data: object, number: int) -> Block:
    """Block `number` by itself. Raises ContentErrors, in the words of `parse_content`."""
    try:
        return _BLOCK.validate_python(data)
    except ValidationError as error:
        raise ContentErrors(_sentences(error, data, "blocks", "Block", number)) from error


def parse_question(data: object, number: int) -> Question:
    """Question `number` by itself. Raises ContentErrors, in the words of `parse_assessment`."""
    try:
        return _QUESTION.validate_python(data)
    except ValidationError as error:
        raise ContentErrors(_sentences(error, data, "questions", "Question", number)) from error


def faults_of_content(data: object) -> list[str]:
    """What is wrong with a lesson apart from single blocks, in sentences."""
    return _faults(LessonContent, data, "blocks")


def faults_of_assessment(data: object) -> list[str]:
    """What is wrong with an assessment apart from single questions, in sentences."""
    return _faults(AssessmentContent, data, "questions")


def _faults(model: type[Strict], data: object, key: str) -> list[str]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        apart = [one for one in details if len(one["loc"]) < 2 or one["loc"][0] != key]
        return [_sentence(one, data, key, "") for one in apart]  # type: ignore[arg-type]
    return []


def _refuse_twins(noun: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"two {noun}s have the id {one!r}")
        seen.add(one)


def _sentences(
    error: ValidationError, data: object, key: str, noun: str, number: int | None = None
) -> list[str]:
    """With `number` the error is that of one item by itself."""
    details: list[Any] = error.errors(include_url=False)
    if number is not None:
        details = [{**one, "loc": (key, number - 1, *one["loc"])} for one in details]
        data = {key: [None] * (number - 1) + [data]}
    return [_sentence(detail, data, key, noun) for detail in details]


def _sentence(detail: dict[str, Any], data: object, key: str, noun: str) -> str:
    """As in: Block 2 (chart) – chart, start: is missing."""
    place = list(detail["loc"])
    words = _words(detail)
    if len(place) < 2 or place[0] != key or not isinstance(place[1], int):
        where = ", ".join(map(str, place))
        return f"{where}: {words}" if where else words
    kind = _kind(data, key, place[1])
    where = f"{noun} {place[1] + 1}{kind}"
    # A union's own tag comes after the index; it is the kind, which was just said.
    tagged = len(place) > 2 and f" ({place[2]})" == kind
    fields = [str(part) for part in place[3 if tagged else 2 :]]
    return f"{where} – {', '.join(fields)}: {words}" if fields else f"{where}: {words}"


def _words(detail: dict[str, Any]) -> str:
    if detail["type"] == "union_tag_invalid":
        known = detail["ctx"]["expected_tags"].replace("'", "")
        # As much of it as one can read: what was typed there may be a whole book.
        return f"has the unknown type {detail['ctx']['tag'][:40]!r}; the types are {known}"
    return _WORDS.get(detail["type"], str(detail["msg"]).removeprefix("Value error, "))


def _kind(data: object, key: str, index: int) -> str:
    try:
        kind = data[key][index]["type"]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return ""
    return f" ({kind})" if isinstance(kind, str) and len(kind) <= 40 else ""
