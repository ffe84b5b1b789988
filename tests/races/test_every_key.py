"""Every unique key of ours is a promise of "once": each has its race, or a word why it needs none."""

import ast
from pathlib import Path

from django.apps import apps
from django.db.models import Model, UniqueConstraint

from tests.architecture.source import APPS

# The test of this folder that has the key at work.
RACES = {
    "uq_users_email_lower": "test_signing_up_twice_at_once_makes_one_person",
    "users.email": "test_signing_up_twice_at_once_makes_one_person",
    "uq_user_subscriptions_one_live": "test_whoever_buys_twice_at_once_has_one_subscription",
    "uq_user_achievements_user_id_achievement_id": "test_an_achievement_is_unlocked_and_paid_once",
    "uq_leaderboard_user_id_period_period_start_date": "test_grants_at_once_add_up_to_the_ledger",
    "user_streaks.user": "test_without_the_profiles_lock_two_grants_begin_two_streaks",
    "uq_xp_events_user_source_source_id": "test_a_double_submit_is_graded_and_paid_once",
    "uq_lesson_versions_lesson_id_number": "test_several_authors_make_a_version_each",
    "uq_lesson_versions_one_draft": "test_several_authors_have_one_draft",
    "uq_attempts_user_id_lesson_id_number": "test_two_tabs_begin_one_attempt",
    "uq_attempts_one_open": "test_two_tabs_begin_one_attempt",
    "uq_user_progress_user_id_level_id_gate_id": "test_many_tabs_make_one_progress_row",
    "uq_community_votes_user_id_target_type_target_id": "test_a_double_click_on_a_vote_is_one_vote",
    "uq_session_participants_session_id_user_id": "test_however_often_somebody_clicks_they_have_one_place",
    "uq_lesson_notes_user_id_lesson_id_block_kind": "test_many_tabs_write_one_note",
    "uq_lesson_bookmarks_user_id_lesson_id": "test_many_tabs_keep_one_bookmark",
    "uq_voided_questions_lesson_id_question": "test_a_double_click_voids_once",
    "uq_content_ratings_user_id_lesson_id_place_version": "test_many_tabs_give_one_rating",
}
NO_RACE = {
    "subscription_plans.stripe_price_id": "staff make plans one by one",
    "user_subscriptions.stripe_subscription_id": "nothing writes it yet; its webhook brings its own race",
    "achievements.code": "loaded from a file by one command, in one transaction",
    "uq_question_statistics_lesson_id_question": "one job writes it, by ON CONFLICT DO UPDATE",
    "uq_gate_openings_user_id_lesson_id": "staff open gates by hand; saying it again updates the reason",
    "uq_lessons_level_id_gate_id": "two gates at one place are refused; nobody makes a gate twice by a click",
    "uq_lessons_id_level_id_gate_id": "holds a foreign key of progress; the first column alone is unique",
    "uq_community_comments_id_post_id": "holds a foreign key of answers; the first column alone is unique",
}


def keys() -> set[str]:
    """Names of unique constraints, and table and column of unique fields."""
    found: set[str] = set()
    for model in apps.get_models():
        if model.__module__.split(".")[0] in APPS:
            found |= _of(model)
    return found


def _of(model: type[Model]) -> set[str]:
    table, fields = model._meta.db_table, model._meta.local_fields
    columns = {f"{table}.{field.name}" for field in fields if field.unique and not field.primary_key}
    named = {c.name for c in model._meta.constraints if isinstance(c, UniqueConstraint)}
    return columns | named


def written_here() -> set[str]:
    trees = [ast.parse(path.read_text("utf-8")) for path in Path(__file__).parent.glob("test_*.py")]
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_unique_key_has_its_race_or_a_word_why_not() -> None:
    known = RACES.keys() | NO_RACE.keys()
    assert keys() - known == set(), (
        "A unique key is a promise that something happens once. Write its race in tests/races, with a "
        "control that drops the key, and name both in RACES here; or say in NO_RACE why two never meet there."
    )
    assert known - keys() == set(), "These keys are gone: take them out of RACES and NO_RACE."


def test_the_races_that_are_named_exist() -> None:
    assert set(RACES.values()) - written_here() == set()
