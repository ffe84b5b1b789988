"""The catalogue: no table without a policy, no privilege that is not in the mapping of this file."""

import pytest
from django.db import ProgrammingError

from dracarys.db.acting import ANON, Actor, acting_as
from tests.database.rows import rows, run
from tests.database.tables import MACHINERY, ours

pytestmark = pytest.mark.django_db
EVERY = frozenset({"every column"})
READ = {"SELECT": EVERY}


def columns(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Whoever grants something adds it here.
GRANTS: dict[str, dict[str, dict[str, frozenset[str]]]] = {
    "anon": dict.fromkeys(
        columns(
            "achievements glossary_terms lessons levels market_bars market_datasets subscription_plans topics"
        ),
        READ,
    ),
    "authenticated": {
        "achievements": READ,
        "attempts": READ | {"UPDATE": columns("answers confidence seconds last_seen_at time_spent")},
        "checkpoint_answers": READ,
        "community_comments": READ
        | {
            "INSERT": columns("id post_id author_id parent_comment_id content"),
            "UPDATE": columns("content is_deleted"),
        },
        "community_posts": READ
        | {
            "INSERT": columns("id author_id title content post_type category tags"),
            "UPDATE": columns("title content category tags"),
        },
        "community_votes": READ
        | {
            "INSERT": columns("id user_id target_type target_id vote_type created_at"),
            "UPDATE": columns("vote_type"),
        },
        "content_ratings": READ,
        "content_reports": READ,
        "gate_openings": READ,
        "glossary_terms": READ,
        "leaderboard": READ,
        "leaderboard_steps": READ,
        "lesson_bookmarks": READ | {"INSERT": EVERY},
        "lesson_notes": READ | {"INSERT": EVERY, "UPDATE": columns("text")},
        "lesson_passages": READ,
        "lessons": READ,
        "levels": READ,
        "live_sessions": {
            "SELECT": columns(
                "id title description host_id session_type scheduled_at duration max_participants "
                "current_participants recording_url is_recorded status prerequisites tags metadata "
                "created_at updated_at"
            )
        },
        "market_bars": READ,
        "market_datasets": READ,
        "question_answers": READ,
        "session_participants": READ | {"UPDATE": columns("feedback_rating feedback_text")},
        "subscription_plans": READ,
        "topics": READ,
        "user_achievements": READ,
        "user_activity_log": READ,
        "user_learning_stats": READ,
        "user_profiles": READ
        | {
            "UPDATE": columns(
                "full_name avatar_url bio timezone timezone_confirmed_at preferred_language "
                "trading_experience trading_goals"
            )
        },
        "user_progress": READ | {"UPDATE": columns("position last_seen_at time_spent")},
        "user_streaks": READ,
        "user_subscriptions": READ,
        "users": {"SELECT": columns("id is_staff is_anonymous banned_until deleted_at created_at")},
        "voided_questions": {"SELECT": columns("lesson_id question")},
        "xp_events": READ,
    },
}
WHOLE_ROWS = {
    ("authenticated", "lesson_notes", "DELETE"),
    ("authenticated", "community_comments", "DELETE"),
    ("authenticated", "community_posts", "DELETE"),
    ("authenticated", "community_votes", "DELETE"),
    ("authenticated", "lesson_bookmarks", "DELETE"),
}
COLUMN_GRANTS = """
    SELECT table_name::text, privilege_type::text, array_agg(column_name::text)
    FROM information_schema.column_privileges
    WHERE table_schema = 'public' AND grantee = %s GROUP BY 1, 2
"""
ROW_GRANTS = """
    SELECT grantee::text, table_name::text, privilege_type::text FROM information_schema.table_privileges
    WHERE table_schema = 'public' AND grantee IN ('anon', 'authenticated', 'PUBLIC')
      AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
"""
SERVICE_LACKS = """
    SELECT c.relname::text, p FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND c.relname <> 'django_migrations' AND NOT has_table_privilege('service_role', c.oid, p)
"""
UNSECURED = """
    SELECT relname::text FROM pg_class c
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
      AND NOT (relrowsecurity AND EXISTS (
          SELECT FROM pg_policy WHERE polrelid = c.oid AND polroles = ARRAY['service_role'::regrole]::oid[]))
"""


def all_columns(table: str) -> frozenset[str]:
    query = "SELECT column_name::text FROM information_schema.columns WHERE table_name = %s"
    return frozenset(name for (name,) in rows(query, [table]))


def unsecured() -> set[str]:
    return {name for (name,) in rows(UNSECURED)}


def test_every_table_has_row_security_and_the_services_policy_or_is_machinery() -> None:
    assert unsecured() == MACHINERY


def test_a_new_table_without_a_policy_would_be_found() -> None:
    run("CREATE TABLE forgotten (id int)")
    assert unsecured() - MACHINERY == {"forgotten"}
    run("ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY")
    assert unsecured() - MACHINERY == {"forgotten"}


def test_a_new_table_opens_to_nobody_but_the_service() -> None:
    run("CREATE TABLE forgotten (id int)")
    granted = rows("SELECT DISTINCT grantee FROM information_schema.table_privileges "
                   "WHERE table_name = 'forgotten' AND grantee <> current_user")  # fmt: skip
    assert granted == [("service_role",)]


@pytest.mark.parametrize("role", ["anon", "authenticated", "PUBLIC"])
def test_column_privileges_are_exactly_these(role: str) -> None:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for table, privilege, names in rows(COLUMN_GRANTS, [role]):
        every = frozenset(names) == all_columns(table)
        found.setdefault(table, {})[privilege] = EVERY if every else frozenset(names)
    assert found == GRANTS.get(role, {})


def test_privileges_on_whole_rows_are_exactly_these() -> None:
    assert set(rows(ROW_GRANTS)) == WHOLE_ROWS


def test_the_service_lacks_only_what_would_rewrite_the_past() -> None:
    assert set(rows(SERVICE_LACKS)) == {
        ("xp_events", "DELETE"),
        ("xp_events", "UPDATE"),
    }


@pytest.mark.parametrize("actor", [ANON, Actor("authenticated")], ids=["a visitor", "a person"])
def test_machinery_gives_nothing(actor: Actor) -> None:
    assert ours() >= MACHINERY
    for table in sorted(MACHINERY):
        for statement in (f"SELECT 1 FROM {table}", f"DELETE FROM {table}"):
            with pytest.raises(ProgrammingError, match="permission denied"), acting_as(actor):
                run(statement)


def test_functions_with_their_owners_rights_have_a_fixed_search_path() -> None:
    found = rows(
        "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert len(found) == 9
    assert {tuple(config or ()) for _, config in found} == {("search_path=public, pg_temp",)}


def test_no_role_that_acts_may_log_in_or_pass_by_the_policies() -> None:
    names = "rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
    query = f"SELECT {names} FROM pg_roles WHERE rolname IN ('anon', 'authenticated', 'service_role')"
    assert rows(query) == [(False,) * 5] * 3
    assert rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user") == [
        (False, False)
    ]
