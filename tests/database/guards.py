"""Guards switched off, to prove that a race without them goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.database.rows import run, value


@contextmanager
def without_constraint(table: str, name: str) -> Iterator[None]:
    """The table without one of its constraints; its rows go at the end, for some may break it."""
    definition = value("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
    run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        run(f"TRUNCATE {table} CASCADE")
        run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """The database without one of its indexes."""
    definition = value("SELECT pg_get_indexdef(%s::regclass)", [name])
    run(f"DROP INDEX {name}")
    try:
        yield
    finally:
        run(definition)
