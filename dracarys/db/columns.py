"""Columns that every table of the schema has, and indexes with the schema's own names."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex as DjangoGinIndex
from django.db import migrations, models
from django.db.models.functions import Now


def uuid_key() -> "models.UUIDField[Any, Any]":
    """A UUID primary key. Python's default serves admin inlines, the database's serves raw SQL."""
    return models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)


def created_at() -> "models.DateTimeField[Any, Any]":
    """When the row came to be, UTC, set by the database."""
    return models.DateTimeField(db_default=Now(), editable=False)


def updated_at() -> "models.DateTimeField[Any, Any]":
    """When the row last changed, UTC; a trigger (`keeps_updated_at`) maintains it for raw SQL too."""
    return models.DateTimeField(db_default=Now(), editable=False)


class Index(models.Index):
    """Django stops at 30 characters for Oracle's sake; PostgreSQL allows 63."""

    max_name_length = 63


class GinIndex(DjangoGinIndex):
    max_name_length = 63

    @property
    def suffix(self) -> str:  # type: ignore[override]
        return "gin"


def keeps_updated_at(table: str, *, of: Sequence[str] = ()) -> migrations.RunSQL:
    """A migration step: `updated_at` follows every UPDATE of the table, raw SQL included.

    `of` names the columns that count as a change; counters that triggers keep do not.
    """
    columns = f" OF {', '.join(of)}" if of else ""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_touch BEFORE UPDATE{columns} ON {table} "
        # An UPDATE that writes what was there is no change.
        "FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at()",
        f"DROP TRIGGER {table}_touch ON {table}",
    )


def trigger_function(name: str, body: str, *, declare: str = "", definer: bool = True) -> migrations.RunSQL:
    """A migration step: a trigger function, with its owner's rights and a fixed search path."""
    rights = "SECURITY DEFINER" if definer else "SECURITY INVOKER"
    return migrations.RunSQL(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {rights} "
        f"SET search_path = public, pg_temp AS $$ {declare} BEGIN {body} END $$",
        f"DROP FUNCTION {name}()",
    )
