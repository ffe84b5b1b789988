"""What a request does to the rows of the whole database."""

import datetime as dt
import json
import re
from collections import Counter
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from tests.secrecy.comparing import UUID
from tests.secrecy.crawler import Request, Visitor
from tests.secrecy.telling import for_once

# A session's row follows who signed in; the rest is Django's own.
NOT_COUNTED = {"django_session", "django_migrations", "django_content_type", "auth_permission"}
SERIAL = re.compile(r'(?<=^{"id":)\d+(?=,)')
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+[+]\d\d:\d\d")
LONGEST = 1500
Rows = Counter[tuple[str, str]]  # table and row


@dataclass(frozen=True, slots=True)
class Effect:
    """The rows that a request took away and those that it brought; the ids of new ones are all alike."""

    went: Rows
    came: Rows

    def __bool__(self) -> bool:
        return bool(self.went or self.came)


@dataclass(frozen=True, slots=True)
class Database:
    """Every row of every table as it stands, and the ids in them, at the instant `now` of the requests."""

    rows: Rows
    ids: frozenset[str]
    now: dt.datetime

    @classmethod
    def read(cls, now: dt.datetime) -> "Database":
        rows = _rows()
        ids = frozenset(one for _, row in rows for one in (*UUID.findall(row), *SERIAL.findall(row)))
        return cls(rows, ids, now)

    def effect(self, visitor: Visitor, request: Request) -> Effect:
        """What the request does; it is undone."""
        with for_once(visitor, self.now):
            visitor.ask(request)
            after = _rows()
        came = Counter((table, self._neutral(row)) for table, row in (after - self.rows).elements())
        return Effect(self.rows - after, came)

    def _neutral(self, row: str) -> str:
        for ids in (UUID, SERIAL):
            row = ids.sub(lambda found: found[0] if found[0] in self.ids else "a new id", row)
        return INSTANT.sub(lambda found: "about now" if self._is_about(found[0]) else found[0], row)

    def _is_about(self, instant: str) -> bool:
        # The database's clock goes on from statement to statement.
        return abs(dt.datetime.fromisoformat(instant) - self.now) < dt.timedelta(hours=1)


def _rows() -> Rows:
    tables = sorted({m._meta.db_table for m in apps.get_models(include_auto_created=True)} - NOT_COUNTED)
    rows = " UNION ALL ".join(f"SELECT '{t}', row_to_json(r)::text FROM {t} AS r" for t in tables)
    with connection.cursor() as cursor:
        cursor.execute(rows)
        return Counter(cursor.fetchall())


def difference(one: Effect, other: Effect) -> str:
    """What `other` did besides, in words: the columns of a row that came either way, else the rows."""
    more, less = [*(other.came - one.came)], [*(one.came - other.came)]
    for table, row in more[:1]:
        twin = next((row for name, row in less if name == table), None)
        if twin:
            mine, theirs = (json.loads(text.replace(":a new id", ":0")) for text in (row, twin))
            columns = {name: (theirs[name], mine[name]) for name in mine if mine[name] != theirs[name]}
            return f"{table} has other {columns}"[:LONGEST]
    return f"rows {more} instead of {less}; rows gone {[*(other.went - one.went)]}"[:LONGEST]
