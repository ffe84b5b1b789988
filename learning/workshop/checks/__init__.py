"""What is looked at before a draft is published: what stands in the way, and what a good editor would say."""

from dataclasses import dataclass

from learning.models import Lesson
from learning.page_renderer import PageRenderer
from learning.workshop import trial
from learning.workshop.checks import grading, links, place, reading_time, texts, wording
from learning.workshop.checks.finding import Finding
from learning.workshop.drafts import Draft


@dataclass(frozen=True, slots=True)
class Findings:
    """`problems` stand in the way of publishing; `advice` does not. Both in the order of the lesson."""

    problems: tuple[Finding, ...]
    advice: tuple[Finding, ...]

    @property
    def may_publish(self) -> bool:
        return not self.problems


def findings(lesson: Lesson, draft: Draft) -> Findings:
    """Everything that can be said of the draft of this gate. Nothing is kept; acts as whoever reads courses.

    Pages elsewhere that a lesson links to are listed and never asked for.
    """
    found = trial.tried(draft.content, draft.assessment, PageRenderer())
    told = [
        *(Finding(sentence) for sentence in found.faults),
        *(Finding.of(item, sentence) for item in _items(found) for sentence in item.problems),
        *place.found(lesson, found),
        *(one for item in _items(found) for one in grading.found(item)),
        *(one for item in _items(found) for one in texts.found(item)),
        *links.found(_items(found)),
        *wording.found(found),
        *reading_time.found(lesson, found),
    ]
    return Findings(
        problems=tuple(one for one in told if one.stands_in_the_way),
        advice=tuple(one for one in told if not one.stands_in_the_way),
    )


def _items(found: trial.Trial) -> tuple[trial.Item, ...]:
    return (*found.blocks, *found.questions)


__all__ = ["Finding", "Findings", "findings"]
