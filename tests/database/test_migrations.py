"""The migrations run forwards, back to nothing and forwards again, on every version that is promised.

Django works out their statements once, on the suite's server; the other servers get the same statements.
"""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from dracarys.servers import temporary
from dracarys.servers.login import ensure_login
from tests.database.catalog import TABLES, Catalog, Cursor
from tests.database.conformity import differences, seed_catalog
from tests.database.postgres15 import installed, postgres15, version
from tests.database.scratch import django_alias, scratch_database, suite_dsn

pytestmark = pytest.mark.usefixtures("opened")
OURS = ("live_sessions", "community", "learning", "gamification", "billing", "accounts")
THINGS = """
    SELECT 'table ' || relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'type ' || typname FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    UNION ALL SELECT 'policy ' || polname FROM pg_policy
    UNION ALL SELECT 'extension ' || extname FROM pg_extension
"""
Statements = list[tuple[Any, Any]]
Step = Callable[[], None]


def things(cursor: Cursor) -> set[str]:
    """The names of everything that a schema can hold."""
    cursor.execute(THINGS, None)
    return {name for (name,) in cursor.fetchall()}


def migrate(alias: str, *targets: tuple[str, str | None]) -> None:
    """To these (app, migration) pairs, to the newest without any; without signals, which only cost time."""
    executor = MigrationExecutor(connections[alias])
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


def noted(alias: str, *targets: tuple[str, str | None]) -> Statements:
    """Migrate; the statements of it."""
    statements: Statements = []

    def note(execute: Any, query: Any, params: Any, many: bool, context: Any) -> Any:
        statements.append((query, params))
        return execute(query, params, many, context)

    with connections[alias].execute_wrapper(note):
        migrate(alias, *targets)
    return statements


def check(cursor: Cursor, seed: Catalog, forwards: Step, back: Step, again: Step) -> None:
    """The schema asked for stands after the first and the third step, and nothing of it in between."""
    forwards()
    first = things(cursor)
    assert {name for name in first if name.startswith("extension")} == {"extension plpgsql"}
    assert differences(seed, Catalog.read(cursor)) == []
    back()
    left = things(cursor)
    assert {f"table {table}" for table in TABLES}.isdisjoint(left)
    # Maintaining updated_at is the `database` app's own.
    kinds = ("policy", "type", "function", "extension")
    assert {name for name in left if name.startswith(kinds)} == {
        "function touch_updated_at",
        "extension plpgsql",
    }
    again()
    assert things(cursor) == first
    assert differences(seed, Catalog.read(cursor)) == []


@cache
def checked_here() -> tuple[Statements, ...]:
    """The statements of the three steps, checked on the suite's server."""
    done: list[Statements] = []
    with scratch_database(suite_dsn()) as dsn, django_alias(dsn) as alias:

        def step(*targets: tuple[str, str | None]) -> Step:
            return lambda: done.append(noted(alias, *targets))

        with connections[alias].cursor() as cursor:
            check(cursor, seed_catalog(suite_dsn()), step(), step(*[(app, None) for app in OURS]), step())
    return tuple(done)


def check_elsewhere(server: str) -> None:
    """The same statements on another server."""
    steps = checked_here()
    with scratch_database(server) as dsn, psycopg.connect(dsn, autocommit=True) as database:

        def run(statements: Statements) -> None:
            with database.transaction():
                for query, params in statements:
                    database.execute(query, params)

        check(database.cursor(), seed_catalog(server), *[partial(run, step) for step in steps])


def test_on_the_servers_of_the_suite() -> None:
    forwards, back, again = checked_here()
    assert min(len(forwards), len(back), len(again)) > 200


def test_on_postgresql_16(tmp_path: Path, socket_enabled: None) -> None:
    with temporary(tmp_path / "home", major=16) as servers:
        assert version(servers.database_url) == 16
        check_elsewhere(servers.database_url)


@pytest.mark.skipif(not installed(), reason="PostgreSQL 15 is not installed here")
def test_on_postgresql_15(socket_enabled: None) -> None:
    with postgres15() as superuser:
        assert version(superuser) == 15
        ensure_login(superuser, "x")
        check_elsewhere(superuser.replace("postgres@", "dracarys:x@").replace("/postgres", "/dracarys"))


def test_the_roles_are_there_once_the_first_migration_has_run() -> None:
    with scratch_database(suite_dsn()) as dsn, django_alias(dsn) as alias:
        migrate(alias, ("database", "0001_roles"))
        for role in ("anon", "authenticated", "service_role"):
            with psycopg.connect(dsn) as database:
                database.execute(f"SET ROLE {role}".encode())
        migrate(alias, ("database", None))
        with connections[alias].cursor() as cursor:
            ledger = {"table django_migrations", "table django_migrations_id_seq"}
            assert things(cursor) - ledger == {"extension plpgsql"}
