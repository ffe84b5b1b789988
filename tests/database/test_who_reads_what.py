"""Every table, read as each of those who act: what the matrix of who reads what says, and no row more."""

from dataclasses import dataclass
from enum import Enum

import pytest
from django.db import ProgrammingError, transaction

from accounts.models import User
from dracarys.db.acting import ANON, SERVICE, Actor, acting_as, person
from gamification.models import Achievement
from learning.models import Lesson, Level
from tests.database.rows import one_of_each, place_of, rows, run, session_of, value
from tests.database.tables import MACHINERY, ours
from tests.factories.accounts import UserFactory
from tests.factories.learning import make_gate

pytestmark = pytest.mark.django_db
NOBODY = Actor("authenticated")
REFUSED = -1


class Reads(Enum):
    NOTHING = "is refused"
    PUBLISHED = "is_active"
    ALL = "true"
    OWN = "user_id"
    OF_LESSON = "lesson_id IN (SELECT id FROM lessons WHERE is_active)"


NOTHING, PUBLISHED, ALL, OWN, OF_LESSON = Reads
# What a visitor reads, and what somebody who signed in does.
MATRIX = {
    "achievements": (PUBLISHED, PUBLISHED),
    "attempts": (NOTHING, OWN),
    "checkpoint_answers": (NOTHING, OWN),
    "community_comments": (NOTHING, ALL),
    "community_posts": (NOTHING, ALL),
    "community_votes": (NOTHING, OWN),
    "figures": (NOTHING, NOTHING),
    "content_ratings": (NOTHING, OWN),
    "content_reports": (NOTHING, OWN),
    "gate_openings": (NOTHING, OWN),
    "glossary_terms": (ALL, ALL),
    "leaderboard": (NOTHING, ALL),
    "leaderboard_steps": (NOTHING, ALL),
    "lesson_bookmarks": (NOTHING, OWN),
    "lesson_notes": (NOTHING, OWN),
    "lesson_passages": (NOTHING, OF_LESSON),
    "lesson_versions": (NOTHING, NOTHING),
    "lessons": (PUBLISHED, PUBLISHED),
    "levels": (PUBLISHED, PUBLISHED),
    "live_sessions": (NOTHING, ALL),
    "market_bars": (ALL, ALL),
    "market_datasets": (ALL, ALL),
    "outbox_messages": (NOTHING, NOTHING),
    "question_answers": (NOTHING, OWN),
    "question_statistics": (NOTHING, NOTHING),
    "course_origins": (NOTHING, NOTHING),
    "regradings": (NOTHING, NOTHING),
    "session_participants": (NOTHING, OWN),
    "subscription_plans": (ALL, ALL),
    "topics": (ALL, ALL),
    "user_achievements": (NOTHING, ALL),
    "user_activity_log": (NOTHING, OWN),
    "user_profiles": (NOTHING, ALL),
    "user_progress": (NOTHING, OWN),
    "user_streaks": (NOTHING, OWN),
    "user_subscriptions": (NOTHING, OWN),
    "users": (NOTHING, ALL),
    "voided_questions": (NOTHING, OF_LESSON),
    "xp_events": (NOTHING, OWN),
}


@dataclass(frozen=True)
class House:
    """Two people with a row in every table, somebody with none, and things not yet published."""

    ash: User
    brand: User
    stranger: User


@pytest.fixture
def house(ash: User, brand: User, gate: Lesson) -> House:
    for user in (ash, brand):
        one_of_each(user, gate)
    make_gate(9, 1, is_active=False)
    Level.objects.filter(number=9).update(is_active=False)
    Achievement.objects.create(code="later", is_active=False)
    return House(ash, brand, UserFactory.create())


def seen_by(actor: Actor) -> dict[str, int]:
    """How many rows of each table the actor sees; -1 where reading is refused."""
    return {table: count(table, actor) for table in MATRIX}


def count(table: str, actor: Actor) -> int:
    try:
        with transaction.atomic(), acting_as(actor):
            return int(value(f"SELECT count(*) FROM {table}"))
    except ProgrammingError as error:
        assert "permission denied" in str(error)  # noqa: PT017
        return REFUSED


def there(table: str, reads: Reads, user: User | None = None) -> int:
    """How many rows `reads` means for that person, counted by the owner of the tables."""
    if reads is NOTHING:
        return REFUSED
    if reads is not OWN:
        return int(value(f"SELECT count(*) FROM {table} WHERE {reads.value}"))
    return int(value(f"SELECT count(*) FROM {table} WHERE user_id = %s", [user.pk])) if user else 0


def test_the_matrix_has_every_table() -> None:
    assert ours() - MACHINERY == MATRIX.keys()


def test_a_visitor_reads_what_is_published(house: House) -> None:
    assert seen_by(ANON) == {table: there(table, reads) for table, (reads, _) in MATRIX.items()}


def test_a_person_reads_their_own_rows_and_what_is_everybodys(house: House) -> None:
    for user in (house.ash, house.brand):
        expected = {table: there(table, reads, user) for table, (_, reads) in MATRIX.items()}
        assert seen_by(person(user.pk)) == expected
        assert 0 not in expected.values()


@pytest.mark.parametrize("who", ["a stranger", "nobody"])
def test_the_wrong_person_and_nobody_see_no_row_of_others(house: House, who: str) -> None:
    actor = NOBODY if who == "nobody" else person(house.stranger.pk)
    assert seen_by(actor) == {table: there(table, reads) for table, (_, reads) in MATRIX.items()}


def test_the_service_reads_everything(house: House) -> None:
    assert seen_by(SERVICE) == {table: there(table, ALL) for table in MATRIX}


def test_nothing_would_be_hidden_without_the_policies(house: House) -> None:
    """The control: these rows are there to be seen."""
    run("ALTER TABLE user_progress DISABLE ROW LEVEL SECURITY")
    assert count("user_progress", NOBODY) == 2


def test_a_host_reads_the_whole_list_of_their_session(house: House) -> None:
    session = session_of(house.ash)
    for user in (house.brand, house.stranger):
        place_of(user, session)
    listed = "SELECT count(*) FROM session_participants WHERE session_id = %s"
    for user, expected in ((house.ash, 2), (house.brand, 1)):
        with acting_as(person(user.pk)):
            assert value(listed, [session.pk]) == expected


def test_the_statistics_view_tells_a_person_about_themselves_only(house: House) -> None:
    with acting_as(person(house.ash.pk)):
        assert rows("SELECT user_id, completed_lessons FROM user_learning_stats") == [(house.ash.pk, 1)]
    with acting_as(NOBODY):
        assert rows("SELECT user_id FROM user_learning_stats") == []
    with acting_as(SERVICE):
        assert rows("SELECT count(*) FROM user_learning_stats") == [(2,)]
        assert rows("SELECT title, completions, popularity_rank FROM lesson_popularity") == [
            ("Gate 1.1", 2, 1)
        ]


@pytest.mark.parametrize(("view", "actor"), [("user_learning_stats", ANON), ("lesson_popularity", NOBODY)])
def test_a_view_is_no_way_around(house: House, view: str, actor: Actor) -> None:
    assert count(view, actor) == REFUSED
