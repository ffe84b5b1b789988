"""Publishing a lesson: check, render once, keep an immutable version, put it before learners."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from learning import markdown, passages, sources
from learning.blocks import Block
from learning.charting import EmptyWindow
from learning.content import AssessmentContent, ContentErrors, LessonContent, parse_assessment, parse_content
from learning.models import WIDE, Lesson, LessonVersion
from learning.page_renderer import PageRenderer
from learning.questions import Question, Unsound
from learning.rules import circle
from learning.texts import Strict


@dataclass(frozen=True, slots=True)
class Rendered:
    """A lesson's stored renderings: `blocks` for learners, `questions` with answers for the version only."""

    blocks: list[dict[str, Any]]
    questions: list[dict[str, Any]]


def render(
    content: LessonContent, assessment: AssessmentContent | None, renderer: PageRenderer | None = None
) -> Rendered:
    """Everything rendered, or ContentErrors naming what cannot be."""
    renderer = renderer or PageRenderer()
    questions = assessment.questions if assessment else ()
    return Rendered(
        blocks=[
            render_block(block, number, renderer) for number, block in enumerate(content.blocks, start=1)
        ],
        questions=[
            render_question(question, number, renderer) for number, question in enumerate(questions, start=1)
        ],
    )


def render_block(block: Block, number: int, renderer: PageRenderer) -> dict[str, Any]:
    """The stored rendering of block `number`. Raises ContentErrors."""
    return _at(f"Block {number} ({block.type})", block, _sound_block(block), renderer)


def render_question(question: Question, number: int, renderer: PageRenderer) -> dict[str, Any]:
    """The stored rendering of question `number`, answers included. Raises ContentErrors."""
    return _at(f"Question {number} ({question.type})", question, _sound(question), renderer, number)


def _sound_block(block: Block) -> Callable[..., dict[str, Any]]:
    def rendered(renderer: PageRenderer) -> dict[str, Any]:
        if problems := block.problems():
            raise ContentErrors(problems)
        return block.rendered(renderer)

    return rendered


def _sound(question: Question) -> Callable[..., dict[str, Any]]:
    """How the question is rendered, unless something stands in its way."""

    def rendered(renderer: PageRenderer, number: int) -> dict[str, Any]:
        if problems := question.problems():
            raise ContentErrors(problems)
        return question.rendered(renderer, str(number))

    return rendered


def _at(where: str, source: Strict, rendered: Callable[..., dict[str, Any]], *args: object) -> dict[str, Any]:
    """The rendering; what stands in its way says where, as the schema's errors do."""
    try:
        return rendered(*args)
    except ContentErrors as error:
        raise ContentErrors([f"{where} – {sentence}" for sentence in error.sentences]) from error
    except EmptyWindow as error:
        raise ContentErrors([f"{where} – chart: {error}"]) from error
    except markdown.UnknownTerms as error:
        field = next(_fields_with(error.text, source.model_dump()), "text")
        raise ContentErrors(
            [f"{where} – {field}: there is no glossary term {code!r}" for code in error.codes]
        ) from error
    except Unsound as error:
        raise ContentErrors([f"{where} – {error}"]) from error


def _fields_with(text: str, data: object, *place: str) -> Iterator[str]:
    """Where in the data this text stands, as in `steps, 0, markdown`."""
    if data == text:
        yield ", ".join(place)
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _fields_with(text, value, *place, str(name))
    elif isinstance(data, list | tuple):
        for number, value in enumerate(data):
            yield from _fields_with(text, value, *place, str(number))


def publish(
    lesson: Lesson,
    *,
    content_data: object,
    assessment_data: object | None,
    by: uuid.UUID | None = None,
    words: str = "",
    renderer: PageRenderer | None = None,
    circles_checked: bool = False,
) -> LessonVersion | None:
    """Make this content the one learners read; the new version, or None when nothing changed.

    `lesson` may be new; its other fields are saved with it. `words` say what changed. The same source as
    before is not rendered again. Acts as the service. Raises ContentErrors.
    """
    content = parse_content(content_data)
    assessment = parse_assessment(assessment_data) if assessment_data is not None else None
    lesson.content_data = content.model_dump(mode="json", exclude_defaults=True)
    lesson.assessment_data = assessment.model_dump(mode="json", exclude_defaults=True) if assessment else None
    renderer = renderer or PageRenderer()
    source = sources.digest_of(lesson.content_data, lesson.assessment_data, renderer.dataset)
    with transaction.atomic():
        if not circles_checked:
            _refuse_circles_one_by_one(lesson)
        known = _published(lesson)
        if source and known.get("source") == source:
            lesson.rendered = known
            lesson.save()
            return None
        said = {"published_by_id": by, "words": words}
        return _kept(lesson, render(content, assessment, renderer), known, source, said)


def keep_settings(lesson: Lesson) -> None:
    """Save what a gate is beside its lesson and its questions, which somebody may publish at this moment.

    `lesson` may be new. Acts as the service. Raises ContentErrors for prerequisites in a circle.
    """
    with transaction.atomic():
        _refuse_circles_one_by_one(lesson)
        names = [field.name for field in Lesson._meta.concrete_fields if not field.generated]
        settings = [name for name in names if name not in (*WIDE, "id")]
        lesson.save(update_fields=None if lesson._state.adding else settings)


def _refuse_circles_one_by_one(lesson: Lesson) -> None:
    # Two who save at once could close a circle together: they do it one after the other.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lessons.prerequisites'))")
    refuse_circles(lesson)


def _kept(
    lesson: Lesson, rendered: Rendered, known: dict[str, Any], source: str, said: dict[str, Any]
) -> LessonVersion | None:
    """Save the lesson with its rendering; a new version of it where it differs from what is known."""
    stored = {"renderer": markdown.RENDERER_VERSION, "blocks": rendered.blocks}
    digest = sources.sha256([stored, rendered.questions, lesson.content_data, lesson.assessment_data])
    changed = known.get("digest") != digest
    number = (lesson.versions.published().aggregate(last=Max("number"))["last"] or 0) + changed
    lesson.rendered = {**stored, "digest": digest, "source": source, "version": number}
    lesson.save()
    if not changed:
        return None
    passages.rewrite(lesson, rendered.blocks)
    return LessonVersion.objects.create(
        lesson=lesson,
        number=number,
        content_data=lesson.content_data,
        assessment_data=lesson.assessment_data,
        rendered={**stored, "questions": rendered.questions},
        **said,
    )


def refuse_circles(lesson: Lesson) -> None:
    """Raises ContentErrors when the lesson's prerequisites lead back to it."""
    rows = Lesson.objects.exclude(pk=lesson.pk).values_list("pk", "title", "prerequisites")
    needs = {pk: needed or () for pk, _, needed in rows} | {lesson.pk: lesson.prerequisites or ()}
    if found := circle(lesson.pk, needs):
        titles = {pk: title for pk, title, _ in rows} | {lesson.pk: lesson.title}
        way = " → ".join(titles[pk] for pk in (*found, lesson.pk))
        raise ContentErrors([f"prerequisites: they lead back to where they began: {way}"])


def _published(lesson: Lesson) -> dict[str, Any]:
    """What is published now; the lesson is locked, so that two who save it at once do so one by one.

    Learners may go on meanwhile: their progress only refers to it.
    """
    rows = Lesson.objects.select_for_update(no_key=True).filter(pk=lesson.pk)
    return rows.values_list("rendered", flat=True).first() or {}
