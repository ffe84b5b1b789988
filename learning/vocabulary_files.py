"""The words of a course folder: `topics.yaml` and `glossary.yaml`. Loading them twice changes nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, ValidationError, model_validator

from dracarys.lib import yaml_text
from learning import glossary
from learning.markdown import UnknownTerms
from learning.models import GlossaryTerm, Topic
from learning.texts import Paragraph, Slug, Strict, Title

ModelT = TypeVar("ModelT", bound=Strict)
DEEPEST = 3


class TopicFile(Strict):
    """A topic and those that belong to it."""

    code: Slug
    title: Title
    topics: tuple["TopicFile", ...] = ()


class TopicsFile(Strict):
    topics: Annotated[tuple[TopicFile, ...], Field(max_length=100)]

    @model_validator(mode="after")
    def _is_a_small_tree(self) -> "TopicsFile":
        codes = [topic.code for topic, _, depth in _walk(self.topics)]
        _refuse_twins(codes)
        if any(depth > DEEPEST for _, _, depth in _walk(self.topics)):
            raise ValueError(f"topics are at most {DEEPEST} deep")
        return self


class TermFile(Strict):
    """A term; its definition is Markdown and may refer to others, as in `[[spread]]`."""

    code: Slug
    term: Title
    definition: Paragraph
    topic: Slug | None = None


class GlossaryFile(Strict):
    terms: Annotated[tuple[TermFile, ...], Field(max_length=2_000)]

    @model_validator(mode="after")
    def _codes_differ(self) -> "GlossaryFile":
        _refuse_twins([term.code for term in self.terms])
        return self


class VocabularyError(ValueError):
    """A file of words cannot be loaded; the message names file and place."""


def load_topics(folder: Path) -> int:
    """Bring the topics to what `topics.yaml` says, if it is there; how many it names.

    Topics that it does not name stay: questions may belong to them. Raises VocabularyError.
    """
    path = folder / "topics.yaml"
    if not path.exists():
        return 0
    described = list(_walk(_read(path, TopicsFile).topics))
    for position, (topic, parent, _) in enumerate(described):
        Topic.objects.update_or_create(
            code=topic.code, defaults={"title": topic.title, "parent_id": parent, "position": position}
        )
    return len(described)


def load_glossary(folder: Path) -> int:
    """Bring the terms to what `glossary.yaml` says, if it is there; how many it names.

    Terms that it does not name stay. Comes before the gates, which refer to terms. Raises VocabularyError.
    """
    path = folder / "glossary.yaml"
    if not path.exists():
        return 0
    described = _read(path, GlossaryFile).terms
    topics = set(Topic.objects.values_list("code", flat=True))
    for term in described:
        if term.topic and term.topic not in topics:
            raise VocabularyError(f"{path}: {term.code}, topic: there is no topic {term.topic!r}")
    try:
        glossary.save_all(
            GlossaryTerm(code=one.code, term=one.term, definition=one.definition.strip(), topic_id=one.topic)
            for one in described
        )
    except UnknownTerms as error:
        raise VocabularyError(f"{path}: definition: there is no glossary term {error}") from error
    return len(described)


def _walk(
    topics: tuple[TopicFile, ...], parent: str | None = None, depth: int = 1
) -> Iterator[tuple[TopicFile, str | None, int]]:
    """Every topic with the code that it belongs to and its depth, parents first."""
    for topic in topics:
        yield topic, parent, depth
        yield from _walk(topic.topics, topic.code, depth + 1)


def _refuse_twins(codes: list[str]) -> None:
    twins = {code for code in codes if codes.count(code) > 1}
    if twins:
        raise ValueError(f"the code {min(twins)!r} is there twice")


def _read(path: Path, model: type[ModelT]) -> ModelT:
    try:
        return model.model_validate(yaml_text.read(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        places = "; ".join(f"{', '.join(map(str, one['loc']))}: {one['msg']}" for one in details)
        raise VocabularyError(f"{path}: {places}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise VocabularyError(f"{path}: {error}") from error
