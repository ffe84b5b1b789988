"""Words, and lessons that use them."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from learning import glossary
from learning.models import Bookmark, GlossaryTerm, Lesson, Note, NoteKind, Rating, Report
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


def beside_all(user: User, lesson: Lesson) -> None:
    """A note, a bookmark, a rating and an answered report of this person beside the lesson's first block."""
    Note.objects.create(user=user, lesson=lesson, block="block-1", kind=NoteKind.NOTE, text="A note.")
    Bookmark.objects.create(user=user, lesson=lesson)
    place = {"user": user, "lesson": lesson, "place_kind": "block", "place": "block-1", "version": 1}
    Rating.objects.create(**place, stars=4)
    said = {
        "title": "Part 1",
        "kind": "typo",
        "words": "A word.",
        "state": "resolved",
        "answer": "Thank you.",
    }
    Report.objects.create(**place, **said, closed_at=timezone.now())
