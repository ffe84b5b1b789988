"""Publishing a lesson: check, render once, keep an immutable version, put it before learners."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Max

from learning import markdown, passages
from learning.chart_spec import ChartSpec
from learning.charting import Bar, EmptyWindow, figures, payload, table
from learning.charting_svg import svg
from learning.content import AssessmentContent, ContentErrors, LessonContent, parse_assessment, parse_content
from learning.models import Dataset, GlossaryTerm, Lesson, LessonVersion, PriceBar
from learning.questions import Question, Unsound
from learning.rendering import ChartView
from learning.texts import Strict


class PageRenderer:
    """Renders Markdown and charts of one lesson; data sets and terms are read from the database once each."""

    def __init__(self) -> None:
        self._datasets: dict[str, Dataset] = {}

    def markdown(self, text: str) -> str:
        """Raises markdown.UnknownTerms."""
        return markdown.render(text, self._terms_of(text))

    def line(self, text: str) -> str:
        """Raises markdown.UnknownTerms."""
        return markdown.render_line(text, self._terms_of(text))

    @cached_property
    def _terms(self) -> dict[str, str]:
        return dict(GlossaryTerm.objects.values_list("code", "term"))

    def _terms_of(self, text: str) -> Mapping[str, str]:
        """The glossary where the text uses it; most texts do not."""
        if "[[" not in text:
            return markdown.NO_TERMS
        markdown.check_terms(text, self._terms)
        return self._terms

    def chart(self, spec: ChartSpec, *, id: str, title: str) -> ChartView:
        """Raises ContentErrors when the data set is unknown, the window empty or a marker beside a bar."""
        dataset = self._dataset(spec.dataset)
        bars = self._bars(spec)
        data = payload(bars, spec, dataset.timeframe, dataset.price_decimals)
        digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
        return ChartView(
            id=id,
            title=title,
            summary=spec.summary,
            figures=figures(bars, dataset.timeframe, dataset.price_decimals),
            svg=svg(
                bars,
                spec,
                dataset.timeframe,
                dataset.price_decimals,
                title=title,
                title_id=f"chart-{id}-name",
                desc_id=f"chart-{id}-desc",
            ),
            table=table(bars, dataset.timeframe, dataset.price_decimals, dataset.volume_unit),
            payload=dict(data),
            dataset_title=dataset.title,
            source=dataset.source,
            bars=len(bars),
            digest=digest,
        )

    def _dataset(self, code: str) -> Dataset:
        if code not in self._datasets:
            found = Dataset.objects.filter(pk=code).first()
            if found is None:
                raise ContentErrors([f"chart: there is no data set {code!r}"])
            self._datasets[code] = found
        return self._datasets[code]

    def _bars(self, spec: ChartSpec) -> tuple[Bar, ...]:
        rows = PriceBar.objects.filter(dataset_id=spec.dataset, time__range=(spec.start, spec.end))
        bars = tuple(
            Bar(*row)
            for row in rows.order_by("time").values_list("time", "open", "high", "low", "close", "volume")
        )
        if not bars:
            raise ContentErrors(["chart: the window holds no bar"])
        if strays := {marker.time for marker in spec.markers} - {bar.time for bar in bars}:
            raise ContentErrors([f"chart: no bar at {min(strays):%Y-%m-%d %H:%M} UTC for its marker"])
        return bars


@dataclass(frozen=True, slots=True)
class Rendered:
    """A lesson's stored renderings: `blocks` for learners, `questions` with answers for the version only."""

    blocks: list[dict[str, Any]]
    questions: list[dict[str, Any]]


def render(content: LessonContent, assessment: AssessmentContent | None) -> Rendered:
    """Everything rendered, or ContentErrors naming what cannot be."""
    renderer = PageRenderer()
    questions = assessment.questions if assessment else ()
    return Rendered(
        blocks=[
            _at(f"Block {number} ({block.type})", block, block.rendered, renderer)
            for number, block in enumerate(content.blocks, start=1)
        ],
        questions=[
            _at(f"Question {number} ({question.type})", question, _sound(question), renderer, number)
            for number, question in enumerate(questions, start=1)
        ],
    )


def _sound(question: Question) -> Callable[..., dict[str, Any]]:
    """How the question is rendered, unless something stands in its way."""

    def rendered(renderer: PageRenderer, number: int) -> dict[str, Any]:
        if problems := question.problems():
            raise ContentErrors(problems)
        return question.rendered(renderer, number)

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
    lesson: Lesson, *, content_data: object, assessment_data: object | None, by: uuid.UUID | None = None
) -> LessonVersion | None:
    """Make this content the one learners read; the new version, or None when nothing changed.

    `lesson` may be new; its other fields are saved with it. Acts as the service. Raises ContentErrors.
    """
    content = parse_content(content_data)
    assessment = parse_assessment(assessment_data) if assessment_data is not None else None
    rendered = render(content, assessment)
    lesson.content_data = content.model_dump(mode="json", exclude_defaults=True)
    lesson.assessment_data = assessment.model_dump(mode="json", exclude_defaults=True) if assessment else None
    stored = {"renderer": markdown.RENDERER_VERSION, "blocks": rendered.blocks}
    lesson.rendered = {**stored, "digest": _digest(stored, rendered.questions, lesson)}
    with transaction.atomic():
        known = _known_digest(lesson)
        lesson.save()
        if known == lesson.rendered["digest"]:
            return None
        passages.rewrite(lesson, rendered.blocks)
        number = lesson.versions.published().aggregate(last=Max("number"))["last"] or 0
        return LessonVersion.objects.create(
            lesson=lesson,
            number=number + 1,
            content_data=lesson.content_data,
            assessment_data=lesson.assessment_data,
            rendered={**stored, "questions": rendered.questions},
            published_by_id=by,
        )


def _known_digest(lesson: Lesson) -> str | None:
    """What is published now; the lesson is locked, so that two who save it at once do so one by one."""
    rows = Lesson.objects.select_for_update().filter(pk=lesson.pk)
    return rows.values_list("rendered__digest", flat=True).first()


def _digest(stored: dict[str, Any], questions: list[dict[str, Any]], lesson: Lesson) -> str:
    everything = [stored, questions, lesson.content_data, lesson.assessment_data]
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()
