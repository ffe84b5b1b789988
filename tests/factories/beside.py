"""Words, and lessons that use them."""

from typing import Any

from learning import glossary
from learning.models import GlossaryTerm, Lesson
from learning.publishing import publish
from tests.factories.learning import assessment


def make_terms(**definitions: str) -> None:
    """Terms by code (`stop_loss` for `stop-loss`); the word is the code without its hyphen."""
    glossary.save_all(
        GlossaryTerm(code=name.replace("_", "-"), term=name.replace("_", " "), definition=definition)
        for name, definition in definitions.items()
    )


def say(lesson: Lesson, *texts: str, title: str = "Part") -> Lesson:
    """Publish the lesson anew with one prose block for each text."""
    blocks: list[dict[str, Any]] = [
        {"id": f"block-{n}", "type": "prose", "title": f"{title} {n}", "markdown": text}
        for n, text in enumerate(texts, start=1)
    ]
    publish(lesson, content_data={"blocks": blocks}, assessment_data=assessment())
    return lesson
