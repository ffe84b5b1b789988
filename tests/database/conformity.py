"""Each thing that the schema asked for has and ours lacks. Stricter and more is no difference."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.database.catalog import FUNCTIONS, TABLES, VIEWS, Catalog, Column, Constraint
from tests.database.scratch import scratch_database

SEED = Path(__file__).with_name("seed_schema.sql")

# `auth.users` is the seed's platform's own table; Django and django-allauth hold the same facts. These
# columns have Django's names …
RENAMED = {
    "encrypted_password": "password",
    "last_sign_in_at": "last_login",
    "is_super_admin": "is_superuser",
}
# … and these hold tokens that Django and django-allauth sign or keep in the session instead.
SIGNED_NOT_STORED = frozenset(
    {
        *("confirmation_token", "confirmation_sent_at", "recovery_token", "recovery_sent_at"),
        *("email_change", "email_change_sent_at", "email_change_token_new", "email_change_token_current"),
        *("email_change_confirm_status", "phone_change", "phone_change_token", "phone_change_sent_at"),
        *("reauthentication_token", "reauthentication_sent_at"),
    }
)
ACTIONS = {"c": "CASCADE", "r": "RESTRICT", "a": "NO ACTION", "n": "SET NULL", "d": "SET DEFAULT"}


def seed_catalog(server: str) -> Catalog:
    """The catalogue of the schema asked for, built in a scratch database of that server."""
    with scratch_database(server) as dsn, psycopg.connect(dsn) as database:
        database.execute(SEED.read_bytes())
        return Catalog.read(database.cursor())


def differences(seed: Catalog, ours: Catalog) -> list[str]:
    """One line for each."""
    parts = (_columns, _uniques, _foreign_keys, _checks, _indexes, _row_security, _views, _functions)
    return [line for part in parts for line in part(seed, ours)]


def our_name(table: str, column: str) -> str | None:
    """The seed's column as it is called here; None where its job is done without storing anything."""
    if table != "users":
        return column
    return None if column in SIGNED_NOT_STORED else RENAMED.get(column, column)


def _columns(seed: Catalog, ours: Catalog) -> Iterator[str]:
    for (table, seed_name), asked in sorted(seed.columns.items()):
        name = our_name(table, seed_name)
        if name is None:
            continue
        got = ours.columns.get((table, name))
        problems = _column_problems(asked, got, defaults=table != "users") if got else ["is missing"]
        yield from (f"column {table}.{name} {problem}" for problem in problems)


def _column_problems(asked: Column, got: Column, *, defaults: bool) -> Iterator[str]:
    if _family(asked.type) != _family(got.type):
        yield f"is of type {got.type}, not {asked.type}"
    if asked.required and not got.required:
        yield "may be NULL"
    if defaults and asked.default is not None and _value(asked.default) != _value(got.default):
        yield f"has the default {got.default}, not {asked.default}"


def _uniques(seed: Catalog, ours: Catalog) -> Iterator[str]:
    for table, columns in sorted(seed.uniques - ours.uniques, key=str):
        yield f"unique key {_place(table, columns)} is missing"


def _foreign_keys(seed: Catalog, ours: Catalog) -> Iterator[str]:
    for asked in _of_kind(seed, "f"):
        where = f"foreign key {_place(asked.table, asked.columns)}"
        same = [k for k in _of_kind(ours, "f") if k.table == asked.table and asked.columns == k.columns]
        if not same:
            yield f"{where} is missing"
        for got in same:
            yield from (f"{where} {problem}" for problem in _foreign_key_problems(asked, got))


def _foreign_key_problems(asked: Constraint, got: Constraint) -> Iterator[str]:
    if got.target != asked.target:
        yield f"refers to {got.target}, not {asked.target}"
    # Where the seed says nothing ours may: created_by is set to NULL.
    if asked.on_delete in "cr" and got.on_delete != asked.on_delete:
        yield f"is ON DELETE {ACTIONS[got.on_delete]}, not {ACTIONS[asked.on_delete]}"
    if not got.name.startswith(f"fk_{asked.table}_"):
        yield f"is named {got.name}"


def _checks(seed: Catalog, ours: Catalog) -> Iterator[str]:
    for asked in _of_kind(seed, "c"):
        same = [
            k
            for k in _of_kind(ours, "c")
            if k.table == asked.table and k.columns == asked.columns and _constants(k) == _constants(asked)
        ]
        if not same:
            yield f"check {_place(asked.table, asked.columns)} is missing: {asked.definition}"
        yield from (f"check {k.name} is not named ck_…" for k in same if not k.name.startswith("ck_"))


def _indexes(seed: Catalog, ours: Catalog) -> Iterator[str]:
    for (table, name), definition in sorted(seed.indexes.items()):
        if not name.startswith("idx_"):
            continue  # it belongs to a unique key
        got = ours.indexes.get((table, name))
        if got is None:
            yield f"index {name} is missing"
        elif _shape(got) != _shape(definition):
            yield f"index {name} is {_shape(got)}, not {_shape(definition)}"


def _row_security(seed: Catalog, ours: Catalog) -> Iterator[str]:
    for table in TABLES:
        policies = ours.policies.get(table)
        if not policies:
            yield f"row security of {table} is {'off' if policies is None else 'without a policy'}"
        for name, using in (policies or {}).items():
            if using == "false":
                yield f"policy {name} of {table} refuses everybody"
        for name in seed.policies.get(table, {}).keys() - (policies or {}).keys():
            yield f"policy {name} of {table} is missing"


def _views(seed: Catalog, ours: Catalog) -> Iterator[str]:
    for view in VIEWS:
        lacking = seed.views[view] - ours.views.get(view, frozenset())
        yield from (f"view {view} lacks {column}" for column in sorted(lacking))


def _functions(seed: Catalog, ours: Catalog) -> Iterator[str]:
    for name in FUNCTIONS:
        asked, got = seed.functions[name], ours.functions.get(name)
        if got is None:
            yield f"function {name} is missing"
        elif got.signature != asked.signature:
            yield f"function {name} is {got.signature}, not {asked.signature}"
        elif asked.has_trigger and not got.has_trigger:
            yield f"function {name} has no trigger"
    if ours.flames != seed.flames:
        yield f"function calculate_user_level gives {ours.flames}, not {seed.flames}"


def _of_kind(catalog: Catalog, kind: str) -> list[Constraint]:
    return sorted((c for c in catalog.constraints if c.kind == kind), key=lambda c: (c.table, c.name))


def _place(table: str, columns: frozenset[str]) -> str:
    return f"{table} ({', '.join(sorted(columns))})"


def _family(sql_type: str) -> str:
    """text, varchar(n) and citext hold the same values."""
    return re.sub(r"^(character varying(\(\d+\))?|citext)", "text", sql_type)


def _value(default: str | None) -> str | None:
    """Without casts, and every way to say "now" the same."""
    plain = re.sub(r"::[\w ]+(\(\d+\))?(\[\])?", "", default or "").strip("() ").lower()
    return "now" if plain.endswith("timestamp") else plain or None


def _constants(check: Constraint) -> list[str]:
    """The values a check names, however IN, = ANY and BETWEEN were rewritten."""
    plain = re.sub(r"::[\w ]+(\(\d+\))?(\[\])?", "", check.definition)
    return sorted(set(re.findall(r"'([^']*)'", plain) or re.findall(r"\b\d+\b", plain)))


def _shape(definition: str) -> str:
    """Method, columns, order and predicate, without names and brackets."""
    shape = re.sub(r"::[\w ]+|[()\"]", "", definition.split(" USING ")[1]).lower()
    shape = re.sub(r" = true\b", "", shape)
    return re.sub(r"\bwhere (\w+) = false\b", r"where not \1", " ".join(shape.split()))
