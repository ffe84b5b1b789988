"""What the seed accepted and no correct database may hold."""

import pytest
from django.db import DataError, IntegrityError, transaction

from accounts.models import User
from billing.models import UserSubscription
from learning.models import Lesson
from sessions.models import SessionParticipant
from tests.database.rows import (
    ledger_row,
    one_of_each,
    place_of,
    plan,
    progress_row,
    run,
    session_of,
    subscription_of,
)

pytestmark = pytest.mark.django_db
REFUSED = {
    "ck_xp_events_amount_negative_only_as_correction": "UPDATE xp_events SET amount = -1",
    "ck_xp_events_total_after_not_negative": "UPDATE xp_events SET total_after = -1",
    "ck_xp_events_source_known": "UPDATE xp_events SET source = 'gift'",
    "ck_user_profiles_total_xp_not_negative": "UPDATE user_profiles SET total_xp = -1000",
    "ck_user_profiles_current_level_positive": "UPDATE user_profiles SET current_level = 0",
    "ck_user_profiles_trading_experience_known": "UPDATE user_profiles SET trading_experience = 'guru'",
    "ck_user_progress_xp_earned_not_negative": "UPDATE user_progress SET xp_earned = -1000",
    "ck_user_progress_score_between_0_and_100": "UPDATE user_progress SET score = 900",
    "ck_user_progress_attempts_count_not_negative": "UPDATE user_progress SET attempts_count = -3",
    "ck_user_progress_completed_at_when_completed": "UPDATE user_progress SET completed_at = NULL",
    "ck_attempts_state_has_its_outcome": "UPDATE attempts SET score = 101",
    "ck_lessons_xp_reward_not_negative": "UPDATE lessons SET xp_reward = -1",
    "ck_lessons_prerequisites_not_itself": "UPDATE lessons SET prerequisites = ARRAY[id]",
    "ck_achievements_xp_reward_not_negative": "UPDATE achievements SET xp_reward = -1",
    "ck_user_streaks_longest_streak_is_longest": "UPDATE user_streaks SET current_streak = 99",
    "ck_leaderboard_period_end_date_after_start": "UPDATE leaderboard SET period_end_date = '1969-01-01'",
    "ck_leaderboard_percentile_between_0_and_100": "UPDATE leaderboard SET percentile = 101",
    "ck_subscription_plans_price_not_negative": "UPDATE subscription_plans SET price = -5",
    "ck_subscription_plans_trial_days_not_negative": "UPDATE subscription_plans SET trial_days = -1",
    "ck_user_subscriptions_status_known": "UPDATE user_subscriptions SET status = 'gift'",
    "ck_live_sessions_duration_positive": "UPDATE live_sessions SET duration = '-1 hour'",
    "ck_live_sessions_current_participants_within_max": "UPDATE live_sessions SET current_participants = -1",
    "ck_session_participants_feedback_rating_1_to_5": "UPDATE session_participants SET feedback_rating = 6",
    "ck_user_activity_log_activity_type_known": "UPDATE user_activity_log SET activity_type = 'hack'",
    "ck_market_bars_low_and_high_enclose": "UPDATE market_bars SET low = high + 1",
}


def test_the_database_refuses_what_cannot_be(ash: User, gate: Lesson) -> None:
    one_of_each(ash, gate)
    for constraint, change in REFUSED.items():
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            run(change)


@pytest.mark.parametrize("first", ["active", "past_due", "trialing"])
@pytest.mark.parametrize("second", ["active", "past_due", "trialing"])
def test_a_person_has_one_live_subscription(ash: User, first: str, second: str) -> None:
    subscription_of(ash, plan(), status=first)
    with pytest.raises(IntegrityError, match="uq_user_subscriptions_one_live"):
        subscription_of(ash, plan(name="Another"), status=second)


def test_ended_subscriptions_are_kept_beside_a_live_one(ash: User, brand: User) -> None:
    for status in ("canceled", "unpaid", "canceled", "active"):
        subscription_of(ash, plan(), status=status)
    subscription_of(brand, plan())
    assert UserSubscription.objects.count() == 5


def test_a_plan_that_somebody_has_is_not_deleted(ash: User) -> None:
    mine = subscription_of(ash, plan()).plan
    with pytest.raises(IntegrityError, match="fk_user_subscriptions_plan_id"):
        run("DELETE FROM subscription_plans WHERE id = %s", [mine.pk])


def test_a_negative_correction_is_possible(ash: User) -> None:
    ledger_row(ash)
    ledger_row(ash, source="correction", amount=-40)


def test_numbers_beyond_the_columns_are_an_error_and_no_wrong_value(ash: User) -> None:
    with pytest.raises(DataError):
        ledger_row(ash, amount=2**31)


def test_only_one_attempt_is_open(ash: User, gate: Lesson) -> None:
    one_of_each(ash, gate)
    with pytest.raises(IntegrityError, match="uq_attempts_one_open"):
        run(
            "INSERT INTO attempts (user_id, lesson_id, version_id, number, paper) "
            "SELECT user_id, lesson_id, version_id, 99, '{}' FROM attempts WHERE state = 'open'"
        )


def test_a_seat_is_taken_by_everything_but_the_waitlist(ash: User, brand: User, sol: User) -> None:
    session = session_of(sol, max_participants=1)
    mine = place_of(ash, session)
    theirs = place_of(brand, session, attendance_status="waitlisted")
    with pytest.raises(IntegrityError, match="within_max"), transaction.atomic():
        SessionParticipant.objects.filter(pk=theirs.pk).update(attendance_status="registered")
    SessionParticipant.objects.filter(pk=mine.pk).delete()
    SessionParticipant.objects.filter(pk=theirs.pk).update(attendance_status="attended")
    session.refresh_from_db()
    assert session.current_participants == 1


def test_a_session_without_a_limit_takes_everybody(ash: User, brand: User, sol: User) -> None:
    session = session_of(sol, max_participants=None)
    for user in (ash, brand, sol):
        place_of(user, session)
    session.refresh_from_db()
    assert session.current_participants == 3


def test_completed_without_a_time_is_refused(ash: User, gate: Lesson) -> None:
    with pytest.raises(IntegrityError, match="completed_at_when_completed"):
        progress_row(ash, gate, completed=True)
