"""The migrations run forwards, back to nothing and forwards again, on every version that is promised."""

from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from dracarys.servers import temporary
from dracarys.servers.login import ensure_login
from tests.database.catalog import TABLES, Catalog
from tests.database.conformity import differences, seed_catalog
from tests.database.postgres15 import installed, postgres15, version
from tests.database.scratch import django_alias, scratch_database, suite_dsn

pytestmark = pytest.mark.usefixtures("opened")
OURS = ("live_sessions", "community", "learning", "gamification", "billing", "accounts")
# Everything that a schema can hold, except what extensions bring.
THINGS = """
    SELECT 'table ' || relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'type ' || typname FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    UNION ALL SELECT 'policy ' || polname FROM pg_policy
    UNION ALL SELECT 'extension ' || extname FROM pg_extension
"""


def things(alias: str) -> set[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(THINGS)
        return {name for (name,) in cursor.fetchall()}


def migrate(alias: str, *targets: tuple[str, str | None]) -> None:
    """To these (app, migration) pairs, to the newest without any; without signals, which only cost time."""
    executor = MigrationExecutor(connections[alias])
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


def conformity(alias: str, seed: Catalog) -> list[str]:
    with connections[alias].cursor() as cursor:
        return differences(seed, Catalog.read(cursor))


def forwards_back_and_forwards(server: str) -> None:
    seed = seed_catalog(server)
    with scratch_database(server) as dsn, django_alias(dsn) as alias:
        migrate(alias)
        first = things(alias)
        assert {name for name in first if name.startswith("extension")} == {"extension plpgsql"}
        assert conformity(alias, seed) == []
        migrate(alias, *[(app, None) for app in OURS])
        left = things(alias)
        assert {f"table {table}" for table in TABLES}.isdisjoint(left)
        assert {name for name in left if name.startswith(("policy", "type"))} == set()
        assert {name for name in left if name.startswith("function")} == {"function touch_updated_at"}
        migrate(alias)
        assert things(alias) == first
        assert conformity(alias, seed) == []


def test_on_the_servers_of_the_suite() -> None:
    forwards_back_and_forwards(suite_dsn())


def test_on_postgresql_16(tmp_path: Path, socket_enabled: None) -> None:
    with temporary(tmp_path / "home", major=16) as servers:
        assert version(servers.database_url) == 16
        forwards_back_and_forwards(servers.database_url)


@pytest.mark.skipif(not installed(), reason="PostgreSQL 15 is not installed here")
def test_on_postgresql_15(socket_enabled: None) -> None:
    with postgres15() as superuser:
        assert version(superuser) == 15
        ensure_login(superuser, "x")
        forwards_back_and_forwards(
            superuser.replace("postgres@", "dracarys:x@").replace("/postgres", "/dracarys")
        )


def test_roles_that_are_missing_are_made_by_the_migration() -> None:
    """The control of the server's own set-up: the migration may be run by whoever may make roles."""
    with scratch_database(suite_dsn()) as dsn, django_alias(dsn) as alias:
        migrate(alias, ("database", "0002_updated_at"))
        for role in ("anon", "authenticated", "service_role"):
            with psycopg.connect(dsn) as database:
                database.execute(f"SET ROLE {role}".encode())
        migrate(alias, ("database", None))
        assert things(alias) <= {
            "extension plpgsql",
            "table django_migrations",
            "table django_migrations_id_seq",
        }
