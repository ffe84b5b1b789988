"""The migrated database has every thing of the schema that was asked for."""

import pytest
from django.db import connection

from tests.database.catalog import Catalog
from tests.database.conformity import differences, seed_catalog
from tests.database.scratch import suite_dsn

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seed(django_db_setup: None) -> Catalog:
    return seed_catalog(suite_dsn())


def found(seed: Catalog) -> list[str]:
    with connection.cursor() as cursor:
        return differences(seed, Catalog.read(cursor))


def test_the_schema_asked_for_is_there_without_a_difference(seed: Catalog) -> None:
    assert len(seed.columns) == 207
    assert found(seed) == []


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ("DROP INDEX idx_posts_activity", "index idx_posts_activity is missing"),
        (
            "DROP INDEX idx_lessons_active; CREATE INDEX idx_lessons_active ON lessons (is_active)",
            "index idx_lessons_active is btree is_active, not btree is_active where is_active",
        ),
        (
            "ALTER TABLE lessons ALTER difficulty SET DEFAULT 'beginner'",
            "column lessons.difficulty has the default 'beginner'::text, not 'intermediate'::text",
        ),
        (
            "ALTER TABLE lessons ALTER xp_reward DROP DEFAULT",
            "column lessons.xp_reward has the default None, not 0",
        ),
        ("ALTER TABLE lessons ALTER title DROP NOT NULL", "column lessons.title may be NULL"),
        ("ALTER TABLE live_sessions DROP recording_url", "column live_sessions.recording_url is missing"),
        (
            "ALTER TABLE subscription_plans ALTER price TYPE numeric(12,2)",
            "column subscription_plans.price is of type numeric(12,2), not numeric(10,2)",
        ),
        (
            "DROP INDEX uq_users_email_lower; ALTER TABLE users DROP CONSTRAINT {email}",
            "unique key users (email) is missing",
        ),
        (
            "ALTER TABLE user_progress DROP CONSTRAINT fk_user_progress_lesson_id",
            "foreign key user_progress (lesson_id) is missing",
        ),
        (
            "ALTER TABLE user_streaks RENAME CONSTRAINT fk_user_streaks_user_id TO streaks_have_an_owner",
            "foreign key user_streaks (user_id) is named streaks_have_an_owner",
        ),
        (
            "ALTER TABLE session_participants DROP CONSTRAINT ck_session_participants_feedback_rating_1_to_5",
            "check session_participants (feedback_rating) is missing: "  # noqa: ISC004
            "CHECK (((feedback_rating >= 1) AND (feedback_rating <= 5)))",
        ),
        ("ALTER TABLE lessons DISABLE ROW LEVEL SECURITY", "row security of lessons is off"),
        (
            'DROP POLICY "Users can create posts" ON community_posts',
            "policy Users can create posts of community_posts is missing",
        ),
        (
            "ALTER VIEW lesson_popularity RENAME avg_score TO score",
            "view lesson_popularity lacks avg_score",
        ),
        (
            "DROP TRIGGER trigger_update_leaderboard ON xp_events",
            "function update_leaderboard has no trigger",
        ),
        (
            "ALTER FUNCTION calculate_user_level(integer) RENAME TO other",
            "function calculate_user_level is missing",
        ),
    ],
)
def test_a_difference_is_named(seed: Catalog, change: str, difference: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'users'::regclass AND contype = 'u'"
        )
        cursor.execute(change.format(email=cursor.fetchall()[0][0]))
    assert difference in found(seed)


def test_another_ladder_of_flames_is_a_difference(seed: Catalog) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION calculate_user_level(total_xp integer) RETURNS integer "
            "LANGUAGE sql AS 'SELECT 1 + total_xp / 1000'"
        )
    assert len(found(seed)) == 1
