"""Drafts: what staff are writing. Kept as it is, whole or not; it is checked when it is published."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from learning.models import Lesson, LessonVersion, VersionState

Json = dict[str, Any]


class Outdated(Exception):
    """The draft was saved, discarded or published by somebody else since it was read; `draft` is it now."""

    def __init__(self, draft: "Draft") -> None:
        super().__init__(f"the draft has revision {draft.revision} now")
        self.draft = draft


class NothingToPublish(Exception):
    """There is no draft."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written for a lesson, with the revision it was read at.

    `content` and `assessment` (None: the gate has no questions) are raw, as the author left them. A revision
    of 0 says that nothing is saved yet: this is a copy of what is published. `based_on` is the number of the
    version it was begun from, None for a lesson that was never published.
    """

    lesson_id: uuid.UUID
    revision: int
    content: Json
    assessment: Json | None
    based_on: int | None

    @property
    def is_saved(self) -> bool:
        return self.revision > 0


def draft_of(lesson: Lesson) -> Draft:
    """The lesson's draft, or one made of what is published. Acts as the service."""
    row = _rows(lesson.pk).first()
    if row:
        return Draft(lesson.pk, row.revision, row.content_data, row.assessment_data, row.based_on)
    content = lesson.content_data or {"blocks": []}
    return Draft(lesson.pk, 0, content, lesson.assessment_data, (lesson.rendered or {}).get("version"))


def save(draft: Draft, *, content: Json, assessment: Json | None, by: uuid.UUID) -> Draft:
    """Keep what was written in the place of `draft`; the draft with its next revision.

    Acts as the service. Raises Outdated when somebody else was faster: what they wrote stays.
    """
    with transaction.atomic():
        kept = _rows(draft.lesson_id).filter(revision=draft.revision) if draft.is_saved else None
        written = {"content_data": content, "assessment_data": assessment, "published_by_id": by}
        saved = (
            kept.update(**written, revision=F("revision") + 1, updated_at=timezone.now())
            if kept is not None
            else _begin(draft, written)
        )
    if not saved:
        raise Outdated(draft_of(Lesson.objects.get(pk=draft.lesson_id)))
    return Draft(draft.lesson_id, draft.revision + 1, content, assessment, draft.based_on)


def _begin(draft: Draft, written: Json) -> bool:
    try:
        with transaction.atomic():
            LessonVersion.objects.create(
                lesson_id=draft.lesson_id,
                state=VersionState.DRAFT,
                based_on=draft.based_on,
                revision=1,
                **written,
            )
    except IntegrityError:
        return False  # somebody else began one; the unique key lets one through
    return True


def discard(lesson: Lesson, *, revision: int) -> None:
    """Throw the draft away; what is published stays. Raises Outdated. Acts as the service."""
    if not _rows(lesson.pk).filter(revision=revision).delete()[0]:
        raise Outdated(draft_of(lesson))


def restore(lesson: Lesson, *, number: int, revision: int, by: uuid.UUID) -> Draft:
    """Take what version `number` said as the draft, in the place of the one at `revision`.

    Acts as the service. Raises LessonVersion.DoesNotExist, Outdated.
    """
    version = lesson.versions.published().get(number=number)
    draft = draft_of(lesson)
    if draft.revision != revision:
        raise Outdated(draft)
    return save(draft, content=version.content_data, assessment=version.assessment_data, by=by)


def taken(lesson: Lesson, *, revision: int) -> Draft:
    """The draft, taken away in the caller's transaction to be published: two who publish do it one by one.

    Acts as the service. Raises NothingToPublish, Outdated.
    """
    row = _rows(lesson.pk).select_for_update().first()
    if row is None:
        raise NothingToPublish
    draft = draft_of(lesson)
    if row.revision != revision:
        raise Outdated(draft)
    row.delete()
    return draft


def _rows(lesson_id: uuid.UUID) -> Any:
    return LessonVersion.objects.filter(lesson_id=lesson_id, state=VersionState.DRAFT)
