"""Taking a broken question out of a gate for everybody, and taking that back."""

import uuid
from collections.abc import Mapping

from django.db import transaction

from learning.models import Lesson, Regrading, RegradingKind, RegradingMode, VoidedQuestion
from learning.workshop import sheets
from learning.workshop.items import in_plain


class LastQuestion(Exception):
    """No question of the gate would count any more."""


class NotVoided(Exception):
    """The question counts already."""


class AlreadyVoided(Exception):
    """Somebody else was faster."""


def void(lesson: Lesson, question: str, *, mode: RegradingMode, words: str, by: uuid.UUID) -> Regrading:
    """From now on the question counts for nobody; what was handed in is graded again in this mode.

    Acts as the service. Raises KeyError for a question that no published version has, AlreadyVoided,
    LastQuestion.
    """
    with transaction.atomic():
        questions = _asked(lesson)
        if question not in questions and question not in sheets.ever_asked(lesson.pk):
            raise KeyError(question)
        voided = sheets.voided_in(lesson.pk)
        if question in voided:
            raise AlreadyVoided
        if question in questions and not questions.keys() - voided - {question}:
            raise LastQuestion
        VoidedQuestion.objects.create(lesson=lesson, question=question, words=words, voided_by_id=by)
        return _order(lesson, RegradingKind.VOID, question, mode, words, by)


def count_again(
    lesson: Lesson, question: str, *, mode: RegradingMode, words: str, by: uuid.UUID
) -> Regrading:
    """The question counts again; what was handed in is graded again in this mode.

    Acts as the service. Raises NotVoided.
    """
    with transaction.atomic():
        _asked(lesson)
        if not VoidedQuestion.objects.filter(lesson=lesson, question=question).delete()[0]:
            raise NotVoided
        return _order(lesson, RegradingKind.COUNT_AGAIN, question, mode, words, by)


def _asked(lesson: Lesson) -> Mapping[str, str]:
    """The prompts of the published questions by id, in plain words.

    The lesson is locked: two who void at once leave a question between them. Who saves it waits as well.
    """
    rows = Lesson.objects.select_for_update(no_key=True).filter(pk=lesson.pk)
    assessment = rows.values_list("assessment_data", flat=True).get() or {}
    return {question["id"]: in_plain(question["prompt"]) for question in assessment.get("questions", ())}


def _order(
    lesson: Lesson, kind: RegradingKind, question: str, mode: RegradingMode, words: str, by: uuid.UUID
) -> Regrading:
    return Regrading.objects.create(
        lesson=lesson, kind=kind, question=question, mode=mode, words=words, requested_by_id=by
    )
