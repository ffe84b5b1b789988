"""Every row that belongs to a person, as text: what nobody else may change."""

import functools
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, models

from accounts.models import OutboxMessage, User
from tests.secrecy.personal import of_persons

Rows = frozenset[tuple[str, str]]  # table and row
# Anybody may ask for a mail to an address that they know.
MAY_GROW = {OutboxMessage._meta.db_table}


def rows_of(user: User) -> Rows:
    """The rows of this person in every table, and the mails to them."""
    with connection.cursor() as cursor:
        cursor.execute(_query(), {"user": user.pk, "email": user.email})
        return frozenset(cursor.fetchall())


def changed(before: Rows, after: Rows) -> list[str]:
    """What became of a person's rows, in words."""
    lost = [f"{table} lost or changed {row}" for table, row in before - after]
    return lost + [f"{table} got {row}" for table, row in after - before if table not in MAY_GROW]


@functools.cache
def _query() -> str:
    parts = [(model._meta.db_table, _column(model, owner), "%(user)s") for model, owner in of_persons()]
    parts.append((OutboxMessage._meta.db_table, "recipient", "%(email)s"))
    selects = [f"SELECT '{t}', r::text FROM (SELECT * FROM {t} WHERE {c} = {v}) AS r" for t, c, v in parts]
    return " UNION ALL ".join(selects)


def _column(model: type[models.Model], owner: str) -> str:
    key = model._meta.pk
    assert key is not None
    return (
        key.column
        if owner == "pk"
        else next(field.column for field in model._meta.local_concrete_fields if field.attname == owner)
    )


def ids_of(user: User) -> set[str]:
    """What names a thing of this person in an address or a form: keys of rows, tokens, their address."""
    keys = {str(key) for key in _keys(user) if isinstance(key, uuid.UUID)}
    tokens = {token for paper in user.attempts.values_list("paper", flat=True) for token in _tokens(paper)}
    return keys | tokens | {user.email}


def _keys(user: User) -> Iterator[Any]:
    for model, owner in of_persons():
        yield from model._base_manager.filter(**{owner: user.pk}).values_list("pk", flat=True)


def _tokens(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from [data["token"]] if "token" in data else []
    for one in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _tokens(one)
