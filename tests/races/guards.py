"""Guards switched off, to prove that a race without them goes wrong."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from django.db.models import Model, QuerySet

from tests.amounts import THREADS
from tests.database.rows import run, value
from tests.races.crew import NAME, PATIENCE


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
def without_index(table: str, name: str) -> Iterator[None]:
    """The table without one of its unique indexes; its rows go at the end."""
    definition = value("SELECT pg_get_indexdef(%s::regclass)", [name])
    run(f"DROP INDEX {name}")
    try:
        yield
    finally:
        run(f"TRUNCATE {table} CASCADE")
        run(definition)


@contextmanager
def without_trigger(table: str, name: str) -> Iterator[None]:
    """The table without one of its triggers; its rows go at the end."""
    run(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    try:
        yield
    finally:
        run(f"TRUNCATE {table} CASCADE")
        run(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def without_row_locks(patch: pytest.MonkeyPatch, model: type[Model]) -> None:
    """`select_for_update` of this model locks nothing."""
    lock = QuerySet.select_for_update

    def unlocked(rows: QuerySet[Model], *args: Any, **options: Any) -> QuerySet[Model]:
        return rows.all() if rows.model is model else lock(rows, *args, **options)

    patch.setattr(QuerySet, "select_for_update", unlocked)


def meet(
    patch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    *,
    having_done: bool = False,
    parties: int = THREADS,
    where: Callable[..., bool] = lambda *args, **options: True,
) -> None:
    """From now on the threads of the crew wait for one another when they call this function.

    They wait before it does its work or, `having_done` it, with its result in hand: so that all have read
    before any of them writes. `where` looks at the arguments and says whether this call is meant.
    """
    function, together = getattr(owner, name), threading.Barrier(parties)

    @wraps(function)
    def waiting(*args: Any, **options: Any) -> Any:
        meant = threading.current_thread().name.startswith(NAME) and where(*args, **options)
        if meant and not having_done:
            together.wait(PATIENCE)
        result = function(*args, **options)
        if meant and having_done:
            together.wait(PATIENCE)
        return result

    patch.setattr(owner, name, waiting)
