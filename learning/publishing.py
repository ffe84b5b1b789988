"""Publishing a lesson: check, render once, keep an immutable version, put it before learners."""

import datetime as dt
import hashlib
import json
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from learning import charting_curves, markdown, passages, sources
from learning.blocks import Block
from learning.chart_spec import ChartSpec
from learning.charting import Bar, EmptyWindow, figures, payload, table
from learning.charting_curves import Overlays
from learning.charting_svg import svg
from learning.content import AssessmentContent, ContentErrors, LessonContent, parse_assessment, parse_content
from learning.figures import NoSuchFigure, view_of
from learning.models import Dataset, GlossaryTerm, Lesson, LessonVersion, PriceBar, Topic
from learning.questions import Question, Unsound
from learning.rendering import ChartView
from learning.rules import circle
from learning.texts import Strict


class PageRenderer:
    """Renders Markdown and charts; data sets are read from the database once each.

    With `whole_datasets` so are all their bars, for somebody who renders many lessons one after the other.
    """

    def __init__(self, *, whole_datasets: bool = False) -> None:
        self._datasets: dict[str, Dataset] = {}
        self._topics: set[str] | None = None
        self._whole: dict[str, tuple[Bar, ...]] | None = {} if whole_datasets else None

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

    def figure(self, code: str) -> dict[str, Any]:
        """What shows a figure. Raises ContentErrors for one that is not there."""
        try:
            return asdict(view_of(code))
        except NoSuchFigure as error:
            raise ContentErrors([f"figure: {error}"]) from error

    def topic(self, code: str) -> str:
        """The code of a topic that there is. Raises ContentErrors for another."""
        if self._topics is None:
            self._topics = set(Topic.objects.values_list("code", flat=True))
        if code not in self._topics:
            raise ContentErrors([f"topic: there is no topic {code!r}"])
        return code

    def chart(self, spec: ChartSpec, *, id: str, title: str) -> ChartView:
        """Raises ContentErrors when the data set is unknown, the window empty or a marker beside a bar."""
        dataset = self.dataset(spec.dataset)
        bars = self._bars(spec)
        overlays = self._overlays(spec, bars)
        data = {
            **payload(bars, spec, dataset.timeframe, dataset.price_decimals),
            **charting_curves.payload(bars, overlays),
        }
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
                overlays=overlays,
            ),
            curves=tuple(curve.label for curve in overlays.curves if not curve.in_pane),
            table=table(bars, dataset.timeframe, dataset.price_decimals, dataset.volume_unit),
            payload=data,
            dataset_title=dataset.title,
            source=dataset.source,
            bars=len(bars),
            digest=digest,
            synthetic=dataset.synthetic,
        )

    def _overlays(self, spec: ChartSpec, bars: tuple[Bar, ...]) -> Overlays:
        """Raises ContentErrors for a line or a note beside the window."""
        for time in [t for line in spec.trend_lines for t in (line.start, line.end)] + [
            note.time for note in spec.notes
        ]:
            if not spec.start <= time <= spec.end:
                raise ContentErrors([f"chart: {time:%Y-%m-%d %H:%M} UTC is beside the window"])
        before = self._before(spec, charting_curves.lead_in(spec.indicators))
        return Overlays(
            curves=charting_curves.curves(spec.indicators, before, bars),
            trends=tuple(
                (charting_curves.place(bars, line.start), charting_curves.place(bars, line.end), line)
                for line in spec.trend_lines
            ),
            notes=tuple((charting_curves.place(bars, note.time), note) for note in spec.notes),
        )

    def _before(self, spec: ChartSpec, count: int) -> tuple[Bar, ...]:
        """The last `count` bars before the window, oldest first."""
        if not count:
            return ()
        if self._whole is not None:
            bars = self._bars_of(spec.dataset)
            end = bisect_left(bars, spec.start, key=_time)
            return bars[max(0, end - count) : end]
        earlier = PriceBar.objects.filter(dataset_id=spec.dataset, time__lt=spec.start).order_by("-time")
        return tuple(reversed(_as_bars(earlier[:count])))

    def _bars_of(self, code: str) -> tuple[Bar, ...]:
        """All bars of a data set, read once."""
        whole = {} if self._whole is None else self._whole
        if code not in whole:
            whole[code] = _as_bars(PriceBar.objects.filter(dataset_id=code).order_by("time"))
        return whole[code]

    def dataset(self, code: str) -> Dataset:
        """Raises ContentErrors when there is none."""
        if code not in self._datasets:
            found = Dataset.objects.filter(pk=code).first()
            if found is None:
                raise ContentErrors([f"chart: there is no data set {code!r}"])
            self._datasets[code] = found
        return self._datasets[code]

    def _bars(self, spec: ChartSpec) -> tuple[Bar, ...]:
        if self._whole is not None:
            whole = self._bars_of(spec.dataset)
            bars = whole[bisect_left(whole, spec.start, key=_time) : bisect_right(whole, spec.end, key=_time)]
        else:
            rows = PriceBar.objects.filter(dataset_id=spec.dataset, time__range=(spec.start, spec.end))
            bars = _as_bars(rows.order_by("time"))
        if not bars:
            raise ContentErrors(["chart: the window holds no bar"])
        if strays := {marker.time for marker in spec.markers} - {bar.time for bar in bars}:
            raise ContentErrors([f"chart: no bar at {min(strays):%Y-%m-%d %H:%M} UTC for its marker"])
        return bars


def _time(bar: Bar) -> dt.datetime:
    return bar.time


def _as_bars(rows: "QuerySet[PriceBar]") -> tuple[Bar, ...]:
    return tuple(Bar(*row) for row in rows.values_list("time", "open", "high", "low", "close", "volume"))


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
            _at(f"Block {number} ({block.type})", block, _sound_block(block), renderer)
            for number, block in enumerate(content.blocks, start=1)
        ],
        questions=[
            _at(f"Question {number} ({question.type})", question, _sound(question), renderer, number)
            for number, question in enumerate(questions, start=1)
        ],
    )


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
    renderer: PageRenderer | None = None,
    circles_checked: bool = False,
) -> LessonVersion | None:
    """Make this content the one learners read; the new version, or None when nothing changed.

    `lesson` may be new; its other fields are saved with it. The same source as before is not rendered again.
    Acts as the service. Raises ContentErrors.
    """
    content = parse_content(content_data)
    assessment = parse_assessment(assessment_data) if assessment_data is not None else None
    lesson.content_data = content.model_dump(mode="json", exclude_defaults=True)
    lesson.assessment_data = assessment.model_dump(mode="json", exclude_defaults=True) if assessment else None
    renderer = renderer or PageRenderer()
    source = sources.digest_of(lesson.content_data, lesson.assessment_data, renderer.dataset)
    with transaction.atomic():
        if not circles_checked:
            # Two who save at once could close a circle together: they do it one after the other.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lessons.prerequisites'))")
            refuse_circles(lesson)
        known = _published(lesson)
        if source and known.get("source") == source:
            lesson.rendered = known
            lesson.save()
            return None
        return _kept(lesson, render(content, assessment, renderer), known, source, by)


def _kept(
    lesson: Lesson, rendered: Rendered, known: dict[str, Any], source: str, by: uuid.UUID | None
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
    return _version(lesson, number, {**stored, "questions": rendered.questions}, by)


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


def _version(lesson: Lesson, number: int, rendered: dict[str, Any], by: uuid.UUID | None) -> LessonVersion:
    return LessonVersion.objects.create(
        lesson=lesson,
        number=number,
        content_data=lesson.content_data,
        assessment_data=lesson.assessment_data,
        rendered=rendered,
        published_by_id=by,
    )
