"""Ratings and reports of blocks and questions: by learners, and answered by staff."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from dracarys.db.acting import acting_as_service
from gamification.ledger import lock
from learning import access
from learning.models import (
    Attempt,
    AttemptState,
    Lesson,
    LessonVersion,
    PlaceKind,
    Rating,
    Report,
    ReportKind,
    ReportState,
    json_path,
)
from learning.passages import plain

MOST_OPEN = 20  # reports of one person that wait for an answer
MOST_SHOWN = 200
LONGEST_TITLE = 200
IDS = json_path("content_data", "$.blocks[*].id")
TITLES = json_path("content_data", "$.blocks[*].title")
TOKENS = json_path("outcome", "$.feedback[*].token")
ASKED = json_path("paper", "$.questions[*].token")
ASKED_IDS = json_path("paper", "$.questions[*].id")


class NoSuchPlace(LookupError):
    """The lesson has no such block, or the paper no such question."""


class TooMany(Exception):
    """The person has as many open reports as one may have."""


@dataclass(frozen=True, slots=True)
class Place:
    """A block or a question in one version of a lesson; `title` is what its reader saw of it."""

    lesson_id: uuid.UUID
    kind: PlaceKind
    id: str
    version: int
    title: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as its writer sees it."""

    place: str
    title: str
    kind: str
    words: str
    state: str
    state_label: str
    answer: str
    created_at: dt.datetime
    closed_at: dt.datetime | None


def block(*, user_id: uuid.UUID, lesson: Lesson, number: int) -> Place:
    """Block `number` of an open gate, as it is published now. Raises access.Locked, NoSuchPlace."""
    access.require(user_id, lesson.pk)
    ids, titles = Lesson.objects.filter(pk=lesson.pk).values_list(IDS, TITLES).get()
    if not 1 <= number <= len(ids):
        raise NoSuchPlace(number)
    with acting_as_service():
        versions = LessonVersion.objects.published().filter(lesson_id=lesson.pk)
        version = versions.aggregate(last=Max("number"))["last"] or 1
    title = titles[number - 1][:LONGEST_TITLE]
    return Place(lesson.pk, PlaceKind.BLOCK, ids[number - 1], version, title)


def question(*, user_id: uuid.UUID, attempt_id: uuid.UUID, number: int) -> Place:
    """Question `number` of a person's own graded attempt. Raises Attempt.DoesNotExist, NoSuchPlace."""
    attempts = Attempt.objects.filter(user_id=user_id, state=AttemptState.SUBMITTED)
    attempt = attempts.get(pk=attempt_id)
    tokens = [one["token"] for one in (attempt.outcome or {}).get("feedback", ())]
    if not 1 <= number <= len(tokens):
        raise NoSuchPlace(number)
    stored = next(one for one in attempt.paper["questions"] if one["token"] == tokens[number - 1])
    with acting_as_service():
        version = LessonVersion.objects.values_list("number", flat=True).get(pk=attempt.version_id) or 1
    title = plain(stored["prompt"])[:LONGEST_TITLE]
    return Place(attempt.lesson_id, PlaceKind.QUESTION, stored["id"], version, title)


def rate(*, user_id: uuid.UUID, place: Place, stars: int) -> None:
    """Keep how clear the person found it, 1 to 5; a later rating takes the place of the one before."""
    with acting_as_service():
        Rating.objects.bulk_create(
            [
                Rating(
                    user_id=user_id,
                    lesson_id=place.lesson_id,
                    place_kind=place.kind,
                    place=place.id,
                    version=place.version,
                    stars=stars,
                )
            ],
            update_conflicts=True,
            unique_fields=["user", "lesson", "place_kind", "place", "version"],
            update_fields=["stars"],
        )


def report(*, user_id: uuid.UUID, place: Place, kind: ReportKind, words: str) -> Report:
    """Put it before the staff; the same report twice, as from a double click, is one. Raises TooMany."""
    with acting_as_service():
        lock(user_id)  # one by one, so that the limit holds
        waiting = Report.objects.filter(user_id=user_id, state=ReportState.OPEN)
        facts = {
            "lesson_id": place.lesson_id,
            "place_kind": place.kind,
            "place": place.id,
            "version": place.version,
            "kind": kind,
            "words": words,
        }
        if same := waiting.filter(**facts).first():
            return same
        if waiting.count() >= MOST_OPEN:
            raise TooMany
        return Report.objects.create(user_id=user_id, title=place.title, **facts)


def close(
    reports: Sequence[uuid.UUID], *, state: ReportState, answer: str, by: uuid.UUID, at: dt.datetime
) -> int:
    """Answer these reports, `at` (UTC); how many were still open. Acts as the service."""
    waiting = Report.objects.filter(pk__in=reports, state=ReportState.OPEN)
    return waiting.update(state=state, answer=answer, closed_by_id=by, closed_at=at)


def own_ratings(*, user_id: uuid.UUID, attempt_id: uuid.UUID) -> dict[int, int]:
    """The person's stars by number of question on the result page of their attempt. Two queries."""
    attempts = Attempt.objects.filter(pk=attempt_id, user_id=user_id)
    found = attempts.values_list("lesson_id", TOKENS, ASKED, ASKED_IDS).first()
    if found is None:
        return {}
    lesson_id, tokens, asked, ids = found
    mine = Rating.objects.filter(user_id=user_id, lesson_id=lesson_id, place_kind=PlaceKind.QUESTION)
    stars = dict(mine.order_by("version").values_list("place", "stars"))
    id_of = dict(zip(asked, ids, strict=True))
    return {n: stars[id_of[token]] for n, token in enumerate(tokens, start=1) if id_of[token] in stars}


def own_reports(user_id: uuid.UUID) -> tuple[ReportLine, ...]:
    """What the person reported last, newest first, with the answers. Two queries."""
    rows = list(Report.objects.filter(user_id=user_id).order_by("-created_at", "pk")[:MOST_SHOWN])
    gates = Lesson.objects.light().in_bulk({row.lesson_id for row in rows})
    return tuple(_line(row, gates.get(row.lesson_id)) for row in rows)


def _line(row: Report, gate: Lesson | None) -> ReportLine:
    """A gate that is out of use is hidden from learners: its reports stay, without the name."""
    where = {"level": gate.level_id, "gate": gate.gate_id, "title": gate.title} if gate else {}
    return ReportLine(
        place=_("Level %(level)s · Gate %(gate)s · %(title)s") % where if where else "",
        title=row.title,
        kind=row.get_kind_display(),
        words=row.words,
        state=row.state,
        state_label=row.get_state_display(),
        answer=row.answer,
        created_at=row.created_at,
        closed_at=row.closed_at,
    )


def place_url(report: Report) -> str | None:
    """Where the place is now; None when the block is gone. A question is met behind its assessment."""
    where = [report.lesson.level_id, report.lesson.gate_id]
    if report.place_kind == PlaceKind.QUESTION:
        return reverse("learning:assessment", args=where)
    ids: list[str] = Lesson.objects.filter(pk=report.lesson_id).values_list(IDS, flat=True).get()
    if report.place not in ids:
        return None
    return reverse("learning:block", args=[*where, ids.index(report.place) + 1])


def source_of(report: Report) -> dict[str, Any] | None:
    """The block or question as it was written in the version that the report is about, for staff."""
    versions = LessonVersion.objects.published().filter(lesson_id=report.lesson_id, number=report.version)
    is_block = report.place_kind == PlaceKind.BLOCK
    column, key = ("content_data", "blocks") if is_block else ("assessment_data", "questions")
    data = versions.values_list(column, flat=True).first() or {}
    return next((one for one in data.get(key, ()) if one["id"] == report.place), None)
