"""What of a gate is looked at: its draft, or a version that was published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learning.content import ContentErrors, faults_of_assessment, parse_assessment
from learning.models import Lesson, LessonVersion
from learning.workshop import trial
from learning.workshop.drafts import Draft, draft_of
from learning.workshop.trial import Json


class CannotBeShown(Exception):
    """It cannot be rendered; `problems` say in sentences which block or question, and why."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Source:
    """The texts as they were written, with the rendering that a version keeps.

    A draft (`version` None) has no rendering; it is rendered when it is looked at.
    """

    lesson: Lesson
    version: int | None
    revision: int
    content: Json
    assessment: Json | None
    rendered: Mapping[str, Any] | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """Of all blocks, whatever the author wrote there."""
        blocks = trial.items_of(self.content, "blocks")
        return tuple(str(one.get("title") or "") if isinstance(one, dict) else "" for one in blocks)

    def block(self, number: int) -> Json:
        """The stored rendering of block `number`. Raises LookupError for none, CannotBeShown."""
        if self.rendered is None:
            item = trial.block(self.content, number)
            if item.stored is None:
                raise CannotBeShown(item.problems)
            return item.stored
        if not 1 <= number <= len(self.rendered["blocks"]):
            raise LookupError(number)
        found: Json = self.rendered["blocks"][number - 1]
        return found

    def questions(self) -> tuple[Json, ...]:
        """The stored renderings of all questions. Raises LookupError for none, CannotBeShown."""
        if not trial.items_of(self.assessment, "questions"):
            raise LookupError
        if self.rendered is not None:
            return tuple(self.rendered["questions"])
        items = trial.questions(self.assessment)
        if problems := [one for item in items for one in item.problems]:
            raise CannotBeShown((*problems, *faults_of_assessment(self.assessment)))
        return tuple(item.stored for item in items if item.stored is not None)

    def rules(self) -> Json:
        """The assessment as publishing would keep it. Raises CannotBeShown."""
        if self.rendered is not None:
            return self.assessment or {}
        try:
            return parse_assessment(self.assessment).model_dump(mode="json", exclude_defaults=True)
        except ContentErrors as error:
            raise CannotBeShown(error.sentences) from error


def source_of(lesson: Lesson, version: int | None = None) -> Source:
    """The draft, or what version number `version` said. Raises LessonVersion.DoesNotExist."""
    if version is None:
        return of_draft(lesson, draft_of(lesson))
    row = LessonVersion.objects.published().get(lesson_id=lesson.pk, number=version)
    return Source(lesson, version, 0, row.content_data, row.assessment_data, row.rendered)


def of_draft(lesson: Lesson, draft: Draft) -> Source:
    """What a draft says."""
    return Source(lesson, None, draft.revision, draft.content, draft.assessment)
