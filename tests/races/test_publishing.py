"""Two at the workshop's save button: versions are numbered one by one, the same text is one version."""

from functools import partial

import pytest

from dracarys.db.acting import acting_as_service
from learning import publishing
from learning.models import Lesson
from tests.amounts import THREADS
from tests.factories.learning import assessment, content
from tests.races.crew import Crew
from tests.races.guards import meet, without_row_locks


def publish(gate: Lesson, text: str) -> int | None:
    """As the admin does, with the form's own copy of the lesson; the number of the version it made."""
    lesson = Lesson.objects.get(pk=gate.pk)
    written = content(blocks=1)
    written["blocks"][0]["markdown"] = text
    with acting_as_service():
        version = publishing.publish(lesson, content_data=written, assessment_data=assessment(questions=1))
    return version.number if version else None


def last(gate: Lesson) -> int:
    return max(number or 0 for number in gate.versions.values_list("number", flat=True))


def double_click(crew: Crew, gate: Lesson) -> None:
    """A double click on save is one version."""
    before = last(gate)
    outcome = crew.race(*[partial(publish, gate, f"Text {before}")] * THREADS)
    assert outcome.errors == []
    assert sorted(number for number in outcome.results if number) == [before + 1]


def test_a_double_click_on_save_is_one_version(crew: Crew, gate: Lesson) -> None:
    crew.holds(double_click, gate)


def authors(crew: Crew, gate: Lesson) -> None:
    """Several authors at once make a version each, and learners read the last one."""
    before = last(gate)
    outcome = crew.race(*[partial(publish, gate, f"Text {before} of {n}") for n in range(THREADS)])
    assert outcome.errors == []
    assert sorted(outcome.results) == list(range(before + 1, before + 1 + THREADS))
    gate.refresh_from_db()
    assert gate.content_data == gate.versions.latest("number").content_data


def test_several_authors_make_a_version_each(crew: Crew, gate: Lesson) -> None:
    crew.holds(authors, gate)


def test_without_the_lessons_lock_they_make_the_same_one(
    crew: Crew, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_row_locks(monkeypatch, Lesson)
    # Nor the lock under which circles are looked for: behind it nobody would ever meet.
    monkeypatch.setattr(publishing, "publish", partial(publishing.publish, circles_checked=True))
    meet(monkeypatch, publishing, "_published", having_done=True)
    crew.breaks(double_click, gate)
