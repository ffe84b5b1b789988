"""Many tabs beside a lesson: one note, one bookmark, one rating, and no more reports than one may have."""

from functools import partial

import pytest
from django.db import IntegrityError

from accounts.models import User
from dracarys.db.acting import acting_as, person
from learning import bookmarks, notes, reports
from learning.models import Bookmark, Lesson, Note, PlaceKind, Rating, Report, ReportKind
from tests.amounts import THREADS
from tests.races.cast import newcomer
from tests.races.crew import Crew
from tests.races.guards import without_constraint

NOTES, BOOKMARKS = "uq_lesson_notes_user_id_lesson_id_block_kind", "uq_lesson_bookmarks_user_id_lesson_id"
RATINGS = "uq_content_ratings_user_id_lesson_id_place_version"


def writing(user: User, gate: Lesson, text: str) -> str:
    with acting_as(person(user.pk)):
        try:
            notes.save(user_id=user.pk, lesson=gate, block="block-1", text=text, last_seen="")
        except notes.Changed as changed:
            return changed.stored
    return text


def one_note(crew: Crew, gate: Lesson) -> None:
    """Tabs that write at once leave one note; whoever lost is shown the text that won."""
    user = newcomer()
    outcome = crew.race(*(partial(writing, user, gate, f"tab {n}") for n in range(THREADS)))
    assert outcome.errors == []
    assert set(outcome.results) == set(Note.objects.filter(user=user).values_list("text", flat=True))
    assert Note.objects.filter(user=user).count() == 1


def test_many_tabs_write_one_note(crew: Crew, gate: Lesson) -> None:
    crew.holds(one_note, gate)


def test_without_its_key_every_tab_writes_a_note(crew: Crew, gate: Lesson) -> None:
    with without_constraint("lesson_notes", NOTES):
        crew.breaks(one_note, gate)


def keeping(user: User, gate: Lesson) -> None:
    with acting_as(person(user.pk)):
        bookmarks.keep(user_id=user.pk, lesson=gate)


def one_bookmark(crew: Crew, gate: Lesson) -> None:
    """However many tabs bookmark a gate, it is bookmarked once."""
    user = newcomer()
    outcome = crew.race(*[partial(keeping, user, gate)] * THREADS)
    assert outcome.errors == []
    assert Bookmark.objects.filter(user=user).count() == 1


def test_many_tabs_keep_one_bookmark(crew: Crew, gate: Lesson) -> None:
    crew.holds(one_bookmark, gate)


def test_without_its_key_every_tab_keeps_a_bookmark(crew: Crew, gate: Lesson) -> None:
    with without_constraint("lesson_bookmarks", BOOKMARKS):
        crew.breaks(one_bookmark, gate)


def place_in(gate: Lesson) -> reports.Place:
    return reports.Place(gate.pk, PlaceKind.BLOCK, "block-1", 1, "Part 1")


def rating(user: User, gate: Lesson, stars: int) -> None:
    with acting_as(person(user.pk)):
        reports.rate(user_id=user.pk, place=place_in(gate), stars=stars)


def one_rating(crew: Crew, gate: Lesson) -> None:
    """However many tabs rate a place, there is one rating, and it is one of theirs."""
    user = newcomer()
    outcome = crew.race(*(partial(rating, user, gate, 1 + n % 5) for n in range(THREADS)))
    assert outcome.errors == []
    assert Rating.objects.filter(user=user).count() == 1


def test_many_tabs_give_one_rating(crew: Crew, gate: Lesson) -> None:
    crew.holds(one_rating, gate)


def plain_rating(crew: Crew, gate: Lesson) -> None:
    """The same, written without the clause that the key stands behind."""
    user = newcomer()

    def rate(stars: int) -> None:
        row = {"lesson": gate, "place_kind": "block", "place": "block-1", "version": 1, "stars": stars}
        try:
            Rating.objects.create(user=user, **row)
        except IntegrityError:
            return

    crew.race(*(partial(rate, 1 + n % 5) for n in range(THREADS)))
    assert Rating.objects.filter(user=user).count() == 1


def test_without_its_key_every_tab_gives_a_rating(crew: Crew, gate: Lesson) -> None:
    crew.holds(plain_rating, gate)
    with without_constraint("content_ratings", RATINGS):
        crew.breaks(plain_rating, gate)


def reporting(user: User, gate: Lesson, words: str) -> bool:
    with acting_as(person(user.pk)):
        try:
            reports.report(user_id=user.pk, place=place_in(gate), kind=ReportKind.WRONG, words=words)
        except reports.TooMany:
            return False
    return True


def a_limit(crew: Crew, gate: Lesson) -> None:
    """Tabs that report at once never leave more open reports than one person may have, nor twins."""
    user = newcomer()
    for n in range(reports.MOST_OPEN - 2):
        reporting(user, gate, f"before {n}")
    outcome = crew.race(*(partial(reporting, user, gate, f"tab {n // 2}") for n in range(THREADS)))
    assert outcome.errors == []
    mine = Report.objects.filter(user=user)
    assert mine.count() == mine.values("words").distinct().count() == reports.MOST_OPEN


def test_reports_at_once_stop_at_the_limit(crew: Crew, gate: Lesson) -> None:
    crew.holds(a_limit, gate)


def test_without_the_profiles_lock_they_pass_it(
    crew: Crew, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "lock", lambda user_id: None)
    crew.breaks(a_limit, gate)
