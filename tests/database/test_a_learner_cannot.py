"""What earns, counts, costs or tells is beyond a learner's own hand, whatever a page forgets."""

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, transaction

from accounts.models import User
from dracarys.db.acting import SERVICE, acting_as, person
from gamification.models import Achievement
from learning.models import Lesson
from tests.database.rows import one_of_each, rows, run, value

pytestmark = pytest.mark.django_db

# Refused with an error. @me is the learner, @other somebody else.
REFUSED = {
    "earn XP": "INSERT INTO xp_events (user_id, source, source_id, amount, reason, total_after) "
    "VALUES (@me, 'gate', gen_random_uuid(), 1000000, 'Mine', 1000000)",
    "raise their total": "UPDATE user_profiles SET total_xp = 1000000 WHERE id = @me",
    "take a flame": "UPDATE user_profiles SET current_level = 21 WHERE id = @me",
    "unlock an achievement": "INSERT INTO user_achievements (user_id, achievement_id) "
    "SELECT @me, id FROM achievements WHERE code = 'hardest'",
    "lengthen a streak": "UPDATE user_streaks SET current_streak = 9, longest_streak = 9 WHERE user_id = @me",
    "rise on a board": "UPDATE leaderboard SET xp_points = 1000000, rank = 1 WHERE user_id = @me",
    "move the steps of a board": "UPDATE leaderboard_steps SET above = 0",
    "take a seat": "INSERT INTO session_participants (session_id, user_id) "
    "SELECT id, @me FROM live_sessions WHERE host_id = @other",
    "have attended": "UPDATE session_participants SET attendance_status = 'attended' WHERE user_id = @me",
    "add seats": "UPDATE live_sessions SET max_participants = 1000 WHERE host_id = @me",
    "pass a gate": "UPDATE user_progress SET completed = true, completed_at = now() WHERE user_id = @me",
    "better a score": "UPDATE user_progress SET score = 100 WHERE user_id = @me",
    "have earned in a gate": "UPDATE user_progress SET xp_earned = 1000000 WHERE user_id = @me",
    "begin progress of their own": "INSERT INTO user_progress (user_id, level_id, gate_id, lesson_id) "
    "SELECT @me, level_id, gate_id, id FROM lessons WHERE NOT EXISTS "
    "(SELECT FROM user_progress p WHERE p.lesson_id = lessons.id AND p.user_id = @me)",
    "forget a failure": "DELETE FROM user_progress WHERE user_id = @me",
    "grade an attempt": "UPDATE attempts SET state = 'submitted', score = 100, outcome = '{}', "
    "submitted_at = now() WHERE user_id = @me AND state = 'open'",
    "see other questions": "UPDATE attempts SET paper = '{}' WHERE user_id = @me",
    "undo an attempt": "DELETE FROM attempts WHERE user_id = @me",
    "subscribe": "INSERT INTO user_subscriptions (user_id, plan_id, status) "
    "SELECT @me, id, 'canceled' FROM subscription_plans LIMIT 1",
    "prolong a subscription": "UPDATE user_subscriptions SET trial_end = 'infinity' WHERE user_id = @me",
    "make a plan cheap": "UPDATE subscription_plans SET price = 0",
    "become staff": "UPDATE users SET is_staff = true, is_superuser = true WHERE id = @me",
    "confirm an address": "UPDATE users SET email_confirmed_at = now() WHERE id = @me",
    "end a suspension": "UPDATE users SET banned_until = NULL WHERE id = @me",
    "pin a post": "UPDATE community_posts SET is_pinned = true WHERE author_id = @me",
    "lock a post": "UPDATE community_posts SET is_locked = true WHERE author_id = @me",
    "count votes that nobody gave": "UPDATE community_posts SET upvotes_count = 999 WHERE author_id = @me",
    "announce": "INSERT INTO community_posts (author_id, title, post_type) VALUES (@me, 'x', 'announcement')",
    "announce later": "UPDATE community_posts SET post_type = 'announcement' WHERE author_id = @me",
    "write as somebody else": "INSERT INTO community_posts (author_id, title) VALUES (@other, 'x')",
    "comment as somebody else": "INSERT INTO community_comments (author_id, post_id, content) "
    "SELECT @other, id, 'x' FROM community_posts LIMIT 1",
    "give a post away": "UPDATE community_posts SET author_id = @other WHERE author_id = @me",
    "vote for somebody else": "INSERT INTO community_votes (user_id, target_type, target_id, vote_type) "
    "SELECT @other, 'post', id, 'upvote' FROM community_posts WHERE author_id = @me",
    "log a deed": "INSERT INTO user_activity_log (user_id, activity_type) VALUES (@me, 'lesson_complete')",
    "send mail": "INSERT INTO outbox_messages (kind, recipient) VALUES ('x', 'victim@example.org')",
    "rewrite a lesson": "UPDATE lessons SET xp_reward = 1000000",
    "publish": "INSERT INTO lesson_versions (lesson_id, number, content_data, rendered) "
    "SELECT id, 99, '{}', '{}' FROM lessons LIMIT 1",
    "move prices": "UPDATE market_bars SET volume = 0",
    "invent an achievement": "INSERT INTO achievements (code, title, description) VALUES ('x', 'x', 'x')",
    "make a user": "INSERT INTO users (email, password) VALUES ('new@example.org', '')",
    "read password hashes": "SELECT password FROM users",
    "read addresses": "SELECT email FROM users WHERE id <> @me",
    "read their own address past the product": "SELECT * FROM users WHERE id = @me",
    "look for an address": "SELECT id FROM users WHERE lower(email) = 'brand@example.org'",
    "read when somebody was here": "SELECT last_login FROM users",
    "read meeting links": "SELECT meeting_url FROM live_sessions",
    "read answers": "SELECT assessment_data FROM lesson_versions",
    "read mail": "SELECT payload FROM outbox_messages",
    "read sessions": "SELECT session_data FROM (SELECT count(*) AS session_data FROM django_session) s",
}
# No error, and no row either.
WITHOUT_EFFECT = {
    "edit somebody's post": "UPDATE community_posts SET title = 'x' WHERE author_id = @other",
    "delete somebody's post": "DELETE FROM community_posts WHERE author_id = @other",
    "edit somebody's comment": "UPDATE community_comments SET content = 'x' WHERE author_id = @other",
    "take somebody's vote": "DELETE FROM community_votes WHERE user_id = @other",
    "edit somebody's profile": "UPDATE user_profiles SET full_name = 'x' WHERE id = @other",
    "move somebody's place": "UPDATE user_progress SET position = 1 WHERE user_id = @other",
    "answer for somebody": "UPDATE attempts SET answers = '{}' WHERE user_id = @other",
    "answer after grading": "UPDATE attempts SET answers = '{}' WHERE user_id = @me AND state = 'submitted'",
    "rate as somebody": "UPDATE session_participants SET feedback_rating = 1 WHERE user_id = @other",
    "read somebody's subscription": "SELECT 1 FROM user_subscriptions WHERE user_id = @other",
    "read somebody's attempts": "SELECT 1 FROM attempts WHERE user_id = @other",
    "lock somebody's progress": "SELECT 1 FROM user_progress WHERE user_id = @other FOR UPDATE",
}
ALLOWED = {
    "edit their profile": "UPDATE user_profiles SET full_name = 'x', timezone = 'Asia/Tokyo' WHERE id = @me",
    "keep their place": "UPDATE user_progress SET position = 2 WHERE user_id = @me",
    "answer": "UPDATE attempts SET answers = '{}' WHERE user_id = @me AND state = 'open'",
    "write": "INSERT INTO community_posts (author_id, title, tags) VALUES (@me, 'x', '{risk}')",
    "comment": "INSERT INTO community_comments (author_id, post_id, content) "
    "SELECT @me, id, 'x' FROM community_posts WHERE author_id = @other",
    "edit their post": "UPDATE community_posts SET title = 'x' WHERE author_id = @me",
    "delete their comment": "DELETE FROM community_comments WHERE author_id = @me",
    "vote": "INSERT INTO community_votes (user_id, target_type, target_id, vote_type) "
    "SELECT @me, 'post', id, 'upvote' FROM community_posts WHERE author_id = @other",
    "take their vote back": "DELETE FROM community_votes WHERE user_id = @me",
    "rate": "UPDATE session_participants SET feedback_rating = 5 WHERE user_id = @me",
}


class Undone(Exception):
    """Ends a block whose writes are to go."""


@pytest.fixture
def two(ash: User, brand: User, gate: Lesson, second_gate: Lesson) -> tuple[User, User]:
    for user in (ash, brand):
        one_of_each(user, gate)
    Achievement.objects.create(code="hardest")
    run("INSERT INTO django_session VALUES ('key', 'data', now())")
    return ash, brand


def named(statement: str, two: tuple[User, User]) -> str:
    me, other = (f"'{user.pk}'::uuid" for user in two)
    return statement.replace("@me", me).replace("@other", other)


def effect(statement: str) -> int:
    """How many rows the statement touches; it is undone."""
    touched = 0
    try:
        with transaction.atomic():
            touched = run(statement)
            raise Undone
    except Undone:
        return touched


def test_a_learner_cannot(two: tuple[User, User]) -> None:
    with acting_as(person(two[0].pk)):
        for what, statement in REFUSED.items():
            with pytest.raises(DatabaseError, match=r"permission denied|row-level security") as refused:
                effect(named(statement, two))
            assert type(refused.value) is ProgrammingError, what


def test_a_learner_cannot_touch_what_is_somebody_elses(two: tuple[User, User]) -> None:
    with acting_as(person(two[0].pk)):
        touched = {what: effect(named(statement, two)) for what, statement in WITHOUT_EFFECT.items()}
    assert touched == dict.fromkeys(WITHOUT_EFFECT, 0)


def test_a_learner_can(two: tuple[User, User]) -> None:
    with acting_as(person(two[0].pk)):
        touched = {what: effect(named(statement, two)) for what, statement in ALLOWED.items()}
    assert touched == dict.fromkeys(ALLOWED, 1)


def test_nothing_but_the_policies_stands_in_the_way(two: tuple[User, User]) -> None:
    """The control: the owner of the tables can do every one of these things."""
    for what, statement in (REFUSED | WITHOUT_EFFECT).items():
        assert effect(named(statement, two)) > 0, what


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE community_votes",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE xp_events DISABLE ROW LEVEL SECURITY",
        'DROP POLICY "service" ON xp_events',
        "ALTER TABLE xp_events DISABLE TRIGGER trigger_update_leaderboard",
        "CREATE POLICY mine ON xp_events USING (true)",
    ],
)
@pytest.mark.parametrize("role", ["a learner", "the service"])
def test_nobody_who_acts_changes_the_schema(ash: User, statement: str, role: str) -> None:
    actor = SERVICE if role == "the service" else person(ash.pk)
    with acting_as(actor), pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        effect(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE xp_events SET amount = 0",
        "DELETE FROM xp_events",
    ],
)
def test_not_even_the_service_rewrites_the_past(two: tuple[User, User], statement: str) -> None:
    assert effect(statement) > 0  # the owner of the tables could
    with acting_as(SERVICE), pytest.raises(ProgrammingError, match="permission denied"):
        effect(statement)


@pytest.mark.parametrize(
    "change", ["number = number + 1", "content_data = '{}'", "state = 'draft', number = NULL"]
)
def test_nobody_changes_a_published_version(two: tuple[User, User], change: str) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        run(f"UPDATE lesson_versions SET {change}")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), acting_as(SERVICE):
        run(f"UPDATE lesson_versions SET {change}")


def test_who_published_a_version_may_be_forgotten(two: tuple[User, User]) -> None:
    run("UPDATE lesson_versions SET published_by_id = %s", [two[0].pk])
    assert run("UPDATE lesson_versions SET published_by_id = NULL") > 0


def test_a_draft_is_written_again_and_again(two: tuple[User, User]) -> None:
    run(
        "INSERT INTO lesson_versions (lesson_id, state, content_data) "
        "SELECT id, 'draft', '{}' FROM lessons LIMIT 1"
    )
    draft = "WHERE state = 'draft'"
    with acting_as(SERVICE):
        assert run(f"UPDATE lesson_versions SET content_data = '[]', revision = 1 {draft}") == 1
        assert run(f"UPDATE lesson_versions SET state = 'published', number = 99 {draft}") == 1
    with pytest.raises(IntegrityError, match="never changed"):
        run("UPDATE lesson_versions SET content_data = '{}' WHERE number = 99")


def test_the_service_writes_every_table_of_the_product(two: tuple[User, User]) -> None:
    with acting_as(SERVICE):
        assert value("SELECT count(*) FROM users") == 2
        assert effect("UPDATE user_profiles SET total_xp = 1") == 2
        assert effect("DELETE FROM user_subscriptions") == 2
    assert rows("SELECT count(*) FROM user_subscriptions") == [(2,)]
