"""Databases that exist for one test, on the suite's server or on another, and Django's way to them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo


def suite_dsn(database: str | None = None) -> str:
    """The test database as the login role sees it, or another database of the same server."""
    settings = connection.settings_dict
    return make_conninfo(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=database or settings["NAME"],
    )


@contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """A new, empty database on the server of that DSN or URL; its DSN. Dropped at the end."""
    name = f"scratch_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as maintenance:
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def django_alias(dsn: str) -> Iterator[str]:
    """Django's name for the database of that DSN or URL, with the settings of the default one."""
    alias, parts = f"scratch_{uuid.uuid4().hex[:12]}", conninfo_to_dict(dsn)
    place: dict[str, Any] = {
        "NAME": parts["dbname"],
        "HOST": parts["host"],
        "PORT": str(parts["port"]),
        "USER": parts["user"],
        "PASSWORD": parts.get("password") or "",
    }
    connections.settings[alias] = {**connection.settings_dict, **place}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
