"""A progress row stands at its lesson's place, and people are kept."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from community.models import Post
from dracarys.db.acting import acting_as_service
from gamification.models import LeaderboardEntry, XpEvent
from learning.models import Lesson, UserProgress
from tests.database.rows import comment_of, ledger_row, one_of_each, post_of, progress_row, rows, run, vote_of
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(db: None) -> User:
    """Somebody who tries the first gate without an account."""
    return UserFactory.create(email="guest-1@guests.invalid", is_guest=True)


@pytest.mark.parametrize("wrong", [{"gate_id": 2}, {"level_id": 2}])
def test_progress_cannot_point_at_another_gates_lesson(
    ash: User, gate: Lesson, wrong: dict[str, int]
) -> None:
    with pytest.raises(IntegrityError, match="fk_user_progress_lesson_level_gate"):
        progress_row(ash, gate, **wrong)


def test_a_gate_with_progress_keeps_its_place(ash: User, gate: Lesson) -> None:
    Lesson.objects.filter(pk=gate.pk).update(gate_id=7)
    gate.refresh_from_db()
    progress_row(ash, gate)
    with pytest.raises(IntegrityError, match="fk_user_progress_lesson_level_gate"):
        Lesson.objects.filter(pk=gate.pk).update(gate_id=8)


@pytest.mark.parametrize("column", ["lesson_id", "completed", "user_id", "level_id", "gate_id"])
def test_progress_says_all_it_must(ash: User, gate: Lesson, column: str) -> None:
    progress_row(ash, gate)
    with pytest.raises(IntegrityError, match=f'null value in column "{column}"'):
        run(f"UPDATE user_progress SET {column} = NULL")


def test_a_lesson_that_somebody_worked_on_is_not_deleted(ash: User, gate: Lesson) -> None:
    progress_row(ash, gate)
    with pytest.raises(IntegrityError, match="fk_user_progress_lesson"):
        run("DELETE FROM lessons WHERE id = %s", [gate.pk])


def test_a_person_is_not_deleted_by_anybody(ash: User, brand: User) -> None:
    post = post_of(ash)
    comment_of(brand, post)
    with pytest.raises(IntegrityError, match="anonymised, not deleted"), transaction.atomic():
        ash.delete()
    with pytest.raises(IntegrityError, match="anonymised, not deleted"), acting_as_service():
        run("DELETE FROM users WHERE id = %s", [ash.pk])
    assert Post.objects.filter(pk=post.pk).exists()


def test_a_guest_is_deleted_with_all_that_is_theirs(guest: User, gate: Lesson) -> None:
    one_of_each(guest, gate)
    with acting_as_service():
        assert run("DELETE FROM users WHERE id = %s", [guest.pk]) == 1
    columns = rows(
        "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c JOIN pg_attribute a "
        "ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.confrelid = 'users'::regclass"
    )
    assert len(columns) >= 18
    for table, column in columns:
        assert rows(f"SELECT 1 FROM {table} WHERE {column} = %s", [guest.pk]) == [], table


def test_a_guests_votes_and_comments_leave_the_counters_with_them(guest: User, ash: User) -> None:
    post = post_of(ash)
    vote_of(guest, post)
    comment_of(guest, post)
    guest.delete()
    post.refresh_from_db()
    assert (post.upvotes_count, post.comments_count) == (0, 0)


def test_a_guests_score_leaves_the_boards_with_its_ledger(guest: User) -> None:
    ledger_row(guest)
    guest.delete()
    assert not XpEvent.objects.exists()
    assert not LeaderboardEntry.objects.exists()


def test_a_lesson_outlives_whoever_made_it(guest: User, gate: Lesson) -> None:
    Lesson.objects.filter(pk=gate.pk).update(created_by=guest)
    run("DELETE FROM users WHERE id = %s", [guest.pk])
    gate.refresh_from_db()
    assert gate.created_by_id is None


def test_a_guest_has_no_real_address(db: None) -> None:
    with pytest.raises(IntegrityError, match="ck_users_is_anonymous_has_placeholder_email"):
        UserFactory.create(email="real@example.org", is_guest=True)


def test_one_address_is_one_person_whatever_its_capitals(ash: User) -> None:
    with pytest.raises(IntegrityError, match="uq_users_email_lower"):
        run("INSERT INTO users (email, password) VALUES ('ASH@example.org', '')")


def test_progress_is_one_row_for_a_gate(ash: User, gate: Lesson) -> None:
    progress_row(ash, gate)
    with (
        pytest.raises(IntegrityError, match="uq_user_progress_user_id_level_id_gate_id"),
        transaction.atomic(),
    ):
        progress_row(ash, gate)
    assert UserProgress.objects.count() == 1
