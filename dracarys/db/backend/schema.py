"""Names of the schema's convention, and ON DELETE kept by the database itself."""

from __future__ import annotations  # Field[...] exists for the type checker only

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

ON_DELETE: dict[Any, str] = {
    models.CASCADE: "CASCADE",
    models.SET_NULL: "SET NULL",
    models.RESTRICT: "RESTRICT",
    models.PROTECT: "RESTRICT",
}
MAX_NAME_LENGTH = 63


def constraint_name(table: str, columns: Sequence[str], suffix: str) -> str:
    """`fk_table_column`, `uq_…` or `idx_…`; a digest keeps a long name within PostgreSQL's 63 bytes."""
    kind = "fk" if suffix.startswith("_fk") else "uq" if suffix == "_uniq" else "idx"
    name = f"{kind}_{table}_{'_'.join(columns)}{'_like' if suffix == '_like' else ''}"
    if len(name) <= MAX_NAME_LENGTH:
        return name
    return f"{name[:54]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


class SchemaEditor(DatabaseSchemaEditor):
    # Without an inline form, add_field too goes through _create_fk_sql.
    sql_create_column_inline_fk = None  # type: ignore[assignment]

    def _create_index_name(self, table_name: Any, column_names: Sequence[str], suffix: str = "") -> str:
        table = str(table_name).replace('"', "").rsplit(".", 1)[-1]
        return constraint_name(table, column_names, suffix)

    def _create_fk_sql(
        self, model: type[models.Model], field: models.Field[Any, Any], suffix: str
    ) -> Statement:
        statement: Statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        action = ON_DELETE.get(field.remote_field.on_delete) if field.remote_field else None
        # Immediate, not deferred: a form can only catch an error that comes before COMMIT.
        parts: dict[str, Any] = statement.parts
        parts["deferrable"] = f" ON DELETE {action}" if action else ""
        return statement

    def _field_should_be_altered(
        self,
        old_field: models.Field[Any, Any],
        new_field: models.Field[Any, Any],
        ignore: set[str] | None = None,
    ) -> bool:
        # Django holds that on_delete is no matter of the database; here it is.
        old, new = (ON_DELETE.get(getattr(f.remote_field, "on_delete", None)) for f in (old_field, new_field))
        changed: bool = super()._field_should_be_altered(old_field, new_field, ignore)  # type: ignore[misc]
        return old != new or changed
