"""How long a lesson takes, beside what is said of it."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from learning.models import Lesson
from learning.questions import Question
from learning.workshop.checks.finding import Finding, advice
from learning.workshop.trial import Item, Trial

# Adults read about 240 words of English a minute silently; what is studied is read more slowly. Brysbaert,
# How many words do we read per minute? (Journal of Memory and Language, 2019).
WORDS_A_MINUTE = 200
CHART, QUESTION, CALCULATOR, REFLECTION = 0.5, 1.0, 1.0, 2.0  # minutes
_WORD = re.compile(r"\w[\w’'-]*")


def found(lesson: Lesson, tried: Trial) -> Iterator[Finding]:
    """Advice where the estimated time is missing, or more than half of the time needed away from it."""
    needed = minutes(tried)
    if not needed:
        return
    if lesson.estimated_time is None:
        words = _("The gate does not say how long it takes; about %(needed)s minutes, it seems.")
        yield advice(words % {"needed": needed})
        return
    said = round(lesson.estimated_time.total_seconds() / 60)
    if abs(said - needed) > max(needed / 2, 2):
        words = _("The gate says %(said)s minutes; reading and answering take about %(needed)s.")
        yield advice(words % {"said": said, "needed": needed})


def minutes(tried: Trial) -> int:
    """About how many minutes the lesson and its questions take."""
    return round(sum(map(_minutes, (*tried.blocks, *tried.questions))))


def _minutes(item: Item) -> float:
    shown = item.source
    if shown is None:
        return 0
    words = sum(len(_WORD.findall(text)) for text in _read(item))
    charts = sum(name == "chart" and bool(value) for name, value in _named(item.raw))
    extra = {"calculator": CALCULATOR, "reflection": REFLECTION, "checkpoint": QUESTION}.get(item.kind, 0.0)
    question = QUESTION if isinstance(shown, Question) else 0.0
    watched = item.raw.get("minutes", 0) if item.kind == "video" else 0
    return words / WORDS_A_MINUTE + CHART * charts + extra + question + watched


def _read(item: Item) -> Iterator[str]:
    """The texts that everybody reads: of a video instead of its transcript the time that it takes."""
    unread = {"transcript"} if item.kind == "video" else {"feedback"}
    for name, value in _named(item.raw):
        if isinstance(value, str) and name not in {
            *unread,
            "id",
            "type",
            "topic",
            "misconception",
            "dataset",
        }:
            yield value


def _named(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every value that is no list, with the name it stands under."""
    if isinstance(value, list):
        for inner in value:
            yield from _named(inner, name)
        return
    yield name, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _named(inner, key)
